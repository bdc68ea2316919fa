// The method `generate_archive` as the official SDK calls it. What is inside is read by another library than the one that
// packed it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";
import { describe, expect, it, onTestFinished } from "vitest";
import { Chunks } from "../../../src/testing/emulator/chunks.ts";
import { createApp } from "../../../src/testing/emulator/routes.ts";
import { Store } from "../../../src/testing/emulator/store.ts";
import type { Uploaded } from "../../../src/testing/emulator/store-upload.ts";
import { namesOf, PICTURE, sdkAccount, seconds } from "./sdk-account.ts";
import {
  ACCOUNT,
  answerSignature,
  type Fields,
  formOf,
  NOW,
  PNG_3X2,
  sha,
  signed,
  TEXT,
  uploaded,
} from "./support.ts";
import { unzip } from "./unzip.ts";

const { uploader, utils } = cloudinary;

/** What is held: pictures, a text, and a private picture, some in folders and of one name. */
async function filled() {
  const { emulator, options } = await sdkAccount();
  for (const upload of [
    { public_id: "cats/tom", tags: ["cat", "x"] },
    { public_id: "dogs/tom", tags: ["dog"] },
    { public_id: "Łódź more" },
    { public_id: "cats/hidden", type: "private" as const, tags: ["cat"] },
  ])
    await uploader.upload(PICTURE, { ...options, ...upload });
  const text = (name: string) => new File([TEXT], name, { type: "text/plain" });
  await uploaded(
    emulator,
    { public_id: "cats/note.txt", tags: "cat", timestamp: seconds() },
    text("my note.txt"),
    "raw",
  );
  await uploaded(emulator, { public_id: "__proto__", timestamp: seconds() }, text("..\\.."), "raw");
  return { emulator, options };
}

const namesIn = async (url: string): Promise<string[]> =>
  (await unzip(new Uint8Array(await (await fetch(url)).arrayBuffer()))).map(([name]) => name);

describe("what is packed", () => {
  const ALL = ["cats/tom.png", "dogs/tom.png", "Łódź more.png"];
  it.each<[what: string, options: object, names: string[]]>([
    ["public IDs", { public_ids: ["dogs/tom", "cats/tom"] }, ["cats/tom.png", "dogs/tom.png"]],
    ["a tag", { tags: "cat" }, ["cats/tom.png"]],
    ["any of some tags", { tags: ["cat", "dog"] }, ["cats/tom.png", "dogs/tom.png"]],
    ["a prefix", { prefixes: "dogs/" }, ["dogs/tom.png"]],
    ["any of some prefixes", { prefixes: ["dogs/", "Ł"] }, ["dogs/tom.png", "Łódź more.png"]],
    ["all three, nothing twice", { public_ids: "cats/tom", tags: ["cat"], prefixes: ["dogs", "Ł"] }, ALL],
    ["private ones", { tags: "cat", type: "private" }, ["cats/hidden.png"]],
    ["raw files", { tags: "cat", resource_type: "raw" }, ["cats/note.txt"]],
    ["a raw file of any name", { public_ids: ["__proto__"], resource_type: "raw" }, ["__proto__"]],
    ["of all resource types", { tags: "cat", resource_type: "all" }, ["cats/tom.png", "cats/note.txt"]],
    [
      "fully qualified",
      {
        fully_qualified_public_ids: ["image/private/cats/hidden", "raw/upload/cats/note.txt"],
        resource_type: "auto",
      },
      ["cats/hidden.png", "cats/note.txt"],
    ],
    [
      "what is there, if that is allowed",
      { public_ids: ["cats/tom", "no"], allow_missing: true },
      ["cats/tom.png"],
    ],
    ["without folders", { prefixes: ["cats/", "dogs/"], flatten_folders: true }, ["tom.png", "tom_1.png"]],
    [
      "by the names of the files",
      { prefixes: ["cats", "__"], resource_type: "raw", use_original_filename: true },
      ["cats/my note.txt", "__proto__"],
    ],
  ])("%s", async (_, selection, names) => {
    const { options } = await filled();
    const told = await uploader.create_zip({ ...options, ...selection });
    expect(await namesIn(told.secure_url)).toEqual(names);
    expect(told).toMatchObject({ resource_count: names.length, file_count: names.length });
  });

  it("the bytes as they were stored", async () => {
    const { emulator, options } = await filled();
    const told = await uploader.create_archive({ ...options, prefixes: "cats/", resource_type: "all" });
    const bytes = new Uint8Array(await (await fetch(told.secure_url)).arrayBuffer());
    expect((await unzip(bytes)).map(([, file]) => sha(file))).toEqual([sha(PNG_3X2), sha(TEXT)]);
    expect(emulator.uploads().at(-1)?.bytes).toBe(bytes.length);
  });
});

describe("where it goes", () => {
  it("is a raw asset under the name and the tags that are asked for", async () => {
    const { emulator, options } = await filled();
    const target = {
      target_public_id: "zips/mine.zip",
      target_tags: ["t", "u"],
      target_asset_folder: "zips",
    };
    const told = await uploader.create_zip({ ...options, ...target, tags: "cat" });
    expect(told).toMatchObject({
      public_id: "zips/mine.zip",
      resource_type: "raw",
      type: "upload",
      tags: ["t", "u"],
      asset_folder: "zips",
      secure_url: expect.stringMatching(/\/demo\/raw\/upload\/v\d+\/zips\/mine\.zip$/),
      signature: answerSignature("zips/mine.zip", told.version, "sha1"),
    });
    expect(told).not.toHaveProperty("fields");
    expect(emulator.uploads().at(-1)).toMatchObject({ public_id: "zips/mine.zip", tags: ["t", "u"] });
    expect((await fetch(told.secure_url)).headers.get("Content-Type")).toBe("application/zip");
    expect(await uploader.destroy("zips/mine.zip", { ...options, resource_type: "raw" })).toEqual({
      result: "ok",
    });
  });

  it("has a random name without one", async () => {
    const { options } = await filled();
    const [one, other] = [
      await uploader.create_zip({ ...options, tags: "cat" }),
      await uploader.create_zip({ ...options, tags: "cat" }),
    ];
    expect(one.public_id).toMatch(/^[a-z0-9]{20}\.zip$/);
    expect(other.public_id).not.toBe(one.public_id);
  });

  it.each<[mode: string, stored: number]>([
    ["download", 0],
    ["create_and_download", 1],
  ])("is the answer itself with mode %s", async (mode, stored) => {
    const { emulator } = await filled();
    const before = emulator.uploads().length;
    const url = `${emulator.url}/v1_1/demo/image/generate_archive`;
    const body = formOf(signed({ timestamp: seconds(), mode, tags: "dog" }));
    const response = await fetch(url, { method: "POST", body });
    expect(response.headers.get("Content-Type")).toBe("application/zip");
    expect(response.headers.get("Content-Disposition")).toMatch(/^attachment; filename="[^"]+\.zip"$/);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const files = await unzip(new Uint8Array(await response.arrayBuffer()));
    expect(files.map(([name]) => name)).toEqual(["dogs/tom.png"]);
    expect(emulator.uploads().length - before).toBe(stored);
  });

  it("is downloaded by the SDK's address", async () => {
    const { emulator, options } = await filled();
    const before = namesOf(emulator);
    const url = utils.download_zip_url({ ...options, public_ids: ["cats/tom", "dogs/tom"] });
    expect(await namesIn(url)).toEqual(["cats/tom.png", "dogs/tom.png"]);
    expect(await namesIn(utils.download_folder("cats/", { ...options }))).toEqual([
      "cats/tom.png",
      "cats/note.txt",
    ]);
    expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
    const forged = await fetch(url.replace("dogs", "frogs"));
    expect([forged.status, (await forged.json()).error.message]).toEqual([
      401,
      expect.stringMatching(/^Invalid Signature/),
    ]);
    expect(namesOf(emulator)).toEqual(before);
  });
});

it.each<[what: string, options: UploadApiOptions, http_code: number, message: string]>([
  ["no selection", {}, 400, "Missing required parameter - public_ids, prefixes or tags"],
  ["a public ID that is not there", { public_ids: ["cats/tom", "no"] }, 404, "Resource not found - no"],
  [
    "a private one that is not named so",
    { public_ids: ["cats/hidden"] },
    404,
    "Resource not found - cats/hidden",
  ],
  ["a tag that nothing has", { tags: "nobody" }, 404, "No resources found to archive"],
  [
    "nothing, though that is allowed",
    { public_ids: ["no"], allow_missing: true },
    404,
    "No resources found to archive",
  ],
  ["another format", { tags: "cat", target_format: "tgz" }, 400, "This emulator makes zip archives alone"],
  ["an unknown mode", { tags: "cat", mode: "burn" }, 400, "Invalid mode"],
  [
    "a name that is not permitted",
    { tags: "cat", target_public_id: "a/../b" },
    400,
    "public_id (a/../b) is invalid",
  ],
  ["another secret", { tags: "cat", api_secret: "another" }, 401, "Invalid Signature"],
])("refuses %s", async (_, change, http_code, message) => {
  const { emulator, options } = await filled();
  const before = namesOf(emulator);
  const asked = uploader.create_archive({ ...options, ...change });
  await expect(asked).rejects.toMatchObject({ http_code, message: expect.stringContaining(message) });
  expect(namesOf(emulator)).toEqual(before);
});

describe("limits", () => {
  /** An account whose first text is uploaded; of others it is only told that they are held, with their size. */
  async function holding() {
    const folder = await mkdtemp(join(tmpdir(), "archive-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [store, chunks] = [new Store(folder), new Chunks<Uploaded>(folder)];
    const origin = "http://emulator.invalid";
    const app = createApp({ account: ACCOUNT, store, chunks, origin, now: () => NOW * 1000 });
    const ask = async (method: string, params: Fields, file?: File) => {
      const init = { method: "POST", body: formOf(signed(params), file) };
      const response = await app.request(`/v1_1/${ACCOUNT.cloudName}/raw/${method}`, init);
      return { status: response.status, body: await response.json() };
    };
    await ask("upload", { public_id: "0", tags: "all" }, new File([TEXT], "a"));
    const [first] = store.uploads();
    const add = (public_id: string, bytes = TEXT.length) =>
      store.add({ upload: { ...first!, public_id, bytes }, contentType: "text/plain" }, TEXT, true);
    return { add, pack: () => ask("generate_archive", { tags: "all" }) };
  }

  it("packs a thousand assets, and no more", async () => {
    const { add, pack } = await holding();
    for (let i = 1; i < 1000; i++) await add(`${i}`);
    expect((await pack()).body).toMatchObject({ resource_count: 1000, file_count: 1000 });
    await add("1000");
    const refused = await pack();
    expect([refused.status, refused.body.error.message]).toEqual([
      400,
      "Too many resources to archive. Maximum is 1000.",
    ]);
  });

  it("packs no more than 100 MB", async () => {
    const { add, pack } = await holding();
    const most = 100 * 1024 * 1024;
    await add("a", most - TEXT.length);
    expect((await pack()).status).toBe(200);
    await add("a", most - TEXT.length + 1);
    const refused = await pack();
    expect([refused.status, refused.body.error.message]).toEqual([
      413,
      "File size too large. Maximum is 104857600.",
    ]);
  });
});
