// Texts after public threads: what people pasted, and what it was in the end.

import { describe, expect, it } from "vitest";
import { explainPaste } from "../../src/explain/read/explain-paste.ts";
import { now, threads } from "../vectors/invalid-signature-threads.json" with { type: "json" };

/** What the text does not tell: a server's own error, and nothing of Cloudinary's. */
const BEYOND = ["[Bug] Signed Request is text/plain;charset=UTF-8 instead of application/json"];

describe("a text after a public thread is explained", () => {
  it.each(threads)("$source.title: $cause", ({ text, cause, alsoFine, source }) => {
    const causes = explainPaste(text, { now })?.causes ?? [];
    if (BEYOND.includes(source.title)) expect(causes).toEqual([]);
    else expect([cause, ...alsoFine]).toContain(causes[0]?.code);
  });
});
