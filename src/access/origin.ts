// The way in `origin`: pages of listed origins. It keeps other sites' pages out and is no proof of who asks,
// for anything but a browser can send whatever `Origin` it likes.

import type { Way } from "../config/config.ts";
import { type Failure, failure } from "../problem.ts";
import { err, ok, type Result } from "../signature/result.ts";
import type { AdmittedCaller } from "./way.ts";

export function admitOrigin(
  { name, origins }: Way & { type: "origin" },
  request: Request,
): Result<AdmittedCaller, Failure> {
  const origin = request.headers.get("origin");
  if (origin !== null && origins.has(origin)) return ok({ way: name, claims: {} });
  return err(
    failure(
      "origin_not_allowed",
      origin === null
        ? "this profile is for pages of listed origins, and the request has no Origin"
        : `this profile is for pages of other origins: its owner lists them in SIGNER.access.${name}.origins`,
    ),
  );
}
