// Pairs of templates by which two callers would get the same name: the worst of what property tests can meet, each
// shown to collide by what both get signed, unless the configuration is refused.

import { describe, expect, it } from "vitest";
import { sharedNames } from "../../src/policy/compile/namespaces.ts";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { Profile, ProfileInput } from "../../src/policy/profile.ts";
import { METHODS } from "./generators.ts";
import { compiled, decided } from "./property-trial.ts";

const NOW = 1_795_478_399;
const UUID = "11111111-9b1d-4e5f-8a7b-c0ffee15dead";

const sets = (set: object, access = ["members"]): ProfileInput => ({ access, set: { ...set } });
const accepts = (accept: ProfileInput["accept"], access = ["members"]): ProfileInput => ({
  access,
  set: { overwrite: false },
  accept,
});
const member = (sub: string, org = "o", method = "members"): Caller => ({
  access: method,
  claims: { sub, org },
});

interface Pair {
  readonly name: string;
  readonly profiles: readonly ProfileInput[];
  /** Who has a name by the first profile, and who gets it too by the last one. */
  readonly victim: Caller;
  readonly asker: Caller;
  readonly sent?: Record<string, unknown>;
}

const CLAIMED_NAMES: readonly Pair[] = [
  {
    name: "two tags of one list",
    profiles: [sets({ tags: ["u-{sub}", "u-x-{sub}"] })],
    victim: member("b"),
    asker: member("x-b"),
  },
  {
    name: "two claims in one list",
    profiles: [sets({ tags: ["u-{sub}", "u-{org}"] })],
    victim: member("z", "b"),
    asker: member("b", "a"),
  },
  {
    name: "a tag, and a prefix that ends with a character of claims",
    profiles: [sets({ tags: ["u-{sub}"] }), accepts({ tags: { prefix: "u-{sub}-" } })],
    victim: member("a-b"),
    asker: member("a"),
    sent: { tags: "u-a-b" },
  },
  {
    name: "a path, and one that begins with a claim",
    profiles: [sets({ public_id: "users/{sub}/avatar" }), accepts({ public_id: { prefix: "{sub}/" } })],
    victim: member("a"),
    asker: member("users"),
    sent: { public_id: "users/a/avatar" },
  },
  {
    name: "the same path of two claims",
    profiles: [sets({ public_id: "{sub}/avatar" }), sets({ public_id: "{org}/avatar" })],
    victim: member("a"),
    asker: member("z", "a"),
  },
  {
    name: "the name of an access method, and the same as text",
    profiles: [
      sets({ public_id: "{access}/{sub}/x" }, ["users"]),
      sets({ public_id: "users/{sub}/x" }, ["partners"]),
    ],
    victim: member("a", "o", "users"),
    asker: member("a", "o", "partners"),
  },
  {
    name: "a plain claim, and another's hash",
    profiles: [sets({ public_id: "u/{sub|hash}/x" }), sets({ public_id: "u/{sub}/x" })],
    victim: member("a"),
    // The first 32 hex digits of SHA-256("members\0a"), by sha256sum.
    asker: member("97f235ee7185501d6a8d8e3d74462e28"),
  },
];

const FIXED_NAMES: readonly Pair[] = [
  {
    name: "a random name, and a claim in its place",
    profiles: [sets({ public_id: "inbox/{uuid}" }, ["public"]), sets({ public_id: "inbox/{sub}" })],
    victim: { access: "public", claims: {} },
    asker: member(UUID),
  },
  {
    name: "a day, and a claim in its place",
    profiles: [
      sets({ public_id: "inbox/{date}/{uuid}" }, ["public"]),
      accepts({ public_id: { prefix: "inbox/{sub}/" } }),
    ],
    victim: { access: "public", claims: {} },
    asker: member("2026-11-23"),
    sent: { public_id: `inbox/2026-11-23/${UUID}` },
  },
  {
    name: "a fixed tag that was opted in to, and a claim in its place",
    profiles: [
      { ...sets({ tags: ["u-press-kit"] }), allow: ["archive-by-tag"] },
      accepts({ tags: { prefix: "u-{sub}-" } }),
    ],
    victim: member("a"),
    asker: member("press"),
    sent: { tags: "u-press-kit" },
  },
];

/** The names that both get, unless the configuration is refused. */
async function collisions({ profiles, victim, asker, sent }: Pair): Promise<string[]> {
  const checked = profiles.map((profile, i) => compiled(profile, `p${i}`));
  if (checked.includes(undefined) || sharedNames(checked as Profile[], METHODS).length > 0) return [];
  const at = { uuid: UUID, now: NOW };
  const theirs = await decided(profiles[0]!, victim, "ticket", {}, at);
  const ours = await decided(profiles.at(-1)!, asker, "ticket", sent ?? {}, { ...at, uuid: "another" });
  if (theirs === undefined || ours === undefined) return [];
  return ["public_id", "tags"].flatMap((name) => {
    const [one, other] = [ours, theirs].map(({ params }) => params[name]?.split(",") ?? []);
    return one!.filter((value) => other!.includes(value));
  });
}

describe("no two callers get the same name by", () => {
  it.each([...CLAIMED_NAMES, ...FIXED_NAMES].map((pair) => [pair.name, pair] as const))(
    "%s",
    async (_, pair) => {
      expect(await collisions(pair)).toEqual([]);
    },
  );
});
