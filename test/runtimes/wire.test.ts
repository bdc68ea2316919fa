// What crosses to a runtime arrives as it was, or not at all.

import { describe, expect, it } from "vitest";
import { Constant, fromWire, Made, toWire, type Wire } from "./wire.ts";

const across = (value: unknown): unknown => fromWire(JSON.parse(JSON.stringify(toWire(value))) as Wire);

// biome-ignore lint/suspicious/noSparseArray: holes are values of their own
const SPARSE = [, "a", , undefined];

describe("arrives as it was", () => {
  it.each<[unknown]>([
    ["text, 🐈 and \ud800"],
    [""],
    [0],
    [-0],
    [1e21],
    [Number.NaN],
    [Number.NEGATIVE_INFINITY],
    [true],
    [null],
    [undefined],
    [[]],
    [["list", ["undefined"]]],
    [SPARSE],
    [{}],
    [{ a: undefined, b: [null, -0] }],
    [Object.fromEntries([["__proto__", 1]])],
    [Object.create(null)],
    [Object.assign(Object.create({ inherited: 1 }), { own: 2 })],
    [Object.create(["a"])],
    [Uint8Array.of(0, 255)],
    [new Map<unknown, unknown>([["a", new Set(["b", Number.NaN])]])],
  ])("%o", (value) => {
    const arrived = across(value);
    expect(arrived).toStrictEqual(value);
    if (typeof value === "object" && value !== null)
      expect(Reflect.ownKeys(arrived as object)).toEqual(Reflect.ownKeys(value));
  });

  it("an instance, which is made where it is used", () => {
    const seen: unknown[] = [];
    fromWire(toWire([new Made("secret.ts", "Secret", ["a", undefined])]), (made) => seen.push(made));
    expect(seen).toEqual([new Made("secret.ts", "Secret", ["a", undefined])]);
  });
});

it("a row of a table, which holds functions, is named where it is sent, and found where it is used", () => {
  const row = { read: () => 1 };
  const wire = toWire({ kind: row }, new Map([[row, new Constant("kinds.ts", "KINDS", "csv")]]));
  const token = fromWire(wire) as { kind: unknown };
  expect(token).toEqual({ kind: new Constant("kinds.ts", "KINDS", "csv") });
  expect(fromWire(toWire(token), () => row)).toEqual({ kind: row });
});

it.each<[string, unknown]>([
  ["a function", () => 1],
  ["a symbol", Symbol("a")],
  ["a date", new Date(0)],
  ["a pattern, in a list", [/a/]],
  ["an error", new Error("a")],
  ["a promise", Promise.resolve()],
])("is refused: %s", (_, value) => {
  expect(() => toWire(value)).toThrow(/can't be sent/);
});
