// Links: made for a caller, good for a short time, one profile and one page; and all the ways to misuse one.

import { createHmac } from "node:crypto";
import { base64url, CompactSign } from "jose";
import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { bearer, ORIGIN, outcome, signer } from "../access/signer.ts";
import { API_SECRET } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";

const PAGE = "https://www.example.com";
const OTHER_PAGE = "https://admin.example.com";

const CONFIG: Plain = {
  allowedOrigins: [PAGE, OTHER_PAGE],
  access: {
    members: {
      type: "jwt",
      secret: "JWT_SECRET",
      issuer: ISSUER,
      audience: AUDIENCE,
      claims: ["org"],
    },
    backends: { type: "token", tokens: { ci: "0".repeat(64) } },
    site: { type: "origin", origins: [PAGE] },
  },
  profiles: {
    default: { access: ["members"], set: { overwrite: false } },
    widget: {
      access: ["members"],
      dropIn: true,
      ttl: 300,
      set: { folder: "users/{sub}" },
      accept: { source: { enum: ["uw"] } },
    },
    open: { access: ["public"] },
    pages: { access: ["site"] },
    mixed: { access: ["members", "public"], set: { overwrite: false } },
  },
};

let clock = 1_795_468_800;
const platform = { now: () => clock };
const start = (config = CONFIG, more: object = {}) =>
  signer(config, { ...platform, ...more }, { JWT_SECRET: SHARED_SECRET });
const token = (changed: Record<string, unknown> = {}) =>
  signShared({ iat: clock, exp: clock + 3600, ...changed });

const page = { origin: PAGE };

/** What a link says, which is not secret. */
const claimsOf = (url: string) =>
  JSON.parse(
    new TextDecoder().decode(base64url.decode(new URL(url).searchParams.get("link")!.split(".")[0]!)),
  );

async function link(changed: Record<string, unknown> = {}, path = "/links/widget", run = start()) {
  const answer = await run.post(path, { ...bearer(await token(changed)), ...page });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return { ...(answer.body as { url: string; expires_at: number }), headers: answer.headers };
}

const paramsToSign = (sub = "42") => ({
  paramsToSign: { timestamp: clock, folder: `users/${sub}`, source: "uw" },
});

describe("a link", () => {
  it("needs no header, for drop-in and for tickets", async () => {
    const { post } = start();
    const { url, expires_at, headers } = await link();
    expect(url.startsWith(`${ORIGIN}/sign/widget?link=`)).toBe(true);
    expect(expires_at).toBe(clock + 300);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    const signed = await post(url, page, paramsToSign());
    expect(outcome(signed)).toBe("signed");
    expect(signed.headers.get("referrer-policy")).toBe("no-referrer");
    expect((await post(url, page)).body.fields.folder).toBe("users/42");
    expect(outcome(await post(url, page, paramsToSign("43")))).toBe("422 params_refused");
  });

  it("never outlives the caller's token", async () => {
    expect((await link({ exp: clock + 60 })).expires_at).toBe(clock + 60);
  });

  describe("of a token that is let in for 60 seconds after it was issued", () => {
    const members = { ...CONFIG.access!.members!, maxTokenAge: 60 };
    const short: Plain = { ...CONFIG, access: { ...CONFIG.access, members } };

    it.each([
      ["as long as the token", { iat: -20, exp: 3600 }, 40],
      ["as long as the token, which is nearly over", { iat: -59, exp: 3600 }, 1],
      ["as long as the token says itself", { iat: -20, exp: 30 }, 30],
    ])("lives %s", async (_, { iat, exp }, seconds) => {
      const run = start(short);
      const made = await link({ iat: clock + iat, exp: clock + exp }, "/links/widget", run);
      expect(made.expires_at).toBe(clock + seconds);
      const began = clock;
      clock += seconds - 1;
      expect(outcome(await run.post(made.url, page))).toBe("signed");
      clock += 1;
      expect(outcome(await run.post(made.url, page))).toBe("401 expired_token");
      clock = began;
    });

    it("is not made in the seconds that are allowed for clocks that differ", async () => {
      const shown = bearer(await token({ iat: clock - 62 }));
      const run = start(short);
      expect(outcome(await run.post("/sign/widget", shown))).toBe("signed");
      expect(outcome(await run.post("/links/widget", shown))).toBe("401 expired_token");
    });
  });

  it("holds the claims that the profile needs, and no others", async () => {
    const { url } = await link({ org: "acme", email: "a@b.example" });
    const payload = claimsOf(url);
    expect(payload.claims).toEqual({ sub: "42" });
    expect(JSON.stringify(payload)).not.toMatch(/acme|a@b/);
  });
});

describe("misused", () => {
  it("replayed late", async () => {
    const { post } = start();
    const { url } = await link();
    clock += 299;
    expect(outcome(await post(url, page))).toBe("signed");
    clock += 2;
    expect(outcome(await post(url, page))).toBe("401 expired_token");
  });

  it("for another profile", async () => {
    const { post } = start();
    const { url } = await link();
    expect(outcome(await post(url.replace("/sign/widget", "/sign/default"), page))).toBe(
      "403 profile_not_allowed",
    );
    expect(outcome(await post(url.replace("/sign/widget", "/sign/nope"), page))).toBe("404 unknown_profile");
    expect(outcome(await post(url, page))).toBe("signed");
  });

  it("from another page, or from none", async () => {
    const { post } = start();
    const { url } = await link();
    expect(outcome(await post(url, { origin: OTHER_PAGE }))).toBe("403 origin_not_allowed");
    expect(outcome(await post(url, { origin: "https://evil.example" }))).toBe("403 origin_not_allowed");
    expect(outcome(await post(url))).toBe("403 origin_not_allowed");
  });

  it("altered", async () => {
    const { post } = start();
    const { url } = await link();
    const [body, mac] = new URL(url).searchParams.get("link")!.split(".") as [string, string];
    const other = base64url.encode(JSON.stringify({ ...claimsOf(url), sub: "43", claims: { sub: "43" } }));
    const forged = (key: string) => `${other}.${createHmac("sha256", key).update(other).digest("base64url")}`;
    const asJwt = await new CompactSign(base64url.decode(other))
      .setProtectedHeader({ alg: "HS256", typ: "link+jwt" })
      .sign(new TextEncoder().encode(API_SECRET.padEnd(32, "x")));
    const altered = [
      `${other}.${mac}`,
      `${body}.${mac.slice(0, -2)}`,
      `${body}.${mac}=`,
      `${body}.${mac} `,
      `${body}.${mac}\n`,
      // The last character holds bits that decode to nothing.
      `${body}.${mac.slice(0, -1)}${String.fromCharCode(mac.charCodeAt(42) + 1)}`,
      `${body}.`,
      `.${mac}`,
      `${body}.${mac}.${mac}`,
      `${base64url.encode('{"alg":"none"}')}.${body}.`,
      forged(API_SECRET),
      forged(SHARED_SECRET),
      forged(""),
      asJwt,
      await token(),
      "",
      "x",
      "é.é",
      "x".repeat(5000),
    ];
    for (const value of altered) {
      const answer = await post(`/sign/widget?link=${encodeURIComponent(value)}`, page);
      expect(outcome(answer), value.slice(0, 40)).toBe("401 invalid_token");
    }
    expect(outcome(await post(url, page))).toBe("signed");
  });

  it("after the policy changed", async () => {
    const { url } = await link();
    const widget = CONFIG.profiles!.widget!;
    const changed: [string, Plain][] = [
      [
        "a parameter more",
        { ...CONFIG, profiles: { ...CONFIG.profiles, widget: { ...widget, accept: {} } } },
      ],
      ["another life", { ...CONFIG, profiles: { ...CONFIG.profiles, widget: { ...widget, ttl: 600 } } }],
      [
        "another access method",
        { ...CONFIG, profiles: { ...CONFIG.profiles, widget: { ...widget, access: ["backends"] } } },
      ],
      [
        "another issuer",
        {
          ...CONFIG,
          access: {
            ...CONFIG.access,
            members: { type: "jwt", secret: "JWT_SECRET", issuer: "x", audience: "y" },
          },
        },
      ],
    ];
    for (const [name, config] of changed)
      expect(outcome(await start(config).post(url, page)), name).toBe("401 invalid_token");
    expect(outcome(await start().post(url, page))).toBe("signed");
  });

  it("with another account's secret", async () => {
    const { url } = await link();
    const other = signer(CONFIG, platform, {
      JWT_SECRET: SHARED_SECRET,
      CLOUDINARY_API_SECRET: "another-Secret-of-the-suite",
    });
    expect(outcome(await other.post(url, page))).toBe("401 invalid_token");
    const otherCloud = signer(CONFIG, platform, {
      JWT_SECRET: SHARED_SECRET,
      CLOUDINARY_CLOUD_NAME: "other-cloud",
    });
    expect(outcome(await otherCloud.post(url, page))).toBe("401 invalid_token");
  });

  it("beside another credential, or twice", async () => {
    const { post } = start();
    const { url } = await link();
    expect(outcome(await post(url, { ...page, ...bearer(await token()) }))).toBe("400 malformed_request");
    expect(outcome(await post(`${url}&link=x`, page))).toBe("400 malformed_request");
  });

  it("to make another link", async () => {
    const { post } = start();
    const { url } = await link();
    expect(outcome(await post(url.replace("/sign/", "/links/"), page))).toBe("403 profile_not_allowed");
  });

  it("by another method than POST", async () => {
    const { url } = await link();
    const { createApp } = await import("../../src/http/app.ts");
    const { readBindings } = await import("../support/definition.ts");
    const { ACCOUNT } = await import("../support/account.ts");
    const app = createApp(readBindings({ ...ACCOUNT, SIGNER: CONFIG, JWT_SECRET: SHARED_SECRET }), {
      log: () => {},
    });
    for (const method of ["PUT", "DELETE"])
      expect((await app.request(url, { method, headers: page })).status).toBe(405);
    // By GET a profile is described, as it is to anybody, and nothing is signed.
    const described = await app.request(url, { headers: page });
    expect(described.headers.get("referrer-policy")).toBe("no-referrer");
    const text = await described.text();
    expect(text).toBe(await (await app.request("/sign/widget", { headers: page })).text());
    expect(JSON.parse(text)).not.toHaveProperty("signature");
  });
});

describe("not everybody gets one", () => {
  it.each([
    ["anybody", "/links/open", {}, "403 profile_not_allowed"],
    ["a page", "/links/pages", page, "403 profile_not_allowed"],
    ["anybody, where others are known", "/links/mixed", {}, "403 profile_not_allowed"],
    ["no credential", "/links/widget", {}, "401 unauthenticated"],
    ["no profile", "/links/nope", {}, "404 unknown_profile"],
  ])("%s", async (_, path, headers, expected) => {
    expect(outcome(await start().post(path, headers))).toBe(expected);
  });

  it("a body that says something is refused", async () => {
    const { post } = start();
    const headers = bearer(await token());
    for (const body of [{ params: {} }, { paramsToSign: {} }, [], null, "x", { ttl: 9999 }]) {
      expect(outcome(await post("/links/widget", headers, body))).toBe("400 malformed_request");
    }
    expect(outcome(await post("/links/widget", headers, {}))).toBe("signed");
  });

  it("a caller whose claims do not fit the profile learns it at once", async () => {
    const { post } = start();
    expect(outcome(await post("/links/widget", bearer(await token({ sub: "a b" }))))).toBe(
      "401 invalid_token",
    );
  });
});

describe("a link that would be too long to be read is not made", () => {
  const hashed: Plain = {
    ...CONFIG,
    profiles: {
      default: {
        access: ["members"],
        set: { overwrite: false, context: { org: "{org|hash}" } },
      },
      names: { access: ["members"], set: { folder: "users/{sub|hash}" } },
    },
  };
  const subjects: [name: string, sub: string][] = [
    ["ASCII", "a".repeat(1024)],
    ["two bytes each", "ü".repeat(1024)],
    ["three bytes each", "語".repeat(1024)],
    ["four bytes each", "🙂".repeat(512)],
    ["escaped in JSON", "\u0001".repeat(700)],
    ["quotes", '"'.repeat(1024)],
    ["short", "42"],
  ];

  it.each(
    subjects.flatMap(([name, sub]) =>
      ["/links/names", "/links/default"].map((path) => [name, path, sub] as const),
    ),
  )("a subject of %s, %s: what is made is read", async (_, path, sub) => {
    const { post } = start(hashed);
    const made = await post(path, bearer(await token({ sub, org: "acme" })));
    if (made.status === 200) {
      expect(outcome(await post(made.body.url))).toBe("signed");
      return;
    }
    expect(outcome(made)).toBe("403 profile_not_allowed");
    expect(made.body.detail).toMatch(/^send the token itself: .* too long for a link$/);
    expect(sub.length).toBeGreaterThan(2);
    // The token itself is good.
    const signed = await post(path.replace("links", "sign"), bearer(await token({ sub, org: "acme" })));
    expect(outcome(signed)).toBe("signed");
  });

  it.each([
    ["1,024 characters outside of ASCII", { sub: "語".repeat(1024), org: "acme" }, "/links/names"],
    ["a long claim of another name", { sub: "42", org: "é".repeat(1024) }, "/links/default", "made"],
    [
      "a long subject beside a long claim",
      { sub: "é".repeat(1024), org: "é".repeat(1024) },
      "/links/default",
    ],
  ] as const)("%s", async (_, claims, path, made = undefined) => {
    const answer = await start(hashed).post(path, bearer(await token(claims)));
    expect(outcome(answer)).toBe(made === undefined ? "403 profile_not_allowed" : "signed");
  });
});

it("nothing of a link is in the log", async () => {
  const run = start();
  const { url } = await link({}, "/links/widget", run);
  const value = new URL(url).searchParams.get("link")!;
  await run.post(url, page);
  await run.post(`${url}x`, page);
  await run.post(url.replace("widget", "nope"), page);
  const text = run.logs.join("\n");
  for (const part of value.split(".")) expect(text).not.toContain(part.slice(0, 20));
  expect(text).not.toContain("link=");
  expect(run.logs.map((line) => JSON.parse(line).route)).toEqual([
    "/links/{profile}",
    "/sign/{profile}",
    "/sign/{profile}",
    "/sign/{profile}",
  ]);
});
