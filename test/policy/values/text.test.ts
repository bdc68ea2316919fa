// Texts and paths: what may be signed at all (R9).

import { describe, expect, it } from "vitest";
import { safePath, safeText } from "../../../src/policy/values/text.ts";

describe("texts", () => {
  it.each([
    ["", undefined],
    ["A cat, ünïcode 🐈", undefined],
    ["x".repeat(4096), undefined],
    ["x".repeat(4097), "text_too_long"],
    ["a\ud800", "surrogate"],
    ["\udc00a", "surrogate"],
    ["a\nb", "control"],
    ["a\u0000", "control"],
    ["a\u007f", "control"],
    ["a\u0085", "control"],
    ["100%", undefined],
    ["a%26b", "percent_26"],
    ["a%2526", undefined],
    ["Salt & pepper", "ampersand"],
  ])("%j: %s", (text, reason) => {
    const read = safeText(text);
    expect(read.ok ? undefined : read.error.reason).toBe(reason);
    if (read.ok) expect(read.value).toBe(text);
  });

  it("`&` is text where it is said to be, and `%26` nowhere", () => {
    expect(safeText("Salt & pepper", true).ok).toBe(true);
    expect(safeText("a%26b", true).ok).toBe(false);
  });
});

describe("paths", () => {
  it.each([
    ["users/42/avatar", undefined],
    ["ü/ñ", undefined],
    ["a b/c", undefined],
    ["a.b/..c", undefined],
    ["", "empty"],
    ["/a", "empty"],
    ["a/", "empty"],
    ["a//b", "empty"],
    [".", "dots"],
    ["a/../b", "dots"],
    // Nobody sees these, which are letters and marks.
    ["a/.\u034f./b", "dots"],
    ["a/.\ufe0f", "dots"],
    ["a/\u115f/b", "empty"],
    ["a/b \ufe0f", "spaced"],
    ["a/❤\ufe0f", undefined],
    [" a", "spaced"],
    ["a/b ", "spaced"],
    ["a?b", "path_character"],
    ["a#b", "path_character"],
    ["a\\b", "path_character"],
    ["a%2e", "path_character"],
    ["a<b", "path_character"],
    ["a>b", "path_character"],
    ["a+b", "path_character"],
    ["．．/a", "lookalike"],
    ["a\u200bb", "lookalike"],
    ["ﬁle", "lookalike"],
  ])("%j: %s", (path, reason) => {
    const read = safePath(path);
    expect(read.ok ? undefined : read.error.reason).toBe(reason);
  });

  it("what printable ASCII is not looked at for, it has not", () => {
    const ascii = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)).join("");
    expect(ascii.normalize("NFKC")).toBe(ascii);
    expect(ascii).not.toMatch(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
  });
});
