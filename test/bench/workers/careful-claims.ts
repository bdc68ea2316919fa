// What both of the careful recipe's ways to verify a token have in common: whom it must be from and for, and the folder
// of whom it names.

import { HTTPException } from "hono/http-exception";
import * as v from "valibot";
import { AUDIENCE, ISSUER } from "../../access/identity.ts";
import type { PlaceOf } from "./careful.ts";

export const VERIFICATION = { iss: ISSUER, aud: AUDIENCE };

/** Hono looks at `exp` where a token has one; here each must. */
const Claims = v.object({ sub: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)), exp: v.number() });

export const ownFolder: PlaceOf = (c) => {
  const claims = v.safeParse(Claims, c.get("jwtPayload"));
  if (!claims.success) throw new HTTPException(401, { message: "Unauthorized" });
  return { folder: `users/${claims.output.sub}` };
};
