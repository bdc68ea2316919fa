// The access method `origin`: pages of listed origins. It keeps other sites' pages out and proves nothing of who asks,
// for anything but a browser can send whatever `Origin` it likes. Its pages are let in by `allowedOrigins` before, so a
// list of its own can only be narrower.

import * as v from "valibot";
import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";
import { type AccessKind, type AccessMethod, type Admission, accessMethod, type Setup } from "./method.ts";
import { OriginSchema } from "./origin-schema.ts";
import { isPreview, type Origins, parseOrigins, standingOf } from "./origins.ts";

/** The risk of taking patterns, by its name. */
const PREVIEW_ORIGINS = "preview-origins";

const Options = v.strictObject({
  origins: v.optional(
    v.pipe(v.array(OriginSchema), v.minLength(1, "list at least one origin, or leave it out: it is empty")),
  ),
  allow: v.optional(v.array(v.picklist([PREVIEW_ORIGINS]))),
});

/** Options of `origin`; `{}` or none for all of `allowedOrigins`. */
export interface OriginOptions {
  /** Fewer than `allowedOrigins`; default all of them but patterns. */
  readonly origins?: readonly string[];
  /** `preview-origins`: whoever gets a name that fits a pattern comes in like your own pages. */
  readonly allow?: readonly (typeof PREVIEW_ORIGINS)[];
}

const isPattern = (text: string): boolean => text.includes("*");

function readOrigins(
  options: v.InferOutput<typeof Options>,
  { allowedOrigins }: Setup,
): Result<Origins, string> {
  const takesPatterns = options.allow?.includes(PREVIEW_ORIGINS) === true;
  const origins = options.origins ?? allowedOrigins.filter((text) => takesPatterns || !isPattern(text));
  if (!takesPatterns && origins.some(isPattern)) {
    return err(
      `remove the pattern, or write allow: ["${PREVIEW_ORIGINS}"] beside it to accept the risk: whoever gets a name that fits it is treated like your own pages`,
    );
  }
  const allowed = parseOrigins(allowedOrigins);
  const isAllowed = (text: string): boolean =>
    allowedOrigins.includes(text) || (!isPattern(text) && isPreview(text, allowed));
  if (!origins.every(isAllowed))
    return err("list every origin in allowedOrigins too: pages of the others are refused before");
  return ok(parseOrigins(origins));
}

interface Settings {
  readonly origins: Origins;
  /** Whether pages of the Worker's own origin come in too. */
  readonly own: boolean;
}

function admit({ origins, own }: Settings, request: Request): Result<Admission, Failure> {
  const origin = request.headers.get("origin");
  const standing = origin === null ? undefined : standingOf(origin, request.url, origins);
  if (standing === "own" ? own : standing !== undefined) return ok({ claims: {} });
  return err(failure(origin === null ? "page_wanted" : "other_page"));
}

const KIND: AccessKind<v.InferOutput<typeof Options>, Settings> = {
  type: "origin",
  anonymous: true,
  schema: Options,
  check(options, setup) {
    const origins = readOrigins(options, setup);
    return origins.ok
      ? ok({ origins: origins.value, own: setup.page })
      : err([{ at: "origins", problem: origins.error }]);
  },
  admit,
};

/**
 * Pages of `allowedOrigins`, or of fewer. **No proof of who asks**: anything but a browser can send any `Origin`.
 *
 * @example
 * const site = origin();
 */
export const origin = (options: OriginOptions = {}): AccessMethod => accessMethod(KIND, options);
