// The way in `origin` as it is written -> as it is used. Its pages are let in by `allowedOrigins` before, so a list of
// its own can only be narrower.

import { isPreview, parseOrigins } from "../allowed-origin.ts";
import { err, ok, type Result } from "../signature/result.ts";
import type { Way } from "./config.ts";
import { PREVIEW_ORIGINS, type WayComplaint, type WayInput } from "./ways.ts";

const isPattern = (text: string): boolean => text.includes("*");

/** Checks it by meaning. `page`: whether the Worker has a page of its own, `at`: what `allowedOrigins` stands in. */
export function readOriginWay(
  name: string,
  input: WayInput & { type: "origin" },
  { allowedOrigins, page }: { readonly allowedOrigins: readonly string[]; readonly page: boolean },
  at: string,
): Result<Way, WayComplaint[]> {
  const complain = (problem: string): Result<Way, WayComplaint[]> => err([{ at: "origins", problem }]);
  const takesPatterns = input.allow?.includes(PREVIEW_ORIGINS) === true;
  const origins = input.origins ?? allowedOrigins.filter((text) => takesPatterns || !isPattern(text));
  if (!takesPatterns && origins.some(isPattern)) {
    return complain(
      `holds a pattern: whoever gets a name that fits it comes in like your own pages; write allow = ["${PREVIEW_ORIGINS}"] beside it to accept that, or remove it`,
    );
  }
  const allowed = parseOrigins(allowedOrigins);
  const isAllowed = (text: string): boolean =>
    allowedOrigins.includes(text) || (!isPattern(text) && isPreview(text, allowed));
  if (!origins.every(isAllowed))
    return complain(`holds an origin whose pages are refused before: list it in ${at}allowedOrigins too`);
  if (origins.length === 0 && !page)
    return complain(
      `names no origin: list at least one in ${at}allowedOrigins, and here only to let in fewer`,
    );
  return ok({ type: "origin", name, origins: parseOrigins(origins), own: page });
}
