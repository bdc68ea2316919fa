// R11 over small templates: pairs that are made of few pieces, so that they begin, end and repeat alike. Whatever two
// callers of an accepted configuration get signed is compared as it is, with no model of templates.

import fc from "fast-check";
import { expect, it } from "vitest";
import { sharedNames } from "../../src/policy/compile/namespaces.ts";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { Profile, ProfileInput } from "../../src/policy/profile.ts";
import { cases } from "../support/counts.ts";
import { METHODS, NOW } from "./generators.ts";
import { compiled, decided } from "./property-trial.ts";

const CLAIMS = ["{sub}", "{sub}", "{sub}", "{org}", "{access}"];
const TEXTS = [":", "-", ":org-"];
const PATH_TEXTS = ["a/", "a/org/", "/a/"];
const SUBJECTS = ["a", "b", "7", "a-b", "b-a", "org-7", "org-a", "a-", "-a", "aa", "members", "partners"];
const OPT_INS = ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id", "archive-by-tag"];

/** A text, a claim, and so on, in few variations. */
const template = (texts: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.constantFrom(...CLAIMS), fc.constantFrom("", ...texts)), {
        minLength: 1,
        maxLength: 2,
      }),
    )
    .map(([first, more]) => first + more.flat().join(""));

/** A profile that sets a name of one kind, or accepts what begins with a template. */
const profile = (access: string, name: string, texts: readonly string[]): fc.Arbitrary<ProfileInput> =>
  fc.tuple(template(texts), fc.boolean()).map(([text, isSet]) => ({
    access: [access],
    allow: OPT_INS,
    set: { overwrite: false, ...(isSet && { [name]: text }) },
    ...(!isSet && { accept: { [name]: { prefix: text } } }),
  }));

const pairs = fc
  .tuple(
    fc.constantFrom(["tags", TEXTS] as const, ["public_id", PATH_TEXTS] as const),
    fc.constantFrom("members", "members", "partners"),
  )
  .chain(([[name, texts], access]) =>
    fc.tuple(profile("members", name, texts), profile(access, name, texts)),
  );

const CALLERS: readonly Caller[] = ["members", "partners"].flatMap((method) =>
  SUBJECTS.flatMap((sub) => ["a", "7"].map((org) => ({ access: method, claims: { sub, org } }))),
);

/** What a client may add to a prefix, to meet another's name. */
const TAILS = ["", "a", ":", "-a", "7:", "a/a", "b"];

/** Every name that each caller can get by a profile. */
async function namesOf(input: ProfileInput): Promise<[name: string, caller: Caller][]> {
  const { accept = {} } = input;
  const name = Object.keys({ ...input.set, ...accept }).find((one) => one !== "overwrite")!;
  const names: [string, Caller][] = [];
  for (const caller of CALLERS.filter(({ access }) => input.access.includes(access))) {
    const at = { uuid: "", now: NOW };
    if (accept[name] === undefined) {
      const signed = await decided(input, caller, "ticket", {}, at);
      if (signed !== undefined) names.push([`${name} ${signed.params[name]}`, caller]);
      continue;
    }
    for (const tail of TAILS) {
      // The prefix, filled in by hand for this caller.
      const { sub, org } = caller.claims as { sub: string; org: string };
      const prefix = accept[name].prefix!;
      if (prefix.includes("|hash")) continue;
      const text =
        prefix.replaceAll("{sub}", sub).replaceAll("{org}", org).replaceAll("{access}", caller.access) + tail;
      const signed = await decided(input, caller, "ticket", { [name]: text }, at);
      if (signed !== undefined) names.push([`${name} ${signed.params[name]}`, caller]);
    }
  }
  return names;
}

const isSamePerson = (one: Caller, other: Caller): boolean =>
  one.access === other.access && one.claims.sub === other.claims.sub;

it("no two callers get the same name", async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(pairs, async ([first, second]) => {
      const checked = [first, second].map((input, i) => compiled(input, `p${i}`));
      if (checked.includes(undefined) || sharedNames(checked as Profile[], METHODS).length > 0) return;
      // A name that holds nobody's claim is the owner's own affair.
      if (![first, second].every((input) => JSON.stringify(input).includes("{sub"))) return;
      accepted += 1;
      const theirs = new Map<string, Caller[]>();
      for (const [name, caller] of await namesOf(first))
        theirs.set(name, [...(theirs.get(name) ?? []), caller]);
      for (const [name, caller] of await namesOf(second)) {
        const others = (theirs.get(name) ?? []).filter((other) => !isSamePerson(caller, other));
        expect({ name, caller, others }).toEqual({ name, caller, others: [] });
      }
    }),
    { numRuns: cases(1_500, 100_000), seed: 20261127 },
  );
  expect(accepted).toBeGreaterThan(100);
});
