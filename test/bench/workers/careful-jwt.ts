// The careful recipe for callers with a token under a shared secret, by `hono/jwt`.

import { createMiddleware } from "hono/factory";
import { jwt } from "hono/jwt";
import { carefulApp, type Env } from "./careful.ts";
import { ownFolder, VERIFICATION } from "./careful-claims.ts";

/** As the documentation has it for a secret that is a binding. */
const members = createMiddleware<Env>((c, next) =>
  jwt({ secret: c.env.JWT_SECRET, alg: "HS256", verification: VERIFICATION })(c, next),
);

export default carefulApp(ownFolder, members);
