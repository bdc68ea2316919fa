// (what an act uses, how often, what is logged) -> what it costs in a month on Cloudflare's paid plan, by its own, as if
// nothing else used the account's allowances. Pure.

import { costOf, type Prices, priceOf } from "./prices.ts";
import type { Usage } from "./usage.ts";

/** Days that a line is kept, of the thirty that storage is counted by. */
const KEPT = 7 / 30;

/** What the lines cost: from December by their bytes, whose number is only known to lie between two. */
export interface LogCost {
  readonly lines: number;
  /** Dollars, by the price until 30 November 2026. */
  readonly before: number;
  /** Dollars, by the price from 1 December 2026: the bytes of our line alone, and Cloudflare's average event. */
  readonly least: number;
  readonly most: number;
}

/** Dollars a month. */
export interface Bill {
  readonly plan: number;
  readonly requests: number;
  readonly cpu: number;
  readonly queue: number;
  readonly log: LogCost;
}

/** Lines of some bytes, by the price of December. */
function byBytes(prices: Prices, bytes: number): number {
  return costOf(priceOf(prices, "logBytes"), bytes) + costOf(priceOf(prices, "logStorage"), bytes * KEPT);
}

/** The bill of `times` acts, of whose lines a share is logged. */
export function billOf(prices: Prices, usage: Usage, times: number, logged = 1): Bill {
  const cost = (id: string, units: number) => costOf(priceOf(prices, id), units * times);
  const lines = usage.lines * times * logged;
  return {
    plan: priceOf(prices, "plan").price,
    requests: cost("requests", usage.requests),
    cpu: cost("cpu", usage.cpu),
    queue: cost("queue", usage.queue),
    log: {
      lines,
      before: costOf(priceOf(prices, "logEvents"), lines),
      least: byBytes(prices, usage.bytes * times * logged),
      most: byBytes(prices, lines * prices["average event"].bytes),
    },
  };
}

/** The whole bill but for the log. */
export const withoutLog = ({ plan, requests, cpu, queue }: Bill): number => plan + requests + cpu + queue;

/**
 * How many times longer than here the CPU time would have to be for it to cost as much as the requests do; infinite where
 * these are within what is included.
 */
export function cpuFactor(prices: Prices, usage: Usage, times: number): number {
  const { price, per, included } = priceOf(prices, "cpu");
  const { requests } = billOf(prices, usage, times);
  if (requests === 0) return Number.POSITIVE_INFINITY;
  return (included + (requests / price) * per) / (usage.cpu * times);
}
