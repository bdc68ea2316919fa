// The methods `destroy` and `rename` as the official SDK calls them.

import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";
import { describe, expect, it } from "vitest";
import { namesOf, PICTURE, sdkAccount } from "./sdk-account.ts";
import { answerSignature, delivered, JPEG_5X4, PNG_3X2, sha } from "./support.ts";

const { uploader } = cloudinary;
const JPEG = `data:image/jpeg;base64,${Buffer.from(JPEG_5X4).toString("base64")}`;

/** An account that holds `a`, `b` and a private `c`. */
async function filled() {
  const { emulator, options } = await sdkAccount();
  const labels = { tags: ["one"], context: { alt: "A" }, metadata: { sku: "1" } };
  const a = await uploader.upload(PICTURE, { ...options, ...labels, public_id: "a" });
  const b = await uploader.upload(JPEG, { ...options, public_id: "b" });
  const c = await uploader.upload(PICTURE, { ...options, public_id: "c", type: "private" });
  return { emulator, options, a, b, c };
}

const status = async (url: string): Promise<number> => (await fetch(url)).status;

describe("destroy", () => {
  it.each<[what: string, publicId: string, change: object, result: string, left: string[]]>([
    ["an image", "a", {}, "ok", ["b", "c"]],
    ["with invalidate", "a", { invalidate: true }, "ok", ["b", "c"]],
    ["a private one", "c", { type: "private" }, "ok", ["a", "b"]],
    ["with SHA-256", "a", { signature_algorithm: "sha256" }, "ok", ["b", "c"]],
    ["nothing", "d", {}, "not found", ["a", "b", "c"]],
    ["another type", "a", { type: "private" }, "not found", ["a", "b", "c"]],
    ["another resource type", "a", { resource_type: "raw" }, "not found", ["a", "b", "c"]],
  ])("%s", async (_, publicId, change, result, left) => {
    const { emulator, options } = await filled();
    expect(await uploader.destroy(publicId, { ...options, ...change })).toEqual({ result });
    expect(namesOf(emulator)).toEqual(left);
  });

  it("leaves nothing at the address, and the name free", async () => {
    const { options, a } = await filled();
    expect(await status(a.secure_url)).toBe(200);
    await uploader.destroy("a", { ...options });
    expect(await status(a.secure_url)).toBe(404);
    expect(await uploader.destroy("a", { ...options })).toEqual({ result: "not found" });
    const next = await uploader.upload(JPEG, { ...options, public_id: "a", overwrite: false });
    expect(await delivered(next.secure_url)).toBe(sha(JPEG_5X4));
  });
});

describe("rename", () => {
  it.each<[what: string, to: string, change: UploadApiOptions, path: RegExp]>([
    ["to a name", "d", {}, /\/demo\/image\/upload\/v\d+\/d\.png$/],
    ["into a folder", "x y/d", {}, /\/demo\/image\/upload\/v\d+\/x%20y\/d\.png$/],
    ["onto another", "b", { overwrite: true }, /\/demo\/image\/upload\/v\d+\/b\.png$/],
    ["onto a name of another type", "c", {}, /\/demo\/image\/upload\/v\d+\/c\.png$/],
  ])("%s", async (_, to, change, path) => {
    const { emulator, options, a } = await filled();
    const told = await uploader.rename("a", to, { ...options, ...change });
    const { signature, url, secure_url, public_id, context, metadata, ...same } = a;
    expect(told).toMatchObject({ ...same, public_id: to, secure_url: expect.stringMatching(path) });
    expect(await delivered(told.secure_url)).toBe(sha(PNG_3X2));
    expect(await status(a.secure_url)).toBe(404);
    expect(namesOf(emulator)).not.toContain("a");
    expect(told.signature).toBe(answerSignature(to, told.version, "sha1"));
  });

  it("tells of context and metadata where it is asked to", async () => {
    const { emulator, options } = await filled();
    expect(await uploader.rename("a", "d", options)).not.toHaveProperty("context");
    const asked = { context: true, metadata: true };
    const told = await uploader.rename("d", "e", { ...options, ...asked });
    expect(told).toMatchObject({ public_id: "e", context: { custom: { alt: "A" } }, metadata: { sku: "1" } });
    expect(emulator.uploads().at(-1)).toMatchObject({ tags: ["one"], context: { custom: { alt: "A" } } });
  });

  it("to another type, which is not served to everybody", async () => {
    const { emulator, options, a } = await filled();
    const hidden = await uploader.rename("a", "a", { ...options, to_type: "authenticated" });
    const unsigned = hidden.secure_url.replace(/s--.{8}--\//, "");
    expect([await status(a.secure_url), await status(unsigned)]).toEqual([404, 401]);
    expect(await delivered(hidden.secure_url)).toBe(sha(PNG_3X2));
    const shown = await uploader.rename("c", "c", {
      ...options,
      type: "private",
      to_type: "upload",
    });
    expect(await delivered(shown.secure_url)).toBe(sha(PNG_3X2));
    expect(emulator.uploads().map(({ public_id, type }) => [public_id, type])).toEqual([
      ["b", "upload"],
      ["a", "authenticated"],
      ["c", "upload"],
    ]);
  });

  it("publishes what was authenticated: all but the type and the address stays", async () => {
    const { options } = await filled();
    const kept = { type: "authenticated", public_id: "d", tags: ["one"] } as const;
    const stored = await uploader.upload(PICTURE, { ...options, ...kept });
    const { signature, ...shown } = await uploader.rename("d", "d", {
      ...options,
      type: "authenticated",
      to_type: "upload",
    });
    const url = stored.secure_url.replace(/authenticated\/s--.{8}--/, "upload");
    const { signature: _, ...before } = stored;
    expect(shown).toEqual({ ...before, type: "upload", url, secure_url: url });
    expect(await delivered(url)).toBe(sha(PNG_3X2));
    expect(await status(stored.secure_url)).toBe(404);
    const held = await uploader.explicit("d", { ...options, type: "upload" });
    expect(held).toEqual({ ...shown, signature });
    await expect(uploader.explicit("d", { ...options, type: "authenticated" })).rejects.toMatchObject({
      http_code: 404,
      message: "Resource not found - d",
    });
  });

  it.each<[what: string, change: UploadApiOptions, etags: string[]]>([
    ["not in the place of what is published", {}, ["old", "new"]],
    ["in its place with overwrite", { overwrite: true }, ["new"]],
  ])("publishes %s", async (_, change, etags) => {
    const { emulator, options } = await filled();
    const published = await uploader.upload(JPEG, { ...options, public_id: "d" });
    const hidden = await uploader.upload(PICTURE, { ...options, public_id: "d", type: "authenticated" });
    const name = new Map([
      [published.etag, "old"],
      [hidden.etag, "new"],
    ]);
    const asked = uploader.rename("d", "d", {
      ...options,
      type: "authenticated",
      to_type: "upload",
      ...change,
    });
    if (change.overwrite) expect(await asked).toMatchObject({ etag: hidden.etag, type: "upload" });
    else await expect(asked).rejects.toMatchObject({ message: "to_public_id (d) already exists" });
    const held = emulator.uploads().filter(({ public_id }) => public_id === "d");
    expect(held.map(({ etag }) => name.get(etag))).toEqual(etags);
  });

  it.each<[what: string, from: string, to: string, change: object, status: number, message: RegExp]>([
    ["nothing", "d", "e", {}, 404, /^Resource not found - d$/],
    ["another type's", "a", "e", { type: "private" }, 404, /^Resource not found - a$/],
    ["onto another", "a", "b", {}, 400, /^to_public_id \(b\) already exists$/],
    [
      "onto another, overwrite off",
      "a",
      "b",
      { overwrite: false },
      400,
      /^to_public_id \(b\) already exists$/,
    ],
    ["onto itself", "a", "a", {}, 400, /^to_public_id \(a\) already exists$/],
    ["to no name", "a", "", {}, 400, /^Missing required parameter - to_public_id$/],
    ["to no permitted name", "a", "x/../b", {}, 400, /^public_id \(x\/\.\.\/b\) is invalid$/],
    ["to no type", "a", "e", { to_type: "fetch" }, 400, /^Invalid type/],
    ["with another secret", "a", "e", { api_secret: "another" }, 401, /^Invalid Signature/],
  ])("refuses %s", async (_, from, to, change, http_code, message) => {
    const { emulator, options } = await filled();
    const asked = uploader.rename(from, to, { ...options, ...change });
    await expect(asked).rejects.toMatchObject({ http_code, message: expect.stringMatching(message) });
    expect(namesOf(emulator)).toEqual(["a", "b", "c"]);
  });
});
