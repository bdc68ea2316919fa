// Each limit: the kinds that it means something for, and what of a client's breaks it.

import { describe, expect, it } from "vitest";
import { KINDS, readValue } from "../../../src/policy/tables/kinds.ts";
import { brokenLimit, compileLimits, type LimitsInput } from "../../../src/policy/tables/limits.ts";
import { PARAMETERS } from "../../../src/policy/tables/parameters.ts";

/** A parameter of each kind that a client may choose within limits. */
const BY_KIND = {
  string: "display_name",
  path: "folder",
  csv: "allowed_formats",
  "pipe-context": "context",
  "pipe-metadata": "metadata",
  boolean: "colors",
  "double-array": "custom_coordinates",
} as const;
type Name = (typeof BY_KIND)[keyof typeof BY_KIND];

const WRITTEN: Required<LimitsInput> = {
  enum: ["a"],
  prefix: "a",
  charset: "a",
  maxLength: 1,
  maxItems: 1,
  min: 1,
  max: 1,
  keys: ["a"],
};

describe("means something", () => {
  it.each<[Name, (keyof LimitsInput)[]]>([
    [BY_KIND.string, ["enum", "prefix", "charset", "maxLength"]],
    [BY_KIND.path, ["enum", "prefix", "charset", "maxLength"]],
    [BY_KIND.csv, ["enum", "prefix", "charset", "maxLength", "maxItems"]],
    [BY_KIND["pipe-context"], ["keys", "charset", "maxLength", "maxItems"]],
    [BY_KIND["pipe-metadata"], ["keys", "charset", "maxLength", "maxItems"]],
    [BY_KIND.boolean, ["enum"]],
    [BY_KIND["double-array"], ["maxItems", "min", "max"]],
  ])("for %s: %j", (name, fit) => {
    for (const [limit, written] of Object.entries(WRITTEN)) {
      const compiled = compileLimits(PARAMETERS.get(name)!, { keys: undefined, [limit]: written });
      const reason = compiled.ok ? undefined : compiled.error.reason;
      if ((fit as string[]).includes(limit)) expect(reason, limit).not.toBe("unfit");
      else expect(compiled, limit).toMatchObject({ error: { reason: "unfit", limit, fit: fit.join(", ") } });
    }
  });

  it("for whole values, enum alone, which has to be written", () => {
    const eager = PARAMETERS.get("eager")!;
    expect(eager.kind).toBe(KINDS["transformation-list"]);
    expect(compileLimits(eager, {})).toMatchObject({ error: { reason: "whole_values" } });
    expect(compileLimits(eager, { enum: ["w_1"] }).ok).toBe(true);
    expect(compileLimits(eager, { prefix: "w_" })).toMatchObject({ error: { reason: "unfit", fit: "enum" } });
  });
});

const FILL = { uuid: "u", now: 0, access: "members", claims: new Map([["sub", "42"]]) };

function broken(name: string, input: LimitsInput, raw: unknown) {
  const parameter = PARAMETERS.get(name)!;
  const limits = compileLimits(parameter, input);
  const value = readValue(parameter.kind, raw, "client");
  if (!limits.ok || !value.ok) throw new Error(JSON.stringify([limits, value]));
  return brokenLimit(limits.value, parameter, value.value, FILL);
}

describe("what a client sends", () => {
  it.each<[name: string, input: LimitsInput, kept: unknown, breaks: unknown, why: object]>([
    ["format", { enum: ["jpg", "png"] }, "png", "gif", { reason: "not_listed", listed: "jpg, png" }],
    ["allowed_formats", { enum: ["jpg", "png"] }, "png,jpg", "png,gif", { reason: "not_listed" }],
    ["colors", { enum: [true] }, 1, "false", { reason: "not_listed", listed: "true" }],
    ["detection", { enum: ["captioning"] }, "captioning", "x", { reason: "whole_not_listed" }],
    ["auto_tagging", { enum: [0.6] }, "0.60", 0.5, { reason: "whole_not_listed", listed: "0.6" }],
    ["folder", { prefix: "u/{sub}/" }, "u/42/a", "u/43/a", { reason: "not_own", prefix: "u/42/" }],
    ["tags", { prefix: "u-{sub}-" }, "u-42-a", "u-42-a,x", { reason: "not_own", prefix: "u-42-" }],
    ["display_name", { prefix: "a" }, "ab", "ba", { reason: "not_prefixed", prefix: "a" }],
    ["display_name", { charset: "a-z" }, "abc", "aBc", { reason: "charset", charset: "a-z" }],
    ["tags", { prefix: "U-", charset: "a-z" }, "U-a", "U-A", { reason: "charset_after", prefix: "U-" }],
    ["display_name", { maxLength: 3 }, "abc", "abcd", { reason: "too_long", most: 3 }],
    ["display_name", {}, "x".repeat(255), "x".repeat(256), { reason: "too_long", most: 255 }],
    ["tags", { maxItems: 2 }, "a,b", "a,b,c", { reason: "too_many", most: 2 }],
    ["tags", {}, Array(20).fill("a"), Array(21).fill("a"), { reason: "too_many", most: 20 }],
    ["metadata", { keys: ["a"], maxItems: 1 }, { a: ["x"] }, { a: ["x", "y"] }, { reason: "too_many" }],
    ["context", { keys: ["alt"] }, { alt: "x" }, "alt=x|b=y", { reason: "foreign_key", keys: "alt" }],
    ["context", { keys: ["alt"] }, { alt: "x" }, { alt: "x", b: "" }, { reason: "foreign_key" }],
    ["context", { keys: ["alt"], maxLength: 1 }, "alt=x", "alt=xy", { reason: "too_long", most: 1 }],
    ["custom_coordinates", { min: 0 }, [0, 0, 1, 1], [-1, 0, 1, 1], { reason: "too_small", min: 0 }],
    ["custom_coordinates", { max: 9 }, [0, 0, 9, 9], "0,0,9,9.5", { reason: "too_large", max: 9 }],
    ["face_coordinates", { maxItems: 1 }, "1,2,3,4", "1,2,3,4|1,2,3,4", { reason: "too_many" }],
  ])("%s %j keeps %j and refuses %j", (name, input, kept, breaks, why) => {
    expect(broken(name, input, kept)).toBeUndefined();
    expect(broken(name, input, breaks)).toMatchObject(why);
  });
});
