// docs/images/cost.svg: what a billion tickets and a billion uploads cost a month, by what is paid for. Pure.

import { type Bar, barChart } from "../report/svg.ts";
import { billOf } from "./bill.ts";
import { dollars } from "./money.ts";
import type { Prices } from "./prices.ts";
import { BILLION, SAMPLE } from "./tables.ts";
import { type Act, actsOf, type Measures } from "./usage.ts";

/** A bar to the most; its whisker begins at the least. */
const bar = (label: string, least: number, most = least): Bar => ({
  label,
  value: { median: most, low: least, high: most },
  of: "ours",
});

function bars(prices: Prices, { usage }: Act): Bar[] {
  const { requests, cpu, queue, log } = billOf(prices, usage, BILLION);
  const sampled = billOf(prices, usage, BILLION, SAMPLE).log;
  return [
    bar("requests", requests),
    bar("CPU time", cpu),
    ...(queue > 0 ? [bar("queue", queue)] : []),
    bar("log: all, until 30 November 2026", log.before),
    bar("log: all, from December, at most", log.least, log.most),
    bar("log: 1 %, from December, at most", sampled.least, sampled.most),
  ];
}

export function costChart(measures: Measures, prices: Prices): string {
  const panels = actsOf(measures)
    .filter(({ name }) => name === "ticket" || name === "upload")
    .map((act) => ({ title: `A billion ${act.title}: $ a month`, bars: bars(prices, act) }));
  return barChart("What a billion a month cost", panels, dollars);
}
