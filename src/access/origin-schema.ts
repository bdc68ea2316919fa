// Origins as they are written: exactly, or as a pattern for previews with one `*`.

import * as v from "valibot";

const EXACTLY =
  "must be an origin exactly as browsers send it, such as https://www.example.com: lower case, no path, no slash at its end, and a * only in a pattern for previews";
const PATTERN =
  "must be an origin with one *, in its leftmost label: beside a text of yours with two labels after it, such as https://*--shop.netlify.app, else with three, such as https://*.preview.example.com";

/** Labels that follow the one with the `*`: fewer would let in a whole registry's names. */
const LABELS_BESIDE_TEXT = 2;
const LABELS_ELSE = 3;

const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;

/** What is wrong with a written origin, or nothing. */
function wrongWith(text: string): string | undefined {
  if (!text.includes("*")) return isOrigin(text) ? undefined : EXACTLY;
  if (text.split("*").length > 2) return PATTERN;
  // A letter in the place of `*` must make an origin of it.
  if (!isOrigin(text.replace("*", "x"))) return EXACTLY;
  const [, host = ""] = /^https?:\/\/([^:]*)/.exec(text) ?? [];
  const [first = "", ...others] = host.split(".");
  const hasText = /[a-z0-9]/.test(first.replace("*", ""));
  const isRight =
    first.includes("*") &&
    others.length >= (hasText ? LABELS_BESIDE_TEXT : LABELS_ELSE) &&
    others.every((label) => label !== "");
  return isRight ? undefined : PATTERN;
}

/** An origin, or a pattern for previews. */
export const OriginSchema = v.pipe(
  v.string(),
  v.check(
    (text) => wrongWith(text) === undefined,
    ({ input }) => wrongWith(input) ?? EXACTLY,
  ),
);
