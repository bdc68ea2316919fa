// What every text that is signed must obey, whoever wrote it (R9).

import { err, ok, type Result } from "../../result.ts";

/** Longest text of one parameter, in UTF-16 units, whatever a profile allows. */
export const MAX_TEXT_LENGTH = 4096;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** What can be wrong with a text. */
export interface TextFlaw {
  readonly reason: "text_too_long" | "surrogate" | "control" | "percent_26" | "ampersand";
}

/** What can be wrong with a path. */
export interface PathFlaw {
  readonly reason: "lookalike" | "path_character" | "empty" | "dots" | "spaced";
  readonly of?: "segment";
}

/** The text itself, or what is wrong with it. `&` is text in `context` and `metadata` alone. */
export function safeText(text: string, ampersand = false): Result<string, TextFlaw> {
  if (text.length > MAX_TEXT_LENGTH) return err({ reason: "text_too_long" });
  if (!text.isWellFormed()) return err({ reason: "surrogate" });
  if (CONTROL.test(text)) return err({ reason: "control" });
  // Signature version 2 writes `&` as `%26`, so a text that already holds `%26` could be read as another one.
  if (text.includes("%26")) return err({ reason: "percent_26" });
  if (!ampersand && text.includes("&")) return err({ reason: "ampersand" });
  return ok(text);
}

/** Nothing in it is folded or hidden. Asked first, for an engine makes its tables of Unicode when one is first needed. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * A path of a public ID or folder, or what is wrong with it. What the server would do with `..` or an empty
 * segment is not documented, and could lead out of a prefix.
 */
export function safePath(text: string): Result<string, PathFlaw> {
  const isPlain = PRINTABLE_ASCII.test(text);
  // `．．` or a hidden character could be folded to something else on its way.
  if (!isPlain && (text.normalize("NFKC") !== text || /\p{Cf}/u.test(text)))
    return err({ reason: "lookalike" });
  if (/[?#\\%<>+]/.test(text)) return err({ reason: "path_character" });
  for (const segment of text.split("/")) {
    // Some that nobody sees are no `Cf`, and emoji need them: they are no name, and make none of dots.
    const seen = isPlain ? segment : segment.replace(/\p{Default_Ignorable_Code_Point}/gu, "");
    if (seen === "") return err({ reason: "empty", of: "segment" });
    if (seen === "." || seen === "..") return err({ reason: "dots", of: "segment" });
    if (seen.trim() !== seen) return err({ reason: "spaced", of: "segment" });
  }
  return ok(text);
}
