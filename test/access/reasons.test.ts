// Why a credential was refused: the line in the log names the access method and the reason, and the answer neither. What is
// wrong with a key set is its owner's fault, and what is wrong with us is not a 401.

import { createHash } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { jwt } from "../../src/access/jwt.ts";
import { type JwtSettings, openJwt } from "../../src/access/jwt-tokens.ts";
import { type CheckedMethod, kindOf } from "../../src/access/method.ts";
import { createService } from "../../src/binding/binding.ts";
import { createApp } from "../../src/http/app.ts";
import { ok } from "../../src/result.ts";
import { ACCOUNT } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { readBindings } from "../support/definition.ts";
import {
  AUDIENCE,
  ISSUER,
  JWKS_URL,
  type Key,
  KeyServer,
  makeKey,
  payload,
  SHARED_SECRET,
  sign,
  signShared,
} from "./identity.ts";
import { type Asked, BY_KEYS, BY_SECRET, bearer, ORIGIN, outcome, signer, TURNSTILE } from "./signer.ts";

const NOW = Math.floor(Date.now() / 1000);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

let key: Key;
let stranger: Key;
beforeAll(async () => {
  [key, stranger] = await Promise.all([makeKey("es"), makeKey("es")]);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const CONFIG: Plain = {
  access: {
    members: BY_KEYS,
    shared: BY_SECRET,
    parties: { type: "jwt", jwks: JWKS_URL, issuer: ISSUER, authorizedParties: "app" },
    cookies: { type: "jwt", jwks: JWKS_URL, issuer: ISSUER, audience: AUDIENCE, cookie: "t" },
    jobs: { type: "token", tokens: { ci: sha256("token-of-ci") } },
    humans: TURNSTILE,
    backend: { type: "service" },
  },
  profiles: Object.fromEntries(
    ["members", "shared", "parties", "cookies", "jobs", "humans", "backend"].map((name) => [
      name,
      { access: [name], set: name === "humans" ? {} : { folder: `${name}/{sub}` } },
    ]),
  ),
};

/** An app, with a stand-in for Turnstile that gives the answer that stands in the token. */
function start(keys = new KeyServer([key]), bindings: Record<string, unknown> = {}) {
  const fetcher: typeof fetch = async (input, init) => {
    if (!String(input).includes("turnstile")) return keys.fetch(input, init);
    const { response } = JSON.parse(String(init?.body));
    return new Response(response, { status: response === "down" ? 500 : 200 });
  };
  const run = signer(
    CONFIG,
    { fetch: fetcher },
    { JWT_SECRET: SHARED_SECRET, TURNSTILE_SECRET: "0x4AAA", ...bindings },
  );
  return { ...run, line: () => JSON.parse(run.logs.at(-1)!) };
}

const MEMBERS = ["type", "title", "status", "detail", "code", "request_id"];

/** A refusal has the documented members and no other. */
function expectNothingMore({ body }: Asked): void {
  expect(Object.keys(body)).toEqual(MEMBERS);
}

const solved = { success: true, hostname: "a.example", action: "up" };
const refused = (...codes: string[]) => ({ success: false, "error-codes": codes });
const hmac = (changed: object, header: object = {}) =>
  new SignJWT(payload({ ...changed }))
    .setProtectedHeader({ alg: "HS256", ...header })
    .sign(new TextEncoder().encode(SHARED_SECRET));

/** The event of OpenID Connect Back-Channel Logout 1.0, 2.4. */
const LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

describe("a token", () => {
  it.each<readonly [reason: string, method: string, make: () => string | Promise<string>]>([
    ["signature", "members", () => sign(stranger)],
    ["signature", "shared", () => signShared({}, "another-secret-of-more-than-32-bytes")],
    ["expired", "members", () => sign(key, { exp: NOW - 60 })],
    ["not_yet_valid", "members", () => sign(key, { nbf: NOW + 600 })],
    ["not_yet_valid", "shared", () => signShared({ iat: NOW + 600 })],
    ["issued_too_long_ago", "shared", () => signShared({ iat: NOW - 90_000 })],
    ["aud_mismatch", "members", () => sign(key, { aud: "other" })],
    ["aud_mismatch", "members", () => sign(key, { aud: undefined })],
    ["iss_mismatch", "members", () => sign(key, { iss: "https://evil.example/" })],
    ["iss_mismatch", "shared", () => signShared({ iss: undefined })],
    ["azp_mismatch", "parties", () => sign(key, { azp: "other" })],
    ["azp_mismatch", "parties", () => sign(key)],
    ["typ", "shared", () => hmac({}, { typ: "logout+jwt" })],
    ["alg", "members", () => signShared()],
    ["alg", "shared", () => signShared({}, SHARED_SECRET, "HS512")],
    ["alg", "members", () => new UnsecuredJWT(payload()).encode()],
    ["no_matching_key", "members", () => sign(key, {}, { kid: "unknown" })],
    ["missing_claim", "members", () => sign(key, { exp: undefined })],
    ["missing_claim", "members", () => sign(key, { sub: undefined })],
    ["malformed_claim", "members", () => sign(key, { exp: "tomorrow" })],
    ["unfit_subject", "members", () => sign(key, { sub: 42 })],
    ["event_token", "members", () => sign(key, { events: { [LOGOUT]: {} } })],
    ["event_token", "shared", () => signShared({ events: { [LOGOUT]: {} }, sid: "1" })],
    ["event_token", "shared", () => signShared({ events: null })],
    ["unfit_claim", "members", () => sign(key, { sub: "a b" })],
    ["malformed", "members", () => "not-a-token"],
    ["malformed", "shared", () => "a.b.c"],
    ["malformed", "shared", () => hmac({}, { crit: ["b64"], b64: true }).then((jwt) => `${jwt}.x`)],
    ["too_long", "members", () => "x".repeat(8193)],
    ["unknown_token", "jobs", () => "token-of-cj"],
    ["too_long", "jobs", () => "x".repeat(1025)],
  ])("%s, by %s", async (reason, method, make) => {
    const { post, line, logs } = start();
    const token = await make();
    const answer = await post(`/sign/${method}`, bearer(token));
    expect(answer.status).toBe(401);
    expectNothingMore(answer);
    expect(line()).toMatchObject({ status: 401, code: answer.body.code, access: method, reason });
    if (token.length > 10) expect(logs.join()).not.toContain(token.slice(0, 10));
  });

  it("that names no key, where the issuer has several", async () => {
    const { post, line } = start(new KeyServer([key, stranger]));
    const answer = await post("/sign/members", bearer(await sign(key, {}, { kid: undefined })));
    expect(outcome(answer)).toBe("401 invalid_token");
    expect(line()).toMatchObject({ access: "members", reason: "several_matching_keys" });
  });

  it.each<readonly [reason: string, headers: Record<string, string>]>([
    ["no_origin", {}],
    ["cross_site", { origin: ORIGIN, "sec-fetch-site": "cross-site" }],
  ])("in a cookie: %s", async (reason, headers) => {
    const { post, line } = start();
    const answer = await post("/sign/cookies", { ...headers, cookie: `t=${await sign(key)}` });
    expect(outcome(answer)).toBe("403 origin_not_allowed");
    expectNothingMore(answer);
    expect(line()).toMatchObject({ access: "cookies", reason });
  });

  it("that is let in has no reason", async () => {
    const { post, line } = start();
    expect(outcome(await post("/sign/members", bearer(await sign(key))))).toBe("signed");
    expect(line()).toMatchObject({ status: 200, access: "members" });
    expect(line()).not.toHaveProperty("reason");
  });
});

it.each<readonly [reason: string, expected: string, shown: string | object]>([
  ["turnstile_refused", "401 invalid_token", refused("invalid-input-response")],
  ["turnstile_expired", "401 expired_token", refused("timeout-or-duplicate")],
  ["turnstile_hostname", "401 invalid_token", { ...solved, hostname: "b.example" }],
  ["turnstile_action", "401 invalid_token", { ...solved, action: "login" }],
  ["turnstile_secret", "503 keys_unavailable", refused("invalid-input-secret")],
  ["turnstile_unreachable", "503 keys_unavailable", refused("internal-error")],
  ["turnstile_unreachable", "503 keys_unavailable", "down"],
  ["turnstile_unreachable", "503 keys_unavailable", "[]"],
  ["too_long", "401 invalid_token", "x".repeat(2049)],
])("a Turnstile token: %s", async (reason, expected, shown) => {
  const { post, line } = start();
  const token = typeof shown === "string" ? shown : JSON.stringify(shown);
  const answer = await post("/sign/humans", { "cf-turnstile-response": token });
  expect(outcome(answer)).toBe(expected);
  expectNothingMore(answer);
  expect(line()).toMatchObject({ access: "humans", reason });
});

it.each<readonly [reason: string, method: string | undefined, change: (url: string) => string]>([
  ["link_signature", undefined, (url) => url.replace(/\.[^.]*$/, `.${"A".repeat(43)}`)],
  ["link_malformed", undefined, (url) => `${url}=`],
  ["link_too_long", undefined, (url) => url + "x".repeat(5000)],
  ["link_profile", "members", (url) => url.replace("/members?", "/shared?")],
])("a link: %s", async (reason, method, change) => {
  const { post, line } = start();
  const { url } = (await post("/links/members", bearer(await sign(key)))).body;
  const answer = await post(change(url));
  expect(answer.status).toBeGreaterThanOrEqual(401);
  expectNothingMore(answer);
  expect(line().reason).toBe(reason);
  expect(line().access).toBe(method);
});

it.each<readonly [reason: string, store: () => Promise<string>]>([
  ["secret_unavailable", () => Promise.reject(new Error("down"))],
  ["unfit_secret", async () => "short"],
])("a secret: %s", async (reason, get) => {
  const { post, line } = start(undefined, { JWT_SECRET: { get } });
  const answer = await post("/sign/shared", bearer(await signShared()));
  expect(outcome(answer)).toBe("503 keys_unavailable");
  expectNothingMore(answer);
  expect(line()).toMatchObject({ access: "shared", reason });
});

it("over the service binding it is in the log alone, too", async () => {
  const lines: string[] = [];
  const configured = readBindings({
    ...ACCOUNT,
    SIGNER: CONFIG,
    JWT_SECRET: SHARED_SECRET,
    TURNSTILE_SECRET: "0x4AAA",
  });
  const { sign: ask } = createService(configured, { log: (line) => void lines.push(line) });
  const problem = await ask({ profile: "backend", claims: { sub: "a b" } });
  expect(Object.keys(problem)).toEqual(MEMBERS);
  expect(JSON.parse(lines[0]!)).toMatchObject({ access: "backend", reason: "unfit_claim" });
});

describe("a key set with a key that can't be used", () => {
  const badKeys: [name: string, alg: string, make: () => object | Promise<object>][] = [
    ["RSA of 1,024 bits", "RS256", async () => (await weakRsa()).jwk],
    ["RSA whose modulus is a number", "RS256", () => ({ kty: "RSA", n: 5, e: "AQAB" })],
    ["RSA without a modulus", "RS256", () => ({ kty: "RSA", e: "AQAB" })],
    ["RSA that is not base64", "RS256", () => ({ kty: "RSA", n: "%%%", e: "AQAB" })],
    ["a point that is on no curve", "ES256", () => ({ kty: "EC", crv: "P-256", x: "AAAA", y: "AAAA" })],
    ["a curve without a point", "ES256", () => ({ kty: "EC", crv: "P-256" })],
    ["Ed25519 that is too short", "EdDSA", () => ({ kty: "OKP", crv: "Ed25519", x: "AAAA" })],
    ["a private key", "ES256", privateKey],
  ];

  async function weakRsa() {
    const pair = await crypto.subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-256",
        modulusLength: 1024,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
      true,
      ["sign", "verify"],
    );
    return { jwk: await exportJWK(pair.publicKey), privateKey: pair.privateKey };
  }

  async function privateKey() {
    return exportJWK((await generateKeyPair("ES256", { extractable: true })).privateKey);
  }

  it.each(badKeys)("%s: the owner's fault, and the other keys go on", async (_, alg, make) => {
    const bad = { ...stranger, jwk: { ...(await make()), kid: "bad" } };
    const keys = new KeyServer([key, bad]);
    const { post, line } = start(keys);
    const forged = await sign(key, {}, { kid: "bad" });
    const token = forged.replace(
      /^[^.]+/,
      Buffer.from(JSON.stringify({ alg, kid: "bad" })).toString("base64url"),
    );
    for (let i = 0; i < 3; i += 1) {
      const answer = await post("/sign/members", bearer(token));
      expect(outcome(answer)).toBe("503 keys_unavailable");
      expect(line()).toMatchObject({ access: "members", reason: "unfit_key" });
      expect(outcome(await post("/sign/members", bearer(await sign(key))))).toBe("signed");
    }
    expect(keys.asked).toBe(1);
  });

  it("a weak key is refused though its signature is right", async () => {
    const { jwk, privateKey } = await weakRsa();
    const keys = new KeyServer([{ ...stranger, jwk: { ...jwk, kid: "weak" } }]);
    const { createSign } = await import("node:crypto");
    const { KeyObject } = await import("node:crypto");
    const head = Buffer.from(JSON.stringify({ alg: "RS256", kid: "weak" })).toString("base64url");
    const text = `${head}.${Buffer.from(JSON.stringify(payload())).toString("base64url")}`;
    const signature = createSign("sha256").update(text).sign(KeyObject.from(privateKey), "base64url");
    const { post } = start(keys);
    expect(outcome(await post("/sign/members", bearer(`${text}.${signature}`)))).toBe("503 keys_unavailable");
  });

  it("what is not a key at all in it: the last good set is used", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const keys = new KeyServer([key]);
    const { post } = start(keys);
    expect(outcome(await post("/sign/members", bearer(await sign(key))))).toBe("signed");
    keys.broken = async () => Response.json({ keys: [key.jwk, null] });
    vi.setSystemTime(Date.now() + 601_000);
    expect(outcome(await post("/sign/members", bearer(await sign(key))))).toBe("signed");
    vi.useRealTimers();
  });

  it("Web Crypto that throws while it verifies: 401", async () => {
    for (const error of [
      new TypeError("of Web Crypto"),
      new DOMException("of Web Crypto", "OperationError"),
    ]) {
      const { post, line } = start();
      vi.spyOn(crypto.subtle, "verify").mockRejectedValueOnce(error);
      expect(outcome(await post("/sign/members", bearer(await sign(key))))).toBe("401 invalid_token");
      expect(line()).toMatchObject({ reason: "signature" });
    }
  });
});

describe("a bug of ours is a 500, whatever it throws", () => {
  const errors = [
    new TypeError("of ours"),
    new DOMException("of ours", "DataError"),
    new RangeError("of ours"),
    new Error("of ours"),
  ];
  const places = ["algorithms", "issuer", "audience", "authorizedParties", "claims", "maxTokenAge"];

  /** An app whose access method throws where `place` is read. */
  function planted(place: string, error: Error, name: string) {
    const configured = readBindings({
      ...ACCOUNT,
      SIGNER: CONFIG,
      JWT_SECRET: SHARED_SECRET,
      TURNSTILE_SECRET: "0x4AAA",
    });
    if (!configured.ok) throw new Error("misconfigured");
    const known = configured.value.access.get(name)!;
    const jwtKind = kindOf(jwt({ secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE }))!;
    const settings = Object.defineProperty({ ...(known.settingsFor(jwtKind) as JwtSettings) }, place, {
      get: () => {
        throw error;
      },
    });
    const method: CheckedMethod = { ...known, open: (fetcher) => openJwt(settings, fetcher) };
    const lines: string[] = [];
    const access = new Map([...configured.value.access, [name, method]]);
    const app = createApp(ok({ ...configured.value, access }), {
      log: (line) => void lines.push(line),
      fetch: new KeyServer([key]).fetch,
    });
    const ask = async (token: string) => {
      const init = { method: "POST", headers: bearer(token) };
      const answer = await app.request(`${ORIGIN}/sign/${name}`, init);
      return { answer: await answer.json(), line: JSON.parse(lines.at(-1)!) };
    };
    return ask;
  }

  it.each(places.flatMap((place) => errors.map((error) => [place, error.name, error] as const)))(
    "%s throws a %s",
    async (place, name, error) => {
      for (const [method, token] of [
        ["members", await sign(key)],
        ["shared", await signShared()],
      ] as const) {
        const { answer, line } = await planted(place, error, method)(token);
        expect(answer).toMatchObject({ status: 500, code: "internal" });
        expect(line).toMatchObject({ status: 500, code: "internal" });
        expect(line.detail).toContain(name);
        expect(line.detail).toMatch(/reasons\.test\.ts|jwt\.ts/);
        expect(JSON.stringify([answer, line])).not.toContain("of ours");
      }
    },
  );
});
