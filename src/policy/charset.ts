// A charset limit: the inside of a character class such as `a-z0-9-`, as ranges of code points. It is no
// regular expression, so that a check is linear in what it reads.

import { err, ok, type Result } from "../result.ts";

/** Inclusive ranges of code points. */
export type Charset = readonly (readonly [first: number, last: number])[];

/** Reads `a-z0-9-`. A `-` at either end stands for itself; `^`, `\`, `[` and `]` have no meaning here. */
export function parseCharset(text: string): Result<Charset, string> {
  if (text === "") return err("an empty charset allows nothing");
  if (/[\\[\]^]/.test(text)) {
    return err("write only the characters and ranges themselves, for example `a-z0-9-`, without [ ] ^ or \\");
  }
  const points = Array.from(text, (char) => char.codePointAt(0)!);
  const dash = 0x2d;
  const ranges: [number, number][] = [];
  for (let i = 0; i < points.length; i += 1) {
    const first = points[i]!;
    const isRange = points[i + 1] === dash && i + 2 < points.length;
    const last = isRange ? points[i + 2]! : first;
    if (last < first) return err("one of its ranges runs backwards");
    ranges.push([first, last]);
    if (isRange) i += 2;
  }
  return ok(ranges);
}

/** Whether every character of `text` lies in the charset. */
export function withinCharset(charset: Charset, text: string): boolean {
  for (const char of text) {
    const point = char.codePointAt(0)!;
    if (!charset.some(([first, last]) => first <= point && point <= last)) return false;
  }
  return true;
}
