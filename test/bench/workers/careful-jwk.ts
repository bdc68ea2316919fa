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
    // As Hono sees to it where it fetches them itself; what is kept must be a key set.
    if (!response.ok) throw new Error(`no key set: status ${response.status}`);
    const { keys } = (await response.json()) as { keys?: HonoJsonWebKey[] };
    if (!Array.isArray(keys)) throw new Error("no key set: it has no list of keys");
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
