// The method `explicit` as the official SDK calls it: it changes what is told of an asset, and answers it.

import http from "node:http";
import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";
import { describe, expect, it } from "vitest";
import { ACCOUNT, NOW, PNG_3X2, started } from "./support.ts";

const IMAGE = `data:image/png;base64,${Buffer.from(PNG_3X2).toString("base64")}`;
const credentials = { api_key: ACCOUNT.apiKey, api_secret: ACCOUNT.apiSecret };

async function target() {
  const emulator = await started();
  const options = {
    upload_prefix: emulator.url,
    agent: new http.Agent(),
    cloud_name: ACCOUNT.cloudName,
    timestamp: NOW,
  };
  return { emulator, options };
}

describe("explicit", () => {
  it.each(["sha1", "sha256"] as const)("answers the asset that it names, %s", async (signature_algorithm) => {
    const { emulator, options } = await target();
    const all = { ...options, ...credentials, signature_algorithm };
    const stored = await cloudinary.uploader.upload(IMAGE, { ...all, public_id: "cats/1", tags: ["a"] });
    const told = await cloudinary.uploader.explicit("cats/1", { ...all, type: "upload" });
    expect(told).toEqual(stored);
    expect(emulator.uploads().map(({ tags }) => tags)).toEqual([["a"]]);
  });

  it.each<[what: string, options: UploadApiOptions, held: object]>([
    ["tags", { tags: ["b", "c"] }, { tags: ["b", "c"] }],
    ["context", { context: { who: "1=2" } }, { context: { custom: { who: "1=2" } } }],
    ["metadata, field by field", { metadata: { sizes: ["l"] } }, { metadata: { sku: "1", sizes: ["l"] } }],
  ])("changes %s", async (_, change, held) => {
    const { emulator, options } = await target();
    const all = { ...options, ...credentials };
    const labels = { tags: ["a"], context: { alt: "A" }, metadata: { sku: "1", sizes: ["s"] } };
    const stored = await cloudinary.uploader.upload(IMAGE, { ...all, ...labels, public_id: "cats/1" });
    await cloudinary.uploader.upload(IMAGE, { ...all, ...labels, public_id: "cats/2" });
    const told = await cloudinary.uploader.explicit("cats/1", { ...all, ...change, type: "upload" });
    expect(told).toEqual({ ...stored, ...held });
    expect(emulator.uploads()).toMatchObject([held, { tags: ["a"], context: { custom: { alt: "A" } } }]);
  });

  it("tells where derived pictures would be", async () => {
    const { options } = await target();
    const all = { ...options, ...credentials };
    await cloudinary.uploader.upload(IMAGE, { ...all, public_id: "cats/1" });
    const eager = [{ width: 2, crop: "scale" }, { angle: 90 }];
    const told = await cloudinary.uploader.explicit("cats/1", { ...all, type: "upload", eager });
    const url = (transformation: string) =>
      `${options.upload_prefix}/demo/image/upload/${transformation}/v${NOW}/cats/1.png`;
    expect(told.eager).toEqual(
      ["c_scale,w_2", "a_90"].map((transformation) => ({
        transformation,
        url: url(transformation),
        secure_url: url(transformation),
      })),
    );
  });

  it.each([
    ["no such asset", {}, "cats/2", "Resource not found - cats/2", 404],
    ["another type", { type: "private" }, "cats/1", "Resource not found - cats/1", 404],
    ["another secret", { api_secret: "another" }, "cats/1", "Invalid Signature", 401],
    ["another key", { api_key: "1" }, "cats/1", "Unknown API key 1", 401],
    ["another cloud", { cloud_name: "x" }, "cats/1", "Invalid cloud_name", 401],
    ["an hour that is over", { timestamp: NOW - 4000 }, "cats/1", "Stale request", 400],
    ["no name", {}, "", "Missing required parameter - public_id", 400],
  ])("refuses %s", async (_, change, publicId, message, http_code) => {
    const { options } = await target();
    const all = { ...options, ...credentials };
    await cloudinary.uploader.upload(IMAGE, { ...all, public_id: "cats/1" });
    const asked = cloudinary.uploader.explicit(publicId, { ...all, type: "upload", ...change });
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining(message), http_code });
  });
});
