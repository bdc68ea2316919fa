// The access method `origin`: pages of listed origins. It keeps other sites' pages out and is no proof of who asks,
// for anything but a browser can send whatever `Origin` it likes. Its pages are let in by `allowedOrigins` before, so a
// list of its own can only be narrower.

import * as v from "valibot";
import { type Failure, failure, type Reason } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { type AccessKind, type AccessMethod, accessMethod, type Setup } from "./method.ts";
import { OriginSchema } from "./origin-schema.ts";
import { isPreview, type Origins, parseOrigins, standingOf } from "./origins.ts";
import type { AdmittedCaller } from "./way.ts";

/** The risk of taking patterns, by its name. */
const PREVIEW_ORIGINS = "preview-origins";

const Options = v.strictObject({
  origins: v.optional(
    v.pipe(v.array(OriginSchema), v.minLength(1, "names no origin: list at least one, or leave it out")),
  ),
  allow: v.optional(v.array(v.picklist([PREVIEW_ORIGINS]))),
});

export interface OriginOptions {
  /** Fewer than `allowedOrigins`; default all of them but patterns. */
  readonly origins?: readonly string[];
  /** `preview-origins`: whoever gets a name that fits a pattern comes in like your own pages. */
  readonly allow?: readonly (typeof PREVIEW_ORIGINS)[];
}

const isPattern = (text: string): boolean => text.includes("*");

function readOrigins(options: OriginOptions, { allowedOrigins }: Setup): Result<Origins, string> {
  const takesPatterns = options.allow?.includes(PREVIEW_ORIGINS) === true;
  const origins = options.origins ?? allowedOrigins.filter((text) => takesPatterns || !isPattern(text));
  if (!takesPatterns && origins.some(isPattern)) {
    return err(
      `holds a pattern: whoever gets a name that fits it comes in like your own pages; write allow: ["${PREVIEW_ORIGINS}"] beside it to accept that, or remove it`,
    );
  }
  const allowed = parseOrigins(allowedOrigins);
  const isAllowed = (text: string): boolean =>
    allowedOrigins.includes(text) || (!isPattern(text) && isPreview(text, allowed));
  if (!origins.every(isAllowed))
    return err("holds an origin whose pages are refused before: list it in allowedOrigins too");
  return ok(parseOrigins(origins));
}

/** `own`: pages of the Worker's own origin come in too. */
function admit(
  name: string,
  origins: Origins,
  own: boolean,
  request: Request,
): Result<AdmittedCaller, Failure> {
  const origin = request.headers.get("origin");
  const standing = origin === null ? undefined : standingOf(origin, request.url, origins);
  if (standing === "own" ? own : standing !== undefined) return ok({ access: name, claims: {} });
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

const KIND: AccessKind<OriginOptions> = {
  type: "origin",
  schema: Options as v.GenericSchema<unknown, OriginOptions>,
  check(options, setup) {
    const { name, page } = setup;
    const origins = readOrigins(options, setup);
    if (!origins.ok) return err([{ at: "origins", problem: origins.error }]);
    return ok({
      name,
      type: "origin",
      anonymous: true,
      claims: new Set<string>(),
      identity: `way ${name}`,
      admit: (request) => admit(name, origins.value, page, request),
    });
  },
};

/**
 * Pages of `allowedOrigins`, or of fewer. **No proof of who asks**: anything but a browser can send any `Origin`.
 *
 * @example
 * const site = origin();
 */
export const origin = (options: OriginOptions = {}): AccessMethod => accessMethod(KIND, options);
