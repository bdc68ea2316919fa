// The careful recipe for callers with a token under a shared secret, by `hono/jwt`. The documentation makes the
// middleware of a binding anew for each request, and Hono imports a secret that is a text for each token. It takes an
// imported key too: who cares for that imports it once.

import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { jwt } from "hono/jwt";
import { carefulApp, type Env } from "./careful.ts";
import { ownFolder, VERIFICATION } from "./careful-claims.ts";

let made: { readonly secret: string; readonly middleware: MiddlewareHandler } | undefined;

async function verifier(secret: string): Promise<MiddlewareHandler> {
  if (made?.secret !== secret) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const bytes = new TextEncoder().encode(secret);
    const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
    made = { secret, middleware: jwt({ secret: key, alg: "HS256", verification: VERIFICATION }) };
  }
  return made.middleware;
}

const members = createMiddleware<Env>(async (c, next) => (await verifier(c.env.JWT_SECRET))(c, next));

export default carefulApp(ownFolder, members);
