// R3 over generated configurations of all methods, judged by what happened: nothing that one caller gets signed changes,
// reads, names or removes what another stored.

import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import { METHOD_NAMES } from "../../src/policy/tables/signed-methods.ts";
import { cases, FULL } from "../support/counts.ts";
import { configurations, type Drawn } from "./configurations.ts";
import { identityOf, METHODS } from "./generators.ts";
import { ready, trial } from "./two-callers.ts";

/** Each is another's beginning, case, folder or random name. */
const SUBJECTS = "a a-b A users b ab a_b x y gallery members 00000003-9b1d-4e5f-8a7b-c0ffee15dead".split(" ");

const person = (access: string, sub: string, org: string): Caller => {
  const { anonymous, claims } = METHODS.get(access)!;
  const all: Record<string, unknown> = { sub, org, email: `${sub}@example.com`, email_verified: true };
  return {
    access,
    claims: anonymous ? {} : Object.fromEntries(Object.entries(all).filter(([name]) => claims.has(name))),
  };
};

/** Two who ask: where they stand in a draw is told by numbers. */
const people = fc.record({
  subjects: fc.tuple(fc.constantFrom(...SUBJECTS), fc.constantFrom(...SUBJECTS)),
  orgs: fc.tuple(fc.constantFrom("o", "a", "x"), fc.constantFrom("o", "a", "x")),
  access: fc.tuple(fc.nat(99), fc.nat(99)),
  types: fc.constantFrom<string[]>(...Array(9).fill(["image"]), ["image", "raw", "video", "all", "auto"]),
});

type People = typeof people extends fc.Arbitrary<infer P> ? P : never;

const pick = (profiles: readonly ProfileInput[], number: number): string => {
  const names = profiles.flatMap(({ access }) => access);
  return names[number % names.length]!;
};

const PAIRS = FULL ? 4 : 2;
const met = { drawn: 0, kept: 0, pairs: 0, tickets: 0, done: 0, methods: new Map<string, number>() };

/** Every pair over one draw, at once. */
async function tried({ drawn, kept }: Drawn, all: readonly People[]): Promise<void> {
  met.drawn += drawn.length;
  met.kept += kept.length;
  for (const { method = "upload" } of kept) met.methods.set(method, (met.methods.get(method) ?? 0) + 1);
  const uploads = kept.filter(({ method }) => method === undefined);
  if (uploads.length === 0) return;
  const profiles = ready(kept);
  const pair = async ({ subjects: [mine, theirs], orgs, access, types }: People): Promise<void> => {
    const [by, to] = [pick(kept, access[0]), pick(uploads, access[1])];
    const isSame = identityOf(by) === identityOf(to) && mine === theirs;
    const attacker = person(by, isSame ? `${mine}-b` : mine, orgs[0]);
    const victim = person(to, theirs, orgs[1]);
    const { harm, tickets, done, stored } = await trial(profiles, attacker, victim, types);
    expect({ harm, attacker, victim, kept }).toEqual({ harm: [], attacker, victim, kept });
    if (tickets === 0 || stored === 0) return;
    met.pairs += 1;
    met.tickets += tickets;
    met.done += done;
  };
  await Promise.all(all.map(pair));
}

describe("nothing that one caller gets does anything to what another stored", () => {
  afterAll(() => {
    if (process.env.SHARES === "1") console.log(met);
  });

  it.each([1, 2, 3, 4])("over generated configurations of all methods, part %d", async (part) => {
    const pairs = fc.array(people, { minLength: PAIRS, maxLength: PAIRS });
    await fc.assert(fc.asyncProperty(configurations, pairs, tried), {
      numRuns: cases(8, 1_750),
      seed: 20261130 + part,
      endOnFailure: true,
    });
  });

  it("and enough of them are accepted, signed and done", () => {
    expect(met.kept / met.drawn).toBeGreaterThan(0.3);
    for (const method of METHOD_NAMES)
      expect(met.methods.get(method) ?? 0, method).toBeGreaterThan(cases(1, 100));
    expect(met.pairs).toBeGreaterThanOrEqual(cases(25, 20_000));
    expect(met.done / met.pairs).toBeGreaterThan(5);
  });
});
