// Which pages may talk to the signer. An `Origin` is compared whole, never by its end or its beginning.

import { type Failure, failure } from "./problem.ts";
import { err, ok, type Result } from "./signature/result.ts";

/** Whether a request's origin is the signer's own or a listed one. */
function isAllowedOrigin(origin: string, url: string, allowed: ReadonlySet<string>): boolean {
  return allowed.has(origin) || origin === new URL(url).origin;
}

/** The request's origin, if it is allowed. A request without one is no browser's: `undefined`. */
export function checkOrigin(
  request: Request,
  allowed: ReadonlySet<string>,
): Result<string | undefined, Failure> {
  const origin = request.headers.get("origin");
  if (origin === null) return ok(undefined);
  if (isAllowedOrigin(origin, request.url, allowed)) return ok(origin);
  return err(
    failure(
      "origin_not_allowed",
      "pages of this origin may not ask: its owner lists it in SIGNER.allowedOrigins",
    ),
  );
}
