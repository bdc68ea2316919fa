// The access methods `token`, `turnstile` and `service`, and what several of them make together.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as methods from "../../src/access/all.ts";
import type { AccessMethod } from "../../src/access/method.ts";
import type { Plain } from "../support/definition.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "./identity.ts";
import { bearer, outcome, signer } from "./signer.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("token", () => {
  const config: Plain = {
    access: {
      backends: {
        type: "token",
        tokens: { ci: sha256("token-of-ci"), cms: [sha256("old-token-of-cms"), sha256("new-token-of-cms")] },
      },
    },
    profiles: { default: { access: ["backends"], set: { folder: "imports/{sub}", overwrite: false } } },
  };
  const { post, logs } = signer(config);

  it.each([
    ["token-of-ci", "imports/ci"],
    ["old-token-of-cms", "imports/cms"],
    ["new-token-of-cms", "imports/cms"],
  ])("%s", async (token, folder) => {
    expect((await post("/sign", bearer(token))).body.fields.folder).toBe(folder);
  });

  it.each(["token-of-c", "token-of-ci ", "TOKEN-OF-CI", sha256("token-of-ci"), "x".repeat(5000), "a.b.c"])(
    "not %s",
    async (token) => {
      // Headers lose white space at their end, so one in the middle of the value stands for it.
      const answer = await post("/sign", bearer(token.replace(/ $/, " x")));
      expect(outcome(answer)).toBe("401 invalid_token");
    },
  );

  it("R13: not another one where the profile needs no claim either", async () => {
    const open = signer({
      ...config,
      profiles: { default: { access: ["backends"], set: { folder: "imports", overwrite: false } } },
    });
    expect(outcome(await open.post("/sign", bearer("token-of-ci")))).toBe("signed");
    expect(outcome(await open.post("/sign", bearer("token-of-cj")))).toBe("401 invalid_token");
  });

  it("none: 401 with what to send", async () => {
    expect(outcome(await post("/sign"))).toBe("401 unauthenticated");
  });

  it("no token is in the log", () => {
    expect(logs.join()).not.toMatch(/token-of/);
  });

  it("beside `jwt` in one header, each goes to its own", async () => {
    const both = signer(
      {
        access: {
          ...config.access,
          members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE },
        },
        profiles: { default: { access: ["backends", "members"], set: { public_id: "{access}/{sub}/x" } } },
      },
      {},
      { JWT_SECRET: SHARED_SECRET },
    );
    expect((await both.post("/sign", bearer("token-of-ci"))).body.fields.public_id).toBe("backends/ci/x");
    expect((await both.post("/sign", bearer(await signShared({ sub: "ci" })))).body.fields.public_id).toBe(
      "members/ci/x",
    );
    expect(outcome(await both.post("/sign", bearer(`${await signShared()}x`)))).toBe("401 invalid_token");
  });
});

/** A stand-in for Turnstile, as strict as its documentation: what it wants, and what it answers. */
function turnstile(answer: (token: string) => object | Response) {
  const asked: object[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    expect(String(input)).toBe("https://challenges.cloudflare.com/turnstile/v0/siteverify");
    expect(init?.method).toBe("POST");
    const body = JSON.parse(String(init?.body));
    expect(Object.keys(body).sort()).toEqual(["response", "secret"]);
    expect(body.secret).toBe("0x4AAA-turnstile-secret");
    asked.push(body);
    const answered = answer(body.response);
    return answered instanceof Response ? answered : Response.json(answered);
  };
  const config: Plain = {
    access: {
      humans: {
        type: "turnstile",
        secret: "TURNSTILE_SECRET",
        hostnames: ["www.example.com"],
        action: "upload",
      },
    },
    profiles: { default: { access: ["humans"] } },
  };
  return { asked, ...signer(config, { fetch: fetcher }, { TURNSTILE_SECRET: "0x4AAA-turnstile-secret" }) };
}

describe("turnstile", () => {
  const good = {
    success: true,
    hostname: "www.example.com",
    action: "upload",
    challenge_ts: "2026-11-24T00:00:00Z",
    "error-codes": [],
  };
  const header = { "cf-turnstile-response": "a-token" };

  it("a solved challenge lets in, under a random name", async () => {
    const { post, asked } = turnstile(() => good);
    const answer = await post("/sign", header);
    expect(outcome(answer)).toBe("signed");
    expect(answer.body.fields).toHaveProperty("public_id");
    expect(asked).toEqual([{ secret: "0x4AAA-turnstile-secret", response: "a-token" }]);
  });

  it.each([
    ["refused", { success: false, "error-codes": ["invalid-input-response"] }, "401 invalid_token"],
    [
      "used twice or too old",
      { success: false, "error-codes": ["timeout-or-duplicate"] },
      "401 expired_token",
    ],
    [
      "our secret is wrong",
      { success: false, "error-codes": ["invalid-input-secret"] },
      "503 keys_unavailable",
    ],
    ["trouble of its own", { success: false, "error-codes": ["internal-error"] }, "503 keys_unavailable"],
    ["solved on another site", { ...good, hostname: "evil.example" }, "401 invalid_token"],
    ["solved on a site that ends alike", { ...good, hostname: "evil.www.example.com" }, "401 invalid_token"],
    ["no hostname", { ...good, hostname: undefined }, "401 invalid_token"],
    ["solved for another action", { ...good, action: "login" }, "401 invalid_token"],
    ["no action", { ...good, action: undefined }, "401 invalid_token"],
    ["success as a text", { ...good, success: "true" }, "503 keys_unavailable"],
    ["no object", [], "503 keys_unavailable"],
    ["not JSON", new Response("<html>"), "503 keys_unavailable"],
    ["500", new Response("{}", { status: 500 }), "503 keys_unavailable"],
    ["a redirect", Response.redirect("https://evil.example/"), "503 keys_unavailable"],
  ])("%s", async (_, answer, expected) => {
    const { post } = turnstile(() => answer);
    const answered = await post("/sign", header);
    expect(outcome(answered)).toBe(expected);
    expect(JSON.stringify(answered.body)).not.toContain("0x4AAA");
  });

  it("fails closed when it can't be reached", async () => {
    const { post } = turnstile(() => {
      throw new TypeError("fetch failed");
    });
    expect(outcome(await post("/sign", header))).toBe("503 keys_unavailable");
  });

  it("no token, or none that could be one: nobody is asked", async () => {
    const { post, asked } = turnstile(() => good);
    const none = await post("/sign");
    expect(outcome(none)).toBe("401 unauthenticated");
    expect(none.headers.get("www-authenticate")).toContain("Turnstile");
    expect(outcome(await post("/sign", { "cf-turnstile-response": "x".repeat(2049) }))).toBe(
      "401 invalid_token",
    );
    expect(asked).toEqual([]);
  });
});

it("service: no request over HTTP is one", async () => {
  const { post } = signer({
    access: { workers: { type: "service" } },
    profiles: { default: { access: ["workers"], set: { folder: "w/{sub}" } } },
  });
  expect(outcome(await post("/sign"))).toBe("403 profile_not_allowed");
  expect(outcome(await post("/sign", bearer("x")))).toBe("403 profile_not_allowed");
});

it.each(Object.entries(methods as unknown as Record<string, (options: object) => AccessMethod>))(
  "%s makes methods that are called so, by which the command line finds what to tell of them",
  (name, make) => {
    expect(make({}).type).toBe(name);
  },
);
