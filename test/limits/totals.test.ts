// How much one caller gets: under a limiter that counts strictly, no mixture of tokens, places to show them, audiences,
// links and forms of asking, by no page and for no profile, brings more signatures in a period than the limit, and
// links count as well. Callers of another party, as those of another Worker, have a limit of their own.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createService } from "../../src/binding/binding.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { type Asked, bearer, signer } from "../access/signer.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { cases } from "../support/counts.ts";
import { type Plain, readBindings } from "../support/definition.ts";

const PAGES = ["https://www.example.com", "https://admin.example.com"];

const OTHER_AUDIENCE = "videos";
const MEMBERS = { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER };

const CONFIG: Plain = {
  allowedOrigins: PAGES,
  access: {
    members: { ...MEMBERS, audience: AUDIENCE },
    cookies: { ...MEMBERS, audience: AUDIENCE, cookie: "session" },
    headers: { ...MEMBERS, audience: AUDIENCE, header: "x-token" },
    videos: { ...MEMBERS, audience: OTHER_AUDIENCE },
    backend: { type: "service" },
  },
  profiles: {
    default: { access: ["members", "cookies", "headers", "videos"], set: { folder: "users/{sub}" } },
    widget: {
      access: ["cookies", "headers", "videos", "members"],
      dropIn: true,
      set: { folder: "widgets/{sub}" },
    },
    bound: { access: ["backend"], set: { folder: "bound/{sub}" } },
  },
};

/** Where a token is shown. A cookie counts from a listed page alone. */
const PLACES: Readonly<Record<string, (token: string) => Record<string, string>>> = {
  authorization: bearer,
  cookie: (token) => ({ cookie: `session=${token}`, origin: PAGES[0]! }),
  header: (token) => ({ "x-token": token }),
};
/** One audience, the other, or both in one token. */
const AUDIENCES = [AUDIENCE, OTHER_AUDIENCE, [AUDIENCE, OTHER_AUDIENCE]];

/** Counts by key, and lets so many pass in its one period. */
class StrictLimiter {
  readonly #asked = new Map<string, number>();
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  async limit({ key }: { key: string }): Promise<{ success: boolean }> {
    const times = (this.#asked.get(key) ?? 0) + 1;
    this.#asked.set(key, times);
    return { success: times <= this.max };
  }
}

/** A token as it is shown: made anew or again, where, and for whom. */
interface Showing {
  readonly fresh: boolean;
  readonly place: string;
  readonly audience: number;
}

/** One thing that a caller does. Links are used by the order in which they were got. */
type Step =
  | ({ readonly do: "ask"; readonly profile: string; readonly dropIn: boolean } & Showing)
  | ({ readonly do: "link"; readonly profile: string; readonly page: string | undefined } & Showing)
  | { readonly do: "use"; readonly link: number; readonly times: number; readonly dropIn: boolean }
  | { readonly do: "bound" };

const profile = fc.constantFrom("default", "widget");
const showing = {
  fresh: fc.boolean(),
  place: fc.constantFrom(...Object.keys(PLACES)),
  audience: fc.nat(AUDIENCES.length - 1),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("ask" as const), profile, ...showing, dropIn: fc.boolean() }),
  fc.record({
    do: fc.constant("link" as const),
    profile,
    ...showing,
    page: fc.constantFrom(undefined, ...PAGES),
  }),
  fc.record({
    do: fc.constant("use" as const),
    link: fc.nat(4),
    times: fc.integer({ min: 1, max: 6 }),
    dropIn: fc.boolean(),
  }),
  fc.record({ do: fc.constant("bound" as const) }),
);

const NOW = 1_795_468_800;

async function run(steps: readonly Step[], max: number) {
  const bindings = { JWT_SECRET: SHARED_SECRET, LIMIT_BY_SUBJECT: new StrictLimiter(max) };
  const { post } = signer(CONFIG, { now: () => NOW }, bindings);
  const { sign: bound } = createService(readBindings({ ...ACCOUNT, ...bindings, SIGNER: CONFIG }), {
    now: () => NOW,
    log: unseen,
  });
  let jti = 0;
  const show = async ({ fresh, place, audience }: Showing) => {
    const claims = { iat: NOW, exp: NOW + 600, jti: fresh ? `${jti++}` : "same", aud: AUDIENCES[audience] };
    // Only where the method is for that audience: in a place of its own there is but one.
    const aud = place === "authorization" ? claims.aud : AUDIENCE;
    return PLACES[place]!(await signShared({ ...claims, aud }));
  };
  const links: { url: string; page: string | undefined; profile: string }[] = [];
  const outcomes: Asked[] = [];
  const boundOutcomes: object[] = [];
  const body = (name: string, dropIn: boolean) =>
    dropIn && name === "widget"
      ? { paramsToSign: { timestamp: NOW, folder: "widgets/42", source: "uw" } }
      : {};

  for (const one of steps) {
    if (one.do === "ask") {
      outcomes.push(await post(`/sign/${one.profile}`, await show(one), body(one.profile, one.dropIn)));
    } else if (one.do === "link") {
      const headers = { ...(await show(one)), ...(one.page && { origin: one.page }) };
      const made = await post(`/links/${one.profile}`, headers);
      outcomes.push(made);
      const page = headers.origin;
      if (made.status === 200) links.push({ url: made.body.url, page, profile: one.profile });
    } else if (one.do === "bound") {
      boundOutcomes.push(await bound({ profile: "bound", claims: { sub: "42" } }));
    } else {
      const link = links[one.link];
      if (link === undefined) continue;
      const headers: Record<string, string> = link.page === undefined ? {} : { origin: link.page };
      const uses = Array.from({ length: one.times }, () =>
        post(link.url, headers, body(link.profile, one.dropIn)),
      );
      outcomes.push(...(await Promise.all(uses)));
    }
  }
  const got = outcomes.filter(({ status }) => status === 200);
  const signatures = got.filter(({ body }) => body.signature).length;
  const boundSignatures = boundOutcomes.filter((answer) => "signature" in answer).length;
  return { got, signatures, outcomes, boundOutcomes, boundSignatures };
}

const TOKEN: Showing = { fresh: true, place: "authorization", audience: 0 };

describe("one caller", () => {
  it("gets as much as the limit allows, and not more, by every mixture", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 15 }),
        fc.integer({ min: 1, max: 8 }),
        async (steps, max) => {
          const { got, signatures, outcomes, boundOutcomes, boundSignatures } = await run(steps, max);
          expect(got.length).toBe(Math.min(max, outcomes.length));
          expect(signatures).toBeLessThanOrEqual(max);
          expect(new Set(outcomes.map(({ status }) => status)).size).toBeLessThanOrEqual(2);
          expect(boundSignatures).toBe(Math.min(max, boundOutcomes.length));
        },
      ),
      { numRuns: cases(30, 1000) },
    );
  });

  it("with a limit of 5 gets no 25 signatures out of 5 links", async () => {
    const link = { do: "link", profile: "widget", ...TOKEN, page: undefined } as const;
    const uses = [0, 1, 2, 3, 4].map((i) => ({ do: "use", link: i, times: 5, dropIn: true }) as const);
    const { got, signatures } = await run([link, link, link, link, link, ...uses], 5);
    expect([got.length, signatures]).toEqual([5, 0]);
    const { signatures: others } = await run([link, ...uses], 5);
    expect(others).toBe(4);
  });

  it.each<[string, Showing[]]>([
    ["one token in three places", Object.keys(PLACES).map((place) => ({ ...TOKEN, fresh: false, place }))],
    ["tokens for two audiences, and one for both", [0, 1, 2].map((audience) => ({ ...TOKEN, audience }))],
  ])("with a limit of 5 gets 5 signatures: %s", async (_, showings) => {
    const ask = { do: "ask", dropIn: false } as const;
    const steps = showings.flatMap((shown) =>
      ["default", "widget"].flatMap((name) =>
        Array.from({ length: 5 }, () => ({ ...ask, ...shown, profile: name })),
      ),
    );
    const { outcomes, signatures } = await run(steps, 5);
    expect([outcomes.length, signatures]).toEqual([30, 5]);
  });
});
