// The table of reasons: sentences, rules and codes. Rules are told beside a sentence and never in it.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tellRefusal } from "../../../src/policy/decide/refusal.ts";
import { type Reason, ruleOf, sentenceOf } from "../../../src/policy/tables/reasons.ts";
import { PROJECT } from "../../../src/testing/local-worker.ts";

describe("as it is told", () => {
  it.each<[Reason, string]>([
    [{ reason: "control" }, "holds a control character"],
    [{ reason: "too_many", most: 5 }, "at most 5 items are allowed"],
    [{ reason: "empty", of: "segment" }, "a path segment is empty"],
    [{ reason: "not_boolean", of: "enum" }, "`enum`: must be true or false"],
    // What stands in a value is never a place of the sentence.
    [{ reason: "different", value: "<value>" }, "the profile wants: <value>"],
    [
      { reason: "random", param: "folder", of: "drop_in" },
      "can't be true: it sets folder to a random value, which a client can't know",
    ],
  ])("%j", (why, sentence) => {
    expect(sentenceOf(why)).toBe(sentence);
  });
});

describe("over the wire", () => {
  it.each<[Reason, object]>([
    [{ reason: "unsigned" }, { code: "forbidden", rule: "R1" }],
    [
      { reason: "never_sent", accepted: "tags" },
      { code: "forbidden", rule: "R5" },
    ],
    [
      { reason: "different", value: "a" },
      { code: "different", rule: "R12" },
    ],
    [
      { reason: "missing", value: "a" },
      { code: "missing", rule: "R12" },
    ],
    [{ reason: "milliseconds" }, { code: "invalid", rule: "R2" }],
    [{ reason: "not_text" }, { code: "invalid", rule: "R9" }],
  ])("%j", (why, told) => {
    expect(tellRefusal({ param: "p", why })).toEqual({ param: "p", detail: sentenceOf(why), ...told });
  });

  it("a limit of the profile's own comes from no rule", () => {
    const told = tellRefusal({ param: "tags", why: { reason: "too_many", most: 5 } });
    expect(told).toEqual({ param: "tags", code: "invalid", detail: "at most 5 items are allowed" });
    expect(ruleOf({ reason: "too_many", most: 5 })).toBeUndefined();
  });

  it("a very long name is cut", () => {
    const { param } = tellRefusal({ param: "x".repeat(60_000), why: { reason: "not_text" } });
    expect(param).toBe(`${"x".repeat(64)}…`);
  });
});

it("no sentence holds the number of a rule", () => {
  const table = readFileSync(`${PROJECT}src/policy/tables/reasons.ts`, "utf8");
  expect(table).not.toMatch(/["'`].*\bR\d+\b.*["'`]/);
});
