// A charset limit: the inside of a character class such as `a-z0-9-`, as ranges of code points. It is no
// regular expression, so that a check is linear in what it reads.

import { err, ok, type Result } from "../../result.ts";

/** The characters that a limit allows. */
export interface Charset {
  /** As a profile writes it. */
  readonly text: string;
  /** Inclusive ranges of code points. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/** What can be wrong with a charset. */
export interface CharsetFlaw {
  readonly reason: "allows_nothing" | "charset_syntax" | "backwards";
}

/** Reads `a-z0-9-`. A `-` at either end stands for itself; `^`, `\`, `[` and `]` have no meaning here. */
export function parseCharset(text: string): Result<Charset, CharsetFlaw> {
  if (text === "") return err({ reason: "allows_nothing" });
  if (/[\\[\]^]/.test(text)) return err({ reason: "charset_syntax" });
  const points = Array.from(text, (char) => char.codePointAt(0)!);
  const dash = 0x2d;
  const ranges: [number, number][] = [];
  for (let i = 0; i < points.length; i += 1) {
    const first = points[i]!;
    const isRange = points[i + 1] === dash && i + 2 < points.length;
    const last = isRange ? points[i + 2]! : first;
    if (last < first) return err({ reason: "backwards" });
    ranges.push([first, last]);
    if (isRange) i += 2;
  }
  return ok({ text, ranges });
}

/** Whether every character of `text` lies in the charset. */
export function withinCharset({ ranges }: Charset, text: string): boolean {
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (!ranges.some(([first, last]) => first <= point && point <= last)) return false;
  }
  return true;
}
