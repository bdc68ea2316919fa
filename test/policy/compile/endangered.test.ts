// Profiles whose signatures another method of Cloudinary's API would take: each is refused with that method's name
// until its owner accepts the risk by name. Written by hand, from the evidence, so that a row that is lost in the
// table of methods fails here.

import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import type { AccessMethods } from "../../../src/policy/profile.ts";
import { SELECTIONS } from "../../../src/policy/tables/methods.ts";
import { PARAMETERS } from "../../../src/policy/tables/parameters.ts";
import { ruleOf } from "../../../src/policy/tables/reasons.ts";

const METHODS: AccessMethods = new Map([
  ["public", { anonymous: true, claims: new Set<string>() }],
  ["named", { anonymous: false, claims: new Set(["sub"]) }],
]);

interface Endangered {
  readonly method: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly allow: readonly string[];
  /** Whether the same parameters can hold what is the caller's own. */
  readonly own?: Readonly<Record<string, unknown>>;
}

const IDS = ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id"];
const MANIFEST = ["slideshow-by-manifest", "collage-by-manifest"];
const LOGO = { public_id: "logo", overwrite: false };

const ENDANGERED: readonly Endangered[] = [
  ...["destroy", "explicit", "download"].map((method) => ({
    method,
    set: LOGO,
    at: "set.public_id",
    allow: IDS,
    own: { public_id: "users/{sub}/logo", overwrite: false },
  })),
  {
    method: "explode",
    set: { ...LOGO, transformation: "pg_all" },
    at: "set.public_id",
    allow: [...IDS, "explode-by-public-id"],
    own: { public_id: "users/{sub}/logo", overwrite: false, transformation: "pg_all" },
  },
  {
    method: "generate_archive",
    set: { tags: ["site"] },
    at: "set.tags",
    allow: ["archive-by-tag"],
    own: { tags: ["u-{sub}"] },
  },
  ...["create_slideshow", "create_collage"].flatMap((method) =>
    [{ vars: { slides: [] } }, '{"vars":{"slides":[]}}'].map((manifest_json) => ({
      method,
      set: { manifest_json },
      at: "set.manifest_json",
      allow: MANIFEST,
    })),
  ),
  {
    method: "create_slideshow",
    set: { manifest_transformation: "fn_render:slides" },
    at: "set.manifest_transformation",
    allow: ["slideshow-by-transformation"],
  },
  {
    method: "eval",
    set: { eval: "upload_options['tags'] = 'a'" },
    at: "set.eval",
    allow: ["eval-by-script"],
  },
];

describe.each(["named", "public"])("callers by %s", (method) => {
  const compile = (set: object, allow: readonly string[] = []) =>
    compileProfile("p", { access: [method], set: { ...set }, allow }, METHODS);

  it.each(ENDANGERED)("$method: $set", ({ method, set, at, allow }) => {
    const refused = compile(set);
    const problems = refused.ok ? [] : refused.error;
    expect(problems).toContainEqual({ at, why: expect.objectContaining({ reason: "opt_in", method }) });
    expect(problems.map(({ why }) => ruleOf(why))).toContain("R3");
    // Some of the names are not enough.
    for (const missing of allow) {
      const others = allow.filter((name) => name !== missing);
      expect(compile(set, others)).toMatchObject({ ok: false });
    }
    const accepted = compile(set, allow);
    expect(accepted).toMatchObject({ ok: true });
    expect(accepted.ok && [...accepted.value.optIns].sort()).toEqual([...allow].sort());
  });
});

it.each(ENDANGERED.filter(({ own }) => own !== undefined))(
  "$method: what is the caller's own is nobody's risk",
  ({ own }) => {
    expect(compileProfile("p", { access: ["named"], set: own! }, METHODS)).toMatchObject({ ok: true });
  },
);

it("no other method of the table can be chosen by upload parameters alone", () => {
  const reached = SELECTIONS.filter(({ selectors }) => selectors.every((name) => PARAMETERS.has(name)));
  expect(new Set(reached.map(({ method }) => method))).toEqual(
    new Set(ENDANGERED.map(({ method }) => method)),
  );
});

it.each(["manifest_json", "manifest_transformation", "eval"])("no client may choose %s", (name) => {
  const profile = { access: ["named"], accept: { [name]: {} }, allow: [...MANIFEST, "eval-by-script"] };
  expect(compileProfile("p", profile, METHODS)).toMatchObject({
    ok: false,
    error: [expect.objectContaining({ at: `accept.${name}` })],
  });
});
