// Profiles as they are written: what is accepted, and every fault.

import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import type { ProfileFault } from "../../../src/policy/compile/draft.ts";
import { checkScope } from "../../../src/policy/compile/selectors.ts";
import type { AccessMethods, ProfileInput } from "../../../src/policy/profile.ts";
import { PARAMETERS } from "../../../src/policy/tables/parameters.ts";
import { ruleOf } from "../../../src/policy/tables/reasons.ts";

/** `public` as it is, and two access methods that know who asks. */
const METHODS: AccessMethods = new Map([
  ["public", { anonymous: true, claims: new Set<string>() }],
  ["named", { anonymous: false, claims: new Set(["sub", "org", "email"]) }],
  ["other", { anonymous: false, claims: new Set(["sub"]) }],
]);

const compile = (input: Partial<ProfileInput>) =>
  compileProfile("p", { access: ["public"], ...input }, METHODS);

/** A fault in short: where, why and, of what is signed for another method, which. */
const told = ({ at, why }: ProfileFault): string =>
  `${at}: ${why.reason}${"method" in why ? ` ${why.method}` : ""}`;

const FAULTS: readonly [name: string, input: Partial<ProfileInput>, at: string, reason: string][] = [
  ["no access method", { access: [] }, "access", "no_access"],
  ["an unknown access method", { access: ["nobody"] }, "access", "undeclared"],
  ...[59, 0, -1, 86_401, 60.5, Number.NaN].map((ttl): [string, Partial<ProfileInput>, string, string] => [
    `ttl ${ttl}`,
    { ttl },
    "ttl",
    "ttl_range",
  ]),

  // R1, R2: the closed table, and what is never signed.
  ...["nope", "Folder", "toString", "folder "].flatMap(
    (name): [string, Partial<ProfileInput>, string, string][] => [
      [`set ${name}`, { set: { [name]: "x" } }, `set.${name}`, "unknown_name upload"],
      [`accept ${name}`, { accept: { [name]: {} } }, `accept.${name}`, "unknown_name upload"],
    ],
  ),
  ...["from_public_id", "public_ids"].flatMap((name): [string, Partial<ProfileInput>, string, string][] => [
    [`set ${name}`, { set: { [name]: "x" } }, `set.${name}`, "of_another upload"],
    [`accept ${name}`, { accept: { [name]: {} } }, `accept.${name}`, "of_another upload"],
  ]),
  ...["file", "cloud_name", "resource_type", "api_key", "signature"].flatMap(
    (name): [string, Partial<ProfileInput>, string, string][] => [
      [`set ${name}`, { set: { [name]: "x" } }, `set.${name}`, "unsigned"],
      [`accept ${name}`, { accept: { [name]: {} } }, `accept.${name}`, "unsigned"],
    ],
  ),
  ["set timestamp", { set: { timestamp: 1 } }, "set.timestamp", "time_set"],
  ["accept timestamp", { accept: { timestamp: {} } }, "accept.timestamp", "time_set"],

  // R5 and R6, for every parameter of the table.
  ...[...PARAMETERS]
    .filter(([name, { client }]) => client === "never" && name !== "timestamp")
    .map(([name]): [string, Partial<ProfileInput>, string, string] => [
      `R5: accept ${name}`,
      { accept: { [name]: {} } },
      `accept.${name}`,
      "never",
    ]),
  ...[...PARAMETERS]
    .filter(([, { client }]) => client === "enum")
    .flatMap(([name]): [string, Partial<ProfileInput>, string, string][] => [
      [`R6: accept ${name} without enum`, { accept: { [name]: {} } }, `accept.${name}`, "whole_values"],
      [`R6: accept ${name} by prefix`, { accept: { [name]: { prefix: "w_" } } }, `accept.${name}`, "unfit"],
      [
        `R6: accept ${name} with an empty enum`,
        { accept: { [name]: { enum: [] } } },
        `accept.${name}`,
        "allows_nothing",
      ],
    ]),

  // Limits that mean nothing for a kind are refused, so that none is thought to hold.
  ["maxItems of a text", { accept: { display_name: { maxItems: 2 } } }, "accept.display_name", "unfit"],
  ["keys of a list", { accept: { allowed_formats: { keys: ["a"] } } }, "accept.allowed_formats", "unfit"],
  ["enum of a context", { accept: { context: { enum: ["a=b"], keys: ["a"] } } }, "accept.context", "unfit"],
  ["prefix of a boolean", { accept: { colors: { prefix: "t" } } }, "accept.colors", "unfit"],
  ["a context without keys", { accept: { context: {} } }, "accept.context", "keys_missing"],
  ...["a=b", "a|b", "a\\", "", "a&b", "a%26b", "{sub}"].map(
    (key): [string, Partial<ProfileInput>, string, string] => [
      `a key ${key}`,
      { accept: { context: { keys: [key] } } },
      "accept.context",
      "unfit_key",
    ],
  ),
  ...[
    ["", "allows_nothing"],
    ["[a-z]", "charset_syntax"],
    ["^a-z", "charset_syntax"],
    ["a\\d", "charset_syntax"],
    ["z-a", "backwards"],
  ].map(([charset = "", reason = ""]): [string, Partial<ProfileInput>, string, string] => [
    `charset ${charset}`,
    { accept: { display_name: { charset } } },
    "accept.display_name",
    reason,
  ]),
  [
    "min above max",
    { accept: { face_coordinates: { min: 2, max: 1 } } },
    "accept.face_coordinates",
    "min_above_max",
  ],
  [
    "maxLength too large",
    { accept: { display_name: { maxLength: 5000 } } },
    "accept.display_name",
    "max_length",
  ],
  ["an enum of the wrong kind", { accept: { colors: { enum: ["maybe"] } } }, "accept.colors", "not_boolean"],
  ["an enum with an ampersand", { accept: { source: { enum: ["a&b"] } } }, "accept.source", "ampersand"],
  [
    "a prefix with a claim",
    { accept: { folder: { prefix: "users/{sub}/" } } },
    "accept.folder",
    "claim_unknown",
  ],

  // R9, for what the profile itself sets.
  [
    "an ampersand",
    { set: { notification_url: "https://a.example/?a=1&b=2" } },
    "set.notification_url",
    "ampersand",
  ],
  ["%26", { set: { context: { alt: "a%26b" } } }, "set.context", "percent_26"],
  ["a control character", { set: { folder: "a\tb" } }, "set.folder", "control"],
  ["half a surrogate pair", { set: { folder: "a\ud800" } }, "set.folder", "surrogate"],
  ["a backslash in a context", { set: { context: { alt: "a\\" } } }, "set.context", "backslash"],
  ["a list for a scalar", { set: { folder: ["a", "b"] } }, "set.folder", "not_text"],
  ["a number for a text", { set: { folder: 5 } }, "set.folder", "not_text"],
  ["a comma in an item", { set: { allowed_formats: ["jpg,png"] } }, "set.allowed_formats", "comma"],
  ["a text for a boolean", { set: { overwrite: "no" } }, "set.overwrite", "not_boolean"],
  [
    "an infinite number",
    { set: { auto_tagging: Number.POSITIVE_INFINITY } },
    "set.auto_tagging",
    "not_number",
  ],
  ...["", [], null, {}].map((empty): [string, Partial<ProfileInput>, string, string] => [
    `an empty value ${JSON.stringify(empty)}`,
    { set: { context: empty } },
    "set.context",
    "set_empty",
  ]),
  ...[
    ["../x", "dots"],
    ["a//b", "empty"],
    ["/a", "empty"],
    ["a/", "empty"],
    ["a/./b", "dots"],
    ["a?b", "path_character"],
    ["a#b", "path_character"],
    ["a\\b", "path_character"],
    ["a%b", "path_character"],
    [" a", "spaced"],
    ["a/ b", "spaced"],
    ["users/{sub}", "claim_unknown"],
    ["{email}", "claim_first"],
    ["{uuid", "unpaired_brace"],
    ["uuid}", "unpaired_brace"],
    ["{}", "unknown_place"],
    ["{ uuid }", "unknown_place"],
    ["{UUID}", "claim_first"],
    ["{{uuid}}", "unpaired_brace"],
    ["{constructor}", "claim_first"],
  ].map(([folder = "", words = ""]): [string, Partial<ProfileInput>, string, string] => [
    `folder ${folder}`,
    { set: { folder } },
    "set.folder",
    words,
  ]),

  // R12.
  [
    "R12: set and accept",
    { set: { folder: "a" }, accept: { folder: {} } },
    "accept.folder",
    "set_and_accept",
  ],
  [
    "R12: set and accept overwrite's default name",
    { set: { public_id: "x-{uuid}" }, accept: { public_id: {} } },
    "accept.public_id",
    "set_and_accept",
  ],
  [
    "R12: the same key",
    { set: { context: { alt: "a" } }, accept: { context: { keys: ["alt"] } } },
    "accept.context",
    "shared_key",
  ],
  [
    "R12: the same key in another case",
    { set: { context: { Alt: "a" } }, accept: { context: { keys: ["aLT"] } } },
    "accept.context",
    "shared_key",
  ],
  [
    "R12: metadata",
    { set: { metadata: { a: "b" } }, accept: { metadata: { keys: ["a"] } } },
    "accept.metadata",
    "shared_key",
  ],

  [
    "R12: the same key in another form",
    { set: { context: { sia: "a" } }, accept: { context: { keys: ["\u017fia"] } } },
    "accept.context",
    "shared_key",
  ],
  [
    "two keys in two cases",
    { accept: { context: { keys: ["alt", "ALT"] } } },
    "accept.context",
    "keys_by_case",
  ],
  [
    "a key with white space around",
    { accept: { context: { keys: [" alt"] } } },
    "accept.context",
    "unfit_key",
  ],
  ["a brace in a key", { set: { context: { "{date}": "x" } } }, "set.context", "brace_in_key"],
  ["a % before what is filled in", { set: { context: { alt: "a%{uuid}" } } }, "set.context", "percent"],
  ["a %2 before what is filled in", { set: { context: { alt: "a%2{uuid}" } } }, "set.context", "percent"],
  [
    "several header lines, which browsers would change",
    { set: { headers: ["A: b", "C: d"] } },
    "set.headers",
    "several_lines",
  ],
  ["a list of metadata as a text", { set: { metadata: { a: '["x","y"]' } } }, "set.metadata", "bracket"],
  ["too long a text", { set: { display_name: "x".repeat(4097) } }, "set.display_name", "text_too_long"],
  ["a number of 16 digits", { set: { auto_tagging: "1234567890123456" } }, "set.auto_tagging", "not_number"],
  [
    "anybody beside an access method that knows who asks",
    { access: ["named", "public"], accept: { tags: {} }, allow: ["archive-by-tag"] },
    "accept.tags",
    "no_one generate_archive",
  ],

  ["nothing set, where no default is", { access: ["named"] }, "set", "nothing_set"],
  ["nothing set, drop-in", { dropIn: true }, "set", "nothing_set"],
  ["drop-in with a public ID", { dropIn: true, set: { public_id: "logo" } }, "set.public_id", "drop_in_name"],
  [
    "drop-in with another's public ID",
    { dropIn: true, access: ["named"], accept: { public_id: { prefix: "u/" } } },
    "accept.public_id",
    "drop_in_name",
  ],
  ["drop-in with a random folder", { dropIn: true, set: { folder: "{uuid}" } }, "dropIn", "random"],

  // R3: what would select an existing asset in another method.
  ["a fixed name", { set: { public_id: "logo" } }, "set.public_id", "opt_in destroy"],
  ["a fixed name with a date", { set: { public_id: "logo-{date}" } }, "set.public_id", "opt_in destroy"],
  ["a name that a client chooses", { accept: { public_id: {} } }, "accept.public_id", "no_one destroy"],
  [
    "a name under a prefix for everybody",
    { accept: { public_id: { prefix: "public/" } } },
    "accept.public_id",
    "no_one destroy",
  ],
  ["fixed tags", { set: { tags: ["site"] } }, "set.tags", "opt_in generate_archive"],
  [
    "fixed tags beside a random one",
    { set: { tags: ["u-{uuid}", "site"] } },
    "set.tags",
    "opt_in generate_archive",
  ],
  [
    "tags that a client chooses",
    { accept: { tags: { prefix: "x-" } } },
    "accept.tags",
    "no_one generate_archive",
  ],
  [
    "tags that anybody chooses, opted in",
    { accept: { tags: {} }, allow: ["archive-by-tag"] },
    "accept.tags",
    "no_one generate_archive",
  ],
  ["an unknown opt-in", { allow: ["everything"] }, "allow", "unknown_risk"],
  [
    "an opt-in for another method",
    { set: { tags: ["site"] }, allow: ["destroy-by-public-id"] },
    "set.tags",
    "opt_in generate_archive",
  ],
  [
    "one opt-in of several",
    { set: { public_id: "logo" }, allow: ["destroy-by-public-id"] },
    "set.public_id",
    "opt_in explicit",
  ],
];

describe("faults", () => {
  it.each(FAULTS)("%s", (_, input, at, reason) => {
    const compiled = compile(input);
    expect(compiled.ok).toBe(false);
    if (compiled.ok) return;
    expect(compiled.error.map(told)).toContain(`${at}: ${reason}`);
  });
});

const ACCEPTED: readonly [name: string, input: Partial<ProfileInput>][] = [
  ["the smallest", {}],
  ["all settings", { resourceType: "image", ttl: 60, dropIn: false, allow: [], set: {}, accept: {} }],
  ["a random name in a folder of the day", { set: { public_id: "inbox/{date}/{uuid}" } }],
  ["random tags", { set: { tags: ["u-{uuid}"] } }],
  ["fixed tags, opted in", { set: { tags: ["site"] }, allow: ["archive-by-tag"] }],
  [
    "a fixed name, opted in",
    {
      set: { public_id: "logo" },
      allow: ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id"],
    },
  ],
  [
    "braces where nothing is filled in",
    { set: { eval: "if (x) { upload_options.tags = 'a' }" }, allow: ["eval-by-script"] },
  ],
  [
    "structures",
    {
      set: {
        access_control: [{ access_type: "token" }],
        headers: ["X-Robots-Tag: noindex"],
        eager: ["w_1", "w_2"],
      },
    },
  ],
  [
    "context shared key by key",
    { set: { context: { via: "form" } }, accept: { context: { keys: ["alt"] } } },
  ],
  ["an ampersand in a context", { set: { context: { alt: "Salt & pepper" } } }],
  [
    "add-ons as whole values",
    { accept: { auto_tagging: { enum: [0.6] }, background_removal: { enum: ["cloudinary_ai"] } } },
  ],
  ["drop-in", { dropIn: true, ttl: 300, set: { folder: "widget" }, accept: { source: { enum: ["uw"] } } }],
  ["drop-in with a date", { dropIn: true, set: { folder: "inbox/{date}" } }],
];

describe("accepted", () => {
  it.each(ACCEPTED)("%s", (_, input) => {
    const compiled = compile(input);
    expect(compiled.ok, JSON.stringify(compiled)).toBe(true);
  });

  it("for callers who are no one in particular, the name is random and nothing is overwritten", () => {
    const compiled = compile({});
    expect(compiled.ok && [...compiled.value.set.keys()]).toEqual(["public_id", "overwrite"]);
  });

  it("for drop-in, the Upload Widget's own source is accepted, and no other", () => {
    const accepts = (input: Partial<ProfileInput>) => {
      const compiled = compile({ dropIn: true, set: { folder: "x" }, ...input });
      return compiled.ok && [...(compiled.value.accept.get("source")?.limits.enum ?? [])];
    };
    expect(accepts({})).toEqual(["uw"]);
    expect(accepts({ accept: { source: { enum: ["ml"] } } })).toEqual(["ml"]);
    expect(accepts({ set: { folder: "x", source: "uw" } })).toEqual([]);
    expect(accepts({ dropIn: false })).toEqual([]);
  });

  it("for drop-in, no name is signed", () => {
    const compiled = compile({ dropIn: true, set: { folder: "x" } });
    expect(compiled.ok && [...compiled.value.set.keys()]).toEqual(["folder"]);
  });
});

describe("R3 is derived from the table of methods", () => {
  const compiled = compile({ set: { folder: "widget", display_name: "x" } });
  if (!compiled.ok) throw new Error("the profile was refused");
  const signable = { ...compiled.value, methods: new Map(), allow: [], anonymous: true };

  it("a method added to it makes the profiles that it endangers fail", () => {
    expect(checkScope(signable).faults).toEqual([]);
    const added = [{ method: "delete_folder", selectors: ["folder"], risk: "delete that folder" }];
    expect(checkScope(signable, added).faults.map(told)).toEqual(["set.folder: other_method delete_folder"]);
    const needsMore = [{ method: "m", selectors: ["folder", "tags"], risk: "do harm" }];
    expect(checkScope(signable, needsMore).faults).toEqual([]);
  });

  it("accepted risks are those the profile really takes", () => {
    const opted = compile({ set: { tags: ["site"] }, allow: ["archive-by-tag", "destroy-by-public-id"] });
    expect(opted.ok && opted.value.optIns).toEqual(["archive-by-tag"]);
  });
});

describe("claims in templates", () => {
  const named = (input: Partial<ProfileInput>) => compile({ access: ["named"], ...input });

  it.each<[string, Partial<ProfileInput>, string, string]>([
    [
      "R10: not for callers who are no one",
      { access: ["public"], set: { folder: "u/{sub}" } },
      "set.folder",
      "claim_unknown",
    ],
    ["R10: a claim that is not listed", { set: { folder: "u/{team}" } }, "set.folder", "claim_unknown"],
    [
      "R10: a claim in part of a path segment",
      { set: { folder: "u-{sub}" } },
      "set.folder",
      "part_of_segment",
    ],
    ["R10: two claims in one segment", { set: { folder: "x/{org}-{sub}" } }, "set.folder", "part_of_segment"],
    ["two claims side by side", { set: { tags: ["x-{org}{sub}"] } }, "set.tags", "places_touch"],
    [
      "a prefix that ends with a claim",
      { set: { overwrite: false }, accept: { tags: { prefix: "u-{sub}" } } },
      "accept.tags",
      "open_prefix",
    ],
    [
      "R11: two access methods",
      { access: ["named", "other"], set: { folder: "u/{sub}" } },
      "set.folder",
      "claims_meet",
    ],
    [
      "R10: an access method without the claim",
      { access: ["named", "other"], set: { folder: "{access}/{org}" } },
      "set.folder",
      "claim_unknown",
    ],
    [
      "R10: anybody beside a claim",
      { access: ["named", "public"], set: { folder: "{access}/{sub}" } },
      "set.folder",
      "claim_unknown",
    ],
    [
      "a claim where nothing is filled in is text",
      { set: { display_name: "{sub}", overwrite: false }, accept: { display_name: {} } },
      "accept.display_name",
      "set_and_accept",
    ],
    [
      "R3: a public ID beside a folder",
      { set: { folder: "a" }, accept: { public_id: { prefix: "u/{sub}/" } } },
      "accept.public_id",
      "folder_ignored",
    ],
    [
      "R3: a prefix without a claim",
      { set: { overwrite: false }, accept: { public_id: { prefix: "u/" } } },
      "accept.public_id",
      "opt_in destroy",
    ],
    [
      "R3: one of two tags is not the caller's",
      { set: { tags: ["u-{sub}", "all"] } },
      "set.tags",
      "opt_in generate_archive",
    ],
    [
      "R3: a folder is no scope",
      { set: { folder: "users/{sub}", public_id: "avatar" } },
      "set.public_id",
      "opt_in destroy",
    ],
  ])("refused: %s", (name, input, at, reason) => {
    const compiled = named(input);
    expect(compiled.ok).toBe(false);
    const faults = compiled.ok ? [] : compiled.error.filter((one) => told(one) === `${at}: ${reason}`);
    expect(compiled.ok ? [] : compiled.error.map(told)).toContain(`${at}: ${reason}`);
    const rule = /^R\d+/.exec(name)?.[0];
    if (rule !== undefined) expect(faults.map(({ why }) => ruleOf(why))).toContain(rule);
  });

  it.each<[string, Partial<ProfileInput>]>([
    ["a folder of one's own", { set: { folder: "users/{sub}" } }],
    ["one's own public ID", { set: { public_id: "users/{sub}/avatar", overwrite: true } }],
    ["hashed, within a segment", { set: { public_id: "u-{sub|hash}-x" } }],
    ["two access methods, hashed", { access: ["named", "other"], set: { public_id: "u/{sub|hash}/avatar" } }],
    [
      "two access methods by name",
      { access: ["named", "other"], set: { public_id: "{access}/{sub}/avatar" } },
    ],
    [
      "tags under one's own prefix",
      { set: { overwrite: false }, accept: { tags: { prefix: "u-{sub}-", charset: "a-z0-9-" } } },
    ],
    [
      "tags under a hashed prefix",
      { set: { overwrite: false }, accept: { tags: { prefix: "u-{sub|hash}" } } },
    ],
    [
      "a public ID under one's own path",
      { set: { overwrite: false }, accept: { public_id: { prefix: "users/{sub}/" } } },
    ],
    ["claims in a context", { set: { context: { by: "{sub}", org: "{org}" } } }],
    ["chosen tags, opted in", { set: { overwrite: false }, accept: { tags: {} }, allow: ["archive-by-tag"] }],
  ])("accepted: %s", (_, input) => {
    const compiled = named(input);
    expect(compiled.ok, JSON.stringify(compiled)).toBe(true);
  });
});

describe("R7 and R8: file names and presets", () => {
  const OWN_NAME = { access: ["named"], dropIn: true, set: { overwrite: true } };
  const ALONE = { dropIn: true, set: { upload_preset: "p" }, allow: ["preset-decides"] };
  it.each<[string, Partial<ProfileInput>, string]>([
    ["R7: the file's name alone", { set: { use_filename: true } }, "set.use_filename"],
    [
      "R7: not made unique",
      { access: ["named"], set: { use_filename: true, unique_filename: false } },
      "set.use_filename",
    ],
    [
      "R7: a folder that callers share",
      { access: ["named"], set: { use_filename: true, overwrite: false, folder: "gallery" } },
      "set.use_filename",
    ],
    ["R8: a preset alone", { access: ["named"], set: { upload_preset: "p" } }, "set.upload_preset"],
    [
      "R8: a preset without `type`",
      { set: { upload_preset: "p", use_filename: false } },
      "set.upload_preset",
    ],
    [
      "R8: a preset that could name",
      {
        access: ["named"],
        set: { upload_preset: "p", overwrite: false, type: "upload", use_filename: false },
      },
      "set.upload_preset",
    ],
  ])("refused: %s", (name, input, at) => {
    const compiled =
      name.includes("alone") && at === "set.use_filename"
        ? compile({ access: ["named"], ...input })
        : compile(input);
    expect(compiled.ok ? [] : compiled.error.map((fault) => fault.at)).toContain(at);
  });

  it.each<[string, Partial<ProfileInput>]>([
    ["R7: made unique", { access: ["named"], set: { use_filename: true, unique_filename: true } }],
    [
      "R7: shared, and opted in to",
      { access: ["named"], set: { use_filename: true, overwrite: false }, allow: ["shared-file-names"] },
    ],
    ["R7: a folder of one's own", { access: ["named"], set: { use_filename: true, folder: "users/{sub}" } }],
    [
      "R7: a public ID, beside which the file's name counts for nothing",
      { access: ["named"], set: { use_filename: true, public_id: "users/{sub}/a", overwrite: true } },
    ],
    ["R8: it decides, and that is accepted", ALONE],
    ["R8: it decides beside what names nothing", { ...ALONE, accept: { context: { keys: ["alt"] } } }],
    [
      "drop-in with a public ID of the caller's own",
      { ...OWN_NAME, accept: { public_id: { prefix: "u/{sub}/" } } },
    ],
    ["drop-in with a public ID that is the caller's", { ...OWN_NAME, set: { public_id: "u/{sub}/avatar" } }],
    ["R8: all is signed", { set: { upload_preset: "p", type: "upload", use_filename: false } }],
  ])("accepted: %s", (_, input) => {
    const compiled = compile(input);
    expect(compiled.ok, JSON.stringify(compiled)).toBe(true);
  });
});
