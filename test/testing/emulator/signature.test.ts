// Who may upload: each refusal in Cloudinary's words, and signatures that the official SDK made.

import { describe, expect, it, vi } from "vitest";
import { ACCOUNT, type Fields, formOf, NOW, png, post, signed, started, uploaded } from "./support.ts";

const without = (fields: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));

describe("refusals", () => {
  const good = signed({ folder: "a", tags: "x" });
  const wrong = "0".repeat(64);
  const cases: [what: string, fields: Fields, status: number, message: string][] = [
    ["no key", without(good, "api_key"), 400, "Missing required parameter - api_key"],
    ["an empty key", { ...good, api_key: "" }, 400, "Missing required parameter - api_key"],
    ["no timestamp", without(good, "timestamp"), 400, "Missing required parameter - timestamp"],
    ["an empty signature", { ...good, signature: "" }, 400, "Missing required parameter - signature"],
    ["another key", { ...good, api_key: "999" }, 401, "Unknown API key 999"],
    [
      "neither signature nor preset",
      without(good, "signature"),
      400,
      "Upload preset must be specified when using unsigned upload",
    ],
    ["nothing but the file", {}, 400, "Upload preset must be specified when using unsigned upload"],
    ["a preset without signature", { upload_preset: "mine" }, 400, "Upload preset not found"],
    ["a timestamp in words", signed({ timestamp: "now" }), 400, "Invalid timestamp - whole seconds expected"],
    [
      "a wrong signature",
      { ...good, signature: wrong },
      401,
      `Invalid Signature ${wrong}. String to sign - 'folder=a&tags=x&timestamp=1700000000'.`,
    ],
    [
      "a signature of no known length",
      { ...good, signature: "abc" },
      401,
      "Invalid Signature abc. String to sign - 'folder=a&tags=x&timestamp=1700000000'.",
    ],
    [
      "a changed field",
      { ...good, folder: "b" },
      401,
      `Invalid Signature ${good.signature}. String to sign - 'folder=b&tags=x&timestamp=1700000000'.`,
    ],
    [
      "an added field",
      { ...good, source: "uw" },
      401,
      `Invalid Signature ${good.signature}. String to sign - 'folder=a&source=uw&tags=x&timestamp=1700000000'.`,
    ],
    [
      "a left-out field",
      without(good, "tags"),
      401,
      `Invalid Signature ${good.signature}. String to sign - 'folder=a&timestamp=1700000000'.`,
    ],
    [
      "two fields smuggled into one value",
      { ...without(good, "tags"), folder: "a&tags=x" },
      401,
      `Invalid Signature ${good.signature}. String to sign - 'folder=a%26tags=x&timestamp=1700000000'.`,
    ],
    [
      "an upper-case signature",
      { ...good, signature: String(good.signature).toUpperCase() },
      401,
      `Invalid Signature ${String(good.signature).toUpperCase()}. String to sign - 'folder=a&tags=x&timestamp=1700000000'.`,
    ],
  ];

  it.each(cases)("%s", async (_, fields, status, message) => {
    const onRefusal = vi.fn();
    const emulator = await started({ onRefusal });
    const answer = await post(emulator, formOf(fields, png()));
    expect(answer.body).toEqual({ error: { message } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("X-Cld-Error")).toBe(message);
    expect(onRefusal.mock.calls).toEqual([[{ status, message, method: "upload" }]]);
    expect(emulator.uploads()).toEqual([]);
  });

  it.each([
    ["no file", undefined],
    ["an empty file text", ""],
    ["an untouched file input", new File([], "")],
  ])("%s", async (_, file) => {
    const answer = await post(await started(), formOf(signed(), file));
    expect(answer.body.error.message).toBe("Missing required parameter - file");
    expect(answer.status).toBe(400);
  });

  it("a message that is no legal header, and a very long one", async () => {
    const emulator = await started();
    const answer = await post(
      emulator,
      formOf({ ...signed(), context: `a=Łódź ${"x".repeat(50_000)}`, signature: "a\r\nX-Evil: 1" }, png()),
    );
    expect(answer.status).toBe(401);
    expect(answer.body.error.message).toMatch(
      /^Invalid Signature a\r\nX-Evil: 1\. .*'context=a=Łódź x{50000}&t/,
    );
    expect(answer.headers.get("X-Cld-Error")).toMatch(
      /^Invalid Signature a\?\?X-Evil: 1\. .*context=a=\?\?d\? xxx/,
    );
    expect(answer.headers.get("X-Evil")).toBeNull();
  });
});

describe("age", () => {
  it("tells a stale request its time in UTC", async () => {
    // The example of Cloudinary's documentation: 2016-12-15 04:02:46 +0000.
    const emulator = await started();
    const answer = await post(emulator, formOf(signed({ timestamp: "1481774566" }), png()));
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toBe(
      "Stale request - reported time is 2016-12-15 04:02:46 +0000 which is more than 1 hour ago",
    );
  });

  it.each([
    ["an hour to the second", NOW - 3600, 200],
    ["a second more", NOW - 3601, 400],
    ["a second ahead", NOW + 1, 200],
  ])("%s", async (_, timestamp, status) => {
    const answer = await post(await started(), formOf(signed({ timestamp: String(timestamp) }), png()));
    expect(answer.status).toBe(status);
  });

  it("is judged before the signature", async () => {
    const fields = { ...signed({ timestamp: String(NOW - 3601) }), signature: "0".repeat(64) };
    const answer = await post(await started(), formOf(fields, png()));
    expect(answer.body.error.message).toMatch(/^Stale request/);
  });

  it("is of the machine's clock when none is given", async () => {
    const emulator = await started({ now: undefined as never });
    const old = await post(emulator, formOf(signed(), png()));
    expect(old.body.error.message).toMatch(/^Stale request - reported time is 2023-11-14 22:13:20 \+0000/);
    const timestamp = String(Math.floor(Date.now() / 1000));
    expect((await post(emulator, formOf(signed({ timestamp }), png()))).status).toBe(200);
  });
});

describe("signatures of the official SDK", () => {
  it.each(["sha1", "sha256"] as const)("%s", async (algorithm) => {
    const fields = signed({ folder: "a/b", context: "alt=Salt & pepper|who=Łódź 😀" }, algorithm);
    expect((await post(await started(), formOf(fields, png()))).status).toBe(200);
  });

  it("the example of Cloudinary's documentation", async () => {
    // https://cloudinary.com/documentation/authentication_signatures, secret `abcd`.
    const emulator = await started({ apiSecret: "abcd", apiKey: "1234", now: () => 1315060510_000 });
    const fields = {
      timestamp: "1315060510",
      public_id: "sample_image",
      eager: "w_400,h_300,c_pad|w_260,h_200,c_crop",
      api_key: "1234",
      signature: "bfd09f95f331f558cbd1320e67aa8d488770583e",
    };
    expect((await post(emulator, formOf(fields, png()))).status).toBe(200);
  });

  it("lists, repeated as name[]", async () => {
    const emulator = await started();
    const body = await uploaded(emulator, { tags: ["a", "b"], allowed_formats: ["jpg", "png"] });
    expect(body.tags).toEqual(["a", "b"]);
    expect(emulator.uploads()[0]?.fields).toMatchObject({ tags: "a,b", allowed_formats: "jpg,png" });
  });

  it("lists in the string to sign", async () => {
    const fields = { ...signed(), tags: ["b", "a"], signature: "f".repeat(40) };
    const answer = await post(await started(), formOf(fields, png()));
    expect(answer.body.error.message).toBe(
      `Invalid Signature ${"f".repeat(40)}. String to sign - 'tags=b,a&timestamp=1700000000'.`,
    );
  });

  it("empty fields, which are not part of it", async () => {
    const fields = { ...signed({ folder: "a" }), tags: "", context: "" };
    expect((await post(await started(), formOf(fields, png()))).status).toBe(200);
  });

  it("fields that are no upload parameters, which are not part of it", async () => {
    const fields = {
      ...signed(),
      cloud_name: "demo",
      resource_type: "image",
      upload_prefix: "http://x",
      agent: "o",
    };
    expect((await post(await started(), formOf(fields, png()))).status).toBe(200);
  });
});

describe("addresses", () => {
  it("another cloud", async () => {
    const answer = await post(await started(), formOf(signed(), png()), { cloud: "other" });
    expect([answer.status, answer.body.error.message]).toEqual([401, "Invalid cloud_name"]);
  });

  it("another resource type", async () => {
    const answer = await post(await started(), formOf(signed(), png()), { resourceType: "constructor" });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(/^Invalid resource type/);
  });

  it.each([
    ["POST", `/v1_1/${ACCOUNT.cloudName}/image/explode`],
    ["PUT", `/v1_1/${ACCOUNT.cloudName}/upload`],
    ["PUT", `/v1_1/${ACCOUNT.cloudName}/image/upload`],
    ["POST", "/"],
  ])("%s %s", async (method, path) => {
    const response = await fetch((await started()).url + path, { method, body: formOf(signed(), png()) });
    expect(response.status).toBe(404);
    expect(response.headers.get("X-Cld-Error")).toMatch(/^Not found/);
    expect(await response.json()).toEqual({ error: { message: expect.stringMatching(/^Not found/) } });
  });
});
