// A value as it came (JSON or TOML) -> what it means, by its parameter's kind. Typed: a list is never read as
// a text, and what a client spells is compared by meaning.

import { err, ok, type Result } from "../result.ts";
import type { Kind, Parameter } from "./tables/parameters.ts";
import { safePath, safeText } from "./text.ts";

/** One value of one parameter. */
export interface Value {
  /** The one way in which the server writes this meaning; equal meanings have equal texts. */
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

type Read = Result<Value, string>;

/** Who wrote a value: a profile may use structures (JSON, header lines) that a client may not send. */
export type Author = "profile" | "client";

const one = (text: string): Value => ({ text, items: [text], count: 1 });

/** Whether a value counts as not sent. */
export function isEmpty(raw: unknown): boolean {
  return raw === null || raw === undefined || raw === "" || (Array.isArray(raw) && raw.length === 0);
}

const isTable = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);

/** Plain decimal notation; `1e5`, ` 1` and `0x1` are none. */
const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;
const WHOLE = /^-?\d{1,15}$/;

/** A finite number in plain decimal notation, from a number or its text. */
function readNumber(raw: unknown, pattern: RegExp, wanted: string): Read {
  const text = typeof raw === "number" ? String(raw) : raw;
  if (typeof text !== "string" || !pattern.test(text)) return err(`must be ${wanted}`);
  const number = String(Number(text));
  return pattern.test(number) ? ok(one(number)) : err(`must be ${wanted}`);
}

const BOOLEANS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...[true, 1, "1", "true"].map((spelled) => [spelled, "true"] as const),
  ...[false, 0, "0", "false"].map((spelled) => [spelled, "false"] as const),
]);

function readBoolean(raw: unknown): Read {
  const text = BOOLEANS.get(raw);
  return text === undefined ? err("must be true or false (1 and 0 are read too)") : ok(one(text));
}

function readString(raw: unknown): Read {
  return typeof raw === "string" ? ok(one(raw)) : err("must be a text");
}

/** `["a", "b"]` or `"a,b"`. */
function readCsv(raw: unknown): Read {
  const items = typeof raw === "string" ? raw.split(",") : raw;
  if (!Array.isArray(items) || !items.every((item) => typeof item === "string")) {
    return err("must be a list of texts, or one text with commas");
  }
  if (items.includes("")) return err("has an empty item");
  if (items.some((item) => item.trim() !== item))
    return err("has an item that begins or ends with white space");
  if (items.some((item) => item.includes(","))) return err("has an item with a comma in it");
  return ok({ text: items.join(","), items, count: items.length });
}

/** `[x, y, w, h]`, `"x,y,w,h"`, or several such boxes as `"x,y,w,h|x,y,w,h"`. */
function readCoordinates(raw: unknown): Read {
  const boxes: unknown[][] =
    typeof raw === "string" ? raw.split("|").map((box) => box.split(",")) : Array.isArray(raw) ? [raw] : [];
  const wanted = "must be x,y,width,height in numbers; several boxes are joined with |";
  if (boxes.length === 0) return err(wanted);
  const numbers: string[] = [];
  for (const box of boxes) {
    if (box.length !== 4) return err(wanted);
    for (const part of box) {
      const number = readNumber(part, DECIMAL, "a number");
      if (!number.ok) return err(wanted);
      numbers.push(number.value.text);
    }
  }
  const text = boxes.map((_, i) => numbers.slice(i * 4, i * 4 + 4).join(",")).join("|");
  return ok({ text, items: numbers, count: boxes.length });
}

const escapePair = (text: string): string => text.replace(/[=|]/g, "\\$&");

/** One value of a context: a scalar, or a list in `metadata` (`id=["a","b"]`). */
function readPairValue(raw: unknown, lists: boolean): Result<{ text: string; items: string[] }, string> {
  const isList = lists && Array.isArray(raw);
  const items: unknown[] = isList ? raw : [raw];
  const texts: string[] = [];
  for (const item of items) {
    if (typeof item === "number" && !DECIMAL.test(String(item))) return err("is no plain finite number");
    if (typeof item !== "string" && typeof item !== "number" && typeof item !== "boolean") {
      return err(lists ? "must be a text, a number, or a flat list of those" : "must be a text or a number");
    }
    const text = String(item);
    // A trailing backslash would swallow the next key in the SDK's own escaping.
    if (text.includes("\\")) return err("holds a backslash");
    if (text === "") return err("is empty or has an empty item");
    // Cloudinary reads such a text as a list, past the limits of one; what nobody sees before it changes nothing.
    if (lists && /^[\s\p{Z}\p{Cf}]*\[/u.test(text)) return err("begins with [: write a list as a list");
    texts.push(text);
  }
  if (!isList) return ok({ text: escapePair(texts[0]!), items: texts });
  if (texts.some((text) => /[",]/.test(text))) return err('has a list item with " or a comma in it');
  return ok({ text: `[${texts.map((text) => `"${escapePair(text)}"`).join(",")}]`, items: texts });
}

/** `key=value|key=value`, `=` and `|` inside written `\=` and `\|`, into keys and plain values. */
function splitPairs(text: string): Result<[key: string, value: string][], string> {
  const wanted = "must be key=value pairs joined with |, and inside them = and | written \\= and \\|";
  const pairs: [string, string][] = [];
  let key: string | undefined;
  let current = "";
  for (let i = 0; i <= text.length; i += 1) {
    const char = text[i];
    if (char === "\\") {
      const escaped = text[i + 1];
      if (escaped !== "=" && escaped !== "|") return err("holds a backslash that escapes neither = nor |");
      current += escaped;
      i += 1;
    } else if (char === "=") {
      if (key !== undefined) return err(wanted);
      key = current;
      current = "";
    } else if (char === "|" || char === undefined) {
      if (key === undefined) return err(wanted);
      pairs.push([key, current]);
      key = undefined;
      current = "";
    } else {
      current += char;
    }
  }
  return ok(pairs);
}

/** `{ alt: "A cat" }` or `"alt=A cat"`. */
function readPairs(raw: unknown, lists: boolean): Read {
  let entries: [string, unknown][];
  if (typeof raw === "string") {
    const split = splitPairs(raw);
    if (!split.ok) return split;
    entries = split.value;
  } else if (isTable(raw)) {
    entries = Object.entries(raw);
  } else {
    return err("must be an object of key and value, or one text key=value|key=value");
  }
  const keys = entries.map(([key]) => key);
  if (new Set(keys).size !== keys.length) return err("has the same key twice");
  const pairs = new Map<string, string>();
  const items: string[] = [];
  let count = 1;
  for (const [key, rawValue] of entries) {
    if (key === "") return err("has an empty key");
    if (/[=|\\]/.test(key)) return err("has a key with =, | or a backslash in it");
    // In an object an empty member counts as not sent; in a text it would be signed as it stands.
    if (isTable(raw) && isEmpty(rawValue)) continue;
    const value = readPairValue(rawValue, lists);
    if (!value.ok) return err(`the value of one key ${value.error}`);
    pairs.set(key, value.value.text);
    items.push(...value.value.items);
    count = Math.max(count, value.value.items.length);
  }
  return ok({ text: pairsText(pairs), items, pairs, keys, count });
}

/** Pairs as the parameter's text. */
export function pairsText(pairs: Iterable<readonly [string, string]>): string {
  return Array.from(pairs, ([key, value]) => `${key}=${value}`).join("|");
}

/** A structure that only a profile may write, as JSON or joined lines. */
function readStructure(kind: Kind, raw: unknown): Read {
  if (typeof raw === "string") return ok(one(raw));
  if (kind === "newline-list" || kind === "transformation-list") {
    if (!Array.isArray(raw) || !raw.every((item) => typeof item === "string")) {
      return err("must be a text, or a list of texts");
    }
    // Browsers change the line breaks of a form's values, and the signature would not fit them.
    if (kind === "newline-list" && raw.length > 1) return err("can hold one line only");
    return ok(one(raw.join("|")));
  }
  if (typeof raw !== "object" || raw === null) return err("must be a JSON text, a list or a table");
  return ok(one(JSON.stringify(kind === "json-array" && !Array.isArray(raw) ? [raw] : raw)));
}

function readByKind(name: string, kind: Kind, raw: unknown, author: Author): Read {
  switch (kind) {
    case "string":
    case "transformation":
      return readString(raw);
    case "integer":
      return readNumber(raw, WHOLE, "a whole number");
    case "float":
      return readNumber(raw, DECIMAL, "a number");
    case "boolean":
      return readBoolean(raw);
    case "csv":
      return readCsv(raw);
    case "pipe-context":
      return readPairs(raw, name === "metadata");
    case "double-array":
      return readCoordinates(raw);
    case "boolean|json":
      return BOOLEANS.has(raw)
        ? readBoolean(raw)
        : author === "profile"
          ? readStructure("json", raw)
          : readString(raw);
    default:
      return author === "profile" ? readStructure(kind, raw) : readString(raw);
  }
}

/** Reads a value that is not empty; the error says what is wrong, for people, without repeating the value. */
export function readValue(name: string, parameter: Parameter, raw: unknown, author: Author): Read {
  const read = readByKind(name, parameter.kind, raw, author);
  if (!read.ok) return read;
  const safe = safeText(read.value.text, {
    ampersand: parameter.kind === "pipe-context",
  });
  if (!safe.ok) return safe;
  if (parameter.kind === "string" && parameter.templated) {
    const path = safePath(read.value.text);
    if (!path.ok) return path;
  }
  return read;
}
