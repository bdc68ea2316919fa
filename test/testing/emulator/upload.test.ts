// What a successful upload answers and stores.

import { createHash } from "node:crypto";
import { v2 as cloudinary } from "cloudinary";
import { describe, expect, it, vi } from "vitest";
import {
  ACCOUNT,
  AVIF_6X5,
  answerSignature,
  type Fields,
  formOf,
  GIF_2X3,
  JPEG_5X4,
  NOW,
  PDF,
  PNG_3X2,
  png,
  post,
  SVG_8X7,
  signed,
  started,
  TEXT,
  uploaded,
  WEBP_4X3,
} from "./support.ts";

const file = (bytes: Uint8Array<ArrayBuffer>, name: string, type = ""): File =>
  new File([bytes], name, { type });

describe("the answer", () => {
  it("tells all that the upload API tells", async () => {
    const onUpload = vi.fn();
    const emulator = await started({ onUpload });
    const params = {
      folder: "users/42",
      asset_folder: "shelf",
      tags: "a, b",
      context: "alt=A \\| b|eq\\=ual=1\\=1|__proto__=x",
    };
    const body = await uploaded(emulator, params, png("my cat.v2.png"));
    const url = `${emulator.url}/demo/image/upload/v${NOW}/${body.public_id}.png`;
    expect(body).toEqual({
      asset_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      public_id: expect.stringMatching(/^users\/42\/[a-z0-9]{20}$/),
      version: NOW,
      version_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      signature: answerSignature(body.public_id, NOW, "sha256"),
      width: 3,
      height: 2,
      format: "png",
      resource_type: "image",
      created_at: "2023-11-14T22:13:20Z",
      tags: ["a", "b"],
      bytes: PNG_3X2.length,
      type: "upload",
      etag: createHash("md5").update(PNG_3X2).digest("hex"),
      placeholder: false,
      url,
      secure_url: url,
      folder: "users/42",
      asset_folder: "shelf",
      original_filename: "my cat.v2",
      context: { custom: JSON.parse('{"alt":"A | b","eq=ual":"1=1","__proto__":"x"}') },
    });
    expect(onUpload.mock.calls).toEqual([[emulator.uploads()[0]]]);
  });

  it.each(["sha1", "sha256"] as const)("is signed in the request's algorithm: %s", async (algorithm) => {
    const { body } = await post(await started(), formOf(signed({ public_id: "a" }, algorithm), png()));
    const saved = { ...cloudinary.config() };
    try {
      cloudinary.config({ api_secret: ACCOUNT.apiSecret, signature_algorithm: algorithm });
      const utils = cloudinary.utils as unknown as {
        verify_api_response_signature(publicId: string, version: number, signature: string): boolean;
      };
      expect(utils.verify_api_response_signature(body.public_id, body.version, body.signature)).toBe(true);
      expect(utils.verify_api_response_signature("b", body.version, body.signature)).toBe(false);
    } finally {
      for (const name of ["api_secret", "signature_algorithm"])
        cloudinary.config(name, saved[name as "api_secret"]);
    }
  });

  it("has no optional members that were not sent", async () => {
    const body = await uploaded(await started());
    for (const name of ["folder", "asset_folder", "context", "existing", "fields"])
      expect(body).not.toHaveProperty(name);
    expect(body.tags).toEqual([]);
  });
});

describe("what a file is", () => {
  it.each([
    ["png", PNG_3X2, 3, 2],
    ["jpg", JPEG_5X4, 5, 4],
    ["gif", GIF_2X3, 2, 3],
    ["webp", WEBP_4X3, 4, 3],
    ["avif", AVIF_6X5, 6, 5],
    ["svg", SVG_8X7, 8, 7],
  ])("%s, whatever its name says", async (format, bytes, width, height) => {
    const emulator = await started();
    for (const resourceType of ["image", "auto"]) {
      const body = await uploaded(emulator, {}, file(bytes, "lies.mp4", "video/mp4"), resourceType);
      expect(body).toMatchObject({ resource_type: "image", format, width, height, bytes: bytes.length });
    }
  });

  it.each(["image", "auto"])("a PDF, which is an image: %s", async (resourceType) => {
    const emulator = await started();
    const body = await uploaded(emulator, {}, file(PDF, "lies.txt", "text/plain"), resourceType);
    expect(body).toMatchObject({ resource_type: "image", format: "pdf", bytes: PDF.length });
    expect(body.secure_url).toMatch(/\/demo\/image\/upload\/v\d+\/\w+\.pdf$/);
    for (const name of ["width", "height"]) expect(body).not.toHaveProperty(name);
    const served = await fetch(body.secure_url);
    expect(served.headers.get("Content-Type")).toBe("application/pdf");
    expect(served.headers.get("Content-Disposition")).toBe("attachment");
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(PDF);
  });

  it("a PDF, where something else is wanted", async () => {
    const emulator = await started();
    const raw = await uploaded(emulator, {}, file(PDF, "a.pdf", "application/pdf"), "raw");
    expect([raw.resource_type, raw.format]).toEqual(["raw", undefined]);
    const video = await post(emulator, formOf(signed(), file(PDF, "a.pdf")), { resourceType: "video" });
    expect(video.body.error.message).toBe("Unsupported video format or file");
  });

  it.each([
    ["text", TEXT],
    ["text about PDF", new TextEncoder().encode(" %PDF-1.4")],
    ["zeros", new Uint8Array(64)],
    ["a cut picture", PNG_3X2.slice(0, 12)],
    ["a picture without size", new TextEncoder().encode('<svg xmlns="x"></svg>')],
    ["a picture with nonsense for a size", new TextEncoder().encode('<svg viewBox="0 0 a b"></svg>')],
  ])("no image: %s", async (_, bytes) => {
    const answer = await post(await started(), formOf(signed(), file(bytes, "x.png", "image/png")));
    expect([answer.status, answer.body.error.message]).toEqual([400, "Invalid image file"]);
  });

  it.each([
    ["auto", "a.MP4", "", "video", "mp4"],
    ["auto", "a.mp3", "", "video", "mp3"],
    ["video", "a.webm", "", "video", "webm"],
    ["video", "blob", "video/webm;codecs=vp9", "video", "webm"],
    ["auto", "a.txt", "video/mp4", "raw", undefined],
    ["auto", "a", "", "raw", undefined],
    ["raw", "a.mp4", "video/mp4", "raw", undefined],
    ["raw", "a.png", "image/png", "raw", undefined],
  ])("%s, %s %s", async (wanted, name, type, resourceType, format) => {
    const body = await uploaded(await started(), {}, file(TEXT, name, type), wanted);
    expect([body.resource_type, body.format]).toEqual([resourceType, format]);
    expect(body.secure_url).toContain(`/demo/${resourceType}/upload/`);
    expect(body).not.toHaveProperty("width");
  });

  it("no video", async () => {
    const answer = await post(await started(), formOf(signed(), file(TEXT, "a.txt")), {
      resourceType: "video",
    });
    expect([answer.status, answer.body.error.message]).toEqual([400, "Unsupported video format or file"]);
  });

  it("empty", async () => {
    const answer = await post(await started(), formOf(signed(), file(new Uint8Array(), "a.png")));
    expect([answer.status, answer.body.error.message]).toEqual([400, "Empty file"]);
  });
});

describe("allowed_formats", () => {
  it.each<[string, Uint8Array<ArrayBuffer>, string, string, string | undefined]>([
    ["png,jpg", PNG_3X2, "a.png", "image", undefined],
    ["JPEG, gif", JPEG_5X4, "a.jpg", "image", undefined],
    ["pdf", PDF, "a", "auto", undefined],
    ["png", PDF, "a.png", "auto", "Image file format pdf not allowed"],
    ["txt", TEXT, "a.txt", "raw", undefined],
    ["jpg,webp", PNG_3X2, "a.jpg", "image", "Image file format png not allowed"],
    ["jpg", SVG_8X7, "a.jpg", "auto", "Image file format svg not allowed"],
    ["png", TEXT, "a.txt", "raw", "Raw file format txt not allowed"],
    ["png", TEXT, "a.mov", "auto", "Video file format mov not allowed"],
  ])("%s", async (allowed, bytes, name, resourceType, message) => {
    const emulator = await started();
    const form = formOf(signed({ allowed_formats: allowed }), file(bytes, name));
    const answer = await post(emulator, form, { resourceType });
    expect(answer.body.error?.message).toBe(message);
    expect(answer.status).toBe(message ? 400 : 200);
    expect(emulator.uploads()).toHaveLength(message ? 0 : 1);
  });
});

describe("public IDs", () => {
  const cases: [params: Fields, name: string, resourceType: string, publicId: RegExp][] = [
    [{}, "cat.png", "image", /^[a-z0-9]{20}$/],
    [{}, "notes.Txt", "raw", /^[a-z0-9]{20}\.Txt$/],
    [{}, "notes", "raw", /^[a-z0-9]{20}$/],
    [{ public_id: "cat.png" }, "x.png", "image", /^cat\.png$/],
    [{ public_id: "notes" }, "x.txt", "raw", /^notes$/],
    [{ public_id: "Łódź/ü x" }, "x.png", "image", /^Łódź\/ü x$/],
    [{ public_id: "a", folder: "f/g" }, "x.png", "image", /^f\/g\/a$/],
    [{ public_id: "/a /", folder: " f/" }, "x.png", "image", /^f\/a$/],
    [{ public_id_prefix: "p" }, "x.png", "image", /^p\/[a-z0-9]{20}$/],
    [
      { asset_folder: "s", use_asset_folder_as_public_id_prefix: "true" },
      "x.png",
      "image",
      /^s\/[a-z0-9]{20}$/,
    ],
    [{ asset_folder: "s" }, "x.png", "image", /^[a-z0-9]{20}$/],
    [{ use_filename: "true" }, "cat.png", "image", /^cat_[a-z0-9]{6}$/],
    [{ use_filename: "1", unique_filename: "0" }, "cat.png", "image", /^cat$/],
    [{ use_filename: "1", unique_filename: "false" }, "my notes.txt", "raw", /^my_notes\.txt$/],
    [{ use_filename: "1", unique_filename: "0" }, "../../etc/passwd", "image", /^passwd$/],
    [{ use_filename: "1", unique_filename: "0" }, "C:\\x\\a?b&c<d>.png", "image", /^a_b_c_d$/],
    [{ use_filename: "1", unique_filename: "0", filename_override: "o.png" }, "cat.png", "image", /^o$/],
    [{ use_filename: "1", unique_filename: "0" }, `a${"𝒜".repeat(200)}.png`, "image", /^a𝒜{99}$/u],
    [{ use_filename: "false" }, "cat.png", "image", /^[a-z0-9]{20}$/],
  ];

  it.each(cases)("%j, %s, %s", async (params, name, resourceType, publicId) => {
    const emulator = await started();
    const body = await uploaded(emulator, params, png(name), resourceType);
    expect(body.public_id).toMatch(publicId);
    expect((await fetch(body.secure_url)).status).toBe(200);
  });

  it.each([
    "../a",
    "a/../b",
    "a//b",
    ".",
    "a?b",
    "a#b",
    "a\\b",
    "a%2fb",
    "a&b",
    "<a>",
    "a+b",
    "x".repeat(256),
    "//",
  ])("refuses %s", async (publicId) => {
    const answer = await post(await started(), formOf(signed({ public_id: publicId }), png()));
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(/^public_id \(.*\) is invalid$/);
  });

  it("are random", async () => {
    const emulator = await started();
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await uploaded(emulator)).public_id),
    );
    expect(new Set(ids).size).toBe(20);
  });
});

describe("an ID that is taken", () => {
  it.each(["false", "0"])("stays, with overwrite=%s", async (overwrite) => {
    const onUpload = vi.fn();
    const emulator = await started({ onUpload });
    const params = { public_id: "a", overwrite };
    const first = await uploaded(emulator, params, file(PNG_3X2, "a.png"));
    const second = await uploaded(emulator, params, file(GIF_2X3, "a.gif"));
    expect(first).not.toHaveProperty("existing");
    expect(second).toEqual({ ...first, existing: true });
    expect(emulator.uploads()).toHaveLength(1);
    expect(onUpload).toHaveBeenCalledTimes(1);
    expect(new Uint8Array(await (await fetch(second.secure_url)).arrayBuffer())).toEqual(PNG_3X2);
  });

  it.each<Fields>([{}, { overwrite: "true" }, { overwrite: "1" }])(
    "is overwritten, with %j",
    async (params) => {
      const emulator = await started();
      await uploaded(emulator, { ...params, public_id: "a" }, file(PNG_3X2, "a.png"));
      await uploaded(emulator, { ...params, public_id: "b" }, file(PNG_3X2, "a.png"));
      const body = await uploaded(emulator, { ...params, public_id: "a" }, file(JPEG_5X4, "a.jpg"));
      expect(body).toMatchObject({ format: "jpg", width: 5 });
      expect(emulator.uploads().map(({ public_id, format }) => [public_id, format])).toEqual([
        ["b", "png"],
        ["a", "jpg"],
      ]);
      expect(new Uint8Array(await (await fetch(body.secure_url)).arrayBuffer())).toEqual(JPEG_5X4);
    },
  );

  it("is free under another resource type or type", async () => {
    const emulator = await started();
    const params = { public_id: "a", overwrite: "false" };
    await uploaded(emulator, params);
    expect(await uploaded(emulator, params, png(), "raw")).not.toHaveProperty("existing");
    expect(await uploaded(emulator, { ...params, type: "private" })).not.toHaveProperty("existing");
    expect(emulator.uploads()).toHaveLength(3);
  });

  it("is given to one of many at once", async () => {
    const emulator = await started();
    const bodies = await Promise.all(
      Array.from({ length: 10 }, () => uploaded(emulator, { public_id: "a", overwrite: "false" })),
    );
    expect(bodies.filter((body) => !body.existing)).toHaveLength(1);
    expect(new Set(bodies.map((body) => body.asset_id)).size).toBe(1);
    expect(emulator.uploads()).toHaveLength(1);
  });
});

it("refuses a type that no upload has", async () => {
  const answer = await post(await started(), formOf(signed({ type: "fetch" }), png()));
  expect([answer.status, answer.body.error.message]).toEqual([
    400,
    "Invalid type - upload, private or authenticated expected",
  ]);
});
