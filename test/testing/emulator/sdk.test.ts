// The official SDK's uploader, pointed at the emulator.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Emulator } from "../../../src/testing/emulator/emulator.ts";
import { ACCOUNT, NOW, PNG_3X2, signed, started } from "./support.ts";

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emulator-sdk-"));
  path = join(folder, "my cat.png");
  await writeFile(path, PNG_3X2);
});
afterAll(() => rm(folder, { recursive: true }));

/** Everything by options, since the SDK's configuration is one for the whole process. */
function target(emulator: Emulator): UploadApiOptions {
  return {
    upload_prefix: emulator.url,
    // The SDK would speak TLS: it chooses when it is loaded, and an agent overrules it.
    agent: new http.Agent(),
    cloud_name: ACCOUNT.cloudName,
    timestamp: NOW,
  };
}

const credentials = { api_key: ACCOUNT.apiKey, api_secret: ACCOUNT.apiSecret };

describe("signing by itself", () => {
  it.each(["sha1", "sha256"] as const)("a file, %s", async (signature_algorithm) => {
    const emulator = await started();
    const result = await cloudinary.uploader.upload(path, {
      ...target(emulator),
      ...credentials,
      signature_algorithm,
      folder: "a b/ü",
      tags: ["x", "y"],
      context: { alt: "1=2|3 & 4" },
      allowed_formats: ["png"],
      overwrite: false,
      transformation: { width: 10, crop: "scale" },
      use_filename: true,
    });
    expect(result).toMatchObject({
      public_id: expect.stringMatching(/^a b\/ü\/my_cat_[a-z0-9]{6}$/),
      tags: ["x", "y"],
      context: { custom: { alt: "1=2|3 & 4" } },
      width: 3,
      original_filename: "my cat",
    });
    expect(new Uint8Array(await (await fetch(result.secure_url)).arrayBuffer())).toEqual(PNG_3X2);
  });

  it("a data: URI", async () => {
    const uri = `data:image/png;base64,${Buffer.from(PNG_3X2).toString("base64")}`;
    const result = await cloudinary.uploader.upload(uri, { ...target(await started()), ...credentials });
    expect(result).toMatchObject({ format: "png", bytes: PNG_3X2.length });
  });

  it("a stream", async () => {
    const emulator = await started();
    const result = await new Promise((resolve, reject) => {
      cloudinary.uploader
        .upload_stream({ ...target(emulator), ...credentials, filename: "s.png" }, (error, value) =>
          error ? reject(error) : resolve(value),
        )
        .end(Buffer.from(PNG_3X2));
    });
    expect(result).toMatchObject({ original_filename: "s", width: 3 });
  });
});

it("with a ticket's fields and signature, beside its own settings", async () => {
  const emulator = await started();
  const ticket = signed({ folder: "users/42", tags: "a,b", context: "alt=A & b" });
  const result = await cloudinary.uploader.upload(path, {
    ...target(emulator),
    ...(ticket as UploadApiOptions),
  });
  expect(result.public_id).toMatch(/^users\/42\/[a-z0-9]{20}$/);
  expect(emulator.uploads()[0]?.fields).toMatchObject({ ...ticket, upload_prefix: emulator.url });
});

it("with a list in a ticket", async () => {
  const ticket = signed({ tags: ["a", "b"] }) as UploadApiOptions;
  const result = await cloudinary.uploader.upload(path, { ...target(await started()), ...ticket });
  expect(result.tags).toEqual(["a", "b"]);
});

it("hands refusals on", async () => {
  const options = { ...target(await started()), ...credentials };
  await expect(
    cloudinary.uploader.upload(path, { ...options, api_secret: "another", signature_algorithm: "sha256" }),
  ).rejects.toMatchObject({
    http_code: 401,
    message: expect.stringMatching(
      /^Invalid Signature [0-9a-f]{64}\. String to sign - 'timestamp=1700000000'\.$/,
    ),
  });
  await expect(cloudinary.uploader.unsigned_upload(path, "", options)).rejects.toMatchObject({
    http_code: 400,
    message: "Upload preset must be specified when using unsigned upload",
  });
  await expect(cloudinary.uploader.upload("https://example.com/a.png", { ...options })).rejects.toMatchObject(
    { http_code: 400, message: expect.stringMatching(/^This emulator fetches nothing/) },
  );
});
