// Access methods and limits in the built Worker, in workerd: key sets over the network, the platform's rate limiter.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { type Algorithm, AUDIENCE, ISSUER, JWKS_URL, type Key, makeKey, sign } from "../access/identity.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { post } from "../support/targets.ts";
import { builtWorker, startWorkers, type Workers } from "../support/workers.ts";

const SIGNER = {
  access: {
    members: { type: "jwt", jwks: JWKS_URL, issuer: ISSUER, audience: AUDIENCE },
    humans: {
      type: "turnstile",
      secret: "TURNSTILE_SECRET",
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

const BINDINGS = { ...ACCOUNT, SIGNER, TURNSTILE_SECRET: "0x4AAA" };

async function ask(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, post({}, headers));
  return JSON.parse(unseen(await response.text()));
}

/** What the servers that a signer asks were asked, by the signer's name. */
const asked = { keys: [] as string[], turnstile: [] as unknown[] };
const OUTSIDE: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  keys: async (request) => {
    asked.keys.push(request.url);
    return new Response(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }), {
      headers: { "content-type": "application/json" },
    });
  },
  nobody: async () => new Response("no", { status: 500 }),
  turnstile: async (request) => {
    asked.turnstile.push([request.method, request.url, await request.json()]);
    return new Response(JSON.stringify({ success: true, hostname: "www.example.com", action: "upload" }));
  },
};

let workers: Workers;
beforeAll(async () => {
  workers = await startWorkers(
    Object.entries(OUTSIDE).map(([name, outboundService]) =>
      builtWorker(name, BINDINGS, { outboundService }),
    ),
  );
});
afterAll(() => workers.close());

describe("a key set over the network", () => {
  it("is asked for once, and every algorithm verifies", async () => {
    const url = workers.urlOf("keys");
    for (const key of keys) {
      const authorization = `Bearer ${await sign(key)}`;
      expect(await ask(`${url}/sign`, { authorization }), key.alg).toMatchObject({
        fields: { folder: "users/42" },
      });
      const spoilt = { authorization: authorization.slice(0, -6) };
      expect(await ask(`${url}/sign`, spoilt), key.alg).toMatchObject({ code: "invalid_token" });
    }
    expect(asked.keys).toEqual([JWKS_URL]);
    const link = await ask(`${url}/links/default`, { authorization: `Bearer ${await sign(keys[0]!)}` });
    expect(await ask(link.url)).toMatchObject({ fields: { folder: "users/42" } });
  });

  it("out of reach: keys_unavailable", async () => {
    const url = workers.urlOf("nobody");
    expect(await ask(`${url}/sign`, { authorization: `Bearer ${await sign(keys[0]!)}` })).toMatchObject({
      code: "keys_unavailable",
    });
    expect(await ask(`${url}/sign/form`, { "cf-turnstile-response": "x" })).toMatchObject({
      code: "keys_unavailable",
    });
  });
});

it("Turnstile is asked as documented", async () => {
  const url = `${workers.urlOf("turnstile")}/sign/form`;
  expect(await ask(url, { "cf-turnstile-response": "token" })).toHaveProperty("signature");
  expect(asked.turnstile).toEqual([
    [
      "POST",
      "https://challenges.cloudflare.com/turnstile/v0/siteverify",
      { secret: "0x4AAA", response: "token" },
    ],
  ]);
});

it("the platform's rate limiter ends a flood from one address", async () => {
  const { ratelimits } = unstable_readConfig(
    { config: `${PROJECT}demo/wrangler.toml` },
    { hideWarnings: true },
  );
  const limit = ratelimits.find(({ name }: { name: string }) => name === "LIMIT_BY_IP")?.simple.limit ?? 0;
  expect(limit).toBeGreaterThanOrEqual(1000);
  // The same with a low limit and the longer period, so that few requests pass it, in two periods too.
  const folder = await mkdtemp(join(tmpdir(), "edge-signer-limits-"));
  const config = join(folder, "wrangler.toml");
  const toml = await readFile(join(PROJECT, "demo/wrangler.toml"), "utf8");
  await writeFile(
    config,
    toml
      .replace("../dist/demo-page", `${PROJECT}dist/page`)
      .replaceAll("limit = 1000, period = 10", "limit = 20, period = 60"),
  );
  const worker = await startWorker({
    ...{ build: inject("workerBuild"), bindings: BINDINGS, config, env: "" },
    onLog: unseen,
  });
  const answers = await Promise.all(Array.from({ length: 60 }, () => ask(`${worker.url}/sign/open`)));
  await worker.close();
  await rm(folder, { recursive: true });
  const codes = answers.map(({ code = "signed" }) => code);
  expect(new Set(codes)).toEqual(new Set(["signed", "rate_limited"]));
  const signed = codes.filter((code) => code === "signed");
  expect(signed.length).toBeGreaterThanOrEqual(20);
  expect(signed.length).toBeLessThanOrEqual(40);
});
