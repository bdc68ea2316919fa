// Pairs of templates by which two callers would get the same name: the worst of what property tests can meet, each
// shown to collide by what both get signed, unless the configuration is refused.

import { expect, it } from "vitest";
import { sharedNames } from "../../src/policy/compile/namespaces.ts";
import type { Caller } from "../../src/policy/decide/fill.ts";
import type { Profile, ProfileInput } from "../../src/policy/profile.ts";
import { METHODS, NOW } from "./generators.ts";
import { compiled, decided } from "./property-trial.ts";

const UUID = "11111111-9b1d-4e5f-8a7b-c0ffee15dead";

const sets = (set: object, access = ["members"]): ProfileInput => ({ access, set: { ...set } });
const id = (public_id: string, access?: string[]) => sets({ public_id }, access);
const tags = (...items: string[]) => sets({ tags: items });
const accepts = (name: string, prefix: string): ProfileInput => ({
  access: ["members"],
  set: { overwrite: false },
  accept: { [name]: { prefix } },
});
const member = (sub: string, org = "o", access = "members"): Caller => ({ access, claims: { sub, org } });
const nobody: Caller = { access: "public", claims: {} };

/** Who has a name by the first profile, and who gets it too by the last one. */
type Pair = [
  name: string,
  profiles: ProfileInput[],
  victim: Caller,
  asker: Caller,
  sent?: Record<string, string>,
];

it.each<Pair>([
  ["two tags of one list", [tags("u-{sub}", "u-x-{sub}")], member("b"), member("x-b")],
  ["two claims in one list", [tags("u-{sub}", "u-{org}")], member("z", "b"), member("b", "a")],
  [
    "a tag, and a prefix that ends with a character of claims",
    [tags("u-{sub}"), accepts("tags", "u-{sub}-")],
    member("a-b"),
    member("a"),
    { tags: "u-a-b" },
  ],
  [
    "a path, and one that begins with a claim",
    [id("users/{sub}/avatar"), accepts("public_id", "{sub}/")],
    member("a"),
    member("users"),
    { public_id: "users/a/avatar" },
  ],
  ["one path of two claims", [id("{sub}/avatar"), id("{org}/avatar")], member("a"), member("z", "a")],
  [
    "the name of an access method, and the same as text",
    [id("{access}/{sub}/x", ["users"]), id("users/{sub}/x", ["partners"])],
    member("a", "o", "users"),
    member("a", "o", "partners"),
  ],
  [
    "a plain claim, and another's hash",
    [id("u/{sub|hash}/x"), id("u/{sub}/x")],
    member("a"),
    // The first 32 hex digits of SHA-256("members\0a"), by sha256sum.
    member("97f235ee7185501d6a8d8e3d74462e28"),
  ],
  [
    "a random name, and a claim in its place",
    [id("inbox/{uuid}", ["public"]), id("inbox/{sub}")],
    nobody,
    member(UUID),
  ],
  [
    "a day, and a claim in its place",
    [id("inbox/{date}/{uuid}", ["public"]), accepts("public_id", "inbox/{sub}/")],
    nobody,
    member("2026-11-23"),
    { public_id: `inbox/2026-11-23/${UUID}` },
  ],
  [
    "a fixed tag that was opted in to, and a claim in its place",
    [{ ...tags("u-press-kit"), allow: ["archive-by-tag"] }, accepts("tags", "u-{sub}-")],
    member("a"),
    member("press"),
    { tags: "u-press-kit" },
  ],
])("no two callers get the same name by %s", async (_, profiles, victim, asker, sent = {}) => {
  const checked = profiles.map((profile, i) => compiled(profile, `p${i}`));
  if (checked.includes(undefined) || sharedNames(checked as Profile[], METHODS).length > 0) return;
  const at = { uuid: UUID, now: NOW };
  const theirs = await decided(profiles[0]!, victim, "ticket", {}, at);
  const ours = await decided(profiles.at(-1)!, asker, "ticket", sent, { ...at, uuid: "another" });
  const names = [ours, theirs].map((signed) =>
    ["public_id", "tags"].flatMap((name) => signed?.params[name]?.split(",") ?? []),
  );
  expect(names[0]!.filter((name) => names[1]!.includes(name))).toEqual([]);
});
