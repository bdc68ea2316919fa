// Profiles as they are written: what is accepted, and every complaint.

import { describe, expect, it } from "vitest";
import { compileProfile, type WaysIn } from "../../src/policy/compile/compile.ts";
import { checkScope } from "../../src/policy/compile/selectors.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import { PARAMETERS } from "../../src/policy/tables/parameters.ts";
import { expectWords } from "../support/words.ts";

/** `public` as it is, and two ways in that know who asks. */
const WAYS: WaysIn = new Map([
  ["public", { anonymous: true, claims: new Set<string>() }],
  ["named", { anonymous: false, claims: new Set(["sub", "org", "email"]) }],
  ["other", { anonymous: false, claims: new Set(["sub"]) }],
]);

const compile = (input: Partial<ProfileInput>) => compileProfile("p", { access: ["public"], ...input }, WAYS);

const COMPLAINTS: readonly [name: string, input: Partial<ProfileInput>, at: string, words: string][] = [
  ["no way in", { access: [] }, "access", '["public"]'],
  ["an unknown way in", { access: ["nobody"] }, "access", "not declared"],
  ...[59, 0, -1, 3601, 60.5, Number.NaN].map((ttl): [string, Partial<ProfileInput>, string, string] => [
    `ttl ${ttl}`,
    { ttl },
    "ttl",
    "60 to 3600",
  ]),

  // R1, R2: the closed table, and what is never signed.
  ...["nope", "Folder", "toString", "from_public_id", "public_ids", "folder "].flatMap(
    (name): [string, Partial<ProfileInput>, string, string][] => [
      [`set ${name}`, { set: { [name]: "x" } }, `set.${name}`, "no upload parameter"],
      [`accept ${name}`, { accept: { [name]: {} } }, `accept.${name}`, "no upload parameter"],
    ],
  ),
  ...["file", "cloud_name", "resource_type", "api_key", "signature"].flatMap(
    (name): [string, Partial<ProfileInput>, string, string][] => [
      [`set ${name}`, { set: { [name]: "x" } }, `set.${name}`, "never signed"],
      [`accept ${name}`, { accept: { [name]: {} } }, `accept.${name}`, "never signed"],
    ],
  ),
  ["set timestamp", { set: { timestamp: 1 } }, "set.timestamp", "server's own"],
  ["accept timestamp", { accept: { timestamp: {} } }, "accept.timestamp", "server's own"],

  // R5 and R6, for every parameter of the table.
  ...[...PARAMETERS]
    .filter(([name, { client }]) => client === "never" && name !== "timestamp")
    .map(([name]): [string, Partial<ProfileInput>, string, string] => [
      `R5: accept ${name}`,
      { accept: { [name]: {} } },
      `accept.${name}`,
      "no client may choose it",
    ]),
  ...[...PARAMETERS]
    .filter(([, { client }]) => client === "enum")
    .flatMap(([name]): [string, Partial<ProfileInput>, string, string][] => [
      [`R6: accept ${name} without enum`, { accept: { [name]: {} } }, `accept.${name}`, "whole values (R6)"],
      [
        `R6: accept ${name} by prefix`,
        { accept: { [name]: { prefix: "w_" } } },
        `accept.${name}`,
        "does not apply",
      ],
      [
        `R6: accept ${name} with an empty enum`,
        { accept: { [name]: { enum: [] } } },
        `accept.${name}`,
        "allows nothing",
      ],
    ]),

  // Limits that mean nothing for a kind are refused, so that none is thought to hold.
  [
    "maxItems of a text",
    { accept: { display_name: { maxItems: 2 } } },
    "accept.display_name",
    "does not apply",
  ],
  [
    "keys of a list",
    { accept: { allowed_formats: { keys: ["a"] } } },
    "accept.allowed_formats",
    "does not apply",
  ],
  [
    "enum of a context",
    { accept: { context: { enum: ["a=b"], keys: ["a"] } } },
    "accept.context",
    "does not apply",
  ],
  ["prefix of a boolean", { accept: { colors: { prefix: "t" } } }, "accept.colors", "does not apply"],
  ["a context without keys", { accept: { context: {} } }, "accept.context", "`keys`"],
  ...["a=b", "a|b", "a\\", "", "a&b", "a%26b", "{sub}"].map(
    (key): [string, Partial<ProfileInput>, string, string] => [
      `a key ${key}`,
      { accept: { context: { keys: [key] } } },
      "accept.context",
      "a key",
    ],
  ),
  ...["", "[a-z]", "^a-z", "a\\d", "z-a"].map((charset): [string, Partial<ProfileInput>, string, string] => [
    `charset ${charset}`,
    { accept: { display_name: { charset } } },
    "accept.display_name",
    "charset",
  ]),
  ["min above max", { accept: { face_coordinates: { min: 2, max: 1 } } }, "accept.face_coordinates", "above"],
  ["maxLength too large", { accept: { display_name: { maxLength: 5000 } } }, "accept.display_name", "4096"],
  [
    "an enum of the wrong kind",
    { accept: { colors: { enum: ["maybe"] } } },
    "accept.colors",
    "true or false",
  ],
  ["an enum with an ampersand", { accept: { source: { enum: ["a&b"] } } }, "accept.source", "&"],
  [
    "a prefix with a claim",
    { accept: { folder: { prefix: "users/{sub}/" } } },
    "accept.folder",
    "no claim sub",
  ],

  // R9, for what the profile itself sets.
  ["an ampersand", { set: { notification_url: "https://a.example/?a=1&b=2" } }, "set.notification_url", "&"],
  ["%26", { set: { context: { alt: "a%26b" } } }, "set.context", "%26"],
  ["a control character", { set: { folder: "a\tb" } }, "set.folder", "control"],
  ["half a surrogate pair", { set: { folder: "a\ud800" } }, "set.folder", "surrogate"],
  ["a backslash in a context", { set: { context: { alt: "a\\" } } }, "set.context", "backslash"],
  ["a list for a scalar", { set: { folder: ["a", "b"] } }, "set.folder", "must be a text"],
  ["a number for a text", { set: { folder: 5 } }, "set.folder", "must be a text"],
  ["a comma in an item", { set: { allowed_formats: ["jpg,png"] } }, "set.allowed_formats", "comma"],
  ["a text for a boolean", { set: { overwrite: "no" } }, "set.overwrite", "true or false"],
  ["an infinite number", { set: { auto_tagging: Number.POSITIVE_INFINITY } }, "set.auto_tagging", "number"],
  ...["", [], null, {}].map((empty): [string, Partial<ProfileInput>, string, string] => [
    `an empty value ${JSON.stringify(empty)}`,
    { set: { context: empty } },
    "set.context",
    "empty",
  ]),
  ...[
    ["../x", "segment `.` or `..`"],
    ["a//b", "empty path segment"],
    ["/a", "empty path segment"],
    ["a/", "empty path segment"],
    ["a/./b", "segment `.` or `..`"],
    ["a?b", "holds one of ? #"],
    ["a#b", "holds one of ? #"],
    ["a\\b", "holds one of ? # \\"],
    ["a%b", "holds one of ? # \\ %"],
    [" a", "begins or ends with white space"],
    ["a/ b", "begins or ends with white space"],
    ["users/{sub}", "no claim sub"],
    ["{email}", "{email} stands first"],
    ["{uuid", "a brace without its pair"],
    ["uuid}", "a brace without its pair"],
    ["{}", "braces without a meaning"],
    ["{ uuid }", "braces without a meaning"],
    ["{UUID}", "{UUID} stands first"],
    ["{{uuid}}", "a brace without its pair"],
    ["{constructor}", "{constructor} stands first"],
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
    "one of the two",
  ],
  [
    "R12: set and accept overwrite's default name",
    { set: { public_id: "x-{uuid}" }, accept: { public_id: {} } },
    "accept.public_id",
    "one of the two",
  ],
  [
    "R12: the same key",
    { set: { context: { alt: "a" } }, accept: { context: { keys: ["alt"] } } },
    "accept.context",
    "one of its keys",
  ],
  [
    "R12: the same key in another case",
    { set: { context: { Alt: "a" } }, accept: { context: { keys: ["aLT"] } } },
    "accept.context",
    "whatever the case",
  ],
  [
    "R12: metadata",
    { set: { metadata: { a: "b" } }, accept: { metadata: { keys: ["a"] } } },
    "accept.metadata",
    "one of its keys",
  ],

  [
    "R12: the same key in another form",
    { set: { context: { sia: "a" } }, accept: { context: { keys: ["\u017fia"] } } },
    "accept.context",
    "one of its keys",
  ],
  ["two keys in two cases", { accept: { context: { keys: ["alt", "ALT"] } } }, "accept.context", "case"],
  [
    "a key with white space around",
    { accept: { context: { keys: [" alt"] } } },
    "accept.context",
    "white space",
  ],
  ["a brace in a key", { set: { context: { "{date}": "x" } } }, "set.context", "brace"],
  ["a % before what is filled in", { set: { context: { alt: "a%{uuid}" } } }, "set.context", "%"],
  ["a %2 before what is filled in", { set: { context: { alt: "a%2{uuid}" } } }, "set.context", "%"],
  [
    "several header lines, which browsers would change",
    { set: { headers: ["A: b", "C: d"] } },
    "set.headers",
    "one line",
  ],
  ["a list of metadata as a text", { set: { metadata: { a: '["x","y"]' } } }, "set.metadata", "list"],
  ["too long a text", { set: { display_name: "x".repeat(4097) } }, "set.display_name", "4096"],
  ["a number of 16 digits", { set: { auto_tagging: "1234567890123456" } }, "set.auto_tagging", "number"],
  [
    "anybody beside a way in that knows who asks",
    { access: ["named", "public"], accept: { tags: {} }, allow: ["archive-by-tag"] },
    "accept.tags",
    "no one in particular",
  ],

  ["nothing set, where no default is", { access: ["named"] }, "set", "overwrite: false"],
  ["nothing set, drop-in", { dropIn: true }, "set", "overwrite: false"],
  ["drop-in with a public ID", { dropIn: true, set: { public_id: "{uuid}" } }, "set.public_id", "drop-in"],
  ["drop-in with a random folder", { dropIn: true, set: { folder: "{uuid}" } }, "dropIn", "can't know"],

  // R3: what would select an existing asset in another method.
  ["a fixed name", { set: { public_id: "logo" } }, "set.public_id", "destroy"],
  ["a fixed name with a date", { set: { public_id: "logo-{date}" } }, "set.public_id", "delete that asset"],
  ["a name that a client chooses", { accept: { public_id: {} } }, "accept.public_id", "destroy"],
  [
    "a name under a prefix for everybody",
    { accept: { public_id: { prefix: "public/" } } },
    "accept.public_id",
    "destroy",
  ],
  ["fixed tags", { set: { tags: ["site"] } }, "set.tags", "generate_archive"],
  ["fixed tags beside a random one", { set: { tags: ["u-{uuid}", "site"] } }, "set.tags", "archive-by-tag"],
  ["tags that a client chooses", { accept: { tags: { prefix: "x-" } } }, "accept.tags", "generate_archive"],
  [
    "tags that anybody chooses, opted in",
    { accept: { tags: {} }, allow: ["archive-by-tag"] },
    "accept.tags",
    "no one in particular",
  ],
  ["an unknown opt-in", { allow: ["everything"] }, "allow", "archive-by-tag"],
  [
    "an opt-in for another method",
    { set: { tags: ["site"] }, allow: ["destroy-by-public-id"] },
    "set.tags",
    "archive-by-tag",
  ],
  [
    "one opt-in of several",
    { set: { public_id: "logo" }, allow: ["destroy-by-public-id"] },
    "set.public_id",
    "explicit",
  ],
];

describe("complaints", () => {
  it.each(COMPLAINTS)("%s", (_, input, at, words) => {
    const compiled = compile(input);
    expect(compiled.ok).toBe(false);
    if (compiled.ok) return;
    expect(compiled.error.map((complaint) => complaint.at)).toContain(at);
    const problems = compiled.error.filter((complaint) => complaint.at === at);
    expectWords(problems.map(({ problem }) => problem).join("\n"), words);
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
  const signable = { ...compiled.value, allow: [], anonymous: true };

  it("a method added to it makes the profiles that it endangers fail", () => {
    expect(checkScope(signable).complaints).toEqual([]);
    const added = [{ method: "delete_folder", selectors: ["folder"], risk: "delete that folder" }];
    expect(checkScope(signable, added).complaints).toEqual([
      { at: "set.folder", problem: expect.stringContaining("delete_folder") },
    ]);
    const needsMore = [{ method: "m", selectors: ["folder", "tags"], risk: "do harm" }];
    expect(checkScope(signable, needsMore).complaints).toEqual([]);
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
      "no claim sub",
    ],
    ["R10: a claim that is not listed", { set: { folder: "u/{team}" } }, "set.folder", "no claim team"],
    [
      "R10: a claim in part of a path segment",
      { set: { folder: "u-{sub}" } },
      "set.folder",
      "whole path segment",
    ],
    [
      "R10: two claims in one segment",
      { set: { folder: "x/{org}-{sub}" } },
      "set.folder",
      "whole path segment",
    ],
    ["two claims side by side", { set: { tags: ["x-{org}{sub}"] } }, "set.tags", "separator"],
    [
      "a prefix that ends with a claim",
      { set: { overwrite: false }, accept: { tags: { prefix: "u-{sub}" } } },
      "accept.tags",
      "may not end with {sub}",
    ],
    ["R11: two ways in", { access: ["named", "other"], set: { folder: "u/{sub}" } }, "set.folder", "{way}"],
    [
      "R11: a way in without the claim",
      { access: ["named", "other"], set: { folder: "{way}/{org}" } },
      "set.folder",
      "other have no claim org",
    ],
    [
      "R11: anybody beside a claim",
      { access: ["named", "public"], set: { folder: "{way}/{sub}" } },
      "set.folder",
      "public have no claim sub",
    ],
    [
      "R10: a claim where nothing is filled in is text",
      { set: { display_name: "{sub}", overwrite: false }, accept: { display_name: {} } },
      "accept.display_name",
      "one of the two",
    ],
    [
      "R3: a public ID beside a folder",
      { set: { folder: "a" }, accept: { public_id: { prefix: "u/{sub}/" } } },
      "accept.public_id",
      "ignore folder",
    ],
    [
      "R3: a prefix without a claim",
      { set: { overwrite: false }, accept: { public_id: { prefix: "u/" } } },
      "accept.public_id",
      "u-{sub}-",
    ],
    [
      "R3: one of two tags is not the caller's",
      { set: { tags: ["u-{sub}", "all"] } },
      "set.tags",
      "generate_archive",
    ],
    [
      "R3: a folder is no scope",
      { set: { folder: "users/{sub}", public_id: "avatar" } },
      "set.public_id",
      "destroy",
    ],
  ])("refused: %s", (_, input, at, words) => {
    const compiled = named(input);
    expect(compiled.ok).toBe(false);
    const problems = compiled.ok ? [] : compiled.error.filter((complaint) => complaint.at === at);
    expectWords(problems.map(({ problem }) => problem).join("\n"), words);
  });

  it.each<[string, Partial<ProfileInput>]>([
    ["a folder of one's own", { set: { folder: "users/{sub}" } }],
    ["one's own public ID", { set: { public_id: "users/{sub}/avatar", overwrite: true } }],
    ["hashed, within a segment", { set: { public_id: "u-{sub|hash}-x" } }],
    ["two ways in, hashed", { access: ["named", "other"], set: { public_id: "u/{sub|hash}/avatar" } }],
    ["two ways in by name", { access: ["named", "other"], set: { public_id: "{way}/{sub}/avatar" } }],
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
    expect(compiled.ok ? [] : compiled.error.map((complaint) => complaint.at)).toContain(at);
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
    ["R8: all is signed", { set: { upload_preset: "p", type: "upload", use_filename: false } }],
  ])("accepted: %s", (_, input) => {
    const compiled = compile(input);
    expect(compiled.ok, JSON.stringify(compiled)).toBe(true);
  });
});
