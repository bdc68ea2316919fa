// Numbers worked out by hand.

import { describe, expect, it } from "vitest";
import { PARAMETERS } from "../../src/policy/tables/parameters.ts";
import { parameterSets, SETS } from "./parameter-sets.ts";
import { count, figure, table, times, withSpread } from "./report/markdown.ts";
import { median, percentile, ratio, spread } from "./statistics.ts";

it.each([
  [[3], 3],
  [[1, 9], 5],
  [[9, 1, 5], 5],
  [[100, 1, 2, 3], 2.5],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

it("a spread goes from the least to the most", () => {
  expect(spread([4, 2, 10, 3, 5])).toEqual({ median: 4, low: 2, high: 10 });
});

it("a ratio is taken in each round: a slow machine falls out of it", () => {
  // The medians are 20 and 20; the rounds say 1/2, 2, 1/2.
  expect(ratio([5, 40, 20], [10, 20, 40])).toEqual({ median: 0.5, low: 0.5, high: 2 });
});

it("nothing at all has no median", () => {
  expect(median([])).toBeNaN();
});

it.each([
  [50, 5],
  [99, 10],
  [10, 1],
  [91, 10],
])("percentile %d of 1 to 10 is %d", (percent, expected) => {
  expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], percent)).toBe(expected);
});

describe("figures", () => {
  it.each([
    [12_345.6, "12,346"],
    [123.4, "123"],
    [45.67, "45.7"],
    [4.567, "4.57"],
    [0.4567, "0.457"],
    [0, "0.00"],
    [Number.NaN, "not measured"],
  ])("%d is written %s", (value, expected) => {
    expect(figure(value)).toBe(expected);
  });

  it("with their spread, ratios and numbers of things", () => {
    expect(withSpread({ median: 2, low: 1, high: 30 })).toBe("2.00 (1.00–30.0)");
    expect(withSpread(spread([Number.NaN]))).toBe("not measured");
    expect(times(0.857)).toBe("0.86×");
    expect(count(1000)).toBe("1,000");
  });

  it("as a table", () => {
    const rows = [
      ["", "a|b"],
      ["x", "1"],
    ];
    expect(table(rows)).toBe("|  | a\\|b |\n| --- | --: |\n| x | 1 |");
  });
});

describe("the parameters that are signed", () => {
  it.each([5, 25])("%d of them, all upload parameters", (parameters) => {
    const sets = parameterSets(parameters);
    expect(sets.map((set) => Object.keys(set).length)).toEqual(Array(SETS).fill(parameters));
    expect(Object.keys(sets[0]!).filter((name) => !PARAMETERS.has(name))).toEqual([]);
  });

  it("differ from set to set", () => {
    expect(new Set(parameterSets(5).map((set) => JSON.stringify(set))).size).toBe(SETS);
  });
});
