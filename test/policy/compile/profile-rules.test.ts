// The rules over a whole profile, each alone: what one finds is told as coming from its rule.

import { describe, expect, it } from "vitest";
import { draftOf } from "../../../src/policy/compile/draft.ts";
import { PROFILE_RULES } from "../../../src/policy/compile/profile-rules.ts";
import type { ProfileInput } from "../../../src/policy/profile.ts";
import { ruleOf } from "../../../src/policy/tables/reasons.ts";

const METHODS = new Map([
  ["public", { anonymous: true, claims: new Set<string>() }],
  ["named", { anonymous: false, claims: new Set(["sub", "org"]) }],
  ["o-ther", { anonymous: false, claims: new Set(["sub"]) }],
  ["jobs", { anonymous: false, backEnd: true, claims: new Set(["sub"]) }],
]);

/** A method other than upload, for callers who own what it works on. */
const OWNED = { access: ["named"], resourceType: "image" } as const;
const OWN = { prefix: "u/{sub}/" } as const;

/** A profile that breaks one rule, and the reasons that the rule gives. */
const BROKEN: readonly [rule: string, input: Partial<ProfileInput>, reasons: string[]][] = [
  ["form", { access: [] }, ["no_access"]],
  ["form", { access: ["nobody"], set: { public_id: "{uuid}" } }, ["undeclared"]],
  ["R2", { ttl: 59 }, ["ttl_range"]],
  ["form", { notify: true }, ["notify_file"]],
  [
    "form",
    { file: {}, notify: true, set: { public_id: "{uuid}", notification_url: "https://a.example/" } },
    ["notify_twice"],
  ],
  ["form", { ...OWNED, method: "destroy", notify: true, accept: { public_id: OWN } }, ["file_method"]],
  ["R12", { set: { folder: "a" }, accept: { folder: { prefix: "a" } } }, ["set_and_accept"]],
  ["R12", { set: { context: { Alt: "a" } }, accept: { context: { keys: ["alt"] } } }, ["shared_key"]],
  ["form", { dropIn: true, set: { public_id: "logo" } }, ["drop_in_name"]],
  ["form", { dropIn: true, accept: { public_id: { prefix: "u/" } } }, ["drop_in_name"]],
  ["form", { dropIn: true, access: ["named"], set: { public_id: "logo" } }, ["drop_in_name"]],
  ["form", { dropIn: true, access: ["named"], accept: { public_id: { prefix: "u/" } } }, ["drop_in_name"]],
  ["form", { dropIn: true, access: ["named"], set: { public_id: "u/{sub}/{uuid}" } }, ["random"]],
  ["form", { dropIn: true, set: { public_id: "{uuid}" } }, ["random"]],
  ["R3", { access: ["named"], set: { public_id: "u/{sub}", folder: "a" } }, ["folder_joined"]],
  [
    "R3",
    { access: ["named"], set: { folder: "a" }, accept: { public_id: { prefix: "u/{sub}/" } } },
    ["folder_ignored"],
  ],
  ["form", { accept: { folder: {} } }, ["any_folder"]],
  ["form", { dropIn: true, set: { folder: "{uuid}" } }, ["random"]],
  ["R10", { access: ["o-ther"], set: { folder: "u/{org}" } }, ["claim_unknown"]],
  ["R11", { access: ["named", "o-ther"], set: { folder: "u/{sub}" } }, ["claims_meet"]],
  ["R11", { access: ["o-ther"], set: { tags: ["{access}-{sub|hash}"] } }, ["access_separator"]],
  ["R7", { access: ["named"], set: { use_filename: true } }, ["file_replaces"]],
  ["R7", { access: ["named"], set: { use_filename: true, overwrite: false } }, ["file_shared"]],
  [
    "R7",
    { access: ["named"], set: { use_filename: true, overwrite: true }, allow: ["shared-file-names"] },
    ["file_replaces"],
  ],
  ["R8", { access: ["named"], set: { upload_preset: "p" } }, ["preset"]],
  // For components alone, and not beside a public ID.
  ["R8", { access: ["named"], set: { upload_preset: "p" }, allow: ["preset-decides"] }, ["preset"]],
  ["R8", { dropIn: true, set: { upload_preset: "p" } }, ["preset_alone"]],
  [
    "R8",
    {
      ...{ dropIn: true, access: ["named"], allow: ["preset-decides"] },
      ...{ set: { upload_preset: "p" }, accept: { public_id: { prefix: "u/{sub}/" } } },
    },
    ["preset"],
  ],
  [
    "R8",
    {
      ...{ dropIn: true, access: ["named"], allow: ["preset-decides"] },
      set: { upload_preset: "p", public_id: "u/{sub}" },
    },
    ["preset"],
  ],
  ["R3", { access: ["named"], set: { tags: ["site"] } }, ["opt_in"]],
  ["R3", { allow: ["everything"] }, ["unknown_risk"]],
  ["R5", { set: { type: "authenticated" } }, ["authenticated"]],
  ["R5", { set: { type: " Authenticated" } }, ["authenticated"]],
  ["R3", { method: "destroy", resourceType: "image", accept: { public_id: { prefix: "a/" } } }, ["no_owner"]],
  [
    "R3",
    { ...OWNED, method: "rename", accept: { from_public_id: OWN, to_public_id: { prefix: "a/" } } },
    ["not_owner"],
  ],
  [
    "R3",
    { ...OWNED, access: ["jobs"], method: "destroy", accept: { public_id: { prefix: "a/" } } },
    ["others_assets"],
  ],
  [
    "R3",
    { ...OWNED, method: "rename", set: { from_public_id: "u/{sub}/{uuid}", to_public_id: "u/{sub}/a" } },
    ["random_selector"],
  ],
  ["R5", { ...OWNED, method: "rename", set: { type: "authenticated" } }, ["authenticated_kept"]],
  ["form", { ...OWNED, method: "rename", accept: { from_public_id: OWN } }, ["needs"]],
  ["form", { access: ["named"], method: "destroy", accept: { public_id: OWN } }, ["resource_type"]],
  [
    "form",
    { ...OWNED, resourceType: "auto", method: "destroy", accept: { public_id: OWN } },
    ["resource_type"],
  ],
  [
    "form",
    { ...OWNED, method: "tags", dropIn: true, accept: { tag: { prefix: "u-{sub}-" } } },
    ["uploads_alone"],
  ],
];

/** Profiles of other methods that no rule is against. */
const SOUND: readonly [what: string, input: Partial<ProfileInput>][] = [
  ["what is the caller's own", { ...OWNED, method: "destroy", accept: { public_id: OWN } }],
  [
    "what nobody may see is deleted",
    { ...OWNED, method: "destroy", set: { type: "authenticated" }, accept: { public_id: OWN } },
  ],
  [
    "a new name that is drawn",
    {
      ...{ ...OWNED, method: "rename", set: { to_public_id: "users/{sub}/{uuid}" } },
      accept: { from_public_id: OWN },
    },
  ],
  [
    "what the owner lets a back end do",
    {
      ...{ access: ["jobs"], resourceType: "image", method: "destroy", allow: ["others-assets"] },
      accept: { public_id: { prefix: "users/" } },
    },
  ],
];

it.each(SOUND)("no rule is against a profile: %s", (_, input) => {
  const [draft] = draftOf({ access: ["public"], ...input }, METHODS);
  expect(PROFILE_RULES.flatMap((row) => row.find(draft))).toEqual([]);
});

it.each<[string, readonly string[]]>([
  ["callers who are people", ["named"]],
  ["people beside a back end", ["jobs", "named"]],
])("others-assets is not for %s", (_, access) => {
  const [draft] = draftOf(
    {
      ...{ access, resourceType: "image", method: "destroy", allow: ["others-assets"] },
      accept: { public_id: { prefix: "users/" } },
    },
    METHODS,
  );
  const reasons = PROFILE_RULES.flatMap((row) => row.find(draft)).map(({ why }) => why.reason);
  expect(reasons).toEqual(["not_back_end"]);
});

describe("values that Cloudinary does not know for a method", () => {
  it.each<[input: Partial<ProfileInput>, at: string]>([
    [{ method: "context", set: { command: "set" } }, "set.command"],
    [{ method: "context", accept: { command: { enum: ["add", "remove"] } } }, "accept.command"],
    [{ method: "tags", set: { command: "add_all" } }, "set.command"],
    [{ method: "generate_archive", set: { mode: "delete" } }, "set.mode"],
    [
      { method: "generate_archive", accept: { target_format: { enum: ["zip", "rar"] } } },
      "accept.target_format",
    ],
  ])("%j", (input, at) => {
    const [, faults] = draftOf({ access: ["named"], resourceType: "image", ...input }, METHODS);
    expect(faults.map((fault) => [fault.at, fault.why.reason])).toEqual([[at, "not_known_value"]]);
  });

  it.each<[method: "tags" | "context", command: string]>([
    ["tags", "set_exclusive"],
    ["context", "remove_all"],
  ])("%s knows %s", (method, command) => {
    const [, faults] = draftOf({ access: ["named"], method, set: { command } }, METHODS);
    expect(faults).toEqual([]);
  });
});

describe("each finds its own", () => {
  it.each(BROKEN)("%s %j: %j", (rule, input, reasons) => {
    const [draft, faults] = draftOf({ access: ["public"], ...input }, METHODS);
    expect(faults).toEqual([]);
    const found = PROFILE_RULES.flatMap((row) =>
      row.find(draft).map(({ why }) => ({ reason: why.reason, by: row.rule ?? "form", from: ruleOf(why) })),
    );
    for (const reason of reasons)
      expect(found).toContainEqual({ reason, by: rule, from: rule === "form" ? undefined : rule });
  });

  it.each(["{access}-{sub|hash}", "{access}:{sub|hash}"])("R11: not where nothing ends early: %s", (tag) => {
    // Only `-` can stand in the name of an access method.
    const access = tag.includes("-") ? ["named"] : ["o-ther"];
    const [draft] = draftOf({ access, set: { tags: [tag] } }, METHODS);
    expect(PROFILE_RULES.flatMap((row) => row.find(draft))).toEqual([]);
  });

  it("and every rule has a case", () => {
    const rules = new Set(BROKEN.map(([rule]) => rule));
    for (const { rule = "form" } of PROFILE_RULES) expect(rules).toContain(rule);
  });
});
