// Credentials in a header or a cookie of the owner's choice, and what a cookie needs beside it.

import { type Failure, failure } from "../failure.ts";
import type { AccessContext, Credential } from "./method.ts";

/** Where a credential is read. */
export type Reads = { readonly header: string } | { readonly cookie: string };

/** The place as it is compared: names of headers have no case, and cookies' have. */
export const placeOf = (reads: Reads): string =>
  "cookie" in reads ? `cookie ${reads.cookie}` : reads.header.toLowerCase();

/** The place for people. */
export const placeText = (reads: Reads): string =>
  "cookie" in reads ? `the cookie ${reads.cookie}` : `the header ${reads.header}`;

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
  if (request.headers.get("origin") === null) return failure("no_origin");
  if (originIsPreview) return failure("preview_origin");
  const isCrossSite = request.headers.get("sec-fetch-site")?.toLowerCase() === "cross-site";
  return isCrossSite && !originListed ? failure("cross_site") : undefined;
}
