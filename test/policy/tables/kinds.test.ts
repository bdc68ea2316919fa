// Each kind of value: what it reads, what it makes of it, and why it refuses the rest.

import { describe, expect, it } from "vitest";
import { type Author, KINDS, type KindName, readValue } from "../../../src/policy/tables/kinds.ts";

const read = (kind: KindName, raw: unknown, author: Author) => readValue(KINDS[kind], raw, author);

describe.each(["client", "profile"] as const)("written by a %s", (author) => {
  it.each<[kind: KindName, raw: unknown, text: string]>([
    ["string", "a{b}", "a{b}"],
    ["path", "a/b", "a/b"],
    ["integer", 5, "5"],
    ["integer", "-05", "-5"],
    ["float", "0.50", "0.5"],
    ["float", 1e3, "1000"],
    ["boolean", true, "true"],
    ["boolean", "0", "false"],
    ["boolean", 1, "true"],
    ["boolean|json", 0, "false"],
    ["boolean|json", '{"a":1}', '{"a":1}'],
    ["csv", ["a", "b"], "a,b"],
    ["csv", "a,b", "a,b"],
    ["paths", ["a/b", "c"], "a/b,c"],
    ["folders", ["a/b/", "c/"], "a/b/,c/"],
    ["pipe-context", { alt: "a=b|c", n: 5, no: true, none: null }, "alt=a\\=b\\|c|n=5|no=true"],
    ["pipe-context", "alt=Salt & pepper", "alt=Salt & pepper"],
    ["pipe-metadata", { id: ["x", "y"], n: 1 }, 'id=["x","y"]|n=1'],
    ["pipe-metadata", { id: "\u200bx" }, "id=\u200bx"],
    ["double-array", [1, "2.0", 3, 4], "1,2,3,4"],
    ["double-array", "1,2,3,4|5,6,7,8", "1,2,3,4|5,6,7,8"],
    ["transformation", "w_1,h_1", "w_1,h_1"],
    ["transformation-list", "w_1|w_2", "w_1|w_2"],
    ["json", '{"a":1}', '{"a":1}'],
    ["json-array", "[1]", "[1]"],
    ["newline-list", "A: b", "A: b"],
  ])("%s %j is %s", (kind, raw, text) => {
    const value = read(kind, raw, author);
    expect(value.ok && value.value.text).toBe(text);
  });

  it.each<[kind: KindName, raw: unknown, reason: string]>([
    ["string", 5, "not_text"],
    ["string", ["a"], "not_text"],
    ["string", "a&b", "ampersand"],
    ["path", "../a", "dots"],
    ["integer", "1.5", "not_whole"],
    ["integer", "1e5", "not_whole"],
    ["integer", " 1", "not_whole"],
    ["float", "0x1", "not_number"],
    ["float", Number.NaN, "not_number"],
    ["float", "1".repeat(16), "not_number"],
    ["boolean", "yes", "not_boolean"],
    ["boolean", 2, "not_boolean"],
    ["csv", 5, "not_list"],
    ["csv", ["a", 5], "not_list"],
    ["csv", "a,,b", "empty"],
    ["csv", ["a", ""], "empty"],
    ["csv", "a, b", "spaced"],
    ["csv", ["a,b"], "comma"],
    ["paths", ["a/b", "../c"], "dots"],
    ["paths", "a,/b", "empty"],
    ["paths", ["a,b"], "comma"],
    ["folders", "users/4", "open_folder"],
    ["folders", ["users/4/", "users/42"], "open_folder"],
    ["folders", ["users/../"], "dots"],
    ["folders", "/", "empty"],
    ["pipe-context", 5, "not_pairs"],
    ["pipe-context", ["a=b"], "not_pairs"],
    ["pipe-context", "alt", "syntax"],
    ["pipe-context", "a=b=c", "syntax"],
    ["pipe-context", "a=b\\c", "escape"],
    ["pipe-context", "a=b|a=c", "key_twice"],
    ["pipe-context", { "": "x" }, "empty"],
    ["pipe-context", { "a|b": "x" }, "key_character"],
    ["pipe-context", { "a=b": "x" }, "key_character"],
    ["pipe-context", { "a\\": "x" }, "key_character"],
    ["pipe-context", { a: "x\\" }, "backslash"],
    ["pipe-context", { a: ["x"] }, "not_scalar"],
    ["pipe-context", { a: Number.POSITIVE_INFINITY }, "not_number"],
    ["pipe-metadata", { a: [["x"]] }, "not_flat"],
    // A server could read it as a list, whatever nobody sees stands before it.
    ...["", " ", "\u00a0", "\ufeff", "\u200b", "\u2028"].map((unseen): [KindName, unknown, string] => [
      "pipe-metadata",
      { a: `${unseen}["x","y"]` },
      "bracket",
    ]),
    ["pipe-metadata", { a: ["x,y"] }, "list_item"],
    ["pipe-metadata", { a: ["x", ""] }, "empty"],
    ["double-array", [1, 2, 3], "not_boxes"],
    ["double-array", "1,2,3,a", "not_boxes"],
    ["double-array", [], "not_boxes"],
  ])("%s %j is refused: %s", (kind, raw, reason) => {
    const value = read(kind, raw, author);
    expect(value.ok ? undefined : value.error.reason).toBe(reason);
  });
});

it.each<[kind: KindName, raw: unknown, text: string]>([
  ["boolean|json", { a: 1 }, '{"a":1}'],
  ["transformation-list", ["w_1", "w_2"], "w_1|w_2"],
  ["json", { a: 1 }, '{"a":1}'],
  ["json-array", { a: 1 }, '[{"a":1}]'],
  ["json-array", [{ a: 1 }], '[{"a":1}]'],
  ["newline-list", ["A: b"], "A: b"],
])("%s %j may be written by a profile alone", (kind, raw, text) => {
  const value = read(kind, raw, "profile");
  expect(value.ok && value.value.text).toBe(text);
  expect(read(kind, raw, "client")).toEqual({ ok: false, error: { reason: "not_text" } });
});

it("a path of a client's holds no comma, which a list of two paths would have", () => {
  expect(read("path", "a,b", "client")).toEqual({ ok: false, error: { reason: "comma" } });
  expect(read("path", "a,b", "profile").ok).toBe(true);
  expect(read("path", "a;b", "client").ok).toBe(true);
});

it.each<[kind: KindName, raw: unknown, reason: string]>([
  ["transformation-list", [5], "not_texts"],
  ["newline-list", ["A: b", "C: d"], "several_lines"],
  ["json", 5, "not_json"],
  ["json-array", true, "not_json"],
])("%s %j may not be written by a profile either: %s", (kind, raw, reason) => {
  const value = read(kind, raw, "profile");
  expect(value.ok ? undefined : value.error.reason).toBe(reason);
});

it("counts the entries of lists, of boxes, and of the longest list in metadata", () => {
  const count = (kind: KindName, raw: unknown) => {
    const value = read(kind, raw, "client");
    return value.ok && value.value.count;
  };
  expect(count("csv", "a,b,c")).toBe(3);
  expect(count("double-array", "1,2,3,4|1,2,3,4")).toBe(2);
  expect(count("pipe-metadata", { a: "x", b: ["x", "y", "z"] })).toBe(3);
  expect(count("string", "a,b,c")).toBe(1);
});
