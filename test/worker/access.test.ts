// Ways in and limits in the built Worker, in workerd: key sets over the network, the platform's rate limiter.

import { beforeAll, describe, expect, inject, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { type Algorithm, AUDIENCE, ISSUER, JWKS_URL, type Key, makeKey, sign } from "../access/identity.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { post } from "../support/targets.ts";

const SIGNER = {
  access: {
    members: { type: "jwt", jwks: JWKS_URL, issuer: ISSUER, audience: AUDIENCE },
    humans: {
      type: "turnstile",
      secretBinding: "TURNSTILE_SECRET",
      hostnames: ["www.example.com"],
      action: "upload",
    },
  },
  profiles: {
    default: { access: ["members"], set: { folder: "users/{sub}", overwrite: false } },
    form: { access: ["humans"] },
    open: { access: ["public"] },
  },
};

const ALGORITHMS: Algorithm[] = ["ES256", "RS256", "EdDSA"];
let keys: Key[];
beforeAll(async () => {
  keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg, alg)));
});

async function start(outbound: (request: Request) => Promise<Response>, env?: string) {
  const logs: string[] = [];
  const worker = await startWorker({
    build: inject("workerBuild"),
    bindings: { ...ACCOUNT, SIGNER, TURNSTILE_SECRET: "0x4AAA" },
    outbound,
    onLog: (line) => void logs.push(unseen(line)),
    ...(env !== undefined && { env }),
  });
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(path.startsWith("http") ? path : worker.url + path, post({}, headers));
    return JSON.parse(unseen(await response.text()));
  };
  return { worker, ask, logs };
}

describe("a key set over the network", () => {
  it("is asked for once, and every algorithm verifies", async () => {
    const asked: string[] = [];
    const { worker, ask } = await start(async (request) => {
      asked.push(request.url);
      return new Response(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }), {
        headers: { "content-type": "application/json" },
      });
    });
    for (const key of keys) {
      const authorization = `Bearer ${await sign(key)}`;
      expect(await ask("/sign", { authorization }), key.alg).toMatchObject({
        fields: { folder: "users/42" },
      });
      expect(await ask("/sign", { authorization: authorization.slice(0, -6) }), key.alg).toMatchObject({
        code: "invalid_token",
      });
    }
    expect(asked).toEqual([JWKS_URL]);
    const link = await ask("/links/default", { authorization: `Bearer ${await sign(keys[0]!)}` });
    expect(await ask(link.url)).toMatchObject({ fields: { folder: "users/42" } });
    await worker.close();
  });

  it("out of reach: keys_unavailable", async () => {
    const { worker, ask } = await start(async () => new Response("no", { status: 500 }));
    expect(await ask("/sign", { authorization: `Bearer ${await sign(keys[0]!)}` })).toMatchObject({
      code: "keys_unavailable",
    });
    expect(await ask("/sign/form", { "cf-turnstile-response": "x" })).toMatchObject({
      code: "keys_unavailable",
    });
    await worker.close();
  });
});

it("Turnstile is asked as documented", async () => {
  const bodies: unknown[] = [];
  const { worker, ask } = await start(async (request) => {
    expect([request.method, request.url]).toEqual([
      "POST",
      "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    ]);
    bodies.push(await request.json());
    return new Response(JSON.stringify({ success: true, hostname: "www.example.com", action: "upload" }));
  });
  expect(await ask("/sign/form", { "cf-turnstile-response": "token" })).toHaveProperty("signature");
  expect(bodies).toEqual([{ secret: "0x4AAA", response: "token" }]);
  await worker.close();
});

it("the platform's rate limiter ends a flood from one address", async () => {
  const { ratelimits } = unstable_readConfig(
    { config: `${PROJECT}wrangler.toml`, env: "local" },
    { hideWarnings: true },
  );
  const limit = ratelimits.find(({ name }: { name: string }) => name === "LIMIT_BY_IP")?.simple.limit ?? 0;
  expect(limit).toBeGreaterThanOrEqual(1000);
  const { worker, ask } = await start(async () => new Response(), "local");
  const codes = new Map<string, number>();
  // Twice the limit would do where they all fall into one period; slow machines need more of them.
  for (let sent = 0; sent < 10 * limit && !codes.has("rate_limited"); sent += 100) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask("/sign/open")));
    for (const { code = "signed" } of answers) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect([...codes.keys()].sort()).toEqual(["rate_limited", "signed"]);
  expect(codes.get("signed")).toBeGreaterThanOrEqual(limit);
  await worker.close();
});
