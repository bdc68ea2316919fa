// What the emulator serves: uploaded bytes, the list of what it holds, and all of it to every origin.

import { v2 as cloudinary } from "cloudinary";
import { describe, expect, it, vi } from "vitest";
import {
  ACCOUNT,
  delivered,
  formOf,
  JPEG_5X4,
  NOW,
  PNG_3X2,
  png,
  post,
  SVG_8X7,
  sha,
  signed,
  started,
  TEXT,
  uploaded,
} from "./support.ts";

const HTML = new TextEncoder().encode("<!doctype html><script>alert(1)</script>");

describe("delivery", () => {
  it.each<[string, string, Uint8Array<ArrayBuffer>, string, string, string | null]>([
    ["a PNG", "image", PNG_3X2, "a.png", "image/png", null],
    ["a JPEG", "auto", JPEG_5X4, "a", "image/jpeg", null],
    ["an SVG", "image", SVG_8X7, "a.svg", "image/svg+xml", "attachment"],
    ["HTML", "auto", HTML, "a.html", "text/html; charset=utf-8", "attachment"],
    ["a PNG as raw", "raw", PNG_3X2, "a.png", "image/png", "attachment"],
    ["an SVG as raw", "raw", SVG_8X7, "a.svg", "image/svg+xml; charset=utf-8", "attachment"],
    ["a video", "video", TEXT, "a.mp4", "video/mp4", "attachment"],
    ["anything", "raw", TEXT, "a.zzz", "application/octet-stream", "attachment"],
  ])("%s", async (_, resourceType, bytes, name, type, disposition) => {
    const body = await uploaded(await started(), {}, new File([bytes], name), resourceType);
    const response = await fetch(body.secure_url);
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.get("Content-Type")).toBe(type);
    expect(response.headers.get("Content-Disposition")).toBe(disposition);
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(response.headers.get("Content-Security-Policy")).toBe("default-src 'none'; sandbox");
  });

  it("a long random file, byte for byte", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    const body = await uploaded(await started(), {}, new File([bytes], "x"), "raw");
    expect(new Uint8Array(await (await fetch(body.secure_url)).arrayBuffer())).toEqual(bytes);
  });

  it("at an address whose segments are percent-encoded", async () => {
    const emulator = await started();
    const body = await uploaded(emulator, { public_id: "Łódź/a b's, (1)" });
    expect(body.secure_url).toBe(
      `${emulator.url}/demo/image/upload/v${NOW}/%C5%81%C3%B3d%C5%BA/a%20b's%2C%20(1).png`,
    );
    expect((await fetch(body.secure_url)).status).toBe(200);
    expect((await fetch(`${emulator.url}/demo/image/upload/v${NOW}/Łódź/a b's, (1).png`)).status).toBe(200);
  });

  it.each([
    "/demo/image/upload/v1700000000/a.jpg",
    "/demo/image/upload/v1700000000/a",
    "/demo/image/upload/v1700000001/a.png",
    "/demo/raw/upload/v1700000000/a.png",
    "/other/image/upload/v1700000000/a.png",
    "/demo/image/upload/v1700000000/%ff.png",
    "/demo/image/upload/v1700000000/..%2f..%2f..%2fetc%2fpasswd",
    "/demo/../../etc/passwd",
    "/favicon.ico",
  ])("nothing at %s", async (path) => {
    const onRefusal = vi.fn();
    const emulator = await started({ onRefusal });
    await uploaded(emulator, { public_id: "a" });
    const response = await fetch(emulator.url + path);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: { message: "Resource not found" } });
    expect(onRefusal).not.toHaveBeenCalled();
  });

  it("not of what access_mode keeps from the public", async () => {
    const body = await uploaded(await started(), { access_mode: "authenticated" });
    const response = await fetch(body.secure_url);
    expect(response.status).toBe(401);
    expect(response.headers.get("X-Cld-Error")).toMatch(/access_mode/);
  });
});

/** What is not for everybody, each with the address that the SDK makes of it. */
describe.each(["private", "authenticated"])("a type that is not for everybody: %s", (type) => {
  const IDS: [publicId: string, resourceType: string][] = [
    ["a", "image"],
    ["Łódź/a b's, (1):2", "image"],
    ["docs/a.txt", "raw"],
  ];
  const SDK = { cloud_name: ACCOUNT.cloudName, api_secret: ACCOUNT.apiSecret, type, version: NOW };
  /** The path of an address that the SDK made. */
  const sdkPath = (publicId: string, resource_type: string, options: object = {}): string => {
    const format = resource_type === "image" ? { format: "png" } : {};
    const all = { ...SDK, resource_type, ...format, sign_url: true, urlAnalytics: false, ...options };
    return new URL(cloudinary.url(publicId, all)).pathname;
  };
  const stored = async (publicId = "a", resourceType = "image") => {
    const emulator = await started();
    const body = await uploaded(emulator, { public_id: publicId, type }, png(), resourceType);
    return { emulator, body };
  };

  it.each(IDS)("%s is told by the SDK's signed address, and served there", async (publicId, resourceType) => {
    const { emulator, body } = await stored(publicId, resourceType);
    const path = sdkPath(publicId, resourceType);
    for (const url of [body.secure_url, body.url])
      expect(decodeURIComponent(url)).toBe(emulator.url + decodeURIComponent(path));
    for (const url of [body.secure_url, emulator.url + path]) expect(await delivered(url)).toBe(sha(PNG_3X2));
    expect(emulator.uploads()[0]?.secure_url).toBe(body.secure_url);
  });

  it.each(IDS)("%s in each form of the SDK's", async (publicId, resourceType) => {
    const { emulator } = await stored(publicId, resourceType);
    for (const form of [
      { signature_algorithm: "sha1" },
      { signature_algorithm: "sha256" },
      { long_url_signature: true },
    ])
      expect(await delivered(emulator.url + sdkPath(publicId, resourceType, form))).toBe(sha(PNG_3X2));
  });

  it.each<[string, (good: string) => string, number, RegExp]>([
    ["without signature", (good) => good.replace(/s--.{8}--\//, ""), 401, /^Unauthorized - /],
    ["with an empty one", (good) => good.replace(/s--.{8}--/, "s----"), 404, /^Resource not found/],
    ["with another", (good) => good.replace(/s--.{8}--/, "s--AAAAAAAA--"), 401, /^Invalid Signature/],
    [
      "with a part of it",
      (good) => good.replace(/--\/v/, "").replace(/s--(.{7}).*$/, "s--$1--/v1700000000/a.png"),
      401,
      /^Invalid Signature/,
    ],
    [
      "with another asset's",
      () => sdkPath("b", "image").replace("b.png", "a.png"),
      401,
      /^Invalid Signature/,
    ],
    [
      "with another secret's",
      () => sdkPath("a", "image", { api_secret: "other" }),
      401,
      /^Invalid Signature/,
    ],
    ["of another type", (good) => good.replace(type, "upload"), 404, /^Resource not found/],
    [
      "with a transformation",
      () => sdkPath("a", "image", { width: 2, crop: "scale" }),
      404,
      /^Resource not found/,
    ],
  ])("not %s", async (_, change, status, message) => {
    const { emulator } = await stored();
    const response = await fetch(emulator.url + change(sdkPath("a", "image")));
    expect([response.status, response.headers.get("X-Cld-Error")]).toEqual([
      status,
      expect.stringMatching(message),
    ]);
  });

  it("has a signed address of what would be derived", async () => {
    const { emulator } = await stored();
    const fields = signed({ public_id: "a", type, eager: "c_scale,w_2" });
    const { body } = await post(emulator, formOf(fields), { method: "explicit" });
    expect(body.eager[0].secure_url).toBe(
      emulator.url + sdkPath("a", "image", { raw_transformation: "c_scale,w_2" }),
    );
  });
});

describe("a signature in the address of what is for everybody", () => {
  it.each<[string, object, number]>([
    ["its own", {}, 200],
    ["another's", { api_secret: "other" }, 401],
  ])("%s", async (_, options, status) => {
    const emulator = await started();
    await uploaded(emulator, { public_id: "s--AbCdEfGh--/a" });
    const SDK = { cloud_name: ACCOUNT.cloudName, api_secret: ACCOUNT.apiSecret, version: NOW, format: "png" };
    const url = cloudinary.url("s--AbCdEfGh--/a", { ...SDK, sign_url: true, ...options });
    expect((await fetch(emulator.url + new URL(url).pathname)).status).toBe(status);
    const plain = new URL(cloudinary.url("s--AbCdEfGh--/a", SDK)).pathname;
    expect((await fetch(emulator.url + plain)).status).toBe(200);
  });
});

describe("GET /_uploads", () => {
  it("lists what is held, newest last", async () => {
    const emulator = await started();
    expect(await (await fetch(`${emulator.url}/_uploads`)).json()).toEqual([]);
    const labels = { context: "alt=1\\=2|who=x", metadata: 'sku=7|sizes=["s","m"]' };
    const first = signed({ public_id: "one", tags: ["a", "b"], ...labels });
    await post(emulator, formOf(first, png()));
    const second = { ...signed({ public_id: "two" }), cloud_name: "demo" };
    await post(emulator, formOf(second, png()), { resourceType: "raw" });
    await post(emulator, formOf({ ...first, public_id: "three" }, png()));

    const response = await fetch(`${emulator.url}/_uploads`);
    expect(response.headers.get("Content-Type")).toMatch(/^application\/json/);
    const list = await response.json();
    expect(list).toEqual([
      {
        public_id: "one",
        resource_type: "image",
        type: "upload",
        bytes: PNG_3X2.length,
        secure_url: `${emulator.url}/demo/image/upload/v${NOW}/one.png`,
        tags: ["a", "b"],
        context: { alt: "1=2", who: "x" },
        metadata: { sku: "7", sizes: ["s", "m"] },
        fields: { ...first, tags: "a,b" },
      },
      {
        public_id: "two",
        resource_type: "raw",
        type: "upload",
        bytes: PNG_3X2.length,
        secure_url: `${emulator.url}/demo/raw/upload/v${NOW}/two`,
        tags: [],
        context: {},
        metadata: {},
        fields: second,
      },
    ]);
    expect(emulator.uploads().map(({ public_id }) => public_id)).toEqual(["one", "two"]);
  });

  it("has no API secret, even when the SDK sent it", async () => {
    const emulator = await started();
    const { apiSecret } = ACCOUNT;
    const answer = await post(emulator, formOf({ ...signed(), api_secret: apiSecret }, png()));
    expect(answer.status).toBe(200);
    const text = await (await fetch(`${emulator.url}/_uploads`)).text();
    expect(text).toContain(answer.body.public_id);
    expect(text).not.toContain("api_secret");
    expect(text + JSON.stringify(answer.body) + JSON.stringify(emulator.uploads())).not.toContain(apiSecret);
  });
});

describe("CORS", () => {
  const origin = { Origin: "https://www.example.com" };

  it("lets a page of any origin ask first", async () => {
    const response = await fetch(`${(await started()).url}/v1_1/demo/image/upload`, {
      method: "OPTIONS",
      headers: {
        ...origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-requested-with,x-unique-upload-id",
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(response.headers.get("Access-Control-Allow-Methods")).toContain("POST");
    expect(response.headers.get("Access-Control-Allow-Headers")).toBe("x-requested-with,x-unique-upload-id");
    expect(response.headers.get("Access-Control-Allow-Credentials")).toBeNull();
  });

  it.each<[string, string, RequestInit]>([
    [
      "an upload",
      "/v1_1/demo/image/upload",
      { method: "POST", body: formOf(signed({ public_id: "b" }), png()) },
    ],
    ["a refusal", "/v1_1/demo/image/upload", { method: "POST", body: formOf({}, png()) }],
    ["no form", "/v1_1/demo/image/upload", { method: "POST", body: "x" }],
    ["no route", "/nowhere", { method: "POST" }],
    ["the list", "/_uploads", {}],
    ["a file", `/demo/image/upload/v${NOW}/a.png`, {}],
    ["no file", "/nowhere", {}],
    ["the start page", "/", {}],
  ])("on %s", async (_, path, init) => {
    const emulator = await started();
    await uploaded(emulator, { public_id: "a" });
    const response = await fetch(emulator.url + path, { ...init, headers: origin });
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(response.headers.get("Access-Control-Expose-Headers")).toBe("X-Cld-Error");
  });
});

it("says what it is", async () => {
  const response = await fetch((await started()).url);
  expect(response.headers.get("Content-Type")).toMatch(/^text\/plain/);
  expect(await response.text()).toMatch(/^[^\n]*local Cloudinary[^\n]*\n$/);
});
