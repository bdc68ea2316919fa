// Pasted text, explained: what the page's box and the command line do.

import type { Evidence } from "../evidence.ts";
import { explain } from "../explain.ts";
import type { Explanation } from "../explanation.ts";
import { MAX_LENGTH, readPaste } from "./paste.ts";

/** `known` is what else is known, as the time; `undefined` where nothing in the text is evidence. */
export function explainPaste(text: string, known: Evidence = {}): Explanation | undefined {
  const read = readPaste(text);
  return Object.keys(read).length === 0
    ? undefined
    : explain({ ...known, ...read, code: text.slice(0, MAX_LENGTH) });
}
