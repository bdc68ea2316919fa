// Credentials in a header or a cookie of the owner's choice, and what a cookie needs beside it.

import { type Failure, failure } from "../problem.ts";
import type { AccessContext, Credential } from "./way.ts";

/** Where a credential is read. */
export type Reads = { readonly header: string } | { readonly cookie: string };

/** The place as it is compared: names of headers have no case, and cookies' have. */
export const placeOf = (reads: Reads): string =>
  "cookie" in reads ? `cookie ${reads.cookie}` : reads.header.toLowerCase();

/** Every value there; a cookie that is there twice is two credentials. */
export function findIn(reads: Reads, request: Request): Credential[] {
  const place = placeOf(reads);
  if ("header" in reads) {
    const value = request.headers.get(reads.header);
    return value === null ? [] : [{ place, value }];
  }
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair.startsWith(`${reads.cookie}=`))
    .map((pair) => ({ place, value: pair.slice(reads.cookie.length + 1) }));
}

/** A cookie is sent by every page of the site, so it counts only with proof that an allowed page asked. */
export function checkPage(
  reads: Reads | undefined,
  { request, originListed, originIsPreview }: AccessContext,
): Failure | undefined {
  if (reads === undefined || !("cookie" in reads)) return undefined;
  if (request.headers.get("origin") === null) {
    const detail = "a cookie lets in pages alone, and the request has no Origin";
    return failure("origin_not_allowed", detail, "no_origin");
  }
  if (originIsPreview) {
    const detail = "a cookie lets in pages of origins that are listed, not those that only fit a pattern";
    return failure("origin_not_allowed", detail, "preview_origin");
  }
  if (request.headers.get("sec-fetch-site")?.toLowerCase() === "cross-site" && !originListed) {
    const detail = "a cookie lets in pages of the same site, or of an origin in allowedOrigins";
    return failure("origin_not_allowed", detail, "cross_site");
  }
  return undefined;
}
