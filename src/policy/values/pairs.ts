// `context` and `metadata`: keys and values, as an object or as `key=value|key=value`.

import { err, ok, type Result } from "../../result.ts";
import { DECIMAL } from "./numbers.ts";
import { isEmpty, isTable, type Read } from "./value.ts";

/** What can be wrong with one value. */
type ValueReason = "not_number" | "not_scalar" | "not_flat" | "backslash" | "empty" | "bracket" | "list_item";
type PairsReason = "syntax" | "escape" | "not_pairs" | "key_twice" | "empty" | "key_character";

/** A key as it is compared: servers may fold the case and the forms of letters. */
export const foldKey = (key: string): string => key.normalize("NFKC").toLowerCase();

const escapePair = (text: string): string => text.replace(/[=|]/g, "\\$&");

/** One value: a scalar or, where there are `lists`, a flat list (`id=["a","b"]`). */
function readPairValue(
  raw: unknown,
  lists: boolean,
): Result<{ text: string; items: string[] }, { readonly reason: ValueReason; readonly of: "pair" }> {
  const wrong = (reason: ValueReason) => err({ reason, of: "pair" } as const);
  const isList = lists && Array.isArray(raw);
  const items: unknown[] = isList ? raw : [raw];
  const texts: string[] = [];
  for (const item of items) {
    if (typeof item === "number" && !DECIMAL.test(String(item))) return wrong("not_number");
    if (typeof item !== "string" && typeof item !== "number" && typeof item !== "boolean")
      return wrong(lists ? "not_flat" : "not_scalar");
    const text = String(item);
    // A trailing backslash would swallow the next key in the SDK's own escaping.
    if (text.includes("\\")) return wrong("backslash");
    if (text === "") return wrong("empty");
    // Cloudinary reads such a text as a list, past the limits of one; what nobody sees before it changes nothing.
    if (lists && /^[\s\p{Z}\p{Cf}]*\[/u.test(text)) return wrong("bracket");
    texts.push(text);
  }
  if (!isList) return ok({ text: escapePair(texts[0]!), items: texts });
  if (texts.some((text) => /[",]/.test(text))) return wrong("list_item");
  return ok({ text: `[${texts.map((text) => `"${escapePair(text)}"`).join(",")}]`, items: texts });
}

/** `key=value|key=value`, `=` and `|` inside written `\=` and `\|`, into keys and plain values. */
function splitPairs(text: string): Result<[key: string, value: string][], { readonly reason: PairsReason }> {
  const pairs: [string, string][] = [];
  let key: string | undefined;
  let current = "";
  for (let i = 0; i <= text.length; i += 1) {
    const char = text[i];
    if (char === "\\") {
      const escaped = text[i + 1];
      if (escaped !== "=" && escaped !== "|") return err({ reason: "escape" });
      current += escaped;
      i += 1;
    } else if (char === "=" && key === undefined) {
      key = current;
      current = "";
    } else if ((char === "|" || char === undefined) && key !== undefined) {
      pairs.push([key, current]);
      key = undefined;
      current = "";
    } else if (char === "=" || char === "|" || char === undefined) {
      return err({ reason: "syntax" });
    } else {
      current += char;
    }
  }
  return ok(pairs);
}

/** Reads `{ alt: "A cat" }` or `"alt=A cat"`. */
export function readPairs(raw: unknown, lists: boolean): Read<PairsReason | ValueReason, "pair" | "key"> {
  const entries =
    typeof raw === "string" ? splitPairs(raw) : ok(isTable(raw) ? Object.entries(raw) : undefined);
  if (!entries.ok) return entries;
  if (entries.value === undefined) return err({ reason: "not_pairs" });
  const keys = entries.value.map(([key]) => key);
  // An object has each key once.
  if (typeof raw === "string" && new Set(keys).size !== keys.length) return err({ reason: "key_twice" });
  const pairs = new Map<string, string>();
  const items: string[] = [];
  let count = 1;
  for (const [key, rawValue] of entries.value) {
    if (key === "") return err({ reason: "empty", of: "key" });
    if (/[=|\\]/.test(key)) return err({ reason: "key_character", of: "key" });
    // In an object an empty member counts as not sent; in a text it would be signed as it stands.
    if (isTable(raw) && isEmpty(rawValue)) continue;
    const value = readPairValue(rawValue, lists);
    if (!value.ok) return value;
    pairs.set(key, value.value.text);
    items.push(...value.value.items);
    count = Math.max(count, value.value.items.length);
  }
  return ok({ text: pairsText(pairs), items, pairs, keys, count });
}

/** Pairs as the parameter's text. */
export function pairsText(pairs: Iterable<readonly [string, string]>): string {
  let text = "";
  for (const [key, value] of pairs) text += text === "" ? `${key}=${value}` : `|${key}=${value}`;
  return text;
}
