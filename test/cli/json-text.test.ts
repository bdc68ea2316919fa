// JSON that a terminal can show.

import { describe, expect, it } from "vitest";
import { jsonText } from "../../src/cli/json-text.ts";

describe("jsonText", () => {
  it.each([
    ["a\u001b[31m", '"a\\u001b[31m"'],
    ["a\u009b31m\u007f", '"a\\u009b31m\\u007f"'],
    ["a\u202eb\u2028", '"a\\u202eb\\u2028"'],
    ["\u{e0041}ü😀\n", '"\\udb40\\udc41ü😀\\n"'],
  ])("%j is escaped, and the same", (value, text) => {
    expect(jsonText(value)).toBe(text);
    expect(JSON.parse(text)).toBe(value);
  });

  it("is a line, or indented", () => {
    expect([jsonText({ a: 1 }, "line"), jsonText({ a: 1 })]).toEqual(['{"a":1}', '{\n  "a": 1\n}']);
  });
});
