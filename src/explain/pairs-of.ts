// A string to sign, or a form, as names with their values: the form in which both sides are compared.

import { UNSIGNED_NAMES } from "../policy/tables/parameters.ts";
import { pairText } from "../signature/string-to-sign.ts";
import type { Fields } from "./evidence.ts";

/** A name that a parameter may have, in this spelling or another; `tags[]` and `tags[0]` are a list's. */
const NAME = /^[A-Za-z_][\w.-]{0,60}(\[\w{0,20}\])*$/;

/** A value as it was before version 2 escaped it. */
const plainValue = (text: string): string => text.replaceAll("%26", "&");

/**
 * `name=value&name=value` taken apart. A piece without a name of its own belongs to the value before it, which holds
 * an `&`.
 */
export function readPairs(text: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const piece of text.split("&")) {
    const equals = piece.indexOf("=");
    const name = piece.slice(0, Math.max(equals, 0));
    const last = pairs.at(-1);
    if (NAME.test(name)) pairs.push([name, plainValue(piece.slice(equals + 1))]);
    else if (last !== undefined) last[1] += `&${plainValue(piece)}`;
    else pairs.push([piece, ""]);
  }
  return pairs;
}

/** The pairs of a JSON text; nothing where it is none. */
export function jsonPairs(text: string): [name: string, value: string][] | undefined {
  try {
    const value: unknown = /^\s*[{["]/.test(text) ? JSON.parse(text) : undefined;
    return typeof value === "object" && value !== null
      ? Object.entries(value).map(([name, one]) => [name, String(one)])
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The pairs of a text that one's own code hashed. It may be put together in another way; that is told by itself, and the
 * pairs are what was meant. `received` are the other side's.
 */
export function readHashed(
  text: string,
  received: ReadonlyMap<string, string> = new Map(),
): [name: string, value: string][] {
  const json = jsonPairs(text);
  if (json !== undefined) return json;
  if (!/[=:]/.test(text) && received.size > 0) return [...received];
  const plain = text
    .replace(/^\?/, "")
    .replace(/ {0,9}&[& ]{1,9}(?=[a-z_]{1,40}=)|&$/g, (joint) => (joint === "&" ? "" : "&"))
    .replace(/(?<![^&])([a-z_]{1,40}):(?=[^=&]*(?:&|$))/g, "$1=");
  const names = [...received.keys()].filter((name) => /^[a-z_]+$/.test(name));
  if (plain.includes("&") || names.length < 2) return readPairs(plain);
  return readPairs(
    plain.replace(new RegExp(`(?!^)(?<![,;|\\s])[,;|\\s]{0,9}(?=(?:${names.join("|")})=)`, "g"), "&"),
  );
}

/** A list's name without what forms put behind it. */
export const plainName = (name: string): string => name.replace(/\[\w{0,20}\]$/, "");

/** A form's fields as Cloudinary reads them: lists joined with commas, of two fields of one name the later. */
export function asReceived(fields: Fields): Map<string, string> {
  const lists = new Map<string, string[]>();
  const read = new Map<string, string>();
  for (const [name, value] of fields) {
    const plain = plainName(name);
    if (plain === name) read.set(name, value);
    else {
      lists.set(plain, [...(lists.get(plain) ?? []), value]);
      read.set(plain, lists.get(plain)!.join(","));
    }
  }
  return read;
}

/** The names of a form that are there more than once, and are no lists. */
export function repeatedNames(fields: Fields): string[] {
  const names = fields.map(([name]) => name).filter((name) => plainName(name) === name);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

/** The string that Cloudinary signs of these fields. */
export function stringOf(fields: Iterable<readonly [string, string]>): string {
  const signed = [...fields].filter(([name, value]) => !UNSIGNED_NAMES.has(name) && value !== "");
  signed.sort(([a], [b]) => (a < b ? -1 : 1));
  return signed.map(([name, value]) => pairText(name, value)).join("&");
}
