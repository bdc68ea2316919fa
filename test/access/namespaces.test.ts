// R11 across profiles: the same subject of two issuers shares no names.

import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../support/account.ts";
import { placeOf, readBindings } from "../support/definition.ts";

const issuer = (name: string, more: object = {}) => ({
  type: "jwt",
  jwks: `https://${name}.example/jwks.json`,
  issuer: `https://${name}.example/`,
  audience: "uploads",
  ...more,
});

function faults(one: object, two: object): string[] {
  const SIGNER = {
    access: {
      members: issuer("id"),
      partners: issuer("other"),
      cookies: issuer("id", { cookie: "t" }),
      ci: { type: "token", tokens: { a: "a".repeat(64) } },
    },
    profiles: { one: { set: { overwrite: false }, ...one }, two: { set: { overwrite: false }, ...two } },
  };
  const read = readBindings({ ...ACCOUNT, SIGNER });
  return read.ok ? [] : read.error.map((fault) => `${placeOf(fault)}: ${fault.problem}`);
}

const members = (set: object) => ({ access: ["members"], set });
const partners = (set: object) => ({ access: ["partners"], set });

describe("refused", () => {
  it.each([
    ["the same folder", members({ folder: "users/{sub}" }), partners({ folder: "users/{sub}" })],
    ["the same public ID", members({ public_id: "users/{sub}/a" }), partners({ public_id: "users/{sub}/a" })],
    [
      "a public ID under the other's folder",
      members({ folder: "users/{sub}" }),
      partners({ public_id: "users/{sub}/a" }),
    ],
    [
      "the same tags",
      members({ tags: ["u-{sub}"] }),
      { access: ["partners"], accept: { tags: { prefix: "u-{sub}-" } } },
    ],
    [
      "tokens beside an issuer",
      members({ folder: "users/{sub}" }),
      { access: ["ci"], set: { folder: "users/{sub}" } },
    ],
  ])("%s", (_, one, two) => {
    expect(faults(one, two).join()).toContain("profiles.two.");
    expect(faults(one, two).join()).toContain("could get the same names");
  });
});

describe("accepted", () => {
  it.each([
    ["different beginnings", members({ folder: "members/{sub}" }), partners({ folder: "partners/{sub}" })],
    [
      "the access method's name in the path",
      members({ folder: "{way}/{sub}" }),
      partners({ folder: "{way}/{sub}" }),
    ],
    ["hashed", members({ folder: "{sub|hash}" }), partners({ folder: "{sub|hash}" })],
    [
      "the same issuer by two access methods",
      members({ folder: "users/{sub}" }),
      { access: ["cookies"], set: { folder: "users/{sub}" } },
    ],
    [
      "the same prefix",
      members({ tags: ["u-{sub}-x"] }),
      { access: ["members"], accept: { tags: { prefix: "u-{sub}-" } } },
    ],
    [
      "a folder that anybody may choose elsewhere",
      members({ folder: "users/{sub}" }),
      { access: ["public"], accept: { folder: { prefix: "inbox/" } } },
    ],
    [
      "two of those",
      { access: ["public"], accept: { folder: { prefix: "inbox/" } } },
      { access: ["public"], accept: { folder: { prefix: "inbox/a/" } } },
    ],
    [
      "a folder above everybody's",
      members({ folder: "users/{sub}" }),
      { access: ["public"], set: { folder: "users" } },
    ],
    ["tags and paths", members({ folder: "u/{sub}" }), members({ tags: ["u{sub}"] })],
    ["the same access method", members({ folder: "users/{sub}" }), members({ public_id: "users/{sub}/a" })],
    ["claims in a context", members({ context: { by: "{sub}" } }), partners({ context: { by: "{sub}" } })],
  ])("%s", (_, one, two) => {
    expect(faults(one, two)).toEqual([]);
  });
});
