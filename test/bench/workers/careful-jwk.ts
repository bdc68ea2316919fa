// The careful recipe for callers with a token of an identity provider, by `hono/jwk`. By `jwks_uri` it would fetch the
// key set for each request; who cares for that keeps it a while.

import type { Context, MiddlewareHandler } from "hono";
import { jwk } from "hono/jwk";
import type { HonoJsonWebKey } from "hono/utils/jwt/jws";
import { carefulApp, type Env } from "./careful.ts";
import { ownFolder, VERIFICATION } from "./careful-claims.ts";

/** How long a key set is kept, in milliseconds. */
const KEPT = 300_000;

let kept: { readonly keys: HonoJsonWebKey[]; readonly until: number } | undefined;

async function keySet(c: Context<Env>): Promise<HonoJsonWebKey[]> {
  if (kept === undefined || kept.until < Date.now()) {
    const response = await fetch(c.env.JWKS_URL, { signal: AbortSignal.timeout(5000) });
    const { keys } = (await response.json()) as { keys: HonoJsonWebKey[] };
    kept = { keys, until: Date.now() + KEPT };
  }
  return kept.keys;
}

const members: MiddlewareHandler = jwk({
  keys: keySet,
  alg: ["ES256", "RS256"],
  verification: VERIFICATION,
});

export default carefulApp(ownFolder, members);
