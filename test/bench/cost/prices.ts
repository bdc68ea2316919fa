// What is paid for, as docs/bench/prices.json keeps it: published prices, each with its source and the day it was read.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../../src/testing/local-worker.ts";

/** One price, in US dollars. */
export interface Price {
  readonly id: string;
  readonly what: string;
  /** Dollars for `per` units. */
  readonly price: number;
  readonly per: number;
  readonly unit: string;
  /** Units a month that cost nothing on the paid plan. */
  readonly included: number;
  /** What the free plan has, in words. */
  readonly free?: string;
  readonly source: string;
  /** The stored copy that it was read in. */
  readonly copy: string;
  /** Why it is no published price. */
  readonly assumed?: string;
}

export interface Prices {
  /** A day. */
  readonly "looked up": string;
  readonly prices: readonly Price[];
  /** The size of an event of Workers Logs, as Cloudflare estimates it. */
  readonly "average event": { readonly bytes: number; readonly source: string; readonly copy: string };
}

const FILE = join(PROJECT, "docs/bench/prices.json");

export const readPrices = async (): Promise<Prices> => JSON.parse(await readFile(FILE, "utf8"));

/** A price by its name; without it the page can't be written. */
export function priceOf({ prices }: Prices, id: string): Price {
  const found = prices.find((one) => one.id === id);
  if (found === undefined) throw new Error(`docs/bench/prices.json has no price ${id}`);
  return found;
}

/** What some units cost in a month, beyond what is included. */
export const costOf = ({ price, per, included }: Price, units: number): number =>
  (Math.max(0, units - included) / per) * price;
