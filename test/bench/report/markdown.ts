// Figures and tables as Markdown. Pure.

import type { Spread } from "../statistics.ts";

/** A figure with three digits that count: 1,234; 56.7; 8.90; 0.123. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "not measured";
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const digits = Math.min(3, Math.max(0, 2 - magnitude));
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A median, and from where to where it went: `4.56 (4.12–5.03)`. */
export function withSpread(spread: Spread, write: (value: number) => string = figure): string {
  const { median, low, high } = spread;
  if (!Number.isFinite(median)) return "not measured";
  return `${write(median)} (${write(low)}–${write(high)})`;
}

/** A number of things: 1,000. */
export const count = (value: number): string => value.toLocaleString("en-US");

/** A ratio has two digits behind the point. */
export const times = (value: number): string => `${value.toFixed(2)}×`;

/** Rows as a table, the first one its head; every column but the first is of numbers. */
export function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
