// The way in `origin`: pages of listed origins. It keeps other sites' pages out and is no proof of who asks,
// for anything but a browser can send whatever `Origin` it likes.

import { standingOf } from "../allowed-origin.ts";
import type { Way } from "../config/config.ts";
import { type Failure, failure, type Reason } from "../problem.ts";
import { err, ok, type Result } from "../signature/result.ts";
import type { AdmittedCaller } from "./way.ts";

export function admitOrigin(
  { name, origins, own }: Way & { type: "origin" },
  request: Request,
): Result<AdmittedCaller, Failure> {
  const origin = request.headers.get("origin");
  const standing = origin === null ? undefined : standingOf(origin, request.url, origins);
  if (standing === "own" ? own : standing !== undefined) return ok({ way: name, claims: {} });
  const refuse = (detail: string, reason: Reason) =>
    err({ ...failure("origin_not_allowed", detail, reason), way: name });
  return origin === null
    ? refuse(
        "ask from a page: this profile is for pages of listed origins, and the request has no Origin",
        "no_origin",
      )
    : refuse(
        "list the origin of this page in `allowedOrigins`, and in `origins` of this profile's way in where it has any, if the page is yours; the signer's log names it",
        "other_page",
      );
}
