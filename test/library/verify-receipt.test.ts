// Receipts as an application verifies them: those that jose signs under keys of Node's, by a key set; and the signer's
// own, over HTTP, by the key set that it serves and by the account.

import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { calculateJwkThumbprint, exportJWK, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { createSigner } from "../../src/hono.ts";
import { type VerifyReceiptOptions, verifyReceipt } from "../../src/library/library.ts";
import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { OPTIONS, unseen } from "../support/account.ts";

const PUBLIC_URL = "https://uploads.example.com";
const NOW = 1_795_468_800;
const ASSET = {
  public_id: "a/b",
  version: 1,
  resource_type: "image",
  bytes: 5,
  secure_url: "https://x.example/a",
};
const CLAIMS = {
  ...{ iss: PUBLIC_URL, aud: "a-cloud", sub: "42", profile: "avatars", jti: "an-upload" },
  ...{ iat: NOW - 10, exp: NOW + 3590, asset: ASSET },
};
const RECEIPT = { jti: "an-upload", profile: "avatars", subject: "42", asset: ASSET, issuedAt: NOW - 10 };

/** A key as Node makes it, with its public half as a key set holds it. */
async function newKey(type: "ed25519" | "rsa" | "ec" = "ed25519") {
  const { privateKey, publicKey } =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : type === "ec"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("ed25519");
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey, jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk) } };
}
type Key = Awaited<ReturnType<typeof newKey>>;

const own = await newKey();
const previous = await newKey();
const other = await newKey();
const rsa = await newKey("rsa");
const ec = await newKey("ec");
const jwks = { keys: [{ ...own.jwk, alg: "EdDSA", use: "sig" }, previous.jwk, rsa.jwk, ec.jwk] };

const signed = (changed: object = {}, key: Key = own, header: object = {}): Promise<string> =>
  new SignJWT(JSON.parse(JSON.stringify({ ...CLAIMS, ...changed })))
    .setProtectedHeader({ alg: "EdDSA", kid: key.jwk.kid, typ: "JWT", ...header })
    .sign(key.privateKey);

const verify = (receipt: unknown, options: Partial<VerifyReceiptOptions> = {}) =>
  verifyReceipt(receipt as string, { publicUrl: PUBLIC_URL, jwks, now: NOW, ...options });

/** One part of a token, changed after it was signed. */
async function altered(part: 0 | 1 | 2, change: (text: string) => string): Promise<string> {
  const parts = (await signed()).split(".");
  const text = change(Buffer.from(parts[part]!, "base64url").toString(part === 2 ? "latin1" : "utf8"));
  parts[part] = Buffer.from(text, part === 2 ? "latin1" : "utf8").toString("base64url");
  return parts.join(".");
}

/** HS256 keyed with what everybody knows: the public key, in the forms that libraries took for a secret. */
async function hashedWith(key: KeyObject, form: "pem" | "x"): Promise<string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", kid: own.jwk.kid, typ: "JWT" })}.${part(CLAIMS)}`;
  const secret =
    form === "pem" ? key.export({ type: "spki", format: "pem" }) : Buffer.from(own.jwk.x!, "base64url");
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

describe("a receipt, by a key set", () => {
  it.each<[string, () => Promise<string>, Partial<VerifyReceiptOptions>, object]>([
    ["as it is", () => signed(), {}, RECEIPT],
    ["under the key of before", () => signed({}, previous), {}, RECEIPT],
    ["of the profile that is wanted", () => signed(), { profile: "avatars" }, RECEIPT],
    ["of one of those that are", () => signed(), { profile: ["covers", "avatars"] }, RECEIPT],
    ["of nobody in particular", () => signed({ sub: undefined }), {}, { ...RECEIPT, subject: null }],
    ["at its last second", () => signed(), { now: CLAIMS.exp }, RECEIPT],
    ["with what is not known yet", () => signed({ more: 1 }), {}, RECEIPT],
    [
      "with the longest names",
      () => signed({ sub: "é".repeat(1024) }),
      {},
      { ...RECEIPT, subject: "é".repeat(1024) },
    ],
  ])("%s: verified", async (_, receipt, options, value) => {
    expect(await verify(await receipt(), options)).toEqual({ ok: true, value });
  });

  it.each<[string, () => unknown, string, Partial<VerifyReceiptOptions>?]>([
    ["another key", () => signed({}, other), "invalid_signature"],
    ["another key under this one's name", () => signed({}, other, { kid: own.jwk.kid }), "invalid_signature"],
    [
      "an altered payload",
      () => altered(1, (text) => text.replace('"bytes":5', '"bytes":4')),
      "invalid_signature",
    ],
    ["an altered header", () => altered(0, (text) => text.replace("JWT", "jwt")), "invalid_signature"],
    [
      "an altered signature",
      // The last byte is 0 in one of sixteen signatures.
      () => altered(2, (text) => text.slice(0, -1) + (text.endsWith("\0") ? "\x01" : "\0")),
      "invalid_signature",
    ],
    ["no signature", async () => (await signed()).replace(/[^.]*$/, ""), "invalid_signature"],
    ["HS256 by the public key as PEM", () => hashedWith(own.publicKey, "pem"), "malformed"],
    ["HS256 by the public key's bytes", () => hashedWith(own.publicKey, "x"), "malformed"],
    ["RS256 by a key of the set", () => signed({}, rsa, { alg: "RS256" }), "malformed"],
    ["ES256 by a key of the set", () => signed({}, ec, { alg: "ES256" }), "malformed"],
    ["the algorithm none", () => new UnsecuredJWT(CLAIMS).encode(), "malformed"],
    ["a kid of another type of key", () => signed({}, own, { kid: rsa.jwk.kid }), "invalid_signature"],
    [
      "a key set in the header",
      () => signed({}, other, { jwk: other.jwk, kid: undefined }),
      "invalid_signature",
    ],
    ["another issuer", () => signed({ iss: "https://staging.example.com" }), "other_issuer"],
    ["the issuer with a slash", () => signed({ iss: `${PUBLIC_URL}/` }), "other_issuer"],
    ["no issuer", () => signed({ iss: undefined }), "other_issuer"],
    ["another profile", () => signed(), "other_profile", { profile: "covers" }],
    ["other profiles", () => signed(), "other_profile", { profile: ["covers", "avatar", "Avatars"] }],
    ["one that is over", () => signed(), "expired", { now: CLAIMS.exp + 61 }],
    ["no exp", () => signed({ exp: undefined }), "malformed"],
    ["an exp that is a text", () => signed({ exp: "9999999999" }), "malformed"],
    ["no iat", () => signed({ iat: undefined }), "malformed"],
    ["no jti", () => signed({ jti: undefined }), "malformed"],
    ["no profile", () => signed({ profile: undefined }), "malformed"],
    ["no asset", () => signed({ asset: null }), "malformed"],
    ["nothing", () => undefined, "malformed"],
    ["null", () => null, "malformed"],
    ["an empty text", () => "", "malformed"],
    ["an object", () => ({ receipt: "a" }), "malformed"],
    ["a list of one", async () => [await signed()], "malformed"],
    ["a text", () => "not a receipt", "malformed"],
    ["dots", () => "..", "malformed"],
    ["five parts", async () => `${await signed()}.a.b`, "malformed"],
    ["a payload that is no JSON", () => altered(1, () => "{"), "malformed"],
    ["a payload that is a list", () => altered(1, () => "[]"), "malformed"],
    ["a receipt of a megabyte", () => signed({ asset: { public_id: "a".repeat(1 << 20) } }), "malformed"],
    ["a megabyte of dots", () => ".".repeat(1 << 20), "malformed"],
  ])("%s: refused", async (_, receipt, error, options) => {
    expect(await verify(await receipt(), options)).toEqual({ ok: false, error });
  });

  it.each<[string, object | undefined, RegExp]>([
    ["nothing", undefined, /publicUrl/],
    ["no publicUrl", { publicUrl: undefined }, /publicUrl/],
    ["a publicUrl with a slash at its end", { publicUrl: `${PUBLIC_URL}/` }, /slash/],
    ["a publicUrl that anybody can read", { publicUrl: "http://uploads.example.com" }, /publicUrl/],
    ["an address of keys that anybody can change", { jwks: "http://uploads.example.com/k" }, /https/],
    ["a key set that is none", { jwks: { keys: "a" } }, /jwks/],
    ["null for a key set", { jwks: null }, /publicUrl|jwks/],
    ["both", { account: { cloudName: "a", apiSecret: "b" } }, /jwks or account/],
    ["an account without a secret", { jwks: undefined, account: { cloudName: "a" } }, /apiSecret/],
    ["an account without a name", { jwks: undefined, account: { apiSecret: "b" } }, /cloudName/],
    ["a miscopied secret", { jwks: undefined, account: { cloudName: "a", apiSecret: '"b"' } }, /apiSecret/],
    ["no profile in a list", { profile: [] }, /profile/],
    ["a profile that is a number", { profile: 1 }, /profile/],
    ["a time that is a text", { now: "1" }, /now/],
  ])("options with %s throw, whatever the receipt", async (_, changed, says) => {
    const options = changed && { publicUrl: PUBLIC_URL, jwks, now: NOW, ...changed };
    for (const receipt of [await signed(), "garbage"])
      await expect(verifyReceipt(receipt, options as VerifyReceiptOptions)).rejects.toThrow(says);
  });

  it("a key that is none is the set's fault", async () => {
    const keys = [{ ...own.jwk, x: "AAAA" }];
    expect(await verify(await signed(), { jwks: { keys } })).toEqual({
      ok: false,
      error: "keys_unavailable",
    });
  });
});

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the address of a key set", () => {
  it("is publicUrl's own where none is given, and asked once", async () => {
    const asked: (string | undefined)[] = [];
    const publicUrl = await serve(({ url }, response) => {
      asked.push(url);
      response.end(JSON.stringify(jwks));
    });
    const receipt = await signed({ iss: publicUrl });
    for (const _ of [1, 2])
      expect(await verifyReceipt(receipt, { publicUrl, now: NOW })).toEqual({ ok: true, value: RECEIPT });
    expect(asked).toEqual(["/.well-known/jwks.json"]);
  });

  it("may be another, as a text or a URL", async () => {
    const address = await serve((_, response) => response.end(JSON.stringify(jwks)));
    for (const one of [`${address}/keys`, new URL(`${address}/keys`)])
      expect(await verify(await signed(), { jwks: one })).toEqual({ ok: true, value: RECEIPT });
  });

  it("is not asked over what is none of the signer's", async () => {
    let asked = 0;
    const address = await serve((_, response) => {
      asked += 1;
      response.end(JSON.stringify(jwks));
    });
    const others = [
      "garbage",
      await signed({ iss: "https://evil.example" }),
      new UnsecuredJWT(CLAIMS).encode(),
    ];
    for (const receipt of others)
      expect(await verify(receipt, { jwks: `${address}/keys` })).toMatchObject({ ok: false });
    expect(asked).toBe(0);
  });

  it.concurrent.each<[string, RequestListener]>([
    ["fails", (_, response) => void response.writeHead(500).end("{}")],
    ["has no keys", (_, response) => void response.end('{"keys":[]}')],
    ["answers something else", (_, response) => void response.end("<html>")],
    ["leads elsewhere", (_, response) => void response.writeHead(302, { location: "/there" }).end()],
    ["breaks off", (_, response) => void response.writeHead(200, { "content-length": 9 }).destroy()],
    [
      "answers without end",
      (_, response) => void setInterval(() => response.write("a".repeat(65_536)), 1).unref(),
    ],
    ["hangs", () => {}],
    ["begins, and hangs", (_, response) => void response.write("{")],
  ])("one that %s: keys_unavailable", async (_, listener) => {
    const address = await serve(listener);
    expect(await verify(await signed(), { jwks: `${address}/keys` })).toEqual({
      ok: false,
      error: "keys_unavailable",
    });
  });

  it("nobody at it: keys_unavailable", async () => {
    const address = await serve(() => {});
    await new Promise((done) => servers.pop()!.close(done));
    expect(await verify(await signed(), { jwks: `${address}/keys` })).toEqual({
      ok: false,
      error: "keys_unavailable",
    });
  });
});

describe("the signer's own receipt, over HTTP", async () => {
  const emulator = await startEmulator(OPTIONS);
  afterAll(() => emulator.close());
  let fetchHere: (request: Request) => Response | Promise<Response> = () => new Response();
  const publicUrl = await serve(getRequestListener((request) => fetchHere(request)));
  const signer = createSigner(
    { publicUrl, profiles: { avatars: { access: ["public"], resourceType: "image", file: {} } } },
    { ...OPTIONS, uploadPrefix: emulator.url, log: unseen },
  );
  fetchHere = (request) => signer.fetch(request);

  async function post(url: string, body: BodyInit, headers: Record<string, string> = {}) {
    const answer = await fetch(url, { method: "POST", body, headers });
    const text = unseen(await answer.text());
    expect(answer.status, text).toBe(200);
    return JSON.parse(text);
  }
  const ticket = await post(`${publicUrl}/sign/avatars`, "");
  const form = new FormData();
  for (const [name, value] of Object.entries<string>(ticket.fields)) form.append(name, value);
  form.append("file", new Blob([await readFile(join(PROJECT, "src/testing/sample.jpg"))]), "a.jpg");
  const response = await post(ticket.url, form);
  const confirmation = JSON.stringify({ upload_id: ticket.upload_id, response });
  const { receipt, asset } = await post(`${publicUrl}/confirm/avatars`, confirmation);
  const account = { cloudName: OPTIONS.cloudName, apiSecret: OPTIONS.apiSecret };

  it.each<[string, Partial<VerifyReceiptOptions>]>([
    ["by the key set that it serves", {}],
    ["by the account", { account }],
    [
      "by the account, while its secret is replaced",
      { account: { ...account, apiSecret: ["new-secret", account.apiSecret] } },
    ],
    ["of its profile", { account, profile: "avatars" }],
  ])("%s", async (_, options) => {
    const verified = await verifyReceipt(receipt, { publicUrl, ...options });
    expect(verified).toMatchObject({ ok: true, value: { profile: "avatars", subject: null, asset } });
    expect(verified.ok && verified.value.asset).toMatchObject({
      public_id: response.public_id,
      bytes: response.bytes,
    });
  });

  it("has the same jti when it is confirmed again", async () => {
    const again = await post(`${publicUrl}/confirm/avatars`, confirmation);
    const ids = await Promise.all(
      [receipt, again.receipt].map(async (one) => {
        const verified = await verifyReceipt(one, { publicUrl, account });
        return verified.ok && verified.value.jti;
      }),
    );
    expect(ids).toEqual([expect.stringMatching(/^[\w-]{43}$/), ids[0]]);
  });

  it.each<[string, Partial<VerifyReceiptOptions>, string]>([
    ["another cloud", { account: { ...account, cloudName: "another" } }, "other_account"],
    ["another secret", { account: { ...account, apiSecret: "another-secret" } }, "invalid_signature"],
    ["another signer of the account", { account, publicUrl: "https://staging.example.com" }, "other_issuer"],
    ["another profile", { account, profile: "covers" }, "other_profile"],
    ["two hours later", { account, now: Math.floor(Date.now() / 1000) + 7200 }, "expired"],
  ])("for %s: refused", async (_, options, error) => {
    expect(await verifyReceipt(receipt, { publicUrl, ...options })).toEqual({ ok: false, error });
  });
});
