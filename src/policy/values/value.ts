// A value of one parameter by its meaning, whoever wrote it and however it was spelled.

import type { Result } from "../../result.ts";

/** One value of one parameter. */
export interface Value {
  /** How the server writes this meaning; equal meanings have equal texts. */
  readonly text: string;
  /** What limits look at: the text, each item of a list, each value of a context, each number. */
  readonly items: readonly string[];
  /** Of `context` and `metadata`: the pairs by key, each value as it is written in the parameter's text. */
  readonly pairs?: ReadonlyMap<string, string>;
  /** Of `context` and `metadata`: every key that was written, one without a value too. */
  readonly keys?: readonly string[];
  /** Entries of the list: items of a csv, boxes of coordinates, the longest list in a metadata value. */
  readonly count: number;
}

/** A value that was read, or the reason why it is none. */
export type Read<Reason extends string, Of extends string = never> = Result<
  Value,
  { readonly reason: Reason; readonly of?: Of }
>;

/** A value that is one text. */
export const one = (text: string): Value => ({ text, items: [text], count: 1 });

/** Whether a value counts as not sent. */
export function isEmpty(raw: unknown): boolean {
  return raw === null || raw === undefined || raw === "" || (Array.isArray(raw) && raw.length === 0);
}

/** Whether something is an object of names and values. */
export const isTable = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);
