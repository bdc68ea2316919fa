// The limits that `accept` can set: one row each, from what a profile writes to how a client's value breaks it. Every
// check is linear in what it reads.

import { err, ok, type Result } from "../../result.ts";
import { type Charset, parseCharset, withinCharset } from "../values/charset.ts";
import { foldKey } from "../values/pairs.ts";
import { type Fill, fillTemplate, type Template } from "../values/template.ts";
import { MAX_TEXT_LENGTH } from "../values/text.ts";
import type { Value } from "../values/value.ts";
import { KINDS, type KindName, readValue } from "./kinds.ts";
import { type Parameter, readTemplate } from "./parameters.ts";
import type { Reason } from "./reasons.ts";

/** Limits as a profile writes them. */
export interface LimitsInput {
  /** The only values allowed: of a list, the only items. */
  readonly enum?: readonly (string | number | boolean)[] | undefined;
  /** What a text, or each item of a list, begins with. */
  readonly prefix?: string | undefined;
  /** The characters allowed after the prefix: the inside of a character class, `a-z0-9-`. */
  readonly charset?: string | undefined;
  /** Longest text, item, or value of a context, in characters; default 255. */
  readonly maxLength?: number | undefined;
  /** Most items of a list; default 20. */
  readonly maxItems?: number | undefined;
  /** The least number, or the least of each in a list. */
  readonly min?: number | undefined;
  /** The greatest. */
  readonly max?: number | undefined;
  /** Of `context` and `metadata`: the keys a client may send. */
  readonly keys?: readonly string[] | undefined;
}

/** Limits, checked and ready. */
export interface Limits {
  readonly enum?: ReadonlySet<string>;
  readonly keys?: ReadonlySet<string>;
  readonly prefix?: Template;
  readonly charset?: Charset;
  readonly maxLength: number;
  readonly maxItems: number;
  readonly min?: number;
  readonly max?: number;
}

type LimitName = keyof LimitsInput;
type Checked<N extends LimitName> = NonNullable<Limits[N]>;

/** What is known of one limit. */
interface Row<N extends LimitName> {
  /** The kinds of value that it means something for; for all others it is refused, so that none is thought to hold. */
  readonly kinds: readonly KindName[];
  /** Whether it fits parameters that are accepted as whole values alone (R6). */
  readonly ofWholeValues?: true;
  /** Checks what a profile writes. */
  read?(
    written: NonNullable<LimitsInput[N]>,
    parameter: Parameter,
    all: LimitsInput,
  ): Result<Checked<N>, Reason>;
  /** Where a profile does not write it. */
  readonly standard?: Checked<N>;
  /** Why it has to be written for this parameter; `undefined`: it need not be. */
  needed?(parameter: Parameter): Reason | undefined;
  /** How a client's value breaks it. */
  refuse?(limit: Checked<N>, value: Value): Reason | undefined;
  /** How one item of a client's value breaks it. */
  refuseItem?(limit: Checked<N>, item: string, about: About): Reason | undefined;
}

/** What a limit may have to know of the parameter beside the value. */
interface About {
  readonly parameter: Parameter;
  /** What every item begins with. */
  readonly prefix: string;
}

const LISTS = ["csv", "paths", "folders"] as const;
const TEXTS = ["string", "path", ...LISTS] as const;
const PAIRS = ["pipe-context", "pipe-metadata"] as const;
const NUMBERS = ["integer", "float", "double-array"] as const;

/** The values of an `enum`, and the items of its lists. */
function readEnum(
  written: NonNullable<LimitsInput["enum"]>,
  { kind }: Parameter,
): Result<ReadonlySet<string>, Reason> {
  const texts = new Set<string>();
  for (const item of written) {
    const read = readValue(kind, item, "client");
    if (!read.ok) return err({ ...read.error, of: "enum" });
    for (const text of read.value.items) texts.add(text);
  }
  return texts.size === 0 ? err({ reason: "allows_nothing", of: "enum" }) : ok(texts);
}

function readKeys(written: readonly string[]): Result<ReadonlySet<string>, Reason> {
  if (written.some((key) => key === "" || key !== key.trim() || /[=|\\&,{}%]/.test(key)))
    return err({ reason: "unfit_key" });
  return new Set(written.map(foldKey)).size < written.length
    ? err({ reason: "keys_by_case" })
    : ok(new Set(written));
}

function readPrefix(written: string, parameter: Parameter): Result<Template, Reason> {
  if (written.trim() !== written) return err({ reason: "spaced", of: "prefix" });
  if (written === "") return err({ reason: "allows_all", of: "prefix" });
  const prefix = readTemplate(parameter, written);
  return prefix.ok ? prefix : err({ ...prefix.error, of: "prefix" });
}

/** In the order in which they are told. */
const LIMITS = {
  enum: {
    kinds: [...TEXTS, "integer", "float", "boolean"],
    ofWholeValues: true,
    needed: ({ client }) => (client === "enum" ? { reason: "whole_values" } : undefined),
    read: readEnum,
    refuseItem: (allowed, item, { parameter }) =>
      allowed.has(item)
        ? undefined
        : {
            reason: parameter.client === "enum" ? "whole_not_listed" : "not_listed",
            listed: [...allowed].join(", "),
          },
  },
  keys: {
    kinds: PAIRS,
    needed: ({ kind }) => (kind.hasKeys ? { reason: "keys_missing" } : undefined),
    read: readKeys,
    refuse: (allowed, { keys = [] }) =>
      keys.every((key) => allowed.has(key))
        ? undefined
        : { reason: "foreign_key", keys: [...allowed].join(", ") },
  },
  prefix: {
    kinds: TEXTS,
    read: readPrefix,
    refuseItem: (_, item, { parameter, prefix }) =>
      item.startsWith(prefix)
        ? undefined
        : { reason: parameter.templated ? "not_own" : "not_prefixed", prefix },
  },
  charset: {
    kinds: [...TEXTS, ...PAIRS],
    read: (written) => {
      const charset = parseCharset(written);
      return charset.ok ? charset : err({ ...charset.error, of: "charset" });
    },
    refuseItem: (charset, item, { prefix }) =>
      withinCharset(charset, item.slice(prefix.length))
        ? undefined
        : { reason: prefix === "" ? "charset" : "charset_after", prefix, charset: charset.text },
  },
  maxLength: {
    kinds: [...TEXTS, ...PAIRS],
    // That of a public ID.
    standard: 255,
    read: (written) => (written > MAX_TEXT_LENGTH ? err({ reason: "max_length" }) : ok(written)),
    refuseItem: (most, item) => (item.length > most ? { reason: "too_long", most } : undefined),
  },
  maxItems: {
    kinds: [...LISTS, ...PAIRS, "double-array"],
    standard: 20,
    refuse: (most, { count }) => (count > most ? { reason: "too_many", most } : undefined),
  },
  min: {
    kinds: NUMBERS,
    refuseItem: (least, item) => (Number(item) < least ? { reason: "too_small", min: least } : undefined),
  },
  max: {
    kinds: NUMBERS,
    read: (written, _, { min }) =>
      min !== undefined && min > written ? err({ reason: "min_above_max" }) : ok(written),
    refuseItem: (most, item) => (Number(item) > most ? { reason: "too_large", max: most } : undefined),
  },
} as const satisfies { readonly [N in LimitName]-?: Row<N> };

/** The limits that a profile may write for a kind, where values within limits are left to a client. */
export type LimitsFor<K extends KindName> = Pick<
  LimitsInput,
  { [N in LimitName]: K extends (typeof LIMITS)[N]["kinds"][number] ? N : never }[LimitName]
>;

/** The rows, each with its name; what goes into a row is what came out of it. */
const ROWS = Object.entries(LIMITS) as unknown as readonly (readonly [LimitName, Row<"maxLength">])[];

/** Whether a limit means something for a parameter. */
const fits = (
  { kind, client }: Parameter,
  { kinds, ofWholeValues }: Pick<Row<LimitName>, "kinds" | "ofWholeValues">,
): boolean => (client === "limits" ? kinds.some((name) => KINDS[name] === kind) : ofWholeValues === true);

/** Checks limits against the parameter they are for. */
export function compileLimits(parameter: Parameter, input: LimitsInput): Result<Limits, Reason> {
  const rows = ROWS.filter(([, row]) => fits(parameter, row));
  const known = rows.map(([name]) => name);
  const unfit = Object.entries(input).find(
    ([name, written]) => written !== undefined && !known.includes(name as LimitName),
  );
  if (unfit !== undefined) return err({ reason: "unfit", limit: unfit[0], fit: known.join(", ") });

  const limits: Record<string, unknown> = {};
  for (const [name, row] of ROWS) {
    const written = input[name] as number | undefined;
    const missing = written === undefined ? row.needed?.(parameter) : undefined;
    if (missing !== undefined) return err(missing);
    const read =
      written === undefined || row.read === undefined ? undefined : row.read(written, parameter, input);
    if (read?.ok === false) return read;
    const limit = read?.value ?? written ?? row.standard;
    if (limit !== undefined) limits[name] = limit;
  }
  return ok(limits as unknown as Limits);
}

/** Limits as anybody may know them: what a name begins with, or is one of, could name people. */
export type DescribedLimits = Omit<LimitsInput, "prefix">;

/** The limits of a parameter, without those that could name people. */
export function describeLimits(parameter: Parameter, limits: Limits): DescribedLimits {
  const { charset, keys, prefix: _, ...plain } = limits;
  const described: Record<string, unknown> = {
    ...plain,
    ...(limits.enum && { enum: [...limits.enum] }),
    ...(keys && { keys: [...keys] }),
    ...(charset && { charset: charset.text }),
  };
  if (parameter.names === "path") delete described.enum;
  const fit = new Set<string>(ROWS.filter(([, row]) => fits(parameter, row)).map(([name]) => name));
  return Object.fromEntries(Object.entries(described).filter(([name]) => fit.has(name)));
}

/** The rows of limits that are set, found once for each profile. */
const rowsOfLimits = new WeakMap<Limits, typeof ROWS>();

function rowsOf(limits: Limits): typeof ROWS {
  const known = rowsOfLimits.get(limits);
  if (known !== undefined) return known;
  const rows = ROWS.filter(([limit]) => limits[limit] !== undefined);
  rowsOfLimits.set(limits, rows);
  return rows;
}

/** How a client's value breaks the limits of its parameter: the first of its reasons. */
export function brokenLimit(
  limits: Limits,
  parameter: Parameter,
  value: Value,
  fill: Fill,
): Reason | undefined {
  const rows = rowsOf(limits);
  for (const [limit, row] of rows) {
    const refused = row.refuse?.(limits[limit] as number, value);
    if (refused !== undefined) return refused;
  }
  const about = { parameter, prefix: limits.prefix === undefined ? "" : fillTemplate(limits.prefix, fill) };
  for (const item of value.items)
    for (const [limit, row] of rows) {
      const refused = row.refuseItem?.(limits[limit] as number, item, about);
      if (refused !== undefined) return refused;
    }
  return undefined;
}
