// What both of the careful recipe's ways to verify a token have in common: whom it must be from and for, and the folder
// of whom it names.

import * as v from "valibot";
import { AUDIENCE, ISSUER } from "../../access/identity.ts";
import type { PlaceOf } from "./careful.ts";

export const VERIFICATION = { iss: ISSUER, aud: AUDIENCE };

const Claims = v.object({ sub: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)) });

export const ownFolder: PlaceOf = (c) => ({ folder: `users/${v.parse(Claims, c.get("jwtPayload")).sub}` });
