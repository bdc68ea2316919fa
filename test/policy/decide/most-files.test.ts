// How many files one request may declare: as the profile says, and one where all of them would have one name. What a client
// is told before is what is refused after.

import { expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import { describe as describeProfile } from "../../../src/policy/decide/describe.ts";
import { refuseDeclared } from "../../../src/policy/decide/judge-file.ts";
import type { ProfileInput } from "../../../src/policy/profile.ts";
import { METHODS } from "../generators.ts";

const FRESH = { public_id: "users/{sub}/{uuid}", overwrite: false };

it.each<[name: string, profile: Omit<ProfileInput, "access">, most: number]>([
  ["as many as there may be", { set: FRESH, file: {} }, 50],
  ["as many as it says", { set: FRESH, file: { maxFiles: 3 } }, 3],
  ["one", { set: FRESH, file: { maxFiles: 1 } }, 1],
  ["one name", { set: { public_id: "users/{sub}/avatar", overwrite: false }, file: { maxFiles: 3 } }, 1],
  [
    "a name of the client's",
    { set: { overwrite: false }, accept: { public_id: { prefix: "users/{sub}/" } }, file: { maxFiles: 3 } },
    1,
  ],
])("%s", (_, input, most) => {
  const compiled = compileProfile("p", { access: ["members"], ...input }, METHODS);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const profile = compiled.value;
  expect(describeProfile(profile, ["jwt"]).file?.maxFiles).toBe(most);
  const files = Array.from({ length: most }, () => ({ name: "a.jpg" }));
  expect(refuseDeclared(profile, files)).toEqual([]);
  expect(refuseDeclared(profile, [...files, {}])).toMatchObject([{ code: "too_many" }]);
});
