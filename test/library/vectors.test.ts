// The library against known answers, published by Cloudinary or made with its SDK; and receipts as Node makes them.

import { createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  signUpload,
  stringToSign,
  verifyNotification,
  verifyReceipt,
  verifyUploadResponse,
} from "../../src/library/library.ts";
import file from "../vectors/signatures.json" with { type: "json" };

// biome-ignore lint/suspicious/noExplicitAny: vectors of many shapes
const of = (type: string): any[] => file.vectors.filter((vector) => vector.type === type);

const uploads = of("request_signature").filter(
  ({ signature_version, params }) =>
    signature_version === 2 && Number.isInteger(params.timestamp) && !("cloud_name" in params),
);

describe("signUpload", () => {
  it("has vectors", () => expect(uploads.length).toBeGreaterThan(4));

  it.each(uploads)("$name", async ({ params, secret, algorithm, string_to_sign, expected }) => {
    const { timestamp, ...rest } = params;
    const account = {
      cloudName: "demo",
      apiKey: "1",
      apiSecret: secret,
      signatureAlgorithm: algorithm,
      timestamp,
    };
    const ticket = await signUpload(rest, account);
    expect(ticket.signature).toBe(expected);
    const { api_key, signature, ...signed } = ticket.fields;
    expect([api_key, signature]).toEqual(["1", expected]);
    expect(stringToSign(signed)).toBe(string_to_sign);
  });
});

describe("verifyNotification", () => {
  const vectors = of("notification_signature");
  it("has vectors", () => expect(vectors.length).toBeGreaterThan(2));

  const request = (v: (typeof vectors)[number]) => ({
    body: v.body,
    timestamp: String(v.timestamp),
    signature: v.expected,
  });

  it.each(vectors)("$name", async (v) => {
    const options = { apiSecret: v.secret, now: v.timestamp };
    expect(await verifyNotification(request(v), options)).toEqual({ ok: true, value: JSON.parse(v.body) });
    const bytes = new TextEncoder().encode(v.body);
    expect((await verifyNotification({ ...request(v), body: bytes }, options)).ok).toBe(true);
    const rotating = { ...options, apiSecret: ["another", v.secret] };
    expect((await verifyNotification(request(v), rotating)).ok).toBe(true);
  });

  const [v] = vectors;
  const flip = (text: string): string => (text.startsWith("0") ? "1" : "0") + text.slice(1);
  it.each<[string, object, object, string]>([
    ["an altered body", { body: `${v.body} ` }, {}, "invalid_signature"],
    ["a truncated body", { body: v.body.slice(0, -1) }, {}, "invalid_signature"],
    ["another time", { timestamp: String(v.timestamp + 1) }, {}, "invalid_signature"],
    ["an altered signature", { signature: flip(v.expected) }, {}, "invalid_signature"],
    ["a truncated signature", { signature: v.expected.slice(0, -1) }, {}, "invalid_signature"],
    ["an upper-case signature", { signature: v.expected.toUpperCase() }, {}, "invalid_signature"],
    ["an empty signature", { signature: "" }, {}, "missing_header"],
    ["no signature", { signature: null }, {}, "missing_header"],
    ["no timestamp", { timestamp: undefined }, {}, "missing_header"],
    ["a timestamp that is no number", { timestamp: "1e9" }, {}, "missing_header"],
    ["another secret", {}, { apiSecret: "another" }, "invalid_signature"],
    ["a stale one", {}, { now: v.timestamp + 7201 }, "too_old"],
    ["one older than allowed", {}, { now: v.timestamp + 61, maxAge: 60 }, "too_old"],
    ["one of the future", {}, { now: v.timestamp - 301 }, "in_the_future"],
  ])("%s is refused", async (_, change, options, reason) => {
    const all = { apiSecret: v.secret, now: v.timestamp, ...options };
    expect(await verifyNotification({ ...request(v), ...change }, all)).toEqual({ ok: false, error: reason });
  });

  it.each([
    ["7200 seconds old", 7200],
    ["300 seconds ahead", -300],
  ])("one that is %s is taken", async (_, age) => {
    const verified = await verifyNotification(request(v), { apiSecret: v.secret, now: v.timestamp + age });
    expect(verified.ok).toBe(true);
  });

  it("what is parsed is what was verified, whatever becomes of the buffer", async () => {
    const bytes = new TextEncoder().encode(v.body);
    const verified = verifyNotification(
      { ...request(v), body: bytes },
      { apiSecret: v.secret, now: v.timestamp },
    );
    bytes.fill(32);
    expect(await verified).toEqual({ ok: true, value: JSON.parse(v.body) });
  });

  it.each([
    ["a body that was parsed", { body: JSON.parse(v.body) }, {}],
    ["no body", { body: null }, {}],
    ["a time that is a text", {}, { now: String(v.timestamp) }],
    ["an age that is none", {}, { maxAge: Number.NaN }],
  ])("%s throws", async (_, change, options) => {
    const all = { apiSecret: v.secret, now: v.timestamp, ...options } as { apiSecret: string };
    await expect(verifyNotification({ ...request(v), ...change }, all)).rejects.toThrow(TypeError);
  });

  it("a signed upload, cut before the digits of its time, is no notification", async () => {
    const account = { cloudName: "demo", apiKey: "1", apiSecret: "s3cret", timestamp: 1_700_000_000 };
    const { signature, fields } = await signUpload({ folder: "a" }, account);
    const body = `folder=${fields.folder}&timestamp=`;
    const forged = { body, timestamp: "1700000000", signature };
    expect(await verifyNotification(forged, { apiSecret: "s3cret", now: 1_700_000_000 })).toEqual({
      ok: false,
      error: "not_json",
    });
  });

  it.each<[unknown]>([
    [""],
    [" "],
    [[]],
    [["good", ""]],
    [undefined],
    [Object.assign(new Array(2), { 1: "good" })],
    [new Array(2)],
  ])("the secret %j throws", async (apiSecret) => {
    const options = { apiSecret: apiSecret as string, now: v.timestamp };
    await expect(verifyNotification(request(v), options)).rejects.toThrow(TypeError);
  });
});

describe("verifyUploadResponse", () => {
  const vectors = of("api_response_signature");
  it("has vectors", () => expect(vectors.length).toBeGreaterThan(1));

  it.each(vectors)("$name", async ({ public_id, version, secret, expected }) => {
    const response = { public_id, version, signature: expected };
    expect(await verifyUploadResponse(response, { apiSecret: secret })).toBe(true);
    expect(await verifyUploadResponse({ ...response, version: String(version) }, { apiSecret: secret })).toBe(
      true,
    );
    expect(await verifyUploadResponse(response, { apiSecret: ["another", secret] })).toBe(true);
    for (const change of [
      { public_id: `${public_id}x` },
      { version: version + 1 },
      { version: 1.5 },
      { version: "1&a=b" },
      { version: [version] as unknown as string },
      { signature: expected.slice(0, -1) },
      { signature: "" },
    ]) {
      expect(await verifyUploadResponse({ ...response, ...change }, { apiSecret: secret })).toBe(false);
    }
    expect(await verifyUploadResponse(response, { apiSecret: "another" })).toBe(false);
  });
});

describe("verifyReceipt", () => {
  const account = { cloudName: "demo", apiSecret: "s3cret-s3cret" };
  const publicUrl = "https://uploads.example.com";
  const now = 1_795_468_800;
  /** R14, by Node's own HKDF; and what stands before an Ed25519 key in PKCS #8 (RFC 8410). */
  const info = `cloudinary-edge-signer/receipt/v1/${publicUrl}`;
  const seed = Buffer.from(hkdfSync("sha256", account.apiSecret, account.cloudName, info, 32));
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const { x } = createPublicKey(key).export({ format: "jwk" });
  const jwks = { keys: [{ kty: "OKP", crv: "Ed25519", x }] };
  const asset = {
    public_id: "a",
    version: now,
    resource_type: "raw",
    bytes: 1,
    secure_url: "https://a.example/a",
  };
  const claims = {
    iss: publicUrl,
    aud: "demo",
    profile: "default",
    iat: now,
    exp: now + 3600,
    jti: "a",
    asset,
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "EdDSA", typ: "JWT" })}.${part(claims)}`;
  const receipt = `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;

  it.each([
    ["the account", { account }],
    ["a key set", { jwks }],
  ])("by %s", async (_, keys) => {
    const value = { jti: "a", profile: "default", subject: null, asset, issuedAt: now };
    expect(await verifyReceipt(receipt, { publicUrl, now, ...keys })).toEqual({ ok: true, value });
    const refused = (error: string) => ({ ok: false, error });
    const altered = receipt.replace(/[^.](?=[^.]*$)/, (one) => (one === "A" ? "B" : "A"));
    expect(await verifyReceipt(altered, { publicUrl, now, ...keys })).toEqual(refused("invalid_signature"));
    expect(await verifyReceipt(receipt, { publicUrl, now: now + 3661, ...keys })).toEqual(refused("expired"));
  });
});
