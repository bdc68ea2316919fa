// What the sections of the report are made of. Pure.

import type { Measured } from "../rounds.ts";
import { ratio, spread } from "../statistics.ts";
import { times, withSpread } from "./markdown.ts";
import { failureOf } from "./verdict.ts";

export const of = (values: readonly number[], write?: (value: number) => string): string =>
  withSpread(spread(values), write);

export const section = (heading: string, ...paragraphs: readonly string[]): string =>
  [`## ${heading}`, ...paragraphs].join("\n\n");

export const picture = (name: string, what: string): string => `![${what}](images/bench-${name}.svg)`;

/** A row's cells, or what is wrong with it in place of all figures. */
export function cells(row: Measured, figures: () => readonly string[]): readonly string[] {
  const failure = failureOf(row);
  const shown = figures();
  if (failure === undefined) return shown;
  return [`**failed: ${failure}**`, ...shown.slice(1).map(() => "—")];
}

export const named = <Row extends { readonly name: string }>(
  rows: readonly Row[],
  name: string,
): Row | undefined => rows.find((row) => row.name === name);

/** Ours to theirs, round by round; of what all are compared with, a plain 1. */
export function ratioText(ours: readonly number[], theirs: readonly number[] | undefined): string {
  if (theirs === undefined) return "—";
  return ours === theirs ? "1" : withSpread(ratio(ours, theirs), times);
}

/** Throughput to that of another row, if that one is sound. */
export const throughputTo = (row: Measured, base: Measured | undefined): string =>
  ratioText(row.perSecond, base && failureOf(base) === undefined ? base.perSecond : undefined);

/** Processor time to that of another row, if that one is sound. */
export const cpuTo = (row: Measured, base: Measured | undefined): string =>
  row.cpuMicros.length === 0
    ? "not measured"
    : ratioText(row.cpuMicros, base && failureOf(base) === undefined ? base.cpuMicros : undefined);
