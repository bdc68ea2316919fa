// Names of two profiles: where two callers could get the same one, the pair is refused, and its twin is not.

import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import { sharedNames } from "../../../src/policy/compile/namespaces.ts";
import type { AccessTraits, ProfileInput } from "../../../src/policy/profile.ts";

const METHODS = new Map<string, AccessTraits>([
  ["public", { anonymous: true, claims: new Set<string>(), identity: "public" }],
  ["members", { anonymous: false, claims: new Set(["sub", "org"]), identity: "a" }],
  ["partners", { anonymous: false, claims: new Set(["sub", "org"]), identity: "b" }],
  ["jobs", { anonymous: false, claims: new Set(["sub"]), identity: "c", backEnd: true }],
]);

/** The reasons for which a configuration of these profiles is refused. */
function reasons(...inputs: ProfileInput[]): string[] {
  const profiles = inputs.map((input, i) => {
    const compiled = compileProfile(`p${i}`, input, METHODS);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    return compiled.value;
  });
  return sharedNames(profiles, METHODS).map(([, { why }]) => why.reason);
}

const members = (set: Record<string, unknown>): ProfileInput => ({ access: ["members"], set });
const partners = (set: Record<string, unknown>): ProfileInput => ({ access: ["partners"], set });
const anybody = (set: Record<string, unknown>): ProfileInput => ({ access: ["public"], set });
const accepts = (accept: ProfileInput["accept"]): ProfileInput => ({
  access: ["members"],
  set: { overwrite: false },
  accept,
});
const byFile = { use_filename: true, unique_filename: false };

const preset = (...access: string[]): ProfileInput => ({
  ...{ access, dropIn: true, set: { upload_preset: "p" }, allow: ["preset-decides"] },
});

const LISTED = { enum: ["users/42/x"], prefix: "users/{sub}/" };

const ARCHIVE = { method: "generate_archive", resourceType: "image" } as const;

const BY_ID = ["destroy-by-public-id", "explicit-by-public-id", "download-by-public-id"];

const DELETES = { method: "destroy", access: ["jobs"], resourceType: "image" } as const;

type Pair = [name: string, one: ProfileInput, other: ProfileInput, reason: string];

describe("pairs that are refused", () => {
  it.each<Pair>([
    [
      "one subject of two issuers",
      members({ folder: "u/{sub}" }),
      partners({ folder: "u/{sub}" }),
      "names_meet",
    ],
    [
      "a subject and another claim",
      members({ folder: "u/{sub}" }),
      members({ folder: "u/{org}" }),
      "names_meet",
    ],
    [
      "a subject, and another claim with more below it",
      members({ public_id: "u/{sub}" }),
      members({ folder: "u/{org}/x" }),
      "names_meet",
    ],
    [
      "one's name, and a folder that could be it",
      members({ public_id: "u/{sub}" }),
      members({ folder: "u/7", overwrite: false }),
      "names_meet",
    ],
    [
      "a random name in a folder, and a subject in its place",
      anybody({ public_id: "{uuid}", folder: "inbox" }),
      members({ public_id: "inbox/{sub}" }),
      "names_meet",
    ],
    [
      "a name that Cloudinary makes in a folder, and a subject in its place",
      partners({ asset_folder: "inbox", overwrite: false }),
      { ...members({ public_id: "inbox/{sub}" }), method: "destroy", resourceType: "image" },
      "names_meet",
    ],
    [
      "the same in a folder that the client chooses of a list",
      { ...accepts({ folder: { enum: ["a", "inbox"] } }), access: ["partners"] },
      { ...members({ prefixes: ["inbox/{sub}/"], target_public_id: "inbox/{sub}" }), ...ARCHIVE },
      "names_meet",
    ],
    [
      "a folder that another's archive packs with all that is in it",
      partners({ folder: "users/a" }),
      { ...members({ prefixes: ["users/{sub}/"] }), ...ARCHIVE },
      "names_meet",
    ],
    [
      "an upload's name, and another's that renames",
      partners({ public_id: "users/{sub}/x" }),
      {
        ...{ access: ["members"], method: "rename", resourceType: "image" },
        accept: { from_public_id: { prefix: "m/{sub}/" }, to_public_id: { prefix: "users/{sub}/" } },
      },
      "names_meet",
    ],
    [
      "a random name, and a subject in its place, with the same behind them",
      anybody({ public_id: "inbox/{uuid}/x" }),
      members({ public_id: "inbox/{sub}/x" }),
      "names_meet",
    ],
    [
      "one's own, and what a back end may delete as its own",
      members({ public_id: "users/{sub}" }),
      { ...DELETES, accept: { public_id: { prefix: "users/{sub}/" } } },
      "names_meet",
    ],
    [
      "a file that replaces, in a folder that a random name could be",
      members({ ...byFile, folder: "inbox/{sub}", overwrite: true }),
      anybody({ public_id: "inbox/{uuid}", overwrite: false }),
      "names_meet",
    ],
    [
      "a folder, and one that a client chooses under the same path",
      members({ folder: "users/{sub}" }),
      accepts({ folder: { prefix: "users/" } }),
      "names_meet",
    ],
    // A claim may hold what the other begins with, wherever they end.
    ...[":{sub}:", ":{sub};"].map(
      (tag): Pair => [
        `a tag ${tag}, and one that begins alike`,
        members({ tags: tag }),
        members({ tags: ":org-{sub}:" }),
        "names_meet",
      ],
    ),
    [
      "a tag, and a prefix that begins and ends alike",
      members({ tags: ":{sub}:" }),
      accepts({ tags: { prefix: ":org-{sub}:" } }),
      "names_meet",
    ],
    // A list names the same texts to all, so it is the prefix that tells whose they are.
    ...[accepts({}), { ...DELETES, access: ["members"] }].map(
      (other): Pair => [
        `names that are listed under a subject (${"method" in other ? other.method : "upload"})`,
        { ...accepts({ public_id: LISTED }), access: ["partners"] },
        { ...other, accept: { public_id: LISTED } },
        "names_meet",
      ],
    ),
    [
      "a folder that is listed, and a name in it that is listed under a subject",
      { ...accepts({ folder: { enum: ["users/42"] } }), access: ["partners"] },
      { ...DELETES, access: ["members"], accept: { public_id: LISTED } },
      "names_meet",
    ],
    [
      "a tag that is set, and the same listed under a subject",
      { ...partners({ tags: "u:42:x" }), allow: ["archive-by-tag"] },
      { ...ARCHIVE, access: ["members"], accept: { tags: { enum: ["u:42:x"], prefix: "u:{sub}:" } } },
      "names_meet",
    ],
    [
      "a folder, and one of the day that could be it",
      members({ folder: "users/{sub}" }),
      members({ folder: "{date}/x" }),
      "names_meet",
    ],
    [
      "files in one folder, and names of others in it",
      { ...members({ ...byFile, folder: "u", overwrite: false }), allow: ["shared-file-names"] },
      members({ public_id: "u/{sub}", overwrite: true }),
      "file_taken",
    ],
    // What a preset decides counts as any public ID there is, and as one that overwrites.
    ["a preset, and random names", anybody({}), preset("public"), "preset_takes"],
    ["random names, and a preset", preset("public"), anybody({}), "preset_taken"],
    ["a preset, and a known name", preset("members"), members({ public_id: "u/{sub}" }), "preset_taken"],
    [
      "a preset, and a name of the owner's",
      { ...anybody({ public_id: "logo" }), allow: BY_ID },
      preset("members"),
      "preset_takes",
    ],
    [
      "a preset, and names that clients choose",
      preset("members"),
      accepts({ public_id: { prefix: "u/{sub}/" } }),
      "preset_taken",
    ],
    [
      "a preset, and a folder of the caller's",
      preset("members"),
      members({ folder: "u/{sub}" }),
      "preset_taken",
    ],
    [
      "a preset, and a folder that is random",
      preset("members"),
      members({ ...byFile, folder: "a/{uuid}", overwrite: false }),
      "preset_taken",
    ],
    [
      "a folder that is random, and a preset",
      partners({ asset_folder: "a/{date}/{uuid}", use_asset_folder_as_public_id_prefix: true }),
      preset("members"),
      "preset_takes",
    ],
    [
      "a preset, and what a member may delete",
      preset("members"),
      { ...DELETES, access: ["members"], accept: { public_id: LISTED } },
      "preset_taken",
    ],
    [
      "a preset, and what a member may caption",
      preset("members"),
      {
        ...{ method: "context", access: ["members"], resourceType: "image", set: { command: "add" } },
        accept: { public_ids: { prefix: "u/{sub}/" }, context: { keys: ["alt"] } },
      },
      "preset_taken",
    ],
    [
      "a preset, and names by files of others",
      { ...partners({ ...byFile, folder: "u", overwrite: false }), allow: ["shared-file-names"] },
      preset("members"),
      "preset_takes",
    ],
    ["presets of two parties", preset("members"), preset("public"), "preset_takes"],
  ])("%s", (_, one, other, reason) => {
    expect(reasons(one, other)).toContain(reason);
  });
});

describe("and their twins that are not", () => {
  it.each<[name: string, one: ProfileInput, other: ProfileInput]>([
    ["one subject of two issuers, apart", members({ folder: "u/{sub}" }), partners({ folder: "p/{sub}" })],
    [
      "a folder, and one that a client chooses elsewhere",
      members({ folder: "users/{sub}" }),
      accepts({ folder: { prefix: "site/" } }),
    ],
    ["two tags that begin otherwise", members({ tags: "u:{sub}:" }), members({ tags: "o:{sub}:" })],
    [
      "a folder, and one of the day elsewhere",
      members({ folder: "users/{sub}" }),
      members({ folder: "inbox/{date}" }),
    ],
    [
      "one claim in two profiles",
      members({ folder: "u/{sub}" }),
      members({ public_id: "u/{sub}/a", overwrite: true }),
    ],
    [
      "one's own, and the same listed to delete it",
      members({ public_id: "users/{sub}/x" }),
      { ...DELETES, access: ["members"], accept: { public_id: LISTED } },
    ],
    [
      "a file that is kept, and a random name that nobody knows before",
      { ...members({ ...byFile, folder: "u", overwrite: false }), allow: ["shared-file-names"] },
      members({ public_id: "u/{sub}/{uuid}" }),
    ],
    [
      "random names in a folder, and folders of others in it",
      anybody({ folder: "widget", public_id: "{uuid}" }),
      members({ folder: "widget/{sub}" }),
    ],
    [
      "random names in a folder, and names below a subject there",
      anybody({ folder: "inbox", public_id: "{uuid}" }),
      { ...members({ public_id: "inbox/{sub}/x" }), method: "destroy", resourceType: "image" },
    ],
    ["a path, and a tag that is called as it", partners({ folder: "u/{sub}" }), members({ tags: "u/{sub}" })],
    [
      "one's own, and what the owner lets a back end delete",
      members({ public_id: "users/{sub}" }),
      { ...DELETES, allow: ["others-assets"], accept: { public_id: { prefix: "users/" } } },
    ],
    [
      "files in a folder that is random, and a random name beside it",
      members({ ...byFile, folder: "a/{uuid}", overwrite: true }),
      anybody({ public_id: "a/b-{uuid}", overwrite: false }),
    ],
    ["two presets for one party", preset("members"), preset("members")],
    [
      "a preset, beside the folder that it is sent with",
      { ...preset("members"), set: { upload_preset: "p", folder: "u/{sub}" } },
      { ...anybody({ folder: "widget" }), dropIn: true },
    ],
    [
      "a preset, and a folder of the owner's, which the opt-in gives away",
      preset("public"),
      { ...anybody({ folder: "widget" }), dropIn: true },
    ],
    ["a preset, and a folder of the day", preset("members"), members({ folder: "inbox/{date}" })],
    ["a preset, and tags of the caller's", preset("members"), members({ tags: "u:{sub}:" })],
    [
      "one whose public ID is signed all the same",
      {
        ...preset("members"),
        set: {
          upload_preset: "p",
          unique_filename: true,
          overwrite: false,
          type: "upload",
          use_filename: false,
        },
      },
      members({ public_id: "u/{sub}" }),
    ],
  ])("%s", (_, one, other) => {
    expect(reasons(one, other)).toEqual([]);
  });
});
