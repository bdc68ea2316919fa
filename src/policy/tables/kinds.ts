// The kinds of value: one row each. What is known of a kind stands here; code elsewhere gets a parameter's row and
// never asks for a kind by its name.

import { err, ok, type Result } from "../../result.ts";
import { readCoordinates, readNumber, readWhole } from "../values/numbers.ts";
import { readPairs } from "../values/pairs.ts";
import { safePath, safeText } from "../values/text.ts";
import { one, type Read, type Value } from "../values/value.ts";
import type { Reason } from "./reasons.ts";

/** Who wrote a value: a profile may use structures (JSON, header lines) that a client may not send. */
export type Author = "profile" | "client";

/** What is known of one kind. */
export interface Kind {
  /** Reads what is not empty: what a profile or a client may write, by its meaning. */
  read(raw: unknown, author: Author): Result<Value, Reason>;
  /** A path of folders: what Cloudinary would fold or resolve is refused, and claims fill whole segments. */
  readonly isPath?: true;
  /** A list whose items are values of their own, each under the limits and each a name. */
  readonly isList?: true;
  /** Names all that begins with it. */
  readonly isPrefix?: true;
  /** Keys and values: server and client may each have keys of their own, and what they say names no asset. */
  readonly hasKeys?: true;
  /** Whether `&` is text in it: signature version 2 escapes it. */
  readonly ampersand?: true;
  /** Numbers, which have one spelling: `0.5` and not `0.50`. */
  readonly isNumber?: true;
  /** Whether a client that builds the form itself may send a list, which goes into the form joined with commas. */
  readonly takesList?: true;
}

const BOOLEANS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...[true, 1, "1", "true"].map((spelled) => [spelled, "true"] as const),
  ...[false, 0, "0", "false"].map((spelled) => [spelled, "false"] as const),
]);

const readBoolean = (raw: unknown): Read<"not_boolean"> => {
  const text = BOOLEANS.get(raw);
  return text === undefined ? err({ reason: "not_boolean" }) : ok(one(text));
};

const readString = (raw: unknown): Read<"not_text"> =>
  typeof raw === "string" ? ok(one(raw)) : err({ reason: "not_text" });

const isTexts = (raw: unknown): raw is string[] =>
  Array.isArray(raw) && raw.every((item) => typeof item === "string");

/** `["a", "b"]` or `"a,b"`. */
const readCsv = (raw: unknown): Read<"not_list" | "empty" | "spaced" | "comma", "item"> => {
  const items = typeof raw === "string" ? raw.split(",") : raw;
  if (!isTexts(items)) return err({ reason: "not_list" });
  if (items.includes("")) return err({ reason: "empty", of: "item" });
  if (items.some((item) => item.trim() !== item)) return err({ reason: "spaced", of: "item" });
  if (items.some((item) => item.includes(","))) return err({ reason: "comma", of: "item" });
  return ok({ text: items.join(","), items, count: items.length });
};

/** Public IDs in a list: each a path. */
function readPaths(raw: unknown): Result<Value, Reason> {
  const list = readCsv(raw);
  if (!list.ok) return list;
  for (const item of list.value.items) {
    const path = safePath(item);
    if (!path.ok) return err(path.error);
  }
  return list;
}

/** Folders with all that is in them: each ends with a slash, or `users/4` would hold what is in `users/42/` too. */
function readFolders(raw: unknown): Result<Value, Reason> {
  const list = readCsv(raw);
  if (!list.ok) return list;
  for (const item of list.value.items) {
    if (!item.endsWith("/")) return err({ reason: "open_folder", of: "item" });
    const path = safePath(item.slice(0, -1));
    if (!path.ok) return err(path.error);
  }
  return list;
}

/** A kind that clients write as text alone, and profiles as a structure too. */
const structure = (read: Kind["read"]): Kind => ({
  read: (raw, author) =>
    author === "client" || typeof raw === "string" ? readString(raw) : read(raw, author),
});

function readLines(raw: unknown): Read<"not_texts"> {
  return isTexts(raw) ? ok(one(raw.join("|"))) : err({ reason: "not_texts" });
}

/** Browsers change the line breaks of a form's values, and the signature would not fit them. */
const readLine: Kind["read"] = (raw) =>
  Array.isArray(raw) && raw.length > 1 && isTexts(raw) ? err({ reason: "several_lines" }) : readLines(raw);

function readJson(raw: unknown): Read<"not_json"> {
  return typeof raw === "object" && raw !== null ? ok(one(JSON.stringify(raw))) : err({ reason: "not_json" });
}

const json = structure(readJson);
const pairs = { hasKeys: true, ampersand: true } as const;

/**
 * Each an object of its own, by the names of test/vectors/upload-params.json, which calls two of them otherwise: a `path` is a `string` there, and
 * `pipe-metadata` a `pipe-context`, which differs in that its values may be lists.
 */
export const KINDS = {
  string: { read: readString },
  path: { read: readString, isPath: true },
  integer: { read: readWhole, isNumber: true },
  float: { read: readNumber, isNumber: true },
  boolean: { read: readBoolean },
  "boolean|json": {
    read: (raw, author) => (BOOLEANS.has(raw) ? readBoolean(raw) : json.read(raw, author)),
  },
  csv: { read: readCsv, isList: true, takesList: true },
  paths: { read: readPaths, isPath: true, isList: true, takesList: true },
  folders: { read: readFolders, isPath: true, isList: true, takesList: true, isPrefix: true },
  "pipe-context": { read: (raw) => readPairs(raw, false), ...pairs },
  "pipe-metadata": { read: (raw) => readPairs(raw, true), ...pairs },
  "double-array": { read: readCoordinates, isNumber: true, takesList: true },
  transformation: { read: readString },
  "transformation-list": structure(readLines),
  json,
  "json-array": structure((raw) =>
    readJson(typeof raw === "object" && raw !== null && !Array.isArray(raw) ? [raw] : raw),
  ),
  "newline-list": structure(readLine),
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

/** Reads a value that is not empty; the reason of a refusal repeats nothing of it. */
export function readValue(kind: Kind, raw: unknown, author: Author): Result<Value, Reason> {
  const read = kind.read(raw, author);
  if (!read.ok) return read;
  const safe = safeText(read.value.text, kind.ampersand);
  if (!safe.ok) return safe;
  // Lists of paths look at each by themselves.
  const isOnePath = kind.isPath === true && !kind.isList;
  // The same signature is good for a list of two names, sent as `public_id[]`, whose second is nobody's prefix.
  if (isOnePath && author === "client" && read.value.text.includes(",")) return err({ reason: "comma" });
  const path = isOnePath ? safePath(read.value.text) : safe;
  return path.ok ? read : path;
}
