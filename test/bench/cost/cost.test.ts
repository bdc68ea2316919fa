// What it costs: Cloudflare's own examples by Cloudflare's prices, usage worked out by hand, and docs/cost.md in step.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT } from "../../../src/testing/local-worker.ts";
import { allKept } from "../parts.ts";
import { MACHINE, measured } from "../report/sample.ts";
import { costFiles } from "../write-report.ts";
import { billOf, cpuFactor, withoutLog } from "./bill.ts";
import { between, dollars } from "./money.ts";
import { costOf, type Prices, priceOf, readPrices } from "./prices.ts";
import { lambdaCost } from "./tables.ts";
import { actsOf, type Measures } from "./usage.ts";

const prices = await readPrices();

describe("examples of the pages that the prices are from", () => {
  it.each([
    ["requests", 15e6, 1.5, "workers/platform/pricing, example 1"],
    ["cpu", 15e6 * 7, 1.5, "the same"],
    ["requests", 100e6, 27, "workers/platform/pricing, example 4"],
    ["cpu", 100e6 * 7, 13.4, "the same"],
    ["logEvents", 15e6 * 2, 6, "workers-logs, example 1"],
    ["logEvents", 1e9 * 2 * 0.1, 108, "workers-logs, example 2"],
    ["logBytes", 75e9, 6.25, "observability/pricing"],
    ["logStorage", 20e9, 0.8, "the same"],
    ["queue", 3 * 30 * 1e6, 35.6, "queues/platform/pricing, the first"],
    ["queue", 2 * 3 * 100 * 1e6, 239.6, "queues/platform/pricing, the second"],
  ])("%s: %d cost $%d (%s)", (id, units, expected) => {
    expect(costOf(priceOf(prices, id), units)).toBeCloseTo(expected, 6);
  });

  it("every price has a source, and one that is assumed says why", () => {
    for (const { id, source, copy, assumed, price } of prices.prices) {
      expect([id, new URL(source).protocol, copy === ""]).toEqual([id, "https:", false]);
      if (assumed !== undefined) expect([id, price]).toEqual([id, 0]);
    }
  });
});

/** Prices to reckon with. */
const ROUND: Prices = {
  "looked up": "2026-11-26",
  prices: [
    { id: "plan", price: 5, per: 1, included: 0 },
    { id: "requests", price: 1, per: 100, included: 100 },
    { id: "cpu", price: 1, per: 1000, included: 1000 },
    { id: "queue", price: 2, per: 100, included: 0 },
    { id: "logEvents", price: 3, per: 100, included: 50 },
    { id: "logBytes", price: 1, per: 1000, included: 10_000 },
    { id: "logStorage", price: 3, per: 1000, included: 0 },
  ].map((one) => ({ ...one, what: "", unit: "", source: "", copy: "" })),
  "average event": { bytes: 300, source: "", copy: "" },
};
const USAGE = { requests: 2, cpu: 4, lines: 1, bytes: 100, queue: 3 };

describe("a bill", () => {
  it("of a thousand acts", () => {
    const bill = billOf(ROUND, USAGE, 1000);
    expect(bill).toEqual({
      plan: 5,
      // 2,000 less 100, at 1 a hundred.
      requests: 19,
      // 4,000 less 1,000, at 1 a thousand.
      cpu: 3,
      // 3,000 at 2 a hundred.
      queue: 60,
      log: {
        lines: 1000,
        // 1,000 less 50, at 3 a hundred.
        before: 28.5,
        // 100,000 bytes: 90,000 at 1 a thousand, and 100,000 for 7 of 30 days at 3 a thousand.
        least: 90 + 70,
        // 300,000 bytes: 290 and 210.
        most: 290 + 210,
      },
    });
    expect(withoutLog(bill)).toBe(87);
  });

  it("of which a tenth of the lines is logged, and none", () => {
    // 10,000 bytes are included, and kept for 7; of 30,000 are 20 paid, and 21 for keeping them.
    expect(billOf(ROUND, USAGE, 1000, 0.1).log).toEqual({ lines: 100, before: 1.5, least: 7, most: 41 });
    expect(billOf(ROUND, USAGE, 1000, 0).log).toEqual({ lines: 0, before: 0, least: 0, most: 0 });
  });

  it("within what is included costs the plan", () => {
    const bill = billOf(ROUND, { ...USAGE, queue: 0 }, 50);
    expect([bill.requests, bill.cpu, bill.log.before]).toEqual([0, 0, 0]);
    expect(withoutLog(bill)).toBe(5);
  });

  it("the factor at which CPU time costs what requests do", () => {
    // 19 are paid for 19,000 ms beyond 1,000; 4,000 are used.
    expect(cpuFactor(ROUND, USAGE, 1000)).toBe(5);
    expect(cpuFactor(ROUND, USAGE, 50)).toBe(Number.POSITIVE_INFINITY);
  });

  it("of a function that is paid for by memory and time", () => {
    // 999 million requests at 0.20, and within 400,000 GB-s: 125,000.
    expect(lambdaCost(prices, 1)).toBeCloseTo(199.8, 6);
    // 0.125 GB for 500 million seconds are 62.5 million GB-s, of which 400,000 are included.
    expect(lambdaCost(prices, 500)).toBeCloseTo(199.8 + 62_100_000 * 0.00001667, 6);
  });
});

it("what acts use is what was measured", () => {
  const cpu = (name: string, micros: number) => measured(name, [1], { cpuMicros: [micros, 1, micros] });
  const counted = (name: string, lines: number, bytes: number) => ({
    ...{ name, title: name, queue: 0, service: 0, cloudinary: 0 },
    ...{ lines, bytes },
  });
  const calls = { queue: 0, service: 0, cloudinary: 0 };
  const measures: Measures = {
    requests: { machine: MACHINE, rows: [cpu("public", 150), cpu("ES256-warm", 200)] },
    notifications: {
      machine: MACHINE,
      rows: [
        { ...cpu("ticket", 500), calls },
        { ...cpu("consumer", 100), calls },
      ],
    },
    acts: {
      machine: MACHINE,
      rows: [cpu("confirmation", 900)],
      counted: [
        counted("preflight", 1, 90),
        counted("ticket", 1, 130),
        counted("confirmation", 1, 140),
        counted("notification", 1, 150),
        counted("message", 1, 100),
      ],
    },
  };
  const used = (name: string) => actsOf(measures).find((act) => act.name === name)?.usage;
  expect(used("ticket")).toEqual({ requests: 1, cpu: 0.15, lines: 1, bytes: 130, queue: 0 });
  expect(used("token")).toEqual({ requests: 1, cpu: 0.2, lines: 1, bytes: 130, queue: 0 });
  expect(used("preflight")).toEqual({ requests: 2, cpu: 0.3, lines: 2, bytes: 220, queue: 0 });
  expect(used("queued")).toEqual({ requests: 1.1, cpu: 0.6, lines: 2, bytes: 250, queue: 3 });
  const upload = used("upload")!;
  expect([upload.requests, upload.lines, upload.bytes, upload.queue]).toEqual([3.1, 4, 520, 3]);
  expect(upload.cpu).toBeCloseTo(1.65, 9);
});

it.each([
  [0, "$0"],
  [2.418, "$2.42"],
  [98.999, "$99.00"],
  [99.5, "$100"],
  [1308.93, "$1,309"],
])("%d is written as %s", (value, text) => expect(dollars(value)).toBe(text));

it("between two costs, or one where both are written the same", () => {
  expect([between(1, 20), between(5, 5.001)]).toEqual(["$1.00–$20.00", "$5.00"]);
});

describe("in step with what was measured and prices.json (npm run docs)", async () => {
  const files = await costFiles(await allKept());
  it("there are both files", () => expect(files).toHaveLength(2));
  it.each(files)("%s", async (path, text) => {
    expect(await readFile(join(PROJECT, path), "utf8")).toBe(text);
  });
});
