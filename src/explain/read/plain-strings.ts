// A string to sign that nothing announces, or that is all of a text.

import { PARAMETERS } from "../../policy/tables/parameters.ts";
import { formEvidence, urlEncoded } from "./form-fields.ts";
import type { Read } from "./literal.ts";
import type { Found } from "./merge-evidence.ts";
import { endOfLine } from "./refusal-words.ts";

/** A name and `=`, as a string to sign begins. */
const PAIR = /[a-z][a-z0-9_]{0,60}(?:\[\])?=/iy;

/** Whether a text begins as a string to sign, and is no template for one. */
export function isString(text: string): boolean {
  PAIR.lastIndex = 0;
  return PAIR.test(text) && !isTemplate(text);
}

/** Code that writes one: a place for a value stands where the time will. */
const isTemplate = (text: string): boolean =>
  /[$#]\{|(?:^|&)timestamp=(?!\d|["']\d|NaN|undefined|null|None|nil)/.test(text);

/** The same of a text that one's own code hashed: it may begin as a query, and quoted it may be JSON. */
export const isHashed = (text: string, isQuoted: boolean): boolean =>
  isString(text.replace(/^\?/, "")) || (isQuoted && /^[{[]\s{0,9}["{]/.test(text));

/** What people write behind a line of a log. */
const REMARK = /[ \t]{2,}.*$|[ \t]+(?:<-|\/\/|#|→).*$/s;

/** A string to sign that begins at `at`, as a log or a comment has it: it has the time in it, and no signature. */
export function readUnannounced(text: string, at: number): Read<string> {
  const quote = text[at - 1] ?? "";
  const close = /["'`]/.test(quote) ? text.indexOf(quote, at) : -1;
  const end = close < 0 ? endOfLine(text, at) : close;
  const value = text.slice(at, end).replace(REMARK, "").trimEnd();
  const isSigned =
    PARAMETERS.has(value.slice(0, value.indexOf("="))) &&
    /(?:^|&)timestamp=/.test(value) &&
    !/(?:^|&)signature=|\n/.test(value) &&
    !isTemplate(value);
  return isSigned ? { value, end } : { end: at + 1 };
}

/** A text that is nothing but a string to sign, or but a body of a form. */
export function bare(text: string): Found {
  const trimmed = text.trim();
  const inner = /^(["'`])[\s\S]*\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
  PAIR.lastIndex = 0;
  if (!PAIR.test(inner) || !/(?:^|&)(?:timestamp|public_id)=/.test(inner)) return {};
  if (!/(?:^|&)signature=/.test(inner)) return { stringToSign: inner };
  return formEvidence(undefined, urlEncoded(inner), false);
}
