// Many requests at once, and a store that throws, hangs, is late, or holds what can't be used: how often it is asked,
// how long anybody waits, and what they are told. And a clock that goes backwards.

import { base64url } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hanging } from "../access/hanging.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { BY_SECRET, bearer, outcome, signer } from "../access/signer.ts";
import { API_SECRET } from "../support/account.ts";
import { FULL } from "../support/counts.ts";
import type { Plain } from "../support/definition.ts";

/** How many ask at once, and how many of them after the first have been answered. */
const [MANY, LATER, SOME, LATER_SOME] = FULL ? [1000, 200, 300, 100] : [30, 8, 15, 6];

const START = 1_795_468_800;
const KEPT = 300;
const OTHER_SECRET = "another-secret-of-more-than-32-bytes";

const CONFIG: Plain = {
  access: { members: BY_SECRET },
  profiles: {
    default: { access: ["members"], set: { folder: "users/{sub}" } },
    open: { access: ["public"] },
  },
};

type Answer = () => unknown;

class Store {
  asked = 0;
  /** How many questions are open, and how many were at most. */
  open = 0;
  mostOpen = 0;
  answer: Answer;

  constructor(answer: Answer) {
    this.answer = answer;
  }

  async get(): Promise<string> {
    this.asked += 1;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    try {
      return (await this.answer()) as string;
    } finally {
      this.open -= 1;
    }
  }
}

const down = (): never => {
  throw new Error("down");
};
const hang = (): Promise<never> => new Promise(() => {});
const later = <T>(milliseconds: number, then: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    const settle = async () => then();
    setTimeout(() => settle().then(resolve, reject), milliseconds);
  });

function start(stores: { jwt?: Answer; api?: Answer } = {}) {
  const clock = { now: START };
  const jwt = new Store(stores.jwt ?? (() => SHARED_SECRET));
  const api = new Store(stores.api ?? (() => API_SECRET));
  const { post } = signer(
    CONFIG,
    { now: () => clock.now },
    { JWT_SECRET: jwt, CLOUDINARY_API_SECRET: stores.api === undefined ? API_SECRET : api },
  );
  const token = (changed: object = {}, secret = SHARED_SECRET) =>
    signShared({ iat: clock.now, exp: clock.now + 7200, ...changed }, secret);
  const show = async (shown: string): Promise<string> => outcome(await post("/sign", bearer(shown)));
  return { clock, jwt, api, post, token, show };
}

/** Tokens that have the form of one, and that no secret of ours made. */
function garbage(count: number): string[] {
  const part = (value: object): string => base64url.encode(JSON.stringify(value));
  const claims = { iss: ISSUER, aud: AUDIENCE, iat: START, exp: START + 7200 };
  const signature = "A".repeat(43);
  return Array.from({ length: count }, (_, i) =>
    [part({ alg: "HS256" }), part({ ...claims, sub: `g${i}` }), signature].join("."),
  );
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** `once`: questions of a storm; a store that keeps silent is asked once a second, by who waits. */
const FAULTS: readonly (readonly [name: string, answer: Answer, once: number])[] = [
  ["throws", down, 1],
  ["rejects", async () => down(), 1],
  ["rejects after 4 s", () => later(4000, down), 5],
  ["hangs", hang, 6],
  ["answers after 10 s", () => later(10_000, () => SHARED_SECRET), 6],
  ["answers no text", () => 7, 1],
  ["answers an empty text", () => "", 1],
  ["answers what is too short", () => "'short'", 1],
  ["answers another unfit text each time", () => `'${Math.random()}'`, 1],
];

describe.each(FAULTS)("a store that %s", (_, answer, once) => {
  it(`is asked a few times by ${MANY} garbage tokens at once, and by ${LATER} after them not at all`, async () => {
    const { jwt, show } = start({ jwt: answer });
    const outcomes = await hanging(Promise.all(garbage(MANY).map(show)));
    expect(new Set(outcomes)).toEqual(new Set(["503 keys_unavailable"]));
    expect(jwt.asked).toBeLessThanOrEqual(once);
    const asked = jwt.asked;
    for (const one of garbage(LATER)) expect(await show(one)).toBe("503 keys_unavailable");
    expect(jwt.asked).toBe(asked);
  });

  it(`is asked a few times by ${SOME} at once when what it answered before is five minutes old`, async () => {
    const { clock, jwt, token, show } = start();
    expect(await show(await token())).toBe("signed");
    jwt.answer = answer;
    clock.now = START + KEPT;
    await hanging(Promise.all(garbage(SOME).map(show)));
    expect(jwt.asked).toBeLessThanOrEqual(1 + once);
  });

  it("is asked again some seconds later, and the first good answer counts at once", async () => {
    const { clock, jwt, token, show } = start({ jwt: answer });
    const shown = await token();
    expect(await hanging(show(shown))).toBe("503 keys_unavailable");
    jwt.answer = () => SHARED_SECRET;
    expect(await show(shown)).toBe("503 keys_unavailable");
    clock.now = START + 10;
    expect(await show(shown)).toBe("signed");
    expect(jwt.asked).toBe(2);
  });

  it("nobody waits twice: the next is told at once", async () => {
    const { clock, show } = start({ jwt: answer });
    const [first, next] = garbage(2) as [string, string];
    const began = performance.now();
    await hanging(show(first));
    const before = performance.now();
    // The signer's clock goes on meanwhile, and the pause is one after the failure.
    clock.now = START + Math.floor((before - began) / 1000) + 3;
    expect(await show(next)).toBe("503 keys_unavailable");
    expect(performance.now()).toBe(before);
  });

  it(`the API secret: ${SOME} that want a signature at once, and ${LATER_SOME} after them`, async () => {
    const { api, post } = start({ api: answer });
    const ask = async () => (await post("/sign/open")).status;
    const first = await hanging(Promise.all(Array.from({ length: SOME }, ask)));
    expect(api.asked).toBeLessThanOrEqual(once);
    const asked = api.asked;
    for (let i = 0; i < LATER_SOME; i += 1) first.push(await ask());
    expect(api.asked).toBe(asked);
    for (const status of first) expect([500, 503]).toContain(status);
  });
});

describe("a store that is slow and well", () => {
  it.each([0, 1, 50, 900])(
    `after %i ms: ${SOME} at once are let in by one question`,
    async (milliseconds) => {
      const answer = () => later(milliseconds, () => SHARED_SECRET);
      const { clock, jwt, token, show } = start({ jwt: answer });
      const tokens = await Promise.all(Array.from({ length: SOME }, (_, i) => token({ sub: `s${i}` })));
      expect(new Set(await hanging(Promise.all(tokens.map(show))))).toEqual(new Set(["signed"]));
      expect(jwt.asked).toBe(1);
      clock.now = START + KEPT;
      expect(new Set(await hanging(Promise.all(tokens.map(show))))).toEqual(new Set(["signed"]));
      expect(jwt.asked).toBe(2);
    },
  );

  it("after 4 s: they are let in, by a few questions", async () => {
    const { jwt, token, show } = start({ jwt: () => later(4000, () => SHARED_SECRET) });
    const tokens = await Promise.all(Array.from({ length: SOME }, (_, i) => token({ sub: `s${i}` })));
    expect(new Set(await hanging(Promise.all(tokens.map(show))))).toEqual(new Set(["signed"]));
    expect(jwt.asked).toBeLessThanOrEqual(5);
  });

  it("when five minutes are over nobody is let in by the old secret, also while another one asks", async () => {
    const { clock, jwt, token, show } = start();
    const before = await token({ exp: START + 7200 });
    expect(await show(before)).toBe("signed");
    jwt.answer = () => later(500, () => OTHER_SECRET);
    clock.now = START + KEPT;
    const outcomes = await hanging(Promise.all(Array.from({ length: 50 }, () => show(before))));
    expect(new Set(outcomes)).toEqual(new Set(["401 invalid_token"]));
    // One of them has the new secret looked at again.
    expect(jwt.asked).toBe(3);
  });
});

it("a request whose caller went away while it asked does not keep the others waiting for all of its time", async () => {
  const { jwt, token, show } = start();
  const good = jwt.answer;
  jwt.answer = hang;
  // In a Worker it is never heard of again.
  const gone = show(await token());
  await vi.waitFor(() => expect(jwt.asked).toBe(1));
  jwt.answer = good;
  const before = performance.now();
  const tokens = await Promise.all([1, 2, 3].map((i) => token({ sub: `s${i}` })));
  expect(await hanging(Promise.all(tokens.map(show)))).toEqual(["signed", "signed", "signed"]);
  // Less than the store may take.
  expect(performance.now() - before).toBeLessThan(5000);
  expect(jwt.asked).toBe(2);
  expect(await hanging(gone)).toBe("signed");
});

it.each(["x", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30", "W10.e30.e30", "e30.W10.e30", "x".repeat(9000)])(
  "what has no token's form asks no store: %s",
  async (text) => {
    const { jwt, show } = start();
    expect(await show(text)).toBe("401 invalid_token");
    expect(jwt.asked).toBe(0);
  },
);

describe("a clock that goes backwards", () => {
  const DAY = 86_400;

  it.each([DAY, 3600, 60, 11])("by %i s: a changed secret counts at once", async (seconds) => {
    const { clock, jwt, token, show } = start();
    expect(await show(await token())).toBe("signed");
    clock.now = START - seconds;
    jwt.answer = () => OTHER_SECRET;
    // Nobody shows the new one first, whose failure would have it looked at again.
    expect(await show(await token())).toBe("401 invalid_token");
    expect(await show(await token({}, OTHER_SECRET))).toBe("signed");
  });

  it.each([DAY, 11])("by %i s: the API secret is read again", async (seconds) => {
    const { clock, api, post } = start({ api: () => API_SECRET });
    for (let i = 0; i < 3; i += 1) expect(outcome(await post("/sign/open"))).toBe("signed");
    clock.now = START - seconds;
    for (let i = 0; i < 3; i += 1) expect(outcome(await post("/sign/open"))).toBe("signed");
    expect(api.asked).toBe(2);
  });

  it("a doubt of before holds no later one back", async () => {
    const { clock, jwt, token, show } = start();
    expect(await show(await token())).toBe("signed");
    expect(await show(await token({}, OTHER_SECRET))).toBe("401 invalid_token");
    clock.now = START - DAY;
    expect(await show(await token())).toBe("signed");
    jwt.answer = () => OTHER_SECRET;
    expect(await show(await token({}, OTHER_SECRET))).toBe("signed");
  });

  it("a failure of before is over", async () => {
    const { clock, jwt, token, show } = start({ jwt: down });
    expect(await show(await token())).toBe("503 keys_unavailable");
    jwt.answer = () => SHARED_SECRET;
    clock.now = START - DAY;
    expect(await show(await token())).toBe("signed");
  });

  it("requests that overlap, and saw their times in another order, ask no more for it", async () => {
    const { clock, jwt, token, show } = start();
    for (const seconds of [0, -3, 2, -5, 1]) {
      clock.now = START + seconds;
      expect(await show(await token())).toBe("signed");
    }
    expect(jwt.asked).toBe(1);
  });
});
