// What types say of `createUploader` under the demo's configuration, and under one with parameters of every kind: every
// mistake stands beside its honest twin. The compiler is the test (uploader-types.test.ts runs it, with the type of the
// configurations and with what `types` writes of them; package.test.ts over the packed package); nothing here runs.

import { expectTypeOf } from "vitest";
import type demo from "../../demo/signer.config.ts";
import {
  type ActResponse,
  createUploader,
  type Uploader,
  type UploadResponse,
} from "../../src/client/client.ts";
import type { SignerDefinition } from "../../src/config.ts";
import type policy from "./every-kind/signer.config.ts";

declare const file: File;
const signer = "https://signer.example.com";

const page = createUploader<typeof demo, { id: number }>({ signer, token: "a", retries: 1, concurrency: 2 });
const all = createUploader<typeof policy>({ signer, credentials: "include" });
const untyped = createUploader({ signer });
const loose = createUploader<SignerDefinition>({ signer });

// The whole.
// @ts-expect-error no signer
createUploader<typeof demo>({ token: "a" });
// @ts-expect-error a profile is named with each call
createUploader<typeof demo>({ signer, profile: "avatars" });
// @ts-expect-error what is no configuration
createUploader<"avatars">({ signer });
expectTypeOf(page).toEqualTypeOf<Uploader<typeof demo, { id: number }>>();
expectTypeOf(page).toExtend<Uploader>();
expectTypeOf(untyped).toEqualTypeOf<Uploader>();

// Names.
page.upload("avatars", file);
page.upload("default", file);
// @ts-expect-error a misspelt name
page.upload("avatar", file);
// @ts-expect-error no name
page.upload(file);
// @ts-expect-error no file
page.upload("avatars", "cat.jpg");
// @ts-expect-error it takes no file
page.upload("member-remove", file);
all.upload("explained", file);
page.act("member-remove", { public_id: "users/42/cat" });
// @ts-expect-error a misspelt name
page.act("member-remov", { public_id: "users/42/cat" });
// @ts-expect-error it takes a file
page.act("members", {});
// @ts-expect-error it takes a file, and says so
all.act("explained", {});
page.describe("avatars");
page.describe("member-remove");
// @ts-expect-error a misspelt name
page.describe("avatar");

// Options.
page.upload("members", file, { params: { context: { alt: "A cat" } }, onProgress: ({ loaded }) => loaded });
page.upload("avatars", file, {
  signal: new AbortController().signal,
  headers: { "cf-turnstile-response": "a" },
});
// @ts-expect-error a misspelt option
page.upload("avatars", file, { onprogress: () => {} });
// @ts-expect-error the signer is the uploader's
page.upload("avatars", file, { signer });
page.act("member-remove", { public_id: "a" }, { retries: 0 });
// @ts-expect-error no file, and so no progress
page.act("member-remove", { public_id: "a" }, { onProgress: () => {} });

// Parameters of an upload.
page.upload("members", file, { params: {} });
page.upload("members", file, { params: { context: { alt: undefined, caption: 7 } } });
// @ts-expect-error a name that the profile does not accept
page.upload("members", file, { params: { folder: "a" } });
// @ts-expect-error a key that it does not accept
page.upload("members", file, { params: { context: { alt: "a", credit: "b" } } });
// @ts-expect-error a list is no caption
page.upload("members", file, { params: { context: { alt: ["a"] } } });
page.upload("avatars", file, { params: {} });
// @ts-expect-error the profile accepts nothing
page.upload("avatars", file, { params: { context: { alt: "a" } } });
page.upload("widget", file, { params: { source: "uw", custom_coordinates: [0, 0, 9, 9] } });
// @ts-expect-error a value that is not listed
page.upload("widget", file, { params: { source: "ux" } });
// @ts-expect-error coordinates are numbers
page.upload("widget", file, { params: { custom_coordinates: ["0"] } });
all.upload("all", file, { params: { display_name: "a", tags: ["u-42-a"], phash: true, exif: true } });
all.upload("all", file, { params: { tags: "u-42-a,u-42-b", custom_coordinates: "0,0,9,9" } });
// @ts-expect-error a number is no text
all.upload("all", file, { params: { display_name: 7 } });
// @ts-expect-error tags are texts
all.upload("all", file, { params: { tags: [7] } });
// @ts-expect-error a text is no boolean
all.upload("all", file, { params: { phash: "true" } });
// @ts-expect-error a boolean that is not listed
all.upload("all", file, { params: { exif: false } });
all.upload("all", file, {
  params: { allowed_formats: ["jpg", "png"], eager: "w_100", moderation: "manual" },
});
all.upload("all", file, { params: { allowed_formats: "jpg" } });
// @ts-expect-error an item that is not listed
all.upload("all", file, { params: { allowed_formats: ["gif"] } });
// @ts-expect-error a value that is not listed
all.upload("all", file, { params: { eager: "w_300" } });
// @ts-expect-error whole values, and no lists of them
all.upload("all", file, { params: { eager: ["w_100"] } });
all.upload("all", file, { params: { auto_tagging: 0.9, quality_analysis: true } });
// @ts-expect-error a number that is not listed
all.upload("all", file, { params: { auto_tagging: 0.1 } });
all.upload("all", file, {
  params: { context: { "credit line": "a" }, metadata: { size: 7, colors: ["red", "blue"] } },
});
// @ts-expect-error the server's own key
all.upload("all", file, { params: { context: { by: "a" } } });
// @ts-expect-error a key that it does not accept
all.upload("all", file, { params: { metadata: { colours: ["red"] } } });
// @ts-expect-error what the server sets
all.upload("all", file, { params: { public_id: "a" } });

// Parameters of other methods: what they work on has to be there.
// @ts-expect-error nothing to remove
page.act("member-remove");
// @ts-expect-error nothing to remove, still
page.act("member-remove", {});
// @ts-expect-error another method's name
page.act("member-remove", { public_ids: ["a"] });
// @ts-expect-error one name is not a list
page.act("member-remove", { public_id: ["a"] });
page.act("member-rename", { from_public_id: "users/42/a", to_public_id: "users/42/b" });
// @ts-expect-error no new name
page.act("member-rename", { from_public_id: "users/42/a" });
declare const anAct: "member-remove" | "member-rename";
// @ts-expect-error whichever it is, it needs a name
page.act(anAct, {});
// @ts-expect-error the other one needs other names
page.act(anAct, { public_id: "a" });
page.act("member-captions", { public_ids: ["users/42/a"], context: { caption: "A cat" } });
page.act("member-captions", { public_ids: "users/42/a" });
// @ts-expect-error no pictures
page.act("member-captions", { context: { caption: "A cat" } });
// @ts-expect-error the server says the command
page.act("member-captions", { public_ids: "users/42/a", command: "add" });
all.act("remove");
all.act("remove", {}, { retries: 1 });
// @ts-expect-error the server says which
all.act("remove", { public_id: "users/42/avatar" });
all.act("tag", { command: "add", public_ids: ["users/42/a"], tag: "u-42-a" });
// @ts-expect-error a command that is not listed
all.act("tag", { command: "replace", public_ids: ["users/42/a"], tag: "u-42-a" });
// @ts-expect-error no command
all.act("tag", { public_ids: ["users/42/a"], tag: "u-42-a" });
all.act("size", { public_ids: ["users/42/a"] });
all.act("size", { public_ids: ["users/42/a"], metadata: { size: "m" } });
all.act("zip", { public_ids: ["users/42/a"], target_format: "zip" });
all.act("zip", { tags: ["u-42-a"] });
// @ts-expect-error nothing to pack
all.act("zip", { target_format: "zip" });

// What comes of it.
const confirmed = await page.upload("avatars", file);
expectTypeOf(confirmed.asset).toEqualTypeOf<UploadResponse>();
expectTypeOf(confirmed.receipt).toEqualTypeOf<string>();
expectTypeOf(confirmed.data).toEqualTypeOf<{ id: number } | null>();
// @ts-expect-error a member that `Data` has not
confirmed.data?.name;
const stored = await page.upload("members", file);
expectTypeOf(stored.asset).toEqualTypeOf<UploadResponse>();
// @ts-expect-error a profile without `file` has no receipt
stored.receipt;
// @ts-expect-error a profile without `file` has no data
stored.data;
const either = await page.upload(Math.random() < 0.5 ? "avatars" : "members", file);
expectTypeOf(either.asset).toEqualTypeOf<UploadResponse>();
// @ts-expect-error one of them has none
either.receipt;
expectTypeOf("receipt" in either && either.receipt).toEqualTypeOf<string | false>();
expectTypeOf((await all.upload("all", file)).data).toEqualTypeOf<unknown>();
expectTypeOf(await page.act("member-remove", { public_id: "a" })).toEqualTypeOf<ActResponse>();

// Without a type every name will do, and a receipt may be there.
const anything = await untyped.upload("anything", file, { params: { context: { a: 1 }, tags: ["b"] } });
expectTypeOf(anything.receipt).toEqualTypeOf<string | undefined>();
expectTypeOf(anything.data).toEqualTypeOf<unknown>();
untyped.act("anything", { public_id: 7 });
untyped.act("anything");
untyped.describe("anything");
// @ts-expect-error no name, here neither
untyped.upload(file);
loose.upload("anything", file, { params: { context: { a: 1 } } });
loose.act("anything", { public_id: 7 });
