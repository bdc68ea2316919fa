// The access methods whose keys Web Crypto checks, as a caller sees them: a key set over the network, a shared secret, a
// hashed token, and links, whose key is derived. Each credential that is taken stands beside one that is not.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Algorithm,
  AUDIENCE,
  ISSUER,
  type Key,
  makeKey,
  SHARED_SECRET,
  sign,
  signShared,
} from "../access/identity.ts";
import { ACCOUNT } from "../support/account.ts";
import { post, TARGETS, type Target } from "../support/targets.ts";
import { expectDropIn, expectProblem, expectTicket, now } from "./suite.ts";

const ALGORITHMS: readonly Algorithm[] = ["ES256", "RS256", "EdDSA"];
const TOKEN = "token-of-the-ci";

let server: Server;
let keys: Key[];
let jwks: string;
beforeAll(async () => {
  keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg, alg)));
  server = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const settings = () => ({
  access: {
    members: { type: "jwt", jwks, issuer: ISSUER, audience: AUDIENCE },
    partners: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE },
    backends: {
      type: "token",
      tokens: { ci: createHash("sha256").update(TOKEN).digest("hex") },
    },
  },
  profiles: {
    default: { access: ["members"], set: { folder: "users/{sub}", overwrite: false } },
    hashed: { access: ["members"], set: { folder: "hashed/{sub|hash}", overwrite: false } },
    partners: { access: ["partners"], set: { folder: "partners/{sub}", overwrite: false } },
    imports: { access: ["backends"], set: { folder: "imports", overwrite: false } },
    widget: { access: ["partners"], dropIn: true, set: { folder: "widget/{sub}" } },
  },
});

/** The token with another signature. */
const spoilt = (token: string): string => {
  const at = token.lastIndexOf(".") + 1;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
};

describe.each(TARGETS)("%s", (_, start) => {
  let target: Target;
  beforeAll(async () => {
    target = await start({ ...ACCOUNT, SIGNER: settings(), JWT_SECRET: SHARED_SECRET });
  });
  afterAll(() => target.close());

  const ask = (path: string, token: string, body: unknown = {}) =>
    target.ask(path, post(body, { authorization: `Bearer ${token}` }));

  it.each(ALGORITHMS)("a token of the key set: %s", async (alg) => {
    const token = await sign(keys.find((key) => key.alg === alg)!);
    expect(expectTicket(await ask("/sign", token)).folder).toBe("users/42");
    expectProblem(await ask("/sign", spoilt(token)), 401, "invalid_token");
  });

  it("an expired token", async () => {
    const token = await sign(keys[0]!, { iat: now() - 600, exp: now() - 60 });
    expectProblem(await ask("/sign", token), 401, "expired_token");
  });

  it("a claim that is hashed", async () => {
    const digest = createHash("sha256").update("members\0u/1 ü").digest("hex");
    const token = await sign(keys[0]!, { sub: "u/1 ü" });
    expect(expectTicket(await ask("/sign/hashed", token)).folder).toBe(`hashed/${digest.slice(0, 32)}`);
  });

  it("a token of a shared secret", async () => {
    const token = await signShared();
    expect(expectTicket(await ask("/sign/partners", token)).folder).toBe("partners/42");
    expectProblem(await ask("/sign/partners", spoilt(token)), 401, "invalid_token");
  });

  it("a token of a back end", async () => {
    expect(expectTicket(await ask("/sign/imports", TOKEN)).folder).toBe("imports");
    expectProblem(await ask("/sign/imports", `${TOKEN}x`), 401, "invalid_token");
  });

  it("a link", async () => {
    const { url } = (await ask("/links/widget", await signShared())).json() as { url: string };
    expect(url.startsWith(`${target.origin}/sign/widget?link=`)).toBe(true);
    const path = url.slice(target.origin.length);
    const paramsToSign = { timestamp: now(), folder: "widget/42" };
    expectDropIn(await target.ask(path, post({ paramsToSign })), paramsToSign);
    expectProblem(await target.ask(spoilt(path), post({ paramsToSign })), 401, "invalid_token");
  });
});
