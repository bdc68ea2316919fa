// How much one caller gets: under a limiter that counts strictly, no mixture of tokens, links and forms of asking, by
// no page and for no profile, brings more signatures in a period than the limit, and links count as well.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cases } from "../support/counts.ts";
import type { Plain } from "../support/definition.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "./identity.ts";
import { type Asked, bearer, signer } from "./signer.ts";

const PAGES = ["https://www.example.com", "https://admin.example.com"];

const CONFIG: Plain = {
  allowedOrigins: PAGES,
  access: { members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } },
  profiles: {
    default: { access: ["members"], set: { folder: "users/{sub}" } },
    widget: { access: ["members"], dropIn: true, set: { folder: "widgets/{sub}" } },
  },
};

/** Counts by key, and lets so many pass in its one period. */
class StrictLimiter {
  readonly asked = new Map<string, number>();
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  async limit({ key }: { key: string }): Promise<{ success: boolean }> {
    const times = (this.asked.get(key) ?? 0) + 1;
    this.asked.set(key, times);
    return { success: times <= this.max };
  }
}

/** One thing that a caller does. Links are used by the order in which they were got, tokens are made anew or again. */
type Step =
  | { readonly do: "ask"; readonly profile: string; readonly fresh: boolean; readonly dropIn: boolean }
  | {
      readonly do: "link";
      readonly profile: string;
      readonly fresh: boolean;
      readonly page: string | undefined;
    }
  | { readonly do: "use"; readonly link: number; readonly times: number; readonly dropIn: boolean };

const profile = fc.constantFrom("default", "widget");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("ask" as const), profile, fresh: fc.boolean(), dropIn: fc.boolean() }),
  fc.record({
    do: fc.constant("link" as const),
    profile,
    fresh: fc.boolean(),
    page: fc.constantFrom(undefined, ...PAGES),
  }),
  fc.record({
    do: fc.constant("use" as const),
    link: fc.nat(4),
    times: fc.integer({ min: 1, max: 6 }),
    dropIn: fc.boolean(),
  }),
);

const NOW = 1_795_468_800;

async function run(steps: readonly Step[], max: number) {
  const limiter = new StrictLimiter(max);
  const { post } = signer(
    CONFIG,
    { now: () => NOW },
    { JWT_SECRET: SHARED_SECRET, LIMIT_BY_SUBJECT: limiter },
  );
  let jti = 0;
  const token = (fresh: boolean) =>
    signShared({ iat: NOW, exp: NOW + 600, jti: fresh ? `${jti++}` : "same" });
  const links: { url: string; page: string | undefined; profile: string }[] = [];
  const outcomes: Asked[] = [];
  const body = (name: string, dropIn: boolean) =>
    dropIn && name === "widget"
      ? { paramsToSign: { timestamp: NOW, folder: "widgets/42", source: "uw" } }
      : {};

  for (const one of steps) {
    if (one.do === "ask") {
      const shown = bearer(await token(one.fresh));
      outcomes.push(await post(`/sign/${one.profile}`, shown, body(one.profile, one.dropIn)));
    } else if (one.do === "link") {
      const headers = { ...bearer(await token(one.fresh)), ...(one.page && { origin: one.page }) };
      const made = await post(`/links/${one.profile}`, headers);
      outcomes.push(made);
      if (made.status === 200) links.push({ url: made.body.url, page: one.page, profile: one.profile });
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
  return { got, signatures: got.filter(({ body }) => body.signature).length, outcomes, limiter };
}

describe("one caller", () => {
  it("gets as much as the limit allows, and not more, by every mixture", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 15 }),
        fc.integer({ min: 1, max: 8 }),
        async (steps, max) => {
          const { got, signatures, outcomes, limiter } = await run(steps, max);
          expect(got.length).toBe(Math.min(max, outcomes.length));
          expect(signatures).toBeLessThanOrEqual(max);
          expect(new Set(outcomes.map(({ status }) => status)).size).toBeLessThanOrEqual(2);
          expect([...limiter.asked.keys()]).toEqual(outcomes.length === 0 ? [] : ["members 42"]);
        },
      ),
      { numRuns: cases(60, 1000) },
    );
  });

  it("with a limit of 5 gets no 25 signatures out of 5 links", async () => {
    const link = { do: "link", profile: "widget", fresh: true, page: undefined } as const;
    const uses = [0, 1, 2, 3, 4].map((i) => ({ do: "use", link: i, times: 5, dropIn: true }) as const);
    const { got, signatures } = await run([link, link, link, link, link, ...uses], 5);
    expect([got.length, signatures]).toEqual([5, 0]);
    const { signatures: others } = await run([link, ...uses], 5);
    expect(others).toBe(4);
  });
});
