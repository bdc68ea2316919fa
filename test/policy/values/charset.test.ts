// Charsets: the inside of a character class, and no regular expression.

import { describe, expect, it } from "vitest";
import { parseCharset, withinCharset } from "../../../src/policy/values/charset.ts";

describe("allowed", () => {
  it.each([
    ["a-z", ["", "abc", "z"], ["A", "a b", "ä", "é"]],
    ["a-z0-9-", ["a-9", "-"], ["_", "–"]],
    ["-a", ["-", "a"], ["b"]],
    ["+--", ["+", ",", "-"], [".", "*"]],
    [".", ["."], ["a"]],
    ["*$", ["*$"], ["a"]],
    ["😀-😂", ["😁"], ["😃", "\ud83d"]],
  ])("%s", (text, inside, outside) => {
    const charset = parseCharset(text);
    if (!charset.ok) throw new Error(charset.error.reason);
    expect(charset.value.text).toBe(text);
    for (const one of inside) expect(withinCharset(charset.value, one), one).toBe(true);
    for (const one of outside) expect(withinCharset(charset.value, one), one).toBe(false);
  });
});

describe("no charset", () => {
  it.each([
    ["", "allows_nothing"],
    ["[a-z]", "charset_syntax"],
    ["^a", "charset_syntax"],
    ["\\d", "charset_syntax"],
    ["z-a", "backwards"],
  ])("%j: %s", (text, reason) => {
    expect(parseCharset(text)).toEqual({ ok: false, error: { reason } });
  });
});
