// Every way to get the configuration wrong is one clear fault that names the binding and the fix, and never
// holds a value.

import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultsOf } from "../../src/config/checked.ts";
import { faultsText } from "../../src/fault.ts";
import { createApp } from "../../src/http/app.ts";
import { expectProblem } from "../http/suite.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME, unseen } from "../support/account.ts";
import { sampled } from "../support/counts.ts";
import { definitionOf, placeOf, readBindings } from "../support/definition.ts";
import { post, TARGETS, type Target } from "../support/targets.ts";
import { expectWords } from "../support/words.ts";

type Env = Record<string, unknown>;

const PUBLIC = { profiles: { default: { access: ["public"] } } };
const GOOD: Env = { ...ACCOUNT, SIGNER: PUBLIC };
const URL_GOOD = `cloudinary://${API_KEY}:${API_SECRET}@${CLOUD_NAME}`;

const without = (name: string): Env =>
  Object.fromEntries(Object.entries(GOOD).filter(([key]) => key !== name));
const account = (changed: Env): Env => ({ ...GOOD, ...changed });
const signer = (SIGNER: unknown): Env => ({ ...ACCOUNT, SIGNER });
const profile = (changed: object): Env => signer({ profiles: { p: { access: ["public"], ...changed } } });

const method = (type: string, changed: object, env: Env = {}): Env => ({
  ...signer({ access: { w: { type, ...changed } } }),
  ...env,
});
const JWKS = { jwks: "https://id.example/jwks.json", issuer: "https://id.example/", audience: "uploads" };
const SHARED = { secret: "JWT_SECRET", issuer: "i", audience: "a" };
const TURNSTILE = { secret: "TURNSTILE_SECRET", hostnames: ["www.example.com"], action: "upload" };

/** The same for access methods, below SIGNER.access.w. */
const WAYS_IN = (
  [
    ["jwt: no keys", method("jwt", { issuer: "i", audience: "a" }), "jwks", "secret"],
    ["jwt: two sources of keys", method("jwt", { ...JWKS, secret: "JWT_SECRET" }), "jwks", "one of the two"],
    ["jwt: no issuer", method("jwt", { jwks: JWKS.jwks, audience: "a" }), "issuer", "is missing"],
    ["jwt: an empty issuer", method("jwt", { ...JWKS, issuer: "" }), "issuer", "must not be empty"],
    ["jwt: no audience", method("jwt", { jwks: JWKS.jwks, issuer: "i" }), "audience", "authorizedParties"],
    ["jwt: an empty audience", method("jwt", { ...JWKS, audience: [] }), "audience", "it is empty"],
    ["jwt: http keys", method("jwt", { ...JWKS, jwks: "http://id.example/jwks.json" }), "jwks", "https"],
    ["jwt: no address", method("jwt", { ...JWKS, jwks: "jwks.json" }), "jwks", "https"],
    [
      "jwt: a user in the address",
      method("jwt", { ...JWKS, jwks: "https://u:p@id.example/" }),
      "jwks",
      "https",
    ],
    [
      "jwt: HMAC with public keys",
      method("jwt", { ...JWKS, algorithms: ["RS256", "HS256"] }),
      "algorithms",
      "RS256",
    ],
    ["jwt: `none`", method("jwt", { ...JWKS, algorithms: ["none"] }), "algorithms", "RS256"],
    [
      "jwt: public keys with a secret",
      method("jwt", { ...SHARED, algorithms: ["RS256"] }, { JWT_SECRET: "x".repeat(32) }),
      "algorithms",
      "HS256",
    ],
    [
      "jwt: header and cookie",
      method("jwt", { ...JWKS, header: "X-Token", cookie: "t" }),
      "cookie",
      "beside",
    ],
    [
      "jwt: claims that users write",
      method("jwt", { ...JWKS, claims: ["user_metadata"] }),
      "claims",
      "user_metadata",
    ],
    [
      "jwt: unsafe claims",
      method("jwt", { ...JWKS, claims: ["unsafe_metadata"] }),
      "claims",
      "unsafe_metadata",
    ],
    ["jwt: maxTokenAge", method("jwt", { ...JWKS, maxTokenAge: 0 }), "maxTokenAge", "at least 1"],
    [
      "jwt: a literal secret",
      method("jwt", { ...SHARED, secret: "not a name but a secret" }),
      "secret",
      "name of a secret binding",
    ],
    ["jwt: a missing secret", method("jwt", SHARED), "secret", "wrangler secret put JWT_SECRET"],
    [
      "jwt: a short secret",
      method("jwt", SHARED, { JWT_SECRET: "x".repeat(31) }),
      "secret",
      "make a longer one (`openssl rand -base64 32`), then run `npx wrangler secret put JWT_SECRET`",
    ],
    ["jwt: the API secret", method("jwt", SHARED, { JWT_SECRET: API_SECRET }), "secret", "is the API secret"],
    ["jwt: a number as secret", method("jwt", SHARED, { JWT_SECRET: 5 }), "secret", "is not a secret"],
    ["turnstile: no secret", method("turnstile", TURNSTILE), "secret", "TURNSTILE_SECRET"],
    [
      "turnstile: the API secret",
      method("turnstile", TURNSTILE, { TURNSTILE_SECRET: API_SECRET }),
      "secret",
      "is the API secret",
    ],
    [
      "turnstile: no hostname",
      method("turnstile", { ...TURNSTILE, hostnames: [] }, { TURNSTILE_SECRET: "x" }),
      "hostnames",
      "at least one",
    ],
    [
      "turnstile: no action",
      method("turnstile", { secret: "S", hostnames: ["a"] }, { S: "x" }),
      "action",
      "is missing",
    ],
    ["token: none", method("token", { tokens: {} }), "tokens", "at least one"],
    [
      "token: a literal",
      method("token", { tokens: { ci: "my-secret-token" } }),
      "tokens.ci",
      "SHA-256 of a token",
    ],
    ["token: upper case", method("token", { tokens: { ci: "A".repeat(64) } }), "tokens.ci", "lower-case hex"],
    [
      "token: the same twice",
      method("token", { tokens: { a: "a".repeat(64), b: "a".repeat(64) } }),
      "tokens.b",
      "same token",
    ],
    [
      "token: a bad name",
      method("token", { tokens: { "a b": "a".repeat(64) } }),
      "tokens",
      "name of a token",
    ],
    [
      "service: with settings",
      method("service", { name: "x" }),
      "name",
      "remove it: there are no settings here",
    ],
  ] as const
).map(([name, env, at, words]): [string, Env, string, string] => [name, env, `access.w.${at}`, words]);

/** What is wrong, the bindings, the binding that must be named, and words of the message. */
const FAULTS: readonly [name: string, env: Env, binding: string, words: string][] = [
  ...["https://app.example", {}, null, { onUploaded: () => null }].map(
    (APP): [string, Env, string, string] => [
      `an application that is ${JSON.stringify(APP)}`,
      account({ APP }),
      "APP",
      "bind your Worker under [[services]]",
    ],
  ),
  ["limits on files without an address", profile({ file: {} }), "publicUrl", "write `publicUrl`"],
  ["limits on files in words", profile({ file: "5 MB" }), "profiles.p.file", "write limits on what arrives"],
  [
    "a limit on files that there is not",
    profile({ file: { bytes: 1 } }),
    "profiles.p.file.bytes",
    "maxBytes",
  ],
  ["missing cloud name", without("CLOUDINARY_CLOUD_NAME"), "CLOUDINARY_CLOUD_NAME", "is missing"],
  ["missing key", without("CLOUDINARY_API_KEY"), "CLOUDINARY_API_KEY", "[vars]"],
  [
    "missing secret",
    without("CLOUDINARY_API_SECRET"),
    "CLOUDINARY_API_SECRET",
    "wrangler secret put CLOUDINARY_API_SECRET",
  ],
  ["nothing at all", {}, "CLOUDINARY_CLOUD_NAME", "is missing"],
  ["empty", account({ CLOUDINARY_API_SECRET: "" }), "CLOUDINARY_API_SECRET", "is empty"],
  ["white space alone", account({ CLOUDINARY_API_KEY: "  " }), "CLOUDINARY_API_KEY", "is empty"],
  ["quoted '…'", account({ CLOUDINARY_API_SECRET: `'${API_SECRET}'` }), "CLOUDINARY_API_SECRET", "quotes"],
  ['quoted "…"', account({ CLOUDINARY_API_KEY: `"${API_KEY}"` }), "CLOUDINARY_API_KEY", "quotes"],
  ["one quote", account({ CLOUDINARY_API_SECRET: `"${API_SECRET}` }), "CLOUDINARY_API_SECRET", "quote"],
  [
    "a newline at the end",
    account({ CLOUDINARY_API_SECRET: `${API_SECRET}\n` }),
    "CLOUDINARY_API_SECRET",
    "white space",
  ],
  [
    "a space inside",
    account({ CLOUDINARY_API_SECRET: `${API_SECRET} x` }),
    "CLOUDINARY_API_SECRET",
    "white space",
  ],
  [
    "a space before",
    account({ CLOUDINARY_CLOUD_NAME: ` ${CLOUD_NAME}` }),
    "CLOUDINARY_CLOUD_NAME",
    "white space",
  ],
  [
    "the whole line",
    account({ CLOUDINARY_API_SECRET: `CLOUDINARY_API_SECRET=${API_SECRET}` }),
    "CLOUDINARY_API_SECRET",
    "whole line",
  ],
  [
    "a placeholder",
    account({ CLOUDINARY_API_SECRET: "<your_api_secret>" }),
    "CLOUDINARY_API_SECRET",
    "placeholder",
  ],
  ["not ASCII", account({ CLOUDINARY_API_SECRET: `${API_SECRET}…` }), "CLOUDINARY_API_SECRET", "ASCII"],
  ["a number", account({ CLOUDINARY_API_KEY: 415926535897932 }), "CLOUDINARY_API_KEY", "must be a string"],
  [
    "a secret as a table",
    account({ CLOUDINARY_API_SECRET: { value: API_SECRET } }),
    "CLOUDINARY_API_SECRET",
    "must be a string",
  ],
  [
    "key and secret swapped",
    account({ CLOUDINARY_API_KEY: API_SECRET, CLOUDINARY_API_SECRET: API_KEY }),
    "CLOUDINARY_API_SECRET",
    "swapped",
  ],
  [
    "key used as secret",
    account({ CLOUDINARY_API_SECRET: API_KEY }),
    "CLOUDINARY_API_SECRET",
    "same as the API key",
  ],
  [
    "cloud name used as secret",
    account({ CLOUDINARY_API_SECRET: CLOUD_NAME }),
    "CLOUDINARY_API_SECRET",
    "same as the cloud name",
  ],
  [
    "the address used as secret",
    account({ CLOUDINARY_API_SECRET: URL_GOOD }),
    "CLOUDINARY_API_SECRET",
    "CLOUDINARY_URL",
  ],
  [
    "an address as cloud name",
    account({ CLOUDINARY_CLOUD_NAME: "https://res.cloudinary.com/demo" }),
    "CLOUDINARY_CLOUD_NAME",
    "cloud name",
  ],
  ["a key with a slash", account({ CLOUDINARY_API_KEY: "12/34" }), "CLOUDINARY_API_KEY", "API key"],

  [
    "a URL beside the three",
    { ...GOOD, CLOUDINARY_URL: URL_GOOD },
    "CLOUDINARY_API_SECRET",
    "beside CLOUDINARY_URL",
  ],
  [
    "a URL beside one",
    { CLOUDINARY_API_KEY: API_KEY, CLOUDINARY_URL: URL_GOOD, SIGNER: PUBLIC },
    "CLOUDINARY_API_KEY",
    "beside",
  ],
  ...(
    [
      ["another scheme", `https://${API_KEY}:${API_SECRET}@${CLOUD_NAME}`, "cloudinary://key:secret@cloud"],
      ["no cloud", `cloudinary://${API_KEY}:${API_SECRET}`, "cloudinary://key:secret@cloud"],
      ["no secret", `cloudinary://${API_KEY}@${CLOUD_NAME}`, "cloudinary://key:secret@cloud"],
      ["no key", `cloudinary://:${API_SECRET}@${CLOUD_NAME}`, "cloudinary://key:secret@cloud"],
      ["a path", `${URL_GOOD}/x`, "cloudinary://key:secret@cloud"],
      ["settings", `${URL_GOOD}?upload_prefix=https://x.example`, "CLOUDINARY_UPLOAD_PREFIX"],
      ["the whole line", `CLOUDINARY_URL=${URL_GOOD}`, "whole line"],
      ["quotes", `'${URL_GOOD}'`, "quotes"],
      ["white space", `${URL_GOOD} `, "white space"],
      ["empty", "", "is empty"],
      ["the placeholder", "cloudinary://<your_api_key>:<your_api_secret>@demo", "placeholder"],
      ["swapped", `cloudinary://${API_SECRET}:${API_KEY}@${CLOUD_NAME}`, "swapped"],
      ["a table", { url: URL_GOOD }, "must be a string"],
    ] as const
  ).map(([name, CLOUDINARY_URL, words]): [string, Env, string, string] => [
    `CLOUDINARY_URL: ${name}`,
    { CLOUDINARY_URL, SIGNER: PUBLIC },
    "CLOUDINARY_URL",
    words,
  ]),

  ...(
    [
      ["no-address", "must be an address"],
      ["not an address", "holds white space"],
      ["ftp://x.example", "must begin with https://"],
      ["http://x.example", "must begin with https://"],
      ["https://u:p@x.example", "without user, query or fragment"],
      ["https://x.example?a=1", "without user, query or fragment"],
      ["https://x.example#a", "without user, query or fragment"],
      ["", "is empty"],
      [" https://x.example", "begins or ends with white space"],
      ["'https://x.example'", "is wrapped in quotes"],
      ["http://127.0.0.1.evil.example", "must begin with https://"],
    ] as const
  ).map(([prefix, words]): [string, Env, string, string] => [
    `upload prefix ${prefix}`,
    account({ CLOUDINARY_UPLOAD_PREFIX: prefix }),
    "CLOUDINARY_UPLOAD_PREFIX",
    words,
  ]),
  [
    "upload prefix: a number",
    account({ CLOUDINARY_UPLOAD_PREFIX: 8788 }),
    "CLOUDINARY_UPLOAD_PREFIX",
    "must be a string",
  ],

  ["the definition: a text", signer("{}"), "signer.config.ts", "must be an object"],
  ["the definition: a list", signer([]), "signer.config.ts", "must be an object"],
  ["the definition: a number", signer(1), "signer.config.ts", "must be an object"],
  ["unknown key", signer({ ...PUBLIC, allowOrigins: [] }), "allowOrigins", "the settings here are "],
  ["unknown key in a profile", profile({ folder: "x" }), "profiles.p.folder", "the settings here are "],
  [
    "unknown limit",
    profile({ accept: { context: { keys: ["a"], regex: ".*" } } }),
    "profiles.p.accept.context.regex",
    "the settings here are ",
  ],
  ["a secret in the definition", signer({ ...PUBLIC, apiSecret: "x" }), "apiSecret", "wrangler secret put"],
  [
    "CLOUDINARY_API_SECRET in the definition",
    signer({ ...PUBLIC, CLOUDINARY_API_SECRET: "x" }),
    "CLOUDINARY_API_SECRET",
    "wrangler secret put",
  ],
  [
    "the secret's value in the definition",
    profile({ set: { folder: API_SECRET } }),
    "profiles.p.set.folder",
    "holds the API secret",
  ],
  // The secret in every place of SIGNER where a message could repeat it.
  ...(
    [
      ["an access method", profile({ access: [API_SECRET] }), "profiles.p.access.0"],
      ["an unknown key", signer({ [API_SECRET]: 1 }), "signer.config.ts"],
      ["a faulty profile's name", signer({ profiles: { [API_SECRET]: { access: [] } } }), "profiles"],
      ["a parameter", profile({ set: { [API_SECRET]: "x" } }), "profiles.p.set"],
      ["a place to fill", profile({ set: { public_id: `{${API_SECRET}}` } }), "profiles.p.set.public_id"],
      ["part of a text", profile({ set: { folder: `x-${API_SECRET}-y` } }), "profiles.p.set.folder"],
      [
        "a key that is shared",
        profile({ set: { context: { [API_SECRET]: "x" } }, accept: { context: { keys: [API_SECRET] } } }),
        "profiles.p.set.context",
      ],
    ] as const
  ).map(([name, env, at]): [string, Env, string, string] => [
    `the secret as ${name}`,
    env,
    at,
    "holds the API secret",
  ]),
  [
    "the secret in the key",
    account({ CLOUDINARY_API_KEY: `x${API_SECRET}` }),
    "CLOUDINARY_API_KEY",
    "holds the API secret",
  ],
  [
    "the secret in the cloud name",
    account({ CLOUDINARY_CLOUD_NAME: `x-${API_SECRET}` }),
    "CLOUDINARY_CLOUD_NAME",
    "holds the API secret",
  ],
  [
    "the secret in the prefix",
    account({ CLOUDINARY_UPLOAD_PREFIX: `https://a.example/${API_SECRET}` }),
    "CLOUDINARY_UPLOAD_PREFIX",
    "holds the API secret",
  ],
  [
    "cloud name and key swapped",
    account({ CLOUDINARY_CLOUD_NAME: API_KEY, CLOUDINARY_API_KEY: CLOUD_NAME }),
    "CLOUDINARY_CLOUD_NAME",
    "looks like the API key",
  ],
  [
    "cloud name and secret swapped",
    account({ CLOUDINARY_CLOUD_NAME: "aB3aB3aB3aB3aB3aB3aB3aB3aB3", CLOUDINARY_API_SECRET: CLOUD_NAME }),
    "CLOUDINARY_CLOUD_NAME",
    "looks like the API secret",
  ],
  [
    "another secret as key",
    account({ CLOUDINARY_API_KEY: "aB3aB3aB3aB3aB3aB3aB3aB3aB3" }),
    "CLOUDINARY_API_KEY",
    "looks like the API secret",
  ],
  [
    "the masked secret",
    account({ CLOUDINARY_API_SECRET: "*".repeat(27) }),
    "CLOUDINARY_API_SECRET",
    "masked",
  ],
  [
    "the sample's words",
    account({ CLOUDINARY_API_SECRET: "your_api_secret" }),
    "CLOUDINARY_API_SECRET",
    "placeholder",
  ],
  [
    "a comma at the end",
    account({ CLOUDINARY_API_SECRET: `${API_SECRET},` }),
    "CLOUDINARY_API_SECRET",
    "no API secret has",
  ],
  [
    "a written newline",
    account({ CLOUDINARY_API_SECRET: `${API_SECRET}\\n` }),
    "CLOUDINARY_API_SECRET",
    "no API secret has",
  ],
  [
    "the secret's value as a name in the definition",
    signer({ profiles: { [API_SECRET]: { access: ["public"] } } }),
    "profiles",
    "holds the API secret",
  ],
  ["wrong type", signer({ allowedOrigins: "https://a.example" }), "allowedOrigins", "must be a list"],
  ["wrong type in a list", signer({ allowedOrigins: [1] }), "allowedOrigins.0", "must be a string"],
  ["unknown algorithm", signer({ signatureAlgorithm: "md5" }), "signatureAlgorithm", "sha256"],
  ...(
    [
      "*",
      "null",
      "www.example.com",
      "https://a.example/",
      "https://a.example/x",
      "https://A.example",
      "https://a.example:443",
      "https://*.example",
      "ftp://a.example",
      "https://a.example?x",
      "",
    ] as const
  ).map((origin): [string, Env, string, string] => [
    `origin ${origin}`,
    signer({ allowedOrigins: [origin] }),
    "allowedOrigins.0",
    "origin",
  ]),
  [
    "a bad profile name",
    signer({ profiles: { "a b": { access: ["public"] } } }),
    "profiles.a b",
    "must be a name of at most 64",
  ],
  [
    "a parameter that is accepted without limits",
    signer({ profiles: { p: { access: ["public"], accept: { folder: true } } } }),
    "profiles.p.accept.folder",
    "write the limits of what may be sent, such as { maxLength: 100 }",
  ],
  ["a profile that is not a table", signer({ profiles: { p: true } }), "profiles.p", "must be an object"],
  ["no access", signer({ profiles: { p: {} } }), "profiles.p.access", "is missing"],
  ["empty access", signer({ profiles: { p: { access: [] } } }), "profiles.p.access", "public"],
  [
    "access as a text",
    signer({ profiles: { p: { access: "public" } } }),
    "profiles.p.access",
    "must be a list",
  ],
  [
    "unknown access method",
    signer({ profiles: { p: { access: ["members"] } } }),
    "profiles.p.access",
    "declare the access method",
  ],
  [
    "a name of every object as an access method",
    signer({ profiles: { p: { access: ["constructor"] } } }),
    "profiles.p.access",
    "declare the access method",
  ],
  ...(["public", "basic", "constructor"] as const).map((type): [string, Env, string, string] => [
    `an access method of type ${type}`,
    signer({ access: { w: { type } }, profiles: { p: { access: ["w"] } } }),
    "access.w",
    "must be made by one of the functions",
  ]),
  ...WAYS_IN,
  [
    "an `origin` method whose origin is not allowed",
    signer({ access: { w: { type: "origin", origins: ["https://a.example"] } } }),
    "access.w.origins",
    "allowedOrigins",
  ],
  [
    "an `origin` method with a pattern and without the opt-in",
    signer({
      allowedOrigins: ["https://*--shop.netlify.app"],
      access: { w: { type: "origin", origins: ["https://*--shop.netlify.app"] } },
    }),
    "access.w.origins",
    'allow: ["preview-origins"]',
  ],
  [
    "an `origin` method with a pattern that is not allowed before",
    signer({
      allowedOrigins: ["https://*--shop.netlify.app"],
      access: { w: { type: "origin", origins: ["https://*-shop.netlify.app"], allow: ["preview-origins"] } },
    }),
    "access.w.origins",
    "allowedOrigins",
  ],
  [
    "an `origin` method with an unknown opt-in",
    signer({
      allowedOrigins: ["https://a.example"],
      access: { w: { type: "origin", allow: ["everything"] } },
    }),
    "access.w.allow.0",
    "preview-origins",
  ],
  ...(
    [
      "https://*",
      "https://*.*.preview.example.com",
      "https://**--shop.netlify.app",
      "https://*.example.com",
      "https://*.netlify.app",
      "https://*-.netlify.app",
      "https://*--shop.app",
      "https://*shop",
      "https://shop.*.netlify.app",
      "https://shop.netlify.*",
      "https://shop--x.netlify.app:*",
      "https://*--shop..app",
      "https://*--shop.netlify.app.",
      "https://*--shop.netlify.app/",
      "https://*--shop.netlify.app/x",
      "https://*--SHOP.netlify.app",
      "https://*--shop.netlify.app:443",
      "https://user@*--shop.netlify.app",
      "https://1*.2.3.4",
      "*://a--shop.netlify.app",
      "ws://*--shop.netlify.app",
      "*--shop.netlify.app",
    ] as const
  ).map((origin): [string, Env, string, string] => [
    `pattern ${origin}`,
    signer({ allowedOrigins: [origin] }),
    "allowedOrigins.0",
    "*",
  ]),
  [
    "an `origin` method with no origin",
    signer({ access: { w: { type: "origin", origins: [] } } }),
    "access.w.origins",
    "at least one",
  ],
  [
    "an access method called public",
    signer({
      access: { public: { type: "origin", origins: ["https://a.example"] } },
      allowedOrigins: ["https://a.example"],
    }),
    "access.public",
    "anybody",
  ],
  ...["__proto__", "constructor", "prototype"].map((name): [string, Env, string, string] => [
    `a setting called ${name}`,
    profile({ set: JSON.parse(`{"${name}": "x"}`) }),
    `profiles.p.set.${name}`,
    "every object",
  ]),
  ["a profile that is a list", signer({ profiles: { p: [] } }), "profiles.p", "must be an object"],
  ["profiles as a list", signer({ profiles: [] }), "profiles", "must be an object"],
  [
    "one bad profile beside a good one",
    signer({ profiles: { default: { access: ["public"] }, p: { access: ["public"], ttl: 5 } } }),
    "profiles.p.ttl",
    "60",
  ],
];

describe("a wrong configuration", () => {
  it.each(FAULTS)("%s", (_, env, binding, words) => {
    const read = readBindings(env);
    const faults = faultsOf(read);
    const named = faults.filter(
      (fault) => placeOf(fault) === binding || placeOf(fault).startsWith(`${binding} (`),
    );
    expect(named.length, JSON.stringify(faults)).toBeGreaterThan(0);
    expectWords(named.map(({ problem }) => problem).join("\n"), words);
    unseen(JSON.stringify(faults));
    unseen(faultsText(faults));
    for (const { problem } of faults) expect(problem).not.toContain(API_KEY);
    expect(faultsText(faults)).toContain(binding);
  });

  it("is one fault, not several, where one thing is wrong", () => {
    for (const [name, env, binding] of FAULTS) {
      const read = readBindings(env);
      const bindings = new Set(faultsOf(read).map(placeOf));
      if (!["nothing at all", "a URL beside the three"].includes(name))
        expect(bindings.size, `${name}: ${binding}`).toBe(1);
    }
  });

  it("lists at most five faults", () => {
    const bad = Array.from({ length: 9 }, (_, i) => [`p${i}`, { access: [] }]);
    const env = signer({ profiles: Object.fromEntries(bad) });
    const read = readBindings(env);
    expect(read.ok ? "" : faultsText(read.error)).toContain("and 4 more");
  });
});

describe("a right configuration", () => {
  it.each([
    ["the three", GOOD, CLOUD_NAME],
    ["CLOUDINARY_URL", { CLOUDINARY_URL: URL_GOOD, SIGNER: PUBLIC }, CLOUD_NAME],
    ["CLOUDINARY_URL with a slash", { CLOUDINARY_URL: `${URL_GOOD}/`, SIGNER: PUBLIC }, CLOUD_NAME],
    ["without SIGNER", ACCOUNT, CLOUD_NAME],
    ["another prefix", account({ CLOUDINARY_UPLOAD_PREFIX: "https://api-eu.cloudinary.com/" }), CLOUD_NAME],
    ["a loopback prefix", account({ CLOUDINARY_UPLOAD_PREFIX: "http://127.0.0.1:8788" }), CLOUD_NAME],
    ["an IPv6 loopback prefix", account({ CLOUDINARY_UPLOAD_PREFIX: "http://[::1]:8788" }), CLOUD_NAME],
  ] as const)("%s", (_, env, cloudName) => {
    const read = readBindings(env);
    expect(read.ok, JSON.stringify(read)).toBe(true);
    if (!read.ok) return;
    expect(read.value).toMatchObject({ cloudName, apiKey: API_KEY, signature: { algorithm: "sha256" } });
    expect(read.value.uploadPrefix).not.toMatch(/\/$/);
  });

  it.each([
    ["a key set", method("jwt", JWKS)],
    ["a key set on this machine", method("jwt", { ...JWKS, jwks: "http://127.0.0.1:9999/jwks.json" })],
    ["a shared secret", method("jwt", SHARED, { JWT_SECRET: "x".repeat(32) })],
    [
      "authorized parties",
      method("jwt", { jwks: JWKS.jwks, issuer: "i", authorizedParties: ["https://a.example"] }),
    ],
    ["Turnstile", method("turnstile", TURNSTILE, { TURNSTILE_SECRET: "0x4AAA" })],
    [
      "tokens, several at a time",
      method("token", { tokens: { ci: ["a".repeat(64), "b".repeat(64)], cms: "c".repeat(64) } }),
    ],
    ["service", method("service", {})],
    [
      "a secret in a store",
      { ...without("CLOUDINARY_API_SECRET"), CLOUDINARY_API_SECRET: { get: async () => API_SECRET } },
    ],
    [
      "patterns for previews",
      signer({
        allowedOrigins: [
          "https://*--shop.netlify.app",
          "https://pr-*.shop.pages.dev",
          "https://*.preview.example.com",
          "https://x*y.a.b:8443",
        ],
      }),
    ],
    [
      "an `origin` method for all allowed origins",
      signer({ allowedOrigins: ["https://a.example"], access: { w: { type: "origin" } } }),
    ],
    [
      "an `origin` method for previews",
      signer({
        allowedOrigins: ["https://*--shop.netlify.app"],
        access: { w: { type: "origin", allow: ["preview-origins"] } },
      }),
    ],
    [
      "an `origin` method for one preview",
      signer({
        allowedOrigins: ["https://*--shop.netlify.app"],
        access: { w: { type: "origin", origins: ["https://main--shop.netlify.app"] } },
      }),
    ],
    [
      "an `origin` method for the Worker's own page",
      { ...signer({ page: true, access: { w: { type: "origin" } } }), ASSETS: { fetch } },
    ],
    ["limiters", { ...GOOD, LIMIT_BY_IP: { limit: async () => ({ success: true }) } }],
    ["an application", { ...GOOD, APP: { fetch } }],
    [
      "limits on files, and an address",
      signer({ publicUrl: "https://a.example", profiles: { p: { access: ["public"], file: {} } } }),
    ],
  ])("%s", (_, env) => {
    const read = readBindings(env);
    expect(read.ok, JSON.stringify(read)).toBe(true);
  });

  it("a limiter that is not one is a fault", () => {
    const read = readBindings({ ...GOOD, LIMIT_BY_IP: "yes" });
    expect(read.ok ? [] : read.error.map(({ binding }) => binding)).toEqual(["LIMIT_BY_IP"]);
  });

  it.each([
    ["a right one", { ...ACCOUNT, SIGNER: { profiles: {} } }],
    ["a wrong one", { SIGNER: { allowedOrigins: ["https://www.example.com"] } }],
  ])("%s is frozen as a whole", (_, bindings) => {
    const configured = readBindings(bindings);
    expect(Object.isFrozen(configured)).toBe(true);
    expect(() => Object.assign(configured, { ok: true, value: {} })).toThrow(TypeError);
    if (!configured.ok)
      expect([configured.error, configured.allowedOrigins].every(Object.isFrozen)).toBe(true);
  });

  it("is frozen to its last table, and what it was made of is not", () => {
    const env = {
      ...ACCOUNT,
      JWT_SECRET: "x".repeat(32),
      TURNSTILE_SECRET: "0x4AAA",
      LIMIT_BY_IP: { limit: async () => ({ success: true }) },
      ASSETS: { fetch },
      SIGNER: {
        page: true,
        allowedOrigins: ["https://a.example", "https://*--shop.netlify.app"],
        access: {
          site: { type: "origin", allow: ["preview-origins"] },
          keys: { type: "jwt", ...JWKS, claims: ["email"] },
          shared: { type: "jwt", ...SHARED, audience: ["a", "b"] },
          humans: { type: "turnstile", ...TURNSTILE },
          jobs: { type: "token", tokens: { ci: "a".repeat(64) } },
          backend: { type: "service" },
        },
        profiles: {
          default: { access: ["public"] },
          kinds: {
            access: ["site"],
            resourceType: "image",
            set: { tags: ["u-{uuid}"], metadata: { origin_id: "signer" } },
            accept: {
              display_name: { charset: "A-Za-z0-9", maxLength: 20 },
              allowed_formats: { enum: ["jpg", "png"], maxItems: 2 },
              context: { keys: ["alt"], maxLength: 50 },
              face_coordinates: { min: 0, max: 5000 },
            },
          },
          members: { access: ["keys"], set: { folder: "users/{sub|hash}" } },
        },
      },
    };
    const read = readBindings(env);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const config = read.value;
    const platforms = new Set<unknown>([env.LIMIT_BY_IP, env.ASSETS]);
    const kinds = { Map: 0, Set: 0, Array: 0, Object: 0, AsyncFunction: 0, Function: 0 };
    const seen = new Set<unknown>();
    const walk = (value: unknown, path: string): void => {
      if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
      if (seen.has(value) || platforms.has(value)) return;
      seen.add(value);
      expect(Object.isFrozen(value), path).toBe(true);
      const kind = value.constructor.name as keyof typeof kinds;
      expect(Object.keys(kinds), path).toContain(kind);
      kinds[kind] += 1;
      if (value instanceof Map) {
        for (const change of [() => value.set("x", 1), () => value.delete("x"), () => value.clear()])
          expect(change, path).toThrow(TypeError);
        for (const [key, member] of value) walk(member, `${path}.${key}`);
      } else if (value instanceof Set) {
        for (const change of [() => value.add("x"), () => value.delete("x"), () => value.clear()])
          expect(change, path).toThrow(TypeError);
        for (const member of value) walk(member, `${path}.${member}`);
      } else {
        for (const key of Reflect.ownKeys(value)) {
          const { get, set } = Object.getOwnPropertyDescriptor(value, key)!;
          expect([get, set], `${path}.${String(key)}`).toEqual([undefined, undefined]);
          walk(value[key as never], `${path}.${String(key)}`);
        }
      }
    };
    walk(config, "config");
    for (const [kind, count] of Object.entries(kinds)) expect(count, kind).toBeGreaterThan(0);
    for (const given of [env, env.SIGNER, env.SIGNER.profiles, env.SIGNER.access.shared.audience, env.ASSETS])
      expect(Object.isFrozen(given)).toBe(false);
    // What was given is not part of it.
    const before = inspect(config, { depth: 20 });
    env.SIGNER.allowedOrigins.push("https://evil.example");
    env.SIGNER.access.shared.audience.push("evil");
    env.SIGNER.profiles.kinds.access.push("public");
    env.SIGNER.profiles.kinds.set.tags.push("evil");
    env.SIGNER.profiles.kinds.accept.allowed_formats.enum.push("exe");
    env.SIGNER.profiles.kinds.accept.context.keys.push("evil");
    expect(inspect(config, { depth: 20 })).toBe(before);
  });

  it("prints its secret as [redacted]", async () => {
    const read = readBindings(GOOD);
    if (!read.ok) throw new Error("misconfigured");
    const config = read.value;
    const secret = await config.apiSecret(0);
    if (!secret.ok) throw new Error("no secret");
    unseen(inspect(config, { depth: 9, showHidden: true }));
    unseen(JSON.stringify(config));
    for (const print of [
      inspect(secret, { depth: 9, showHidden: true }),
      JSON.stringify(secret),
      `${secret.value}`,
    ]) {
      expect(unseen(print)).toContain("[redacted]");
    }
    expect(unseen(JSON.stringify(Reflect.ownKeys(secret.value)))).toBe("[]");
    expect(unseen(String(new Error(`${secret.value}`).stack))).toContain("[redacted]");
  });
});

it("a secret that an access method names is told by its own name", () => {
  for (const value of [undefined, 5, "short"]) {
    const read = readBindings(method("jwt", SHARED, { JWT_SECRET: value }));
    expect(faultsOf(read).map(({ secret }) => secret)).toEqual(["JWT_SECRET"]);
  }
});

describe.each(TARGETS)("as answered by %s", (where, start, startAll) => {
  /** The signers of the tests below, started before them: together where that costs less. */
  const wanted: Env[] = [];
  let started: Target[] | undefined;
  const want = (env: Env): (() => Promise<Target>) => {
    const at = wanted.push(env) - 1;
    return async () => started?.[at] ?? start(env);
  };
  beforeAll(async () => {
    started = await startAll?.(wanted);
  });
  afterAll(() => started?.[0]?.close());
  const close = async (target: Target) => {
    if (started === undefined) await target.close();
  };

  /** All in this process; as Workers, in the quick run, some. */
  const some = <const T extends readonly unknown[]>(all: readonly T[]): readonly T[] =>
    where === "app.request" ? all : sampled(all, 3);
  const inside = "run `cloudinary-edge-signer check`, or read the Worker's log: a setting in it is wrong";
  const secret = (name: string) => expect.stringContaining(`npx wrangler secret put ${name}`);
  const named = { profiles: { "my-profile": { access: ["my-method"] } } };

  it.each(
    some([
      [
        "a quoted secret",
        account({ CLOUDINARY_API_SECRET: `'${API_SECRET}'` }),
        ["CLOUDINARY_API_SECRET"],
        [{ binding: "CLOUDINARY_API_SECRET", problem: secret("CLOUDINARY_API_SECRET") }],
      ],
      [
        "a missing secret",
        without("CLOUDINARY_API_SECRET"),
        ["CLOUDINARY_API_SECRET"],
        [{ binding: "CLOUDINARY_API_SECRET", problem: secret("CLOUDINARY_API_SECRET") }],
      ],
      [
        "a bad profile",
        signer({ profiles: { "my-profile": { access: ["public"], ttl: 5 } } }),
        ["profiles.my-profile.ttl"],
        [{ binding: "signer.config.ts", problem: inside }],
      ],
      [
        "two bad profiles, one by an access method that is not there",
        signer({ profiles: { ...named.profiles, "my-other": { access: ["public"], set: { folder: "" } } } }),
        ["profiles.my-profile.access", "profiles.my-other.set.folder"],
        [{ binding: "signer.config.ts", problem: inside }],
      ],
      [
        "two profiles that share a name",
        signer({
          access: { "my-method": { type: "service" }, "my-second": { type: "service" } },
          profiles: {
            "my-profile": { access: ["my-method"], set: { folder: "users/{sub}" } },
            "my-other": { access: ["my-second"], set: { public_id: "users/{sub}/avatar", overwrite: true } },
          },
        }),
        ["my-profile", "my-other"],
        [{ binding: "signer.config.ts", problem: inside }],
      ],
      [
        "a text in place of the definition",
        { ...ACCOUNT, SIGNER: "x" },
        ["signer.config.ts: must be an object"],
        [{ binding: "signer.config.ts", problem: "must be an object" }],
      ],
    ] as const).map(([name, env, logged, faults]) => [name, want(env), logged, faults] as const),
  )("%s: the answer and health name the binding, the log all of it", async (_name, made, logged, faults) => {
    const target = await made();
    for (const init of [post({}), { method: "OPTIONS" }, post({}, { origin: "https://evil.example" })]) {
      const problem = expectProblem(await target.ask("/sign/my-profile", init), 500, "misconfigured");
      for (const { binding } of faults) expect(problem.detail).toContain(`${binding}: `);
      expect(problem.detail).not.toMatch(/my-|SIGNER\.|profile|access/);
    }
    for (const [path, init] of [
      ["/sign/my-profile", {}],
      ["/confirm/my-profile", post({})],
      ["/.well-known/jwks.json", {}],
    ] as const)
      expectProblem(await target.ask(path, init), 500, "misconfigured");
    const script = await target.ask("/sign?format=curl", { method: "POST" });
    expect([script.status, script.text]).toEqual([500, "echo 'misconfigured' >&2; exit 1\n"]);
    const health = await target.ask("/health");
    expect([health.status, health.json()]).toEqual([
      503,
      { status: "misconfigured", policy: null, profiles: 0, faults },
    ]);
    expect(health.text).not.toMatch(/my-|SIGNER\./);
    for (const words of logged) {
      const lines = () =>
        target.logs.filter((line) => line.includes("misconfigured") && line.includes(words));
      await expect.poll(() => lines().length, { message: words }).toBe(8);
    }
    await close(target);
  });

  const MINE = signer({
    access: { "my-method": { type: "jwt", ...SHARED } },
    profiles: {
      "my-profile": { access: ["my-method"], set: { overwrite: false } },
      default: { access: ["public"] },
      both: { access: ["public", "my-method"] },
    },
  });
  it.each(
    some([
      ["missing", {}],
      ["too short", { JWT_SECRET: "short" }],
      ["the API secret", { JWT_SECRET: API_SECRET }],
    ] as const).map(([name, secrets]) => [name, want({ ...MINE, ...secrets })] as const),
  )(
    "a secret of an access method that is %s: the profiles that name the method, and no others",
    async (_name, made) => {
      const target = await made();
      expect((await target.ask("/sign", post({}))).status).toBe(200);
      for (const profile of ["my-profile", "both"]) {
        const problem = expectProblem(await target.ask(`/sign/${profile}`, post({})), 500, "misconfigured");
        expect(problem.detail).toContain("JWT_SECRET: ");
        expect(problem.detail).not.toMatch(/my-|both|signer\.config/);
      }
      expectProblem(
        await target.ask("/sign/my-profile", post({}, { origin: "https://evil.example" })),
        403,
        "origin_not_allowed",
      );
      expectProblem(await target.ask("/sign/none", post({})), 404, "unknown_profile");
      for (const path of ["/links/my-profile", "/confirm/my-profile"])
        expectProblem(await target.ask(path, post({})), 500, "misconfigured");
      expectProblem(await target.ask("/sign/my-profile"), 500, "misconfigured");
      const health = await target.ask("/health");
      const faults = [{ binding: "JWT_SECRET", problem: secret("JWT_SECRET") }];
      expect([health.status, health.json()]).toEqual([
        503,
        { status: "misconfigured", policy: expect.stringMatching(/^[0-9a-f]{64}$/), profiles: 3, faults },
      ]);
      const told = () => target.logs.filter((line) => line.includes("access.my-method.secret"));
      await expect.poll(() => told().length).toBe(6);
      await close(target);
    },
  );

  const partner = { type: "token", tokens: { someone: "0".repeat(64) } };
  const files = { use_filename: true, unique_filename: false, overwrite: false };
  const SHARING = (
    [
      [{ partner }, { access: ["partner"], set: { public_id: "users/{sub}/avatar", overwrite: true } }],
      [
        {},
        {
          access: ["public"],
          dropIn: true,
          allow: ["shared-file-names"],
          set: { ...files, folder: "users/7" },
        },
      ],
    ] as const
  ).map(([access, other]) => {
    const members = { type: "jwt", ...SHARED };
    const avatars = { access: ["members"], set: { public_id: "users/{sub}/avatar", overwrite: true } };
    return signer({ access: { members, ...access }, profiles: { avatars, other } });
  });
  it.each(
    some([
      ["right", { JWT_SECRET: "0123456789abcdef0123456789abcdef" }],
      ["wrong", { JWT_SECRET: "short" }],
      ["missing", {}],
    ] as const).map(([name, secrets]) => [name, SHARING.map((env) => want({ ...env, ...secrets }))] as const),
  )("profiles are compared with each other while a secret is %s", async (_name, all) => {
    for (const made of all) {
      const target = await made();
      expectProblem(await target.ask("/sign/other", post({})), 500, "misconfigured");
      await close(target);
    }
  });

  const listed = "https://www.example.com";
  const preview = "https://a--shop.netlify.app";
  const allowedOrigins = [listed, "https://*--shop.netlify.app"];
  const readable = [
    { SIGNER: { allowedOrigins } },
    account({ SIGNER: { allowedOrigins, misspelt: 1 } }),
    account({ SIGNER: { allowedOrigins, profiles: { p: { access: [] } } } }),
  ].map(want);
  it("a page of a listed origin may read what is wrong, whatever else is", async () => {
    for (const made of readable) {
      const target = await made();
      for (const [origin, credentials] of [
        [listed, "true"],
        [preview, null],
      ] as const) {
        const asked = { "access-control-request-method": "POST", "access-control-request-headers": "x-a" };
        const preflight = await target.ask("/sign", { method: "OPTIONS", headers: { origin, ...asked } });
        expect([preflight.status, preflight.headers.get("access-control-allow-headers")]).toEqual([
          204,
          "x-a",
        ]);
        const answer = await target.ask("/sign", post({}, { origin }));
        expectProblem(answer, 500, "misconfigured");
        for (const { headers } of [preflight, answer, await target.ask("/health", { headers: { origin } })]) {
          expect(headers.get("access-control-allow-origin")).toBe(origin);
          expect(headers.get("access-control-allow-credentials")).toBe(credentials);
        }
      }
      const foreign = await target.ask("/sign", post({}, { origin: "https://evil.example" }));
      expectProblem(foreign, 500, "misconfigured");
      expect(foreign.headers.has("access-control-allow-origin")).toBe(false);
      await close(target);
    }
  });

  const bare = want(ACCOUNT);
  it("without profiles it signs nothing, and says what to add", async () => {
    const target = await bare();
    const problem = expectProblem(await target.ask("/sign", post({})), 404, "unknown_profile");
    expect(problem.detail).toContain("signer.config.ts");
    expect((await target.ask("/health")).json()).toMatchObject({ status: "ok", profiles: 0, faults: [] });
    await close(target);
  });
});

it("a configuration is checked once for each environment object", async () => {
  const { signersOf } = await import("../../src/signers.ts");
  let reads = 0;
  const { SIGNER, ...bindings } = GOOD;
  const env = new Proxy(bindings as Record<string, unknown>, {
    get: (target, name: string) => {
      if (name === "CLOUDINARY_UPLOAD_PREFIX") reads += 1;
      return target[name];
    },
  });
  const signerOf = signersOf(definitionOf(SIGNER));
  const ask = () => signerOf(env).fetch(new Request("https://signer.example/sign", { method: "POST" }));
  for (let i = 0; i < 3; i += 1) {
    const response = await ask();
    unseen(await response.text());
    expect(response.status).toBe(200);
  }
  expect(await signerOf(env).sign({ claims: { sub: "42" } })).toHaveProperty("code");
  expect(reads).toBe(1);
  const other = signerOf({}).fetch(new Request("https://signer.example/sign", { method: "POST" }));
  expect((await other).status).toBe(500);
});

it("an app over options logs to the console by default", () => {
  expect(createApp(readBindings(GOOD))).toBeDefined();
});
