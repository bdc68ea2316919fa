// What every text that is signed must obey, whoever wrote it (R9).

import { err, ok, type Result } from "../result.ts";

/** Longest text of one parameter, in UTF-16 units, whatever a profile allows. */
export const MAX_TEXT_LENGTH = 4096;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Exceptions to the rule that some kinds of parameter need. */
export interface TextRules {
  /** `&` is text in `context` and `metadata` alone: version 2 escapes it. */
  readonly ampersand?: boolean;
}

/** The text itself, or what is wrong with it. */
export function safeText(text: string, rules: TextRules = {}): Result<string, string> {
  if (text.length > MAX_TEXT_LENGTH) return err(`longer than ${MAX_TEXT_LENGTH} characters`);
  if (!text.isWellFormed()) return err("holds half of a surrogate pair, which has no UTF-8 form");
  if (CONTROL.test(text)) return err("holds a control character");
  // Signature version 2 writes `&` as `%26`, so a text that already holds `%26` could be read as another one.
  if (text.includes("%26")) return err("holds `%26`, which signature version 2 can't tell from `&`");
  if (!rules.ampersand && text.includes("&"))
    return err("holds `&`, which is allowed in context and metadata only");
  return ok(text);
}

/**
 * A path of a public ID or folder, or what is wrong with it. What the server would do with `..` or an empty
 * segment is not documented, and could lead out of a prefix.
 */
export function safePath(text: string): Result<string, string> {
  // `．．` or a hidden character could be folded to something else on its way.
  if (text.normalize("NFKC") !== text || /\p{Cf}/u.test(text))
    return err("holds a character that could be read as another one");
  if (/[?#\\%<>+]/.test(text))
    return err("holds one of ? # \\ % < > +, which Cloudinary's public IDs may not");
  for (const segment of text.split("/")) {
    if (segment === "") return err("has an empty path segment (a slash at an end, or two in a row)");
    if (segment === "." || segment === "..") return err("has a path segment `.` or `..`");
    if (segment.trim() !== segment) return err("has a path segment that begins or ends with white space");
  }
  return ok(text);
}
