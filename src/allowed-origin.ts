// Which pages may talk to the signer. An `Origin` is compared whole, never by its end or its beginning.

import { type Failure, failure } from "./problem.ts";
import { err, ok, type Result } from "./signature/result.ts";

/** Whether a request's origin is the signer's own or a listed one. */
export function isAllowedOrigin(origin: string, url: string, allowed: ReadonlySet<string>): boolean {
  return allowed.has(origin) || origin === new URL(url).origin;
}

/** A request without an `Origin` is no browser's; one with another origin than those allowed ends here. */
export function checkOrigin(request: Request, allowed: ReadonlySet<string>): Result<undefined, Failure> {
  const origin = request.headers.get("origin");
  if (origin === null || isAllowedOrigin(origin, request.url, allowed)) return ok(undefined);
  return err(
    failure(
      "origin_not_allowed",
      "pages of this origin may not ask: its owner lists it in SIGNER.allowedOrigins",
    ),
  );
}
