// Secrets that are changed in their store while the signer lives: kept five minutes at most, and asked for again when
// something can't be verified by the one at hand, but not by everybody who sends garbage.

import { afterEach, describe, expect, it, vi } from "vitest";
import { VerifiedTokens } from "../../src/access/verified-tokens.ts";
import { createService } from "../../src/binding/binding.ts";
import { hanging } from "../access/hanging.ts";
import { signShared } from "../access/identity.ts";
import { type Asked, bearer, outcome, signer, UNDER_SECRETS } from "../access/signer.ts";
import { ACCOUNT, API_SECRET } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";
import { watchOwnTimers } from "../support/own-timers.ts";
import { sdkSignature } from "../support/sdk.ts";

const OLD = "the-old-secret-of-more-than-32-bytes";
const NEW = "the-new-secret-of-more-than-32-bytes";
const NEW_API_SECRET = "Another-Secret_of-the-SUITE7";
const START = 1_795_468_800;

/** How long a store's answer may be used, and between two questions that failed verifications cause. */
const KEPT = 300;
const COOLDOWN = 10;
/** How long a store that failed is not asked again, rounded up. */
const FAILED = 60;

class Store {
  asked = 0;
  answer: () => string | Promise<string>;

  constructor(text: string) {
    this.answer = () => text;
  }

  set text(text: string) {
    this.answer = () => text;
  }

  async get(): Promise<string> {
    this.asked += 1;
    return this.answer();
  }
}

function start() {
  const clock = { now: START };
  const jwt = new Store(OLD);
  const api = new Store(API_SECRET);
  const turnstile = new Store("old");
  /** The secret that Turnstile knows. */
  const known = { secret: "old" };
  const siteverify: typeof fetch = async (_, init) => {
    const { secret } = JSON.parse(String(init?.body));
    return Response.json(
      secret === known.secret
        ? { success: true, hostname: "a.example", action: "up" }
        : { success: false, "error-codes": ["invalid-input-secret"] },
    );
  };
  const { post, logs } = signer(
    UNDER_SECRETS,
    { now: () => clock.now, fetch: siteverify },
    { JWT_SECRET: jwt, CLOUDINARY_API_SECRET: api, TURNSTILE_SECRET: turnstile },
  );
  const token = (secret: string, changed: object = {}) =>
    signShared({ iat: clock.now, exp: clock.now + 7200, ...changed }, secret);
  const show = async (shown: string): Promise<string> => outcome(await post("/sign", bearer(shown)));
  return { clock, jwt, api, turnstile, known, post, logs, token, show };
}

/** Which secret signed a ticket. */
function signedBy({ body }: Pick<Asked, "body">): string {
  const { signature, api_key: _, ...signed } = body.fields;
  const secrets = [API_SECRET, NEW_API_SECRET];
  return secrets.find((secret) => sdkSignature(signed, secret, "sha256") === signature) ?? "none of them";
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a shared secret of tokens", () => {
  it("the new one lets in at once, and the old one no more, tokens that were let in before included", async () => {
    const { jwt, token, show } = start();
    const before = await token(OLD);
    expect([await show(before), await show(before)]).toEqual(["signed", "signed"]);
    jwt.text = NEW;
    expect(await show(await token(NEW))).toBe("signed");
    expect(await show(before)).toBe("401 invalid_token");
    expect(await show(await token(OLD, { sub: "forged" }))).toBe("401 invalid_token");
    expect(await show(await token(NEW))).toBe("signed");
  });

  it("where nobody shows the new one, the old one ends after five minutes", async () => {
    const { clock, jwt, token, show } = start();
    const before = await token(OLD);
    expect(await show(before)).toBe("signed");
    jwt.text = NEW;
    clock.now = START + KEPT - 1;
    expect([await show(before), await show(await token(OLD))]).toEqual(["signed", "signed"]);
    clock.now = START + KEPT;
    expect(await show(before)).toBe("401 invalid_token");
    expect(await show(await token(OLD, { sub: "forged" }))).toBe("401 invalid_token");
    expect(await show(await token(NEW))).toBe("signed");
  });

  it("a week later as well", async () => {
    const { clock, jwt, token, show } = start();
    expect(await show(await token(OLD))).toBe("signed");
    jwt.text = NEW;
    clock.now = START + 7 * 86_400;
    expect([await show(await token(OLD)), await show(await token(NEW))]).toEqual([
      "401 invalid_token",
      "signed",
    ]);
  });

  it("one that stays is asked for every five minutes, and tokens stay known", async () => {
    const { clock, jwt, token, show } = start();
    const shown = await token(OLD);
    await show(shown);
    const verify = vi.spyOn(crypto.subtle, "verify");
    for (const seconds of [1, KEPT - 1, KEPT, 2 * KEPT - 1, 2 * KEPT]) {
      clock.now = START + seconds;
      expect(await show(shown)).toBe("signed");
    }
    const times = verify.mock.calls.length;
    verify.mockRestore();
    expect([jwt.asked, times]).toEqual([3, 0]);
  });

  it("1,000 garbage tokens, one after the other and at once, ask the store once in a while", async () => {
    const { clock, jwt, token, show } = start();
    const good = await token(OLD);
    expect(await show(good)).toBe("signed");
    const garbage = await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        token("a-secret-of-nobody-of-32-bytes-and-more", { sub: `g${i}` }),
      ),
    );
    const outcomes = new Set(await Promise.all(garbage.map(show)));
    for (const one of garbage) outcomes.add(await show(one));
    expect(outcomes).toEqual(new Set(["401 invalid_token"]));
    expect(jwt.asked).toBe(2);
    clock.now += COOLDOWN - 1;
    await show(garbage[0]!);
    expect(jwt.asked).toBe(2);
    clock.now += 1;
    for (const one of garbage.slice(0, 9)) await show(one);
    expect(jwt.asked).toBe(3);
    expect(await show(good)).toBe("signed");
    // The new secret is late by no more than that.
    jwt.text = NEW;
    expect(await show(await token(NEW))).toBe("401 invalid_token");
    clock.now += COOLDOWN;
    expect(await show(await token(NEW))).toBe("signed");
  });

  it("tokens that no secret makes good do not ask the store", async () => {
    const { jwt, token, show } = start();
    expect(await show(await token(OLD))).toBe("signed");
    for (const changed of [{ exp: START - 60 }, { iss: "x" }, { aud: "x" }, { sub: "a b" }])
      expect(await show(await token(OLD, changed))).toMatch(/^401/);
    for (const text of ["x", "a.b.c", "x".repeat(9000)]) expect(await show(text)).toMatch(/^401/);
    expect(jwt.asked).toBe(1);
  });

  it.each<readonly [name: string, answer: () => string | Promise<string>]>([
    ["throws", () => Promise.reject(new Error(`down ${OLD}`))],
    ["answers no text", () => 7 as unknown as string],
    ["answers what is too short", () => "short"],
  ])("a store that %s: the old one is used for its five minutes, and then none", async (_, answer) => {
    const { clock, jwt, token, show, logs } = start();
    expect(await show(await token(OLD))).toBe("signed");
    jwt.answer = answer;
    expect(await show(await token("a-secret-of-nobody-of-32-bytes-and-more"))).toBe("401 invalid_token");
    clock.now = START + KEPT - 1;
    expect(await show(await token(OLD))).toBe("signed");
    clock.now = START + KEPT;
    expect(await show(await token(OLD))).toBe("503 keys_unavailable");
    jwt.text = NEW;
    clock.now += FAILED;
    expect(await show(await token(NEW))).toBe("signed");
    expect(logs.join()).not.toContain(OLD);
  });

  it("a store that hangs: keys_unavailable when its time is up, and a secret that is young goes on", async () => {
    const { clock, jwt, token, show } = start();
    expect(await show(await token(OLD))).toBe("signed");
    const [good, bad] = [await token(OLD), await token("a-secret-of-nobody-of-32-bytes-and-more")];
    jwt.answer = () => new Promise(() => {});
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const left = watchOwnTimers();
    expect(await hanging(show(bad))).toBe("401 invalid_token");
    expect(await show(good)).toBe("signed");
    clock.now = START + KEPT;
    expect(await hanging(show(good))).toBe("503 keys_unavailable");
    expect(left()).toBe(0);
  });

  it("an answer that comes late is young from when it was asked for, and replaces no newer one", async () => {
    const { clock, jwt, token, show } = start();
    const late = Promise.withResolvers<string>();
    jwt.answer = () => late.promise;
    const first = show(await token(OLD));
    await vi.waitFor(() => expect(jwt.asked).toBe(1));
    jwt.text = NEW;
    expect(await show(await token(NEW))).toBe("signed");
    late.resolve(OLD);
    expect(await first).toBe("401 invalid_token");
    expect(await show(await token(NEW))).toBe("signed");
    expect(await show(await token(OLD))).toBe("401 invalid_token");

    const slow = start();
    const answered = Promise.withResolvers<string>();
    slow.jwt.answer = () => answered.promise;
    const waiting = slow.show(await slow.token(OLD));
    await vi.waitFor(() => expect(slow.jwt.asked).toBe(1));
    clock.now = slow.clock.now = START + 4;
    answered.resolve(OLD);
    expect(await waiting).toBe("signed");
    slow.jwt.text = NEW;
    slow.clock.now = START + KEPT;
    expect(await slow.show(await slow.token(OLD))).toBe("401 invalid_token");
  });
});

describe("the API secret", () => {
  it("signs until five minutes have passed, and then the new one does", async () => {
    const { clock, api, post } = start();
    expect(signedBy(await post("/sign/open"))).toBe(API_SECRET);
    api.text = NEW_API_SECRET;
    clock.now = START + KEPT - 1;
    expect(signedBy(await post("/sign/open"))).toBe(API_SECRET);
    clock.now = START + KEPT;
    expect(signedBy(await post("/sign/open"))).toBe(NEW_API_SECRET);
    expect(api.asked).toBe(2);
  });

  it("signs over the service binding until then, too", async () => {
    const clock = { now: START };
    const api = new Store(API_SECRET);
    const SIGNER = {
      access: { backend: { type: "service" } },
      profiles: { default: { access: ["backend"], set: { folder: "users/{sub}" } } },
    };
    const configured = readBindings({ ...ACCOUNT, SIGNER, CLOUDINARY_API_SECRET: api });
    const { sign: ask } = createService(configured, { now: () => clock.now, log: () => {} });
    const body = () => ask({ claims: { sub: "42" } });
    expect(signedBy({ body: await body() })).toBe(API_SECRET);
    api.text = NEW_API_SECRET;
    clock.now = START + KEPT - 1;
    expect(signedBy({ body: await body() })).toBe(API_SECRET);
    clock.now = START + KEPT;
    expect(signedBy({ body: await body() })).toBe(NEW_API_SECRET);
  });

  it("a link that was made elsewhere with the new one is read at once, and the new one signs", async () => {
    const [here, elsewhere] = [start(), start()];
    expect(signedBy(await here.post("/sign/open"))).toBe(API_SECRET);
    here.api.text = elsewhere.api.text = NEW_API_SECRET;
    const link = (await elsewhere.post("/links/default", bearer(await elsewhere.token(OLD)))).body.url;
    const used = await here.post(link);
    expect(signedBy(used)).toBe(NEW_API_SECRET);
    expect(here.api.asked).toBe(2);
    expect(here.logs.map((line) => JSON.parse(line).subject).at(-1)).toBe(
      JSON.parse(elsewhere.logs.at(-1)!).subject,
    );
  });

  it("a link of the old one ends with it", async () => {
    const { clock, api, post, token } = start();
    const link = (await post("/links/default", bearer(await token(OLD)))).body.url;
    expect(outcome(await post(link))).toBe("signed");
    clock.now = START + 290;
    const later = (await post("/links/default", bearer(await token(OLD)))).body.url;
    api.text = NEW_API_SECRET;
    clock.now = START + KEPT;
    expect(outcome(await post(later))).toBe("401 invalid_token");
  });

  it("1,000 forged links ask the store once", async () => {
    const { api, post, token } = start();
    const link: string = (await post("/links/default", bearer(await token(OLD)))).body.url;
    const forged = link.replace(/\.[^.]*$/, `.${"A".repeat(43)}`);
    const outcomes = await Promise.all(Array.from({ length: 1000 }, async () => outcome(await post(forged))));
    expect(new Set(outcomes)).toEqual(new Set(["401 invalid_token"]));
    expect(api.asked).toBe(2);
    expect(outcome(await post(link))).toBe("signed");
  });

  it("a new one that can't be one: the old one for its five minutes, and then misconfigured", async () => {
    const { clock, api, post } = start();
    expect(outcome(await post("/sign/open"))).toBe("signed");
    api.text = `'${NEW_API_SECRET}'`;
    clock.now = START + KEPT - 1;
    expect(outcome(await post("/sign/open"))).toBe("signed");
    clock.now = START + KEPT;
    expect(outcome(await post("/sign/open"))).toBe("500 misconfigured");
    api.text = NEW_API_SECRET;
    clock.now += FAILED;
    expect(signedBy(await post("/sign/open"))).toBe(NEW_API_SECRET);
  });

  it("a store that hangs: keys_unavailable when its time is up", async () => {
    const { clock, api, post } = start();
    api.answer = () => new Promise(() => {});
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const left = watchOwnTimers();
    expect(outcome(await hanging(post("/sign/open")))).toBe("503 keys_unavailable");
    expect(left()).toBe(0);
    api.text = API_SECRET;
    clock.now += FAILED;
    expect(outcome(await post("/sign/open"))).toBe("signed");
  });
});

describe("Turnstile's secret", () => {
  const header = { "cf-turnstile-response": "a-token" };

  it("is asked for again when Turnstile refuses it, and not by everybody at once", async () => {
    const { turnstile, known, post } = start();
    expect(outcome(await post("/sign/humans", header))).toBe("signed");
    known.secret = turnstile.text = "new";
    expect(outcome(await post("/sign/humans", header))).toBe("signed");
    expect(turnstile.asked).toBe(2);
    known.secret = "newest";
    const outcomes = new Set<string>();
    for (let i = 0; i < 50; i += 1) outcomes.add(outcome(await post("/sign/humans", header)));
    expect(outcomes).toEqual(new Set(["503 keys_unavailable"]));
    expect(turnstile.asked).toBe(2);
  });
});

it("tokens are known under the object that they were verified by, and no other", () => {
  const [one, other] = [{}, {}];
  const known = new VerifiedTokens();
  known.remember("hash", { caller: { claims: {} }, until: 10, keys: one });
  expect(known.find("hash", 1, one)).toBeDefined();
  expect(known.find("hash", 1, other)).toBeUndefined();
});
