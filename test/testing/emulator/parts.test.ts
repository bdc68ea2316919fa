// Files in parts of the size that Cloudinary wants: the least part, and the official SDK's own uploads.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";
import { describe, expect, it } from "vitest";
import type { Emulator } from "../../../src/testing/emulator/emulator.ts";
import { ACCOUNT, delivered, formOf, noise, post, sha, signed, started } from "./support.ts";

const MIB = 1024 * 1024;

it.each([
  ["5 MiB are enough", 5 * MIB, { status: 200, body: { done: false, bytes: 5 * MIB } }],
  [
    "a byte less is too little",
    5 * MIB - 1,
    { status: 400, body: { error: { message: "All parts except EOF-chunk must be larger than 5mb" } } },
  ],
])("of a part that is not the last: %s", async (_, length, expected) => {
  const headers = { "Content-Range": `bytes 0-${length - 1}/-1`, "X-Unique-Upload-Id": "one" };
  const form = formOf(signed(), new File([noise(length)], "a.bin"));
  expect(await post(await started(), form, { resourceType: "raw", headers })).toMatchObject(expected);
});

describe("the official SDK's upload_large", () => {
  const CHUNK_SIZE = 5 * MIB;

  async function uploadLarge(
    emulator: Emulator,
    bytes: Uint8Array,
    options: UploadApiOptions,
    // biome-ignore lint/suspicious/noExplicitAny: a result or an error
  ): Promise<any> {
    const folder = await mkdtemp(join(tmpdir(), "emulator-parts-"));
    const path = join(folder, "my film.bin");
    await writeFile(path, bytes);
    const ended = new Promise((resolve) => {
      cloudinary.uploader.upload_large(
        path,
        {
          upload_prefix: emulator.url,
          agent: new http.Agent(),
          cloud_name: ACCOUNT.cloudName,
          chunk_size: CHUNK_SIZE,
          // Else each part has a promise too, which nobody awaits.
          disable_promises: true,
          ...options,
        },
        (error, result) => resolve(error ?? result),
      );
    });
    return ended.finally(() => rm(folder, { recursive: true }));
  }

  const credentials = { api_key: ACCOUNT.apiKey, api_secret: ACCOUNT.apiSecret };

  it.each([
    ["whole parts alone", 2 * CHUNK_SIZE],
    ["one part", 1000],
  ])("%s", async (_, length) => {
    const emulator = await started();
    const bytes = noise(length, 3);
    const result = await uploadLarge(emulator, bytes, { ...credentials, folder: "f", tags: ["x", "y"] });
    expect(result).toMatchObject({
      public_id: expect.stringMatching(/^f\//),
      bytes: length,
      tags: ["x", "y"],
      original_filename: "my film",
    });
    expect(await delivered(result.secure_url)).toBe(sha(bytes));
    expect(emulator.uploads()).toHaveLength(1);
  });

  it("three parts, with a ticket's fields and signature beside its own settings", async () => {
    const emulator = await started();
    const bytes = noise(2 * CHUNK_SIZE + 7, 4);
    const result = await uploadLarge(emulator, bytes, signed({ folder: "users/42" }) as UploadApiOptions);
    expect(result).toMatchObject({ public_id: expect.stringMatching(/^users\/42\//), bytes: bytes.length });
    expect(await delivered(result.secure_url)).toBe(sha(bytes));
  });

  it("with parts that are too small", async () => {
    const error = await uploadLarge(await started(), noise(100_000), {
      ...credentials,
      chunk_size: 40_000,
    });
    expect(error).toMatchObject({
      http_code: 400,
      message: "All parts except EOF-chunk must be larger than 5mb",
    });
  });
});
