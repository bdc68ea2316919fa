// The method `download`, at the addresses that the official SDK's `private_download_url` makes.

import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";
import { describe, expect, it, vi } from "vitest";
import { PICTURE } from "./sdk-account.ts";
import { ACCOUNT, formOf, NOW, PNG_3X2, post, sha, signed, started, TEXT, uploaded } from "./support.ts";

const { private_download_url: address } = cloudinary.utils;

/** An account that holds a picture of each type and a private text, and whose clock can be set. */
async function filled() {
  const clock = { now: NOW };
  const onAct = vi.fn();
  const emulator = await started({ now: () => clock.now * 1000, onAct });
  for (const type of ["upload", "private", "authenticated"])
    await uploaded(emulator, { public_id: "cats/tom", type }, PICTURE);
  await uploaded(emulator, { public_id: "a.txt", type: "private" }, new File([TEXT], "a.txt"), "raw");
  const options = {
    upload_prefix: emulator.url,
    cloud_name: ACCOUNT.cloudName,
    api_key: ACCOUNT.apiKey,
    api_secret: ACCOUNT.apiSecret,
    timestamp: NOW,
  };
  return { emulator, options, clock, onAct };
}

describe("hands out", () => {
  it.each<[string, string, string, UploadApiOptions, Uint8Array]>([
    ["a private original", "cats/tom", "png", { type: "private" }, PNG_3X2],
    ["an authenticated one", "cats/tom", "png", { type: "authenticated" }, PNG_3X2],
    ["one for everybody", "cats/tom", "png", {}, PNG_3X2],
    ["a raw file", "a.txt", "", { type: "private", resource_type: "raw" }, TEXT],
    ["without a format", "cats/tom", "", { type: "private" }, PNG_3X2],
    ["signed by SHA-256", "cats/tom", "png", { type: "private", signature_algorithm: "sha256" }, PNG_3X2],
    ["as an attachment", "cats/tom", "png", { type: "private", attachment: true }, PNG_3X2],
    ["until a time", "cats/tom", "png", { type: "private", expires_at: NOW + 9 }, PNG_3X2],
  ])("%s", async (_, publicId, format, change, bytes) => {
    const { options, onAct } = await filled();
    const response = await fetch(address(publicId, format, { ...options, ...change }));
    expect(response.status).toBe(200);
    expect(sha(new Uint8Array(await response.arrayBuffer()))).toBe(sha(bytes));
    expect(response.headers.get("Content-Disposition")).toBe("attachment");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(onAct.mock.calls).toMatchObject([[{ method: "download", publicIds: [publicId], found: true }]]);
  });

  it("to a POST too", async () => {
    const { emulator } = await filled();
    const body = formOf(signed({ public_id: "cats/tom", type: "private" }));
    const response = await fetch(`${emulator.url}/v1_1/demo/image/download`, { method: "POST", body });
    expect(sha(new Uint8Array(await response.arrayBuffer()))).toBe(sha(PNG_3X2));
  });
});

describe("how long", () => {
  it.each<[string, UploadApiOptions, number, number]>([
    ["an hour", {}, 3600, 200],
    ["no longer", {}, 3601, 400],
    ["until a time", { expires_at: NOW + 9000 }, 9000, 200],
    ["not after it", { expires_at: NOW + 9 }, 10, 401],
  ])("%s", async (_, change, later, status) => {
    const { options, clock } = await filled();
    const url = address("cats/tom", "png", { ...options, type: "private", ...change });
    clock.now += later;
    expect((await fetch(url)).status).toBe(status);
  });
});

it.each<[string, (url: string) => string, UploadApiOptions, number, string]>([
  ["another's address", (url) => url.replace("tom", "tim"), {}, 401, "Invalid Signature"],
  ["another type's", (url) => url.replace("private", "upload"), {}, 401, "Invalid Signature"],
  ["another secret's", (url) => url, { api_secret: "other" }, 401, "Invalid Signature"],
  ["another key's", (url) => url, { api_key: "1" }, 401, "Unknown API key 1"],
  [
    "a later end",
    (url) => url.replace(/expires_at=\d+/, "expires_at=9999999999"),
    { expires_at: NOW + 9 },
    401,
    "Invalid Signature",
  ],
  ["no time for an end", (url) => url, { expires_at: "soon" as never }, 400, "Invalid timestamp"],
  ["what is not there", (url) => url, { resource_type: "video" }, 404, "Resource not found - cats/tom"],
  [
    "another format",
    (url) => url,
    { format: "jpg" },
    400,
    "This emulator converts nothing: the asset's own format is png",
  ],
  ["no name", (url) => url, { public_id: "" }, 400, "Missing required parameter - public_id"],
  ["another cloud", (url) => url, { cloud_name: "other" }, 401, "Invalid cloud_name"],
])("refuses %s", async (_, change, more, status, message) => {
  const { options, onAct } = await filled();
  const { public_id: name = "cats/tom", format = "png", ...rest } = more;
  const url = address(name, format, { ...options, type: "private", ...rest });
  const response = await fetch(change(url));
  expect([response.status, (await response.json()).error.message]).toEqual([
    status,
    expect.stringContaining(message),
  ]);
  expect(onAct).not.toHaveBeenCalled();
});

it("an upload's signature is not made good for longer by `expires_at`", async () => {
  const { emulator, clock } = await filled();
  clock.now += 3601;
  const body = formOf(signed({ public_id: "b", expires_at: String(NOW + 9000) }), PICTURE);
  expect((await post(emulator, body)).body.error.message).toMatch(/^Stale request/);
});
