// The method `explicit` as the official SDK calls it: it changes what is told of an asset, and answers it.

import http from "node:http";
import { v2 as cloudinary } from "cloudinary";
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
