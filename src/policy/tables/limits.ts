// What a profile's `accept` allows for one parameter: the limits as written, checked against the parameter's
// kind, and the check of a client's value. Every check is linear in what it reads.

import { err, ok, type Result } from "../../result.ts";
import { type Charset, parseCharset, withinCharset } from "../charset.ts";
import { type Fill, fillTemplate, readTemplate, type Template } from "../template.ts";
import { MAX_TEXT_LENGTH } from "../text.ts";
import { readValue, type Value } from "../value.ts";
import type { Kind, Parameter } from "./parameters.ts";

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
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Of `context` and `metadata`: the keys a client may send. */
  readonly keys?: readonly string[] | undefined;
}

/** Limits, checked and ready. */
export interface Limits {
  readonly enum?: ReadonlySet<string>;
  readonly prefix?: Template;
  readonly charset?: Charset;
  readonly charsetText?: string;
  readonly maxLength: number;
  readonly maxItems: number;
  readonly min: number;
  readonly max: number;
  readonly keys?: ReadonlySet<string>;
}

/** Longest text where a profile names no `maxLength`: that of a public ID. */
const DEFAULT_MAX_LENGTH = 255;
/** Most items where a profile names no `maxItems`. */
const DEFAULT_MAX_ITEMS = 20;

/** The limits that mean something for a kind; all others are refused, so that none is thought to hold. */
const APPLICABLE = {
  string: ["enum", "prefix", "charset", "maxLength"],
  csv: ["enum", "prefix", "charset", "maxLength", "maxItems"],
  "pipe-context": ["keys", "charset", "maxLength", "maxItems"],
  integer: ["enum", "min", "max"],
  float: ["enum", "min", "max"],
  boolean: ["enum"],
  "double-array": ["maxItems", "min", "max"],
} as const satisfies Readonly<Partial<Record<Kind, readonly (keyof LimitsInput)[]>>>;

/** The limits that a profile may write for a parameter of this kind, where values within limits are left to a client. */
export type LimitsFor<K extends Kind> = K extends keyof typeof APPLICABLE
  ? Pick<LimitsInput, (typeof APPLICABLE)[K][number]>
  : Pick<LimitsInput, "enum">;

/** A key as it is compared: servers may fold the case and the forms of letters. */
export const foldKey = (key: string): string => key.normalize("NFKC").toLowerCase();

function applicable(parameter: Parameter): readonly (keyof LimitsInput)[] {
  const known: Partial<Record<Kind, readonly (keyof LimitsInput)[]>> = APPLICABLE;
  return (parameter.client === "limits" && known[parameter.kind]) || ["enum"];
}

/** Checks limits against the parameter they are for. */
export function compileLimits(
  name: string,
  parameter: Parameter,
  input: LimitsInput,
): Result<Limits, string> {
  const allowed = applicable(parameter);
  for (const [limit, value] of Object.entries(input)) {
    if (value !== undefined && !allowed.includes(limit as keyof LimitsInput)) {
      return err(`\`${limit}\` does not apply to it; what does: ${allowed.join(", ")}`);
    }
  }
  if (parameter.client === "enum" && input.enum === undefined) {
    return err("it is accepted only as whole values (R6): list them in `enum`");
  }
  if (parameter.kind === "pipe-context" && input.keys === undefined) {
    return err("list the keys that a client may send in `keys`");
  }
  const keys = input.keys ?? [];
  if (keys.some((key) => key === "" || key !== key.trim() || /[=|\\&,{}%]/.test(key))) {
    return err("a key is empty, begins or ends with white space, or holds one of = | \\ & , { } %");
  }
  if (new Set(keys.map(foldKey)).size < keys.length)
    return err("two keys differ in the case of their letters alone");

  let values: ReadonlySet<string> | undefined;
  if (input.enum !== undefined) {
    const texts = new Set<string>();
    for (const item of input.enum) {
      const read = readValue(name, parameter, item, "client");
      if (!read.ok) return err(`a value of \`enum\` ${read.error}`);
      for (const text of read.value.items) texts.add(text);
    }
    if (texts.size === 0) return err("an empty `enum` allows nothing");
    values = texts;
  }
  const charset = input.charset === undefined ? undefined : parseCharset(input.charset);
  if (charset?.ok === false) return err(`\`charset\`: ${charset.error}`);
  if (input.prefix !== undefined && input.prefix.trim() !== input.prefix)
    return err("`prefix` begins or ends with white space");
  if (input.prefix === "")
    return err("an empty `prefix` allows everything: remove it, or say what a value begins with");
  const prefix = input.prefix === undefined ? undefined : readTemplate(parameter, input.prefix);
  if (prefix?.ok === false) return err(`\`prefix\` ${prefix.error}`);
  if ((input.maxLength ?? 0) > MAX_TEXT_LENGTH) return err(`\`maxLength\` is above ${MAX_TEXT_LENGTH}`);
  if ((input.min ?? -Infinity) > (input.max ?? Infinity)) return err("`min` is above `max`");

  return ok({
    ...(values && { enum: values }),
    ...(prefix && { prefix: prefix.value }),
    ...(charset && { charset: charset.value, charsetText: input.charset! }),
    ...(input.keys && { keys: new Set(input.keys) }),
    maxLength: input.maxLength ?? DEFAULT_MAX_LENGTH,
    maxItems: input.maxItems ?? DEFAULT_MAX_ITEMS,
    min: input.min ?? -Infinity,
    max: input.max ?? Infinity,
  });
}

/** The first limit that a client's value breaks, as a sentence that says what is allowed. */
export function brokenLimit(limits: Limits, kind: Kind, value: Value, fill: Fill): string | undefined {
  const foreign = value.keys?.find((key) => !limits.keys?.has(key));
  if (foreign !== undefined) return `only these keys are allowed: ${[...(limits.keys ?? [])].join(", ")}`;
  if (value.count > limits.maxItems) return `at most ${limits.maxItems} items are allowed`;

  const prefix = limits.prefix === undefined ? "" : fillTemplate(limits.prefix, fill);
  for (const item of value.items) {
    if (limits.enum !== undefined && !limits.enum.has(item)) return `allowed: ${[...limits.enum].join(", ")}`;
    if (!item.startsWith(prefix)) return `must begin with ${prefix}`;
    if (limits.charset !== undefined && !withinCharset(limits.charset, item.slice(prefix.length))) {
      return `only these characters are allowed${prefix && ` after ${prefix}`}: ${limits.charsetText}`;
    }
    if (item.length > limits.maxLength) return `at most ${limits.maxLength} characters are allowed`;
    if (kind === "integer" || kind === "float" || kind === "double-array") {
      const number = Number(item);
      if (number < limits.min) return `must be at least ${limits.min}`;
      if (number > limits.max) return `must be at most ${limits.max}`;
    }
  }
  return undefined;
}
