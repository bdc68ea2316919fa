// Profiles as they are written: what is accepted, and every complaint.

import { describe, expect, it } from "vitest";
import { compileProfile, type WaysIn } from "../../src/policy/compile.ts";
import { PARAMETERS } from "../../src/policy/parameters.ts";
import type { ProfileInput } from "../../src/policy/profile.ts";
import { unscopedSelectors } from "../../src/policy/selectors.ts";

/** `public` as it is; `named` as a way in that knows who asks, for rules that do not depend on it. */
const WAYS: WaysIn = new Map([
  ["public", { anonymous: true }],
  ["named", { anonymous: false }],
]);

const compile = (input: Partial<ProfileInput>) => compileProfile("p", { access: ["public"], ...input }, WAYS);

const COMPLAINTS: readonly [name: string, input: Partial<ProfileInput>, at: string, words: string][] = [
  ["no way in", { access: [] }, "access", '["public"]'],
  ["an unknown way in", { access: ["nobody"] }, "access", "no way in has the name nobody"],
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
      [`R6: accept ${name} without enum`, { accept: { [name]: {} } }, `accept.${name}`, "whole values"],
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
  ["a prefix with a claim", { accept: { folder: { prefix: "users/{sub}/" } } }, "accept.folder", "{sub}"],

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
  ...["../x", "a//b", "/a", "a/", "a/./b", "a?b", "a#b", "a\\b", "a%b", " a", "a/ b"].map(
    (folder): [string, Partial<ProfileInput>, string, string] => [
      `folder ${folder}`,
      { set: { folder } },
      "set.folder",
      "",
    ],
  ),
  ...[
    "users/{sub}",
    "{email}",
    "{uuid",
    "uuid}",
    "{}",
    "{ uuid }",
    "{UUID}",
    "{{uuid}}",
    "{constructor}",
  ].map((folder): [string, Partial<ProfileInput>, string, string] => [
    `template ${folder}`,
    { set: { folder } },
    "set.folder",
    "",
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
    "alt",
  ],
  [
    "R12: the same key in another case",
    { set: { context: { Alt: "a" } }, accept: { context: { keys: ["aLT"] } } },
    "accept.context",
    "aLT",
  ],
  [
    "R12: metadata",
    { set: { metadata: { a: "b" } }, accept: { metadata: { keys: ["a"] } } },
    "accept.metadata",
    "the key a",
  ],

  ["nothing set, where no default is", { access: ["named"] }, "set", "overwrite = false"],
  ["nothing set, drop-in", { dropIn: true }, "set", "overwrite = false"],
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
    expect(
      compiled.error
        .filter((complaint) => complaint.at === at)
        .map(({ problem }) => problem)
        .join("\n"),
    ).toContain(words);
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
  ["braces where nothing is filled in", { set: { eval: "if (x) { upload_options.tags = 'a' }" } }],
  [
    "structures",
    {
      set: {
        access_control: [{ access_type: "token" }],
        headers: ["X-Robots-Tag: noindex", "A: b"],
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

  it("for drop-in, no name is signed", () => {
    const compiled = compile({ dropIn: true, set: { folder: "x" } });
    expect(compiled.ok && [...compiled.value.set.keys()]).toEqual(["folder"]);
  });
});

describe("R3 is derived from the table of methods", () => {
  const compiled = compile({ set: { folder: "widget", display_name: "x" } });
  const profile = compiled.ok ? compiled.value : undefined;

  it("a method added to it makes the profiles that it endangers fail", () => {
    const { set, accept } = profile!;
    expect(unscopedSelectors(set, accept, [], true)).toEqual([]);
    const added = [{ method: "delete_folder", selectors: ["folder"], risk: "delete that folder" }];
    expect(unscopedSelectors(set, accept, [], true, added)).toEqual([
      { at: "set.folder", problem: expect.stringContaining("delete_folder") },
    ]);
    const needsMore = [{ method: "m", selectors: ["folder", "tags"], risk: "do harm" }];
    expect(unscopedSelectors(set, accept, [], true, needsMore)).toEqual([]);
  });
});
