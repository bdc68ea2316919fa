// The tables of docs/cost.md. Pure.

import { count, figure, table } from "../report/markdown.ts";
import { type Bill, billOf, withoutLog } from "./bill.ts";
import { between, dollars } from "./money.ts";
import { costOf, type Price, type Prices, priceOf } from "./prices.ts";
import { type Act, cpuOf, type Measures } from "./usage.ts";

export const MILLION = 1_000_000;
export const BILLION = 1_000_000_000;
/** Of `log: { sample: 0.01 }`. */
export const SAMPLE = 0.01;

const total = (bill: Bill): string =>
  between(withoutLog(bill) + bill.log.least, withoutLog(bill) + bill.log.most);

/** What so many of each act cost. */
export const costTable = (prices: Prices, acts: readonly Act[], times: number): string =>
  table([
    ["", "requests", "CPU time", "queue", "log, per line", "log, per byte", "with the plan's $5"],
    ...acts.map(({ title, usage }) => {
      const bill = billOf(prices, usage, times);
      const { before, least, most } = bill.log;
      const costs = [bill.requests, bill.cpu, bill.queue, before].map(dollars);
      return [title, ...costs, between(least, most), total(bill)];
    }),
  ]);

/** What each setting of the log writes, and costs. */
export const logTable = (prices: Prices, acts: readonly Act[], times: number): string =>
  table([
    ["", "lines", "per line", "per byte", "with all else"],
    ...acts.flatMap(({ title, usage }) =>
      (
        [
          ['`log: "all"`', 1],
          ["`log: { sample: 0.01 }`", SAMPLE],
          ['`log: "refusals"`', 0],
        ] as const
      ).map(([setting, share]) => {
        const bill = billOf(prices, usage, times, share);
        const { lines, before, least, most } = bill.log;
        return [`${title}, ${setting}`, count(lines), dollars(before), between(least, most), total(bill)];
      }),
    ),
  ]);

/** What the CPU time of a billion costs where it is longer than on this machine. */
export const cpuTable = (prices: Prices, acts: readonly Act[]): string =>
  table([
    ["", "ms each, here", "as here", "twice", "ten times", "a whole ms each"],
    ...acts.map(({ title, usage }) => {
      const bills = [1, 2, 10].map(
        (factor) => billOf(prices, { ...usage, cpu: usage.cpu * factor }, BILLION).cpu,
      );
      const whole = billOf(prices, { ...usage, cpu: Math.ceil(usage.cpu) }, BILLION).cpu;
      return [title, figure(usage.cpu), ...[...bills, whole].map(dollars)];
    }),
  ]);

/** A billion tickets by other Workers: they are as many requests, and differ by their CPU time. */
const others = (prices: Prices, { requests }: Measures) =>
  ["bare", "recipe", "least", "public", "sampled", "careful"].map((name) => {
    const cpu = cpuOf(requests.rows, name);
    const title = requests.rows.find((row) => row.name === name)?.title ?? name;
    return { title, cpu, cost: costOf(priceOf(prices, "cpu"), cpu * BILLION) };
  });

export const othersTable = (prices: Prices, measures: Measures): string =>
  table([
    ["a billion tickets", "ms each, here", "CPU time"],
    ...others(prices, measures).map(({ title, cpu, cost }) => [title, figure(cpu), dollars(cost)]),
  ]);

/** How much lies between the cheapest of them and the dearest. */
export function spreadOfOthers(prices: Prices, measures: Measures): number {
  const costs = others(prices, measures).map(({ cost }) => cost);
  return Math.max(...costs) - Math.min(...costs);
}

/** A billion requests to a function that is paid for by memory and time, of which 128 MB is the least. */
export function lambdaCost(prices: Prices, milliseconds: number): number {
  const [requests, duration] = [priceOf(prices, "lambdaRequests"), priceOf(prices, "lambdaDuration")];
  const seconds = (milliseconds * BILLION) / 1000;
  return costOf(requests, BILLION) + costOf(duration, (128 / 1024) * seconds);
}

/** What each act calls and writes. */
export const countedTable = ({ acts }: Measures): string =>
  table([
    ["", "asked of Cloudinary", "sent to the queue", "calls of `APP`", "lines", "bytes of them"],
    ...acts.counted.map(({ title, cloudinary, queue, service, lines, bytes }) => [
      title,
      ...[cloudinary, queue, service, lines, bytes].map(count),
    ]),
  ]);

/** `10 million`, `400,000`. */
const amount = (value: number): string => {
  const [word, size] = value >= BILLION ? ["billion", BILLION] : ["million", MILLION];
  return value < MILLION ? count(value) : `${count(value / Number(size))} ${word}`;
};

const priceText = ({ price, per, unit, assumed }: Price): string => {
  if (assumed !== undefined) return `**assumed: ${dollars(price)}**, ${assumed}`;
  const each = per === 1 ? `a ${unit}` : `per ${amount(per).replace("1 ", "")} ${unit}`;
  return price === 0 ? dollars(0) : `${price < 0.01 ? `$${price}` : dollars(price)} ${each}`;
};

/** Every price, and where it was read. */
export const priceTable = ({ prices }: Prices): string => {
  const rows = prices.map((one) => [
    `[${one.what}](${one.source})`,
    priceText(one),
    one.included === 0 ? "" : `${amount(one.included)} ${one.unit}`,
    one.free ?? "",
    one.copy,
  ]);
  return table([["", "price", "included a month", "free plan", "read in"], ...rows]);
};
