// Which pages may talk to the signer. An `Origin` is compared whole: with the listed ones, with the signer's own, and
// with patterns for previews, by what stands before and after their `*`.

import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";

/** A pattern such as `https://*--shop.netlify.app`, in two. */
export interface OriginPattern {
  readonly before: string;
  readonly after: string;
}

/** Origins as they are listed. */
export interface Origins {
  readonly exact: ReadonlySet<string>;
  readonly patterns: readonly OriginPattern[];
}

/** How an origin is allowed: a preview fits a pattern alone, and is trusted with less than the others. */
export type Standing = "listed" | "own" | "preview";

/** Listed texts, each an origin or a pattern. */
export function parseOrigins(texts: readonly string[]): Origins {
  const patterns = texts.filter((text) => text.includes("*"));
  return {
    exact: new Set(texts.filter((text) => !text.includes("*"))),
    patterns: patterns.map((text) => {
      const [before = "", after = ""] = text.split("*");
      return { before, after };
    }),
  };
}

/** What `*` may stand for: one label or a part of one, so never a dot. */
const WITHIN_LABEL = /^[a-z0-9-]+$/;

const fits = (origin: string, { before, after }: OriginPattern): boolean =>
  origin.startsWith(before) &&
  origin.endsWith(after) &&
  WITHIN_LABEL.test(origin.slice(before.length, origin.length - after.length));

/** Whether an origin fits a pattern. */
export const isPreview = (origin: string, { patterns }: Origins): boolean =>
  patterns.some((pattern) => fits(origin, pattern));

/** How the origin is allowed to ask at this address; `undefined`: not at all. `null` is not an origin. */
export function standingOf(origin: string, url: string, allowed: Origins): Standing | undefined {
  if (origin === "null") return undefined;
  if (allowed.exact.has(origin)) return "listed";
  if (origin === new URL(url).origin) return "own";
  return isPreview(origin, allowed) ? "preview" : undefined;
}

/** A page's origin that is allowed. */
export interface AllowedOrigin {
  readonly origin: string;
  readonly standing: Standing;
}

/** The request's origin, if it is allowed. A request without one is not a browser's: `undefined`. */
export function checkOrigin(request: Request, allowed: Origins): Result<AllowedOrigin | undefined, Failure> {
  const origin = request.headers.get("origin");
  if (origin === null) return ok(undefined);
  const standing = standingOf(origin, request.url, allowed);
  if (standing !== undefined) return ok({ origin, standing });
  return err(failure(origin === "null" ? "no_page" : "unlisted_origin"));
}
