// What anybody may know of a profile, and nothing else: whole objects are compared, so that nothing comes in unseen.

import { expect, it, describe as suite } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import { describe } from "../../../src/policy/decide/describe.ts";
import type { ProfileInput } from "../../../src/policy/profile.ts";

const METHODS = new Map([
  ["public", { anonymous: true, claims: new Set<string>() }],
  ["members", { anonymous: false, claims: new Set(["sub", "org"]) }],
]);

function described(input: Partial<ProfileInput>, types: readonly string[] = ["jwt"]) {
  const compiled = compileProfile("p", { access: ["members"], ...input }, METHODS);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return describe(compiled.value, types);
}

const PLAIN = { name: "p", method: "upload", resourceType: "auto", dropIn: true, access: ["jwt"] };

suite("a profile", () => {
  it.each<[what: string, input: Partial<ProfileInput>, expected: object]>([
    ["by its settings", { set: { folder: "secret/{sub}" } }, { accept: {} }],
    [
      "of another method",
      {
        ...{ method: "destroy", resourceType: "image", access: ["members"] },
        accept: { public_id: { prefix: "secret/{sub}/" } },
      },
      {
        ...{ method: "destroy", resourceType: "image", dropIn: false },
        accept: { public_id: { maxLength: 255 } },
      },
    ],
    ["that draws a name", { set: { public_id: "secret/{sub}/{uuid}" } }, { dropIn: false, accept: {} }],
    [
      "with limits on what arrives",
      {
        ...{ resourceType: "image", set: { public_id: "secret/{uuid}" } },
        file: { maxBytes: "5 MB", formats: ["jpg"], maxFiles: 3, quarantine: true },
      },
      {
        ...{ resourceType: "image", dropIn: false, accept: {} },
        file: { maxBytes: 5_000_000, formats: ["jpg"], maxFiles: 3 },
      },
    ],
    [
      "with receipts alone",
      { file: {}, set: { public_id: "secret/{uuid}" } },
      { dropIn: false, accept: {}, file: { maxFiles: 50 } },
    ],
  ])("%s", (_, input, expected) => {
    expect(described(input)).toEqual({ ...PLAIN, ...expected });
  });

  it("names each type of access once", () => {
    expect(described({ set: { folder: "a/{sub}" } }, ["jwt", "origin", "jwt"]).access).toEqual([
      "jwt",
      "origin",
    ]);
  });
});

suite("what a client may send", () => {
  it.each<[name: string, limits: object, told: object]>([
    ["tags", { prefix: "secret-{sub}-", maxItems: 5 }, { maxLength: 255, maxItems: 5 }],
    ["context", { keys: ["alt"], maxLength: 9 }, { keys: ["alt"], maxLength: 9, maxItems: 20 }],
    ["display_name", { charset: "a-z", prefix: "secret" }, { charset: "a-z", maxLength: 255 }],
    ["format", { enum: ["jpg", "png"] }, { enum: ["jpg", "png"], maxLength: 255 }],
    ["folder", { enum: ["secret/{sub}", "secret/b"].slice(1) }, { maxLength: 255 }],
    ["allowed_formats", { enum: ["jpg"] }, { enum: ["jpg"], maxLength: 255, maxItems: 20 }],
    ["eager", { enum: ["w_1"] }, { enum: ["w_1"] }],
    ["custom_coordinates", { min: 0, max: 9 }, { min: 0, max: 9, maxItems: 20 }],
    ["colors", {}, {}],
  ])("%s: %j", (name, limits, told) => {
    const { accept } = described({ set: { public_id: "users/{sub}/{uuid}" }, accept: { [name]: limits } });
    expect(accept).toEqual({ [name]: told });
    expect(JSON.stringify(accept)).not.toContain("secret");
  });
});
