// The access method `jwt`: which tokens let a caller in, and each documented code of those that do not.

import { base64url, CompactSign, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { VerifiedTokens } from "../../src/access/verified-tokens.ts";
import type { Plain } from "../support/definition.ts";
import { watchOwnTimers } from "../support/own-timers.ts";
import {
  AUDIENCE,
  ISSUER,
  JWKS_URL,
  type Key,
  KeyServer,
  makeKey,
  now,
  payload,
  SHARED_SECRET,
  sign,
  signShared,
} from "./identity.ts";
import { BY_KEYS, BY_SECRET, bearer, outcome, signer } from "./signer.ts";

const members = BY_KEYS;
const profile = { access: ["members"], set: { public_id: "users/{sub}/avatar", overwrite: true } };
const CONFIG: Plain = { access: { members }, profiles: { default: profile } };

let es256: Key;
let rs256: Key;
let eddsa: Key;
let stranger: Key;

beforeAll(async () => {
  [es256, rs256, eddsa, stranger] = await Promise.all([
    makeKey("es"),
    makeKey("rs", "RS256"),
    makeKey("ed", "EdDSA"),
    makeKey("es"),
  ]);
});
afterEach(() => {
  vi.useRealTimers();
});

const server = () => new KeyServer([es256, rs256, eddsa]);
const start = (keys: KeyServer, config = CONFIG) => signer(config, { fetch: keys.fetch });

describe("tokens that let in", () => {
  it.each(["ES256", "RS256", "EdDSA"])("%s", async (alg) => {
    const key = [es256, rs256, eddsa].find((one) => one.alg === alg)!;
    const answer = await start(server()).post("/sign", bearer(await sign(key)));
    expect(answer.body.fields.public_id).toBe("users/42/avatar");
  });

  it("a shared secret", async () => {
    const config: Plain = {
      access: { members: BY_SECRET },
      profiles: { default: profile },
    };
    const { post } = signer(config, {}, { JWT_SECRET: SHARED_SECRET });
    expect(outcome(await post("/sign", bearer(await signShared())))).toBe("signed");
    expect(
      outcome(await post("/sign", bearer(await signShared({}, "another-secret-of-more-than-32-bytes!")))),
    ).toBe("401 invalid_token");
    expect(outcome(await post("/sign", bearer(await signShared({}, SHARED_SECRET, "HS512"))))).toBe(
      "401 invalid_token",
    );
  });

  it.each([
    ["several audiences", { aud: ["x", AUDIENCE] }],
    ["a clock 4 s ahead", { iat: now() + 4 }],
    ["a token of 23 hours", { iat: now() - 23 * 3600 }],
    ["more claims", { role: "admin", nested: { a: 1 } }],
  ])("%s", async (_, changed) => {
    expect(outcome(await start(server()).post("/sign", bearer(await sign(es256, changed))))).toBe("signed");
  });

  it("authorized parties instead of an audience", async () => {
    const config: Plain = {
      ...CONFIG,
      access: {
        members: {
          type: "jwt",
          jwks: JWKS_URL,
          issuer: ISSUER,
          authorizedParties: ["https://www.example.com"],
        },
      },
    };
    const { post } = start(server(), config);
    expect(outcome(await post("/sign", bearer(await sign(es256, { azp: "https://www.example.com" }))))).toBe(
      "signed",
    );
    for (const azp of [undefined, "https://evil.example", ["https://www.example.com"], 1]) {
      expect(outcome(await post("/sign", bearer(await sign(es256, { azp }))))).toBe("401 invalid_token");
    }
  });
});

describe("tokens that do not", () => {
  it.each<readonly [name: string, changed: Record<string, unknown>, outcome: string]>([
    ["expired", { exp: now() - 60 }, "401 expired_token"],
    ["not yet valid", { nbf: now() + 600 }, "401 invalid_token"],
    ["issued in the future", { iat: now() + 600 }, "401 invalid_token"],
    ["too old", { iat: now() - 25 * 3600, exp: now() + 600 }, "401 expired_token"],
    ["wrong issuer", { iss: "https://evil.example/" }, "401 invalid_token"],
    ["an issuer that begins alike", { iss: `${ISSUER}x` }, "401 invalid_token"],
    ["no issuer", { iss: undefined }, "401 invalid_token"],
    ["wrong audience", { aud: "other" }, "401 invalid_token"],
    ["no audience", { aud: undefined }, "401 invalid_token"],
    ["no sub", { sub: undefined }, "401 invalid_token"],
    ["no exp", { exp: undefined }, "401 invalid_token"],
    ["no iat", { iat: undefined }, "401 invalid_token"],
    ["an exp that is not a number", { exp: "tomorrow" }, "401 invalid_token"],
    ...[
      "",
      "a b",
      "a/b",
      "../x",
      "a".repeat(65),
      "a&b",
      "a%26b",
      "a\u0000b",
      "ünï",
      "a,b",
      "a|b",
      "{uuid}",
      "a=b",
      "a\nb",
    ].map(
      (sub) => [`hostile sub ${JSON.stringify(sub).slice(0, 20)}`, { sub }, "401 invalid_token"] as const,
    ),
    ...[42, true, ["42"], { a: 1 }, null].map(
      (sub) => [`sub ${JSON.stringify(sub)}`, { sub }, "401 invalid_token"] as const,
    ),
  ])("%s", async (_, changed, expected) => {
    const { post } = start(server());
    const header = bearer(await sign(es256, changed));
    const answer = await post("/sign", header);
    expect(outcome(answer)).toBe(expected);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
  });

  it("forged ones", async () => {
    const { post } = start(server());
    const good = await sign(es256);
    const [head, body, signature] = good.split(".") as [string, string, string];
    const hmacWithPublicKey = await new SignJWT(payload())
      .setProtectedHeader({ alg: "HS256", kid: "es" })
      .sign(new TextEncoder().encode(JSON.stringify(es256.jwk)));
    const otherBody = base64url.encode(JSON.stringify(payload({ sub: "43" })));
    const tokens = {
      none: new UnsecuredJWT(payload()).encode(),
      "none in capitals": `${base64url.encode('{"alg":"NONE"}')}.${body}.`,
      "HMAC with a public key": hmacWithPublicKey,
      "another key under the same kid": await sign(stranger),
      "unknown kid": await sign(es256, {}, { kid: "unknown" }),
      "an algorithm of another key": await sign(es256, {}, { kid: "rs" }),
      "another body": `${head}.${otherBody}.${signature}`,
      "a cut signature": good.slice(0, -4),
      "no signature": `${head}.${body}.`,
      "two parts": `${head}.${body}`,
      "four parts": `${good}.x`,
      empty: " ",
      text: "not-a-token",
      huge: `${head}.${"A".repeat(9000)}.${signature}`,
      "a body that is not an object": await new CompactSign(new TextEncoder().encode("[1]"))
        .setProtectedHeader({ alg: "ES256", kid: "es" })
        .sign(es256.privateKey),
      "critical header": await new SignJWT(payload())
        .setProtectedHeader({ alg: "ES256", kid: "es", crit: ["b64"], b64: true })
        .sign(es256.privateKey)
        .then((jwt) =>
          jwt.replace(/^[^.]+/, base64url.encode('{"alg":"ES256","kid":"es","crit":["x"],"x":1}')),
        ),
      "a key in its header": await sign(stranger, {}, { kid: undefined, jwk: stranger.jwk }),
      "an address of keys in its header": await sign(
        stranger,
        {},
        { kid: "x", jku: "https://evil.example/jwks" },
      ),
    };
    for (const [name, token] of Object.entries(tokens)) {
      expect(outcome(await post("/sign", bearer(token))), name).toBe("401 invalid_token");
    }
    expect(outcome(await post("/sign", bearer(good)))).toBe("signed");
  });
});

describe("where a token is read", () => {
  const allowedOrigins = ["https://www.example.com"];
  const at = (from: object): Plain => ({
    ...CONFIG,
    allowedOrigins,
    access: { members: { ...members, ...from } },
  });

  it("no credential: 401 with what to send", async () => {
    const answer = await start(server()).post("/sign");
    expect(outcome(answer)).toBe("401 unauthenticated");
    expect(answer.body.detail).toContain("Authorization: Bearer");
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="cloudinary-edge-signer"');
  });

  it("another scheme is a credential that fails", async () => {
    const { post } = start(server());
    for (const authorization of [
      "Basic dTpw",
      "Bearer",
      "bearer ",
      await sign(es256),
      `Bearer  ${await sign(stranger)}`,
    ]) {
      expect(outcome(await post("/sign", { authorization }))).toBe("401 invalid_token");
    }
    expect(outcome(await post("/sign", { authorization: `bearer ${await sign(es256)}` }))).toBe("signed");
  });

  it("another header", async () => {
    const { post } = start(server(), at({ header: "Cf-Access-Jwt-Assertion" }));
    const token = await sign(es256);
    expect(outcome(await post("/sign", { "cf-access-jwt-assertion": token }))).toBe("signed");
    expect(outcome(await post("/sign", bearer(token)))).toBe("401 unauthenticated");
  });

  it("a cookie, for pages alone", async () => {
    const { post } = start(server(), at({ cookie: "__session" }));
    const token = await sign(es256);
    const cookie = `a=b; __session=${token}; c=d`;
    const page = { origin: "https://signer.example", cookie };
    expect(outcome(await post("/sign", page))).toBe("signed");
    expect(outcome(await post("/sign", { ...page, "sec-fetch-site": "same-origin" }))).toBe("signed");
    expect(outcome(await post("/sign", { cookie }))).toBe("403 origin_not_allowed");
    expect(outcome(await post("/sign", { ...page, "sec-fetch-site": "cross-site" }))).toBe(
      "403 origin_not_allowed",
    );
    expect(
      outcome(
        await post("/sign", { cookie, origin: "https://www.example.com", "sec-fetch-site": "cross-site" }),
      ),
    ).toBe("signed");
    expect(outcome(await post("/sign", { ...page, cookie: `__session=${await sign(stranger)}` }))).toBe(
      "401 invalid_token",
    );
    expect(outcome(await post("/sign", { ...page, cookie: "x__session=1" }))).toBe("401 unauthenticated");
    expect(outcome(await post("/sign", { ...page, cookie: `__session=${token}; __session=x` }))).toBe(
      "400 malformed_request",
    );
  });

  it.each([
    ["https://www.example.com", "same-site", "signed"],
    ["https://a--b.preview.example.com", "same-site", "403 origin_not_allowed"],
    ["https://a--b.preview.example.com", "cross-site", "403 origin_not_allowed"],
    ["https://a--b.preview.example.com", undefined, "403 origin_not_allowed"],
  ])("a cookie, sent by a page of %s (%s): %s", async (origin, site, expected) => {
    const { post } = start(server(), {
      ...at({ cookie: "__session" }),
      allowedOrigins: ["https://www.example.com", "https://*--b.preview.example.com"],
    });
    const headers = { cookie: `__session=${await sign(es256)}`, origin };
    const answer = await post("/sign", { ...headers, ...(site !== undefined && { "sec-fetch-site": site }) });
    expect(outcome(answer)).toBe(expected);
    expect(answer.headers.get("access-control-allow-credentials")).toBe(
      origin === "https://www.example.com" ? "true" : null,
    );
  });

  it("R13: a credential that fails is the end, even where anybody may come in", async () => {
    const config: Plain = {
      access: { members },
      profiles: { default: { access: ["members", "public"], set: { overwrite: false } } },
    };
    const { post } = start(server(), config);
    expect(outcome(await post("/sign"))).toBe("signed");
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    expect(outcome(await post("/sign", bearer(await sign(stranger))))).toBe("401 invalid_token");
  });

  it("R13: two at once are 400", async () => {
    const config: Plain = {
      access: { members, cookies: { ...members, cookie: "t" } },
      profiles: { default: { access: ["members", "cookies"], set: { public_id: "{access}/{sub}/avatar" } } },
    };
    const { post } = start(server(), config);
    const token = await sign(es256);
    const page = { origin: "https://signer.example" };
    expect(outcome(await post("/sign", { ...bearer(token), ...page, cookie: `t=${token}` }))).toBe(
      "400 malformed_request",
    );
    // R11: the same subject by two access methods shares no namespace.
    const names = [
      await post("/sign", bearer(token)),
      await post("/sign", { ...page, cookie: `t=${token}` }),
    ];
    expect(names.map(({ body }) => body.fields.public_id)).toEqual([
      "members/42/avatar",
      "cookies/42/avatar",
    ]);
  });

  it("two issuers in one header: each token goes to its own", async () => {
    const other = await makeKey("other");
    const fetcher: typeof fetch = async (input) =>
      Response.json({ keys: [String(input).includes("other") ? other.jwk : es256.jwk] });
    const config: Plain = {
      access: {
        members,
        partners: { ...members, issuer: "https://other.example/", jwks: "https://other.example/jwks.json" },
      },
      profiles: { default: { access: ["members", "partners"], set: { public_id: "{access}/{sub|hash}" } } },
    };
    const { post } = signer(config, { fetch: fetcher });
    const mine = await post("/sign", bearer(await sign(es256)));
    const theirs = await post("/sign", bearer(await sign(other, { iss: "https://other.example/" })));
    expect(mine.body.fields.public_id).toMatch(/^members\/[0-9a-f]{32}$/);
    expect(theirs.body.fields.public_id).toMatch(/^partners\/[0-9a-f]{32}$/);
    expect(mine.body.fields.public_id.split("/")[1]).not.toBe(theirs.body.fields.public_id.split("/")[1]);
    expect(outcome(await post("/sign", bearer(await sign(other))))).toBe("401 invalid_token");
  });
});

describe("claims in templates", () => {
  const claims = (listed: string[], set: object): Plain => ({
    access: { members: { ...members, claims: listed } },
    profiles: { default: { access: ["members"], set: { overwrite: false, ...set } } },
  });

  it("R10: email only when it is verified, and hashed", async () => {
    const { post } = start(server(), claims(["email"], { folder: "{email|hash}" }));
    const ask = async (changed: object) =>
      post("/sign", bearer(await sign(es256, { email: "a@b.example", ...changed })));
    expect(outcome(await ask({ email_verified: true }))).toBe("signed");
    for (const email_verified of [false, undefined, "true", 1])
      expect(outcome(await ask({ email_verified }))).toBe("401 invalid_token");
  });

  it("the hash is that of access method and claim, and two of them differ", async () => {
    const { createHash } = await import("node:crypto");
    const { post } = start(server(), claims([], { folder: "{sub|hash}" }));
    const answer = await post("/sign", bearer(await sign(es256, { sub: "auth0|ü 1" })));
    expect(answer.body.fields.folder).toBe(
      createHash("sha256").update("members\0auth0|ü 1").digest("hex").slice(0, 32),
    );
  });

  it("a hash in a context, beside an escaped |", async () => {
    const { createHash } = await import("node:crypto");
    const { post } = start(server(), claims([], { context: { by: "{sub|hash}", note: "a|b" } }));
    const answer = await post("/sign", bearer(await sign(es256, { sub: "auth0|1" })));
    const hash = createHash("sha256").update("members\0auth0|1").digest("hex").slice(0, 32);
    expect(answer.body.fields.context).toBe(`by=${hash}|note=a\\|b`);
  });

  it("a separator of the template may not stand in the claim", async () => {
    const { post } = start(server(), claims([], { tags: ["u-{sub}-x"] }));
    expect((await post("/sign", bearer(await sign(es256, { sub: "a_1" })))).body.fields.tags).toBe("u-a_1-x");
    const refused = await post("/sign", bearer(await sign(es256, { sub: "a-1" })));
    expect(outcome(refused)).toBe("401 invalid_token");
    expect(refused.body.detail).toContain("{sub|hash}");
  });

  it("a missing claim", async () => {
    const { post } = start(server(), claims(["org"], { folder: "orgs/{org}" }));
    expect((await post("/sign", bearer(await sign(es256, { org: "acme" })))).body.fields.folder).toBe(
      "orgs/acme",
    );
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("401 invalid_token");
  });

  it("the log names the subject by a keyed hash alone", async () => {
    const { post, logs } = start(server());
    await post("/sign", bearer(await sign(es256, { sub: "someone" })));
    await post("/sign", bearer(await sign(es256, { sub: "someone" })));
    await post("/sign", bearer(await sign(es256, { sub: "other" })));
    const subjects = logs.map((line) => JSON.parse(line).subject);
    expect(subjects[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(subjects[1]).toBe(subjects[0]);
    expect(subjects[2]).not.toBe(subjects[0]);
    expect(logs.join()).not.toMatch(/someone|eyJ/);
  });
});

describe("a token that is shown again", () => {
  const shared: Plain = {
    access: {
      members: {
        type: "jwt",
        secret: "JWT_SECRET",
        issuer: ISSUER,
        audience: AUDIENCE,
        maxTokenAge: 600,
      },
    },
    profiles: { default: profile },
  };

  it.each([
    ["its exp and five seconds", { exp: 100 }, 104, 105, "401 expired_token"],
    ["its age and five seconds", { exp: 10_000 }, 604, 606, "401 expired_token"],
  ])("is let in until %s have passed", async (_, { exp }, good, bad, code) => {
    const start = now();
    let clock = start;
    const { post } = signer(shared, { now: () => clock }, { JWT_SECRET: SHARED_SECRET });
    const token = await signShared({ iat: start, exp: start + exp });
    for (const [seconds, expected] of [
      [0, "signed"],
      [good, "signed"],
      [bad, code],
    ] as const) {
      clock = start + seconds;
      expect(outcome(await post("/sign", bearer(token)))).toBe(expected);
    }
  });

  it("is not verified again, though each upload is signed anew", async () => {
    const { post } = start(server());
    const token = await sign(es256);
    const verify = vi.spyOn(crypto.subtle, "verify");
    const outcomes = [];
    for (let i = 0; i < 5; i += 1) outcomes.push(outcome(await post("/sign", bearer(token))));
    const times = verify.mock.calls.length;
    verify.mockRestore();
    expect(outcomes).toEqual(Array(5).fill("signed"));
    // The first finds no key set yet, and can't tell by which one it will be verified.
    expect(times).toBe(2);
  });

  it("ends with its key: when the set is fetched for another one, and when it is fetched anew", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const next = await makeKey("next");
    for (const wait of [31_000, 601_000]) {
      const keys = new KeyServer([es256]);
      const { post } = start(keys);
      const token = await sign(es256);
      for (let i = 0; i < 3; i += 1) expect(outcome(await post("/sign", bearer(token)))).toBe("signed");
      keys.keys = [next];
      vi.setSystemTime(Date.now() + wait);
      if (wait < 600_000) expect(outcome(await post("/sign", bearer(await sign(next))))).toBe("signed");
      expect(outcome(await post("/sign", bearer(token)))).toBe("401 invalid_token");
    }
  });

  it("is not remembered under keys that came while it was verified", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const next = await makeKey("next");
    const keys = new KeyServer([es256]);
    const { post } = start(keys);
    const token = await sign(es256);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    const verify = crypto.subtle.verify.bind(crypto.subtle);
    const spy = vi.spyOn(crypto.subtle, "verify").mockImplementationOnce(async (...args) => {
      // Meanwhile the issuer changes its key, and somebody shows a token under the new one.
      keys.keys = [next];
      vi.setSystemTime(Date.now() + 31_000);
      expect(outcome(await post("/sign", bearer(await sign(next))))).toBe("signed");
      return verify(...args);
    });
    expect(outcome(await post("/sign", bearer(token)))).toBe("signed");
    spy.mockRestore();
    expect(outcome(await post("/sign", bearer(token)))).toBe("401 invalid_token");
  });

  it("is remembered by the whole of it: one character more or less, and it is another", async () => {
    const { post } = signer(shared, {}, { JWT_SECRET: SHARED_SECRET });
    const token = await signShared();
    expect(outcome(await post("/sign", bearer(token)))).toBe("signed");
    const [head, body, signature] = token.split(".") as [string, string, string];
    const other = signature.startsWith("A") ? "B" : "A";
    for (const forged of [
      `${head}.${body}.${other}${signature.slice(1)}`,
      `${head}.${body}.${signature}A`,
      `${head}.${body}.`,
      `${head}.${base64url.encode(JSON.stringify({ ...payload(), sub: "43" }))}.${signature}`,
    ]) {
      expect(outcome(await post("/sign", bearer(forged)))).toBe("401 invalid_token");
    }
  });

  it("by a cookie is still for allowed pages alone", async () => {
    const members = { ...shared.access!.members!, cookie: "session" } as const;
    const { post } = signer({ ...shared, access: { members } }, {}, { JWT_SECRET: SHARED_SECRET });
    const cookie = { cookie: `session=${await signShared()}` };
    const own = { ...cookie, origin: "https://signer.example", "sec-fetch-site": "same-origin" };
    expect(outcome(await post("/sign", own))).toBe("signed");
    expect(outcome(await post("/sign", own))).toBe("signed");
    expect(outcome(await post("/sign", cookie))).toBe("403 origin_not_allowed");
    expect(outcome(await post("/sign", { ...own, "sec-fetch-site": "cross-site" }))).toBe(
      "403 origin_not_allowed",
    );
  });

  it("that was verified anew counts as new", () => {
    const tokens = new VerifiedTokens();
    const keys = {};
    const caller = { access: "members", claims: {} };
    const remember = (hash: string) => tokens.remember(hash, { caller, until: 10, keys });
    for (let i = 0; i < 1000; i += 1) remember(`t${i}`);
    remember("t0");
    remember("another");
    const known = (hash: string) => tokens.find(hash, 0, keys) !== undefined;
    expect(["t0", "t1", "t2", "another"].map(known)).toEqual([true, false, true, true]);
  });

  it("is forgotten where a thousand others came after it", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    const { post } = signer(shared, {}, { JWT_SECRET: SHARED_SECRET });
    const first = await signShared({ sub: "first" });
    await post("/sign", bearer(first));
    for (let i = 0; i < 1000; i += 1) await post("/sign", bearer(await signShared({ sub: `u${i}` })));
    const before = verify.mock.calls.length;
    expect(outcome(await post("/sign", bearer(first)))).toBe("signed");
    const after = verify.mock.calls.length;
    verify.mockRestore();
    expect([before, after]).toEqual([1001, 1002]);
  });
});

describe("the key set", () => {
  it("is fetched once: the warm path asks nobody", async () => {
    const keys = server();
    const { post } = start(keys);
    const token = await sign(es256);
    for (let i = 0; i < 5; i += 1) expect(outcome(await post("/sign", bearer(token)))).toBe("signed");
    expect(keys.asked).toBe(1);
  });

  it.each([
    ["down", async () => Promise.reject(new TypeError("fetch failed"))],
    ["500", async () => new Response("no", { status: 500 })],
    ["a redirect", async () => Response.redirect("https://evil.example/jwks", 302)],
    ["huge", async () => new Response(`{"keys":[${" ".repeat(300_000)}]}`)],
    ["not JSON", async () => new Response("<html>")],
    ["a set without a key", async () => Response.json({ keys: [] })],
    ["no key set", async () => Response.json({ hello: "world" })],
    ["a key set of nonsense", async () => Response.json({ keys: "x" })],
  ])("%s, and none was ever had: keys_unavailable", async (_, broken) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const keys = server();
    keys.broken = broken;
    const { post } = start(keys);
    for (let i = 0; i < 3; i += 1) {
      expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("503 keys_unavailable");
    }
    // Strangers' tokens do not make it ask again and again.
    expect(keys.asked).toBe(1);
    keys.broken = undefined;
    vi.setSystemTime(Date.now() + 6_000);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
  });

  it("slow: keys_unavailable when the time is up", async () => {
    const keys = server();
    const slow: typeof fetch = (_input, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    const { post } = signer(CONFIG, { fetch: slow });
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("503 keys_unavailable");
    expect(keys.asked).toBe(0);
  });

  it.each<readonly [name: string, hangs: typeof fetch]>([
    ["no answer", () => new Promise(() => {})],
    ["an answer that never ends", async () => new Response(new ReadableStream())],
  ])("hanging, whatever it is told: %s", async (_, hangs) => {
    const { post } = signer(CONFIG, { fetch: hangs });
    const token = await sign(es256);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const left = watchOwnTimers();
    const asked = post("/sign", bearer(token));
    await vi.waitFor(() => expect(left()).toBe(1));
    vi.advanceTimersByTime(5000);
    expect(outcome(await asked)).toBe("503 keys_unavailable");
    expect(left()).toBe(0);
  });

  it("is kept for a day while its server is down, and not longer", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const keys = server();
    const { post } = start(keys);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    keys.broken = async () => Promise.reject(new TypeError("fetch failed"));
    vi.setSystemTime(Date.now() + 23 * 3600_000);
    for (let i = 0; i < 3; i += 1)
      expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    expect(keys.asked).toBe(2);
    expect(outcome(await post("/sign", bearer(await sign(stranger, {}, { kid: "new" }))))).toBe(
      "401 invalid_token",
    );
    vi.setSystemTime(Date.now() + 2 * 3600_000);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("503 keys_unavailable");
    keys.broken = undefined;
    vi.setSystemTime(Date.now() + 60_000);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
  });

  it("rotated while running: the new key is found, the old one ends", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const keys = new KeyServer([es256]);
    const { post } = start(keys);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    const next = await makeKey("next");
    keys.keys = [next];
    vi.setSystemTime(Date.now() + 31_000);
    expect(outcome(await post("/sign", bearer(await sign(next))))).toBe("signed");
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("401 invalid_token");
    expect(keys.asked).toBe(2);
  });

  it("is fetched anew, and a failure is over, when the clock was set back", async () => {
    const began = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: began });
    const next = await makeKey("next");
    const keys = new KeyServer([es256]);
    const { post } = start(keys);
    const show = async (key: Key) => outcome(await post("/sign", bearer(await sign(key))));
    expect(await show(es256)).toBe("signed");
    keys.keys = [next];
    vi.setSystemTime(began - 86_400_000);
    expect(await show(next)).toBe("signed");
    expect(await show(es256)).toBe("401 invalid_token");

    const broken = new KeyServer([es256]);
    broken.broken = async () => new Response(null, { status: 500 });
    const other = start(broken);
    const showOther = async () => outcome(await other.post("/sign", bearer(await sign(es256))));
    expect(await showOther()).toBe("503 keys_unavailable");
    broken.broken = undefined;
    vi.setSystemTime(began - 2 * 86_400_000);
    expect(await showOther()).toBe("signed");
  });

  it("an empty set replaces no good one", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const keys = server();
    const { post } = start(keys);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    keys.keys = [];
    vi.setSystemTime(Date.now() + 601_000);
    for (let i = 0; i < 3; i += 1)
      expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    expect(keys.asked).toBe(2);
  });

  it("unknown keys do not make a warm set ask again while its server is down", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const keys = server();
    const { post } = start(keys);
    expect(outcome(await post("/sign", bearer(await sign(es256))))).toBe("signed");
    keys.broken = async () => Promise.reject(new TypeError("fetch failed"));
    vi.setSystemTime(Date.now() + 31_000);
    for (let i = 0; i < 5; i += 1) {
      expect(outcome(await post("/sign", bearer(await sign(stranger, {}, { kid: `k${i}` }))))).toBe(
        "401 invalid_token",
      );
    }
    expect(keys.asked).toBe(2);
  });

  it("unknown keys do not make it ask again and again", async () => {
    const keys = server();
    const { post } = start(keys);
    for (let i = 0; i < 5; i += 1) {
      expect(outcome(await post("/sign", bearer(await sign(stranger, {}, { kid: `k${i}` }))))).toBe(
        "401 invalid_token",
      );
    }
    expect(keys.asked).toBe(1);
  });
});
