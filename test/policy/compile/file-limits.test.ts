// `file` of a profile: each fault beside a profile that is nearly the same and right.

import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import type { ProfileInput } from "../../../src/policy/profile.ts";

const METHODS = new Map([
  ["public", { anonymous: true, claims: new Set<string>() }],
  ["humans", { anonymous: true, once: true, claims: new Set<string>() }],
  ["members", { anonymous: false, claims: new Set(["sub", "email", "org"]) }],
]);

type Input = Partial<ProfileInput>;
const compile = (input: Input) => compileProfile("p", { access: ["members"], ...input }, METHODS);

/** What is wrong, as `place: reason`. */
function faultsOf(input: Input): string[] {
  const compiled = compile(input);
  return compiled.ok ? [] : compiled.error.map(({ at, why }) => `${at}: ${why.reason}`);
}

const OWN = { public_id: "users/{sub}/{uuid}" };
const QUARANTINE = { file: { quarantine: true } };
const LOSE = { allow: ["lose-previous"] };

type Row = readonly [fault: string, wrong: Input, right: Input];
const rows: Row[] = [
  // A name that no other upload has.
  ["file: file_name", { file: {}, set: { folder: "a" } }, { file: {}, set: OWN }],
  [
    "file: file_name",
    { file: {}, set: { public_id: "logo", overwrite: false } },
    { file: {}, set: { public_id: "logo/{uuid}" } },
  ],
  [
    "file: file_name",
    { file: {}, set: { public_id: "o/{org}/a", overwrite: false } },
    { file: {}, set: { public_id: "o/{sub}/a", overwrite: false } },
  ],
  [
    "file: file_name",
    { file: {}, set: { overwrite: false }, accept: { public_id: { prefix: "all/" } } },
    { file: {}, set: { overwrite: false }, accept: { public_id: { prefix: "u/{sub}/" } } },
  ],
  [
    "file: file_name",
    { access: ["public"], file: {}, set: { overwrite: false }, accept: { public_id: { prefix: "all/" } } },
    { access: ["public"], file: {} },
  ],
  [
    "file: file_name",
    { file: {}, set: { use_filename: true, folder: "u/{sub}" } },
    { file: {}, set: { public_id: "u/{email}/{uuid}" } },
  ],
  // One that is the same in every account.
  ["set.folder: file_folder", { file: {}, set: { ...OWN, folder: "a" } }, { file: {}, set: OWN }],
  [
    "set.public_id_prefix: file_folder",
    { file: {}, set: { ...OWN, public_id_prefix: "a" } },
    { set: { ...OWN, public_id_prefix: "a" } },
  ],
  [
    "set.use_asset_folder_as_public_id_prefix: file_folder",
    { file: {}, set: { ...OWN, asset_folder: "a", use_asset_folder_as_public_id_prefix: true } },
    { file: {}, set: { ...OWN, asset_folder: "a" } },
  ],
  [
    "accept.folder: file_folder",
    { file: {}, set: OWN, accept: { folder: { prefix: "u/{sub}/" } } },
    { file: {}, set: OWN, accept: { tags: { prefix: "u-{sub}-" } } },
  ],
  // What was there before.
  [
    "set.overwrite: file_overwrite",
    { file: {}, set: { ...OWN, overwrite: true } },
    { file: {}, set: { ...OWN, overwrite: true }, ...LOSE },
  ],
  [
    "set.overwrite: file_overwrite",
    { file: {}, set: { public_id: "users/{sub}/avatar" } },
    { file: {}, set: { public_id: "users/{sub}/avatar" }, ...LOSE },
  ],
  [
    "set.overwrite: file_overwrite",
    { file: {}, accept: { public_id: { prefix: "u/{sub}/" } }, set: { tags: ["u-{sub}-a"] } },
    {
      ...{ file: {}, accept: { public_id: { prefix: "u/{sub}/" } } },
      set: { tags: ["u-{sub}-a"], overwrite: false },
    },
  ],
  // Nothing is published before it was judged.
  [
    "file.quarantine: quarantine_name",
    { ...QUARANTINE, set: { public_id: "users/{sub}/avatar", overwrite: false } },
    { ...QUARANTINE, set: OWN },
  ],
  [
    "file.quarantine: quarantine_name",
    { ...QUARANTINE, set: { overwrite: false }, accept: { public_id: { prefix: "u/{sub}/" } } },
    {
      ...{ file: { quarantine: false }, set: { overwrite: false } },
      accept: { public_id: { prefix: "u/{sub}/" } },
    },
  ],
  // What waits is in nobody else's archive.
  [
    "set.tags: quarantine_tags",
    { ...QUARANTINE, allow: ["archive-by-tag"], set: { ...OWN, tags: "posts" } },
    { file: {}, allow: ["archive-by-tag"], set: { ...OWN, tags: "posts" } },
  ],
  [
    "accept.tags: quarantine_tags",
    { ...QUARANTINE, allow: ["archive-by-tag"], set: OWN, accept: { tags: {} } },
    { ...QUARANTINE, set: OWN, accept: { tags: { prefix: "u-{sub|hash}-" } } },
  ],
  [
    "set.type: quarantine_type",
    { ...QUARANTINE, set: { ...OWN, type: "private" } },
    { file: {}, set: { ...OWN, type: "private" } },
  ],
  [
    "set.type: quarantine_type",
    { ...QUARANTINE, set: { ...OWN, type: "authenticated" } },
    { ...QUARANTINE, set: OWN },
  ],
  // What nobody may fetch is not made otherwise.
  ["set.type: authenticated", { file: {}, set: { ...OWN, type: "authenticated" } }, { file: {}, set: OWN }],
  // Methods, and clients, that have no upload ID.
  [
    "file: file_method",
    { method: "destroy", resourceType: "image", file: {}, accept: { public_id: { prefix: "u/{sub}/" } } },
    { method: "destroy", resourceType: "image", accept: { public_id: { prefix: "u/{sub}/" } } },
  ],
  // What Cloudinary reports, to the address that is the signer's.
  ["notify: notify_file", { notify: true, set: OWN }, { notify: true, file: {}, set: OWN }],
  [
    "set.notification_url: notify_twice",
    { notify: true, file: {}, set: { ...OWN, notification_url: "https://a.example/hook" } },
    { file: {}, set: { ...OWN, notification_url: "https://a.example/hook" } },
  ],
  [
    "notify: file_method",
    {
      ...{ method: "destroy", resourceType: "image", notify: true },
      accept: { public_id: { prefix: "u/{sub}/" } },
    },
    {
      ...{ method: "destroy", resourceType: "image", notify: false },
      accept: { public_id: { prefix: "u/{sub}/" } },
    },
  ],
  ["dropIn: unconfirmed", { dropIn: true, file: {}, set: { tags: ["u-{sub}"] } }, { file: {}, set: OWN }],
  [
    "dropIn: renewed",
    { dropIn: true, ttl: 3601, set: { folder: "u/{sub}" } },
    { dropIn: true, ttl: 3600, set: { folder: "u/{sub}" } },
  ],
  // Formats, once and where there are some.
  [
    "file.formats: formats_twice",
    { file: { formats: ["jpg"] }, set: { ...OWN, allowed_formats: ["png"] } },
    { file: { maxBytes: 1 }, set: { ...OWN, allowed_formats: ["png"] } },
  ],
  [
    "file.formats: formats_twice",
    { file: { formats: ["jpg"] }, set: OWN, accept: { allowed_formats: { enum: ["jpg"] } } },
    { file: {}, set: OWN, accept: { allowed_formats: { enum: ["jpg"] } } },
  ],
  [
    "file.formats: formats_raw",
    { resourceType: "raw", file: { formats: ["zip"] }, set: OWN },
    { resourceType: "raw", file: { maxBytes: "1 GB" }, set: OWN },
  ],
  // What Cloudinary answers says which upload it is.
  ...[true, "true", 1, "1"].map(
    (async): Row => [
      "set.async: file_async",
      { file: {}, set: { ...OWN, async } },
      { file: {}, set: { ...OWN, async: false, eager: "w_100", eager_async: true } },
    ],
  ),
  // Lives of tickets.
  ["ttl: ttl_once", { access: ["humans"], ttl: 3601 }, { access: ["humans"], ttl: 3600 }],
  [
    "ttl: ttl_once",
    { access: ["members", "humans"], ttl: 86_400 },
    { access: ["members", "public"], ttl: 86_400 },
  ],
  ["ttl: ttl_range", { ttl: 86_401, set: OWN }, { ttl: 86_400, set: OWN }],
  [
    "ttl: ttl_range",
    {
      ...{ method: "destroy", resourceType: "image", ttl: 3601 },
      accept: { public_id: { prefix: "u/{sub}/" } },
    },
    {
      ...{ method: "destroy", resourceType: "image", ttl: 3600 },
      accept: { public_id: { prefix: "u/{sub}/" } },
    },
  ],
  ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "", "5", "5 mb", "0 MB", "many"].map(
    (maxBytes): Row => [
      "file.maxBytes: file_bytes",
      { file: { maxBytes }, set: OWN },
      { file: { maxBytes: "5 MB" }, set: OWN },
    ],
  ),
  ...[[], ["JPG"], ["jpg", ""], [".jpg"], ["image/jpeg"], ["jpg,png"], ["j".repeat(17)]].map(
    (formats): Row => [
      "file.formats: file_formats",
      { file: { formats }, set: OWN },
      { file: { formats: ["jpg", "3gp"] }, set: OWN },
    ],
  ),
  ...[0, 51, -1, 1.5, Number.NaN].map(
    (maxFiles): Row => [
      "file.maxFiles: max_files",
      { file: { maxFiles }, set: OWN },
      { file: { maxFiles: maxFiles === 0 ? 1 : 50 }, set: OWN },
    ],
  ),
];

describe.each(rows)("%s", (fault, wrong, right) => {
  it(`refused: ${JSON.stringify(wrong)}`, () => {
    expect(faultsOf(wrong)).toContain(fault);
  });
  it(`accepted: ${JSON.stringify(right)}`, () => {
    expect(faultsOf(right)).toEqual([]);
  });
});

describe("as it is compiled", () => {
  it.each<[Input["file"], object]>([
    [{}, { maxFiles: 50, quarantine: false }],
    [{ maxBytes: "1.5 MiB" }, { maxBytes: 1_572_864, maxFiles: 50, quarantine: false }],
    [
      { maxBytes: 7, formats: ["jpg"], maxFiles: 3, quarantine: true },
      { maxBytes: 7, formats: ["jpg"], maxFiles: 3, quarantine: true },
    ],
  ])("%j", (file, limits) => {
    expect(compile({ file, set: OWN })).toMatchObject({ ok: true, value: { file: limits } });
  });

  it.each<[what: string, file: Input["file"], set: Record<string, string>]>([
    ["nothing", {}, {}],
    ["the formats", { formats: ["jpg", "png"] }, { allowed_formats: "jpg,png" }],
    ["the type", { quarantine: true }, { type: "authenticated" }],
  ])("Cloudinary itself is told %s", (_, file, told) => {
    const compiled = compile({ file, set: OWN });
    const set = compiled.ok ? [...compiled.value.set] : [];
    const texts = set.map(([name, { template }]) => [name, template.join("")]);
    expect(Object.fromEntries(texts.filter(([name]) => name !== "public_id"))).toEqual(told);
  });

  it.each<[Input, string[]]>([
    [{ file: {}, set: OWN, ...LOSE }, []],
    [{ set: { public_id: "users/{sub}/a", overwrite: true }, ...LOSE }, []],
    [{ file: {}, set: { public_id: "users/{sub}/a" }, ...LOSE }, ["lose-previous"]],
    [{ file: {}, set: { ...OWN, overwrite: true }, ...LOSE }, ["lose-previous"]],
  ])("the risks that %j takes are %j", (input, optIns) => {
    expect(compile(input)).toMatchObject({ ok: true, value: { optIns } });
  });

  it("a profile without it has no limits", () => {
    const compiled = compile({ set: OWN });
    expect(compiled.ok && "file" in compiled.value).toBe(false);
  });
});
