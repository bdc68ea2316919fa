// Two texts of one field that are not the same: which mistake turns the one into the other.

import type { CauseCode } from "./causes.ts";

type Differs = (signed: string, sent: string, name: string) => boolean;

/** Whether one of the two becomes the other by `turn`. */
const byTurning =
  (turn: (text: string) => string): Differs =>
  (a, b) =>
    turn(a) === b || turn(b) === a;

/** Whether both become the same by `fold`, and something remains of them. */
const byFolding =
  (fold: (text: string) => string | undefined): Differs =>
  (a, b) => {
    const folded = fold(a);
    return folded !== undefined && folded !== "" && folded === fold(b);
  };

const TRUE = /^(1|true|yes|on|t|y)$/i;
const FALSE = /^(0|false|no|off|f|n)$/i;
const truth = (text: string) => (TRUE.test(text) ? "true" : FALSE.test(text) ? "false" : undefined);

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#x27;": "'",
  "&apos;": "'",
  "&#x2F;": "/",
};
export const unescapeHtml = (text: string) =>
  text.replace(/&(?:#?\w{1,6});/g, (entity) => ENTITIES[entity] ?? entity);

/** As a form's encoding is undone: by `%`, and by `+` for a space. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isEncoded = (text: string): boolean => /%[0-9a-f]{2}/i.test(text);
const wasEncoded: Differs = (a, b) =>
  [[a, b] as const, [b, a] as const].some(
    ([one, other]) =>
      (isEncoded(one) && (decoded(one) === other || decoded(one.replaceAll("+", " ")) === other)) ||
      (one.includes("+") && one.replaceAll("+", " ") === other),
  );

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The items of a list in any of the ways in which people write one. */
function itemsOf(text: string): string[] {
  const parsed = json(text.replace(/'/g, '"'));
  const items = Array.isArray(parsed)
    ? parsed.map(String)
    : text.replace(/^[[({]|[\])}]$/g, "").split(/[,;|\n]|\s+(?=\S)/);
  return items.map((item) => item.trim().replace(/^["']|["']$/g, "")).filter((item) => item !== "");
}

/** The same items; one that stands for all of a list is the first or the last of it. */
const isSameList: Differs = (a, b) => {
  const [one, other] = [itemsOf(a), itemsOf(b)];
  if (one.length < 2 && other.length < 2) return one.length === 1 && one[0] === other[0];
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length === 1) return short[0] === long[0] || short[0] === long.at(-1);
  return [...one].sort().join("\n") === [...other].sort().join("\n");
};

/** `key=value` pairs in any of the ways in which people write them. */
function keyed(text: string): string | undefined {
  const parsed = json(text.replace(/'/g, '"'));
  const pairs =
    typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? Object.entries(parsed).map(([key, value]) => `${key}=${String(value)}`)
      : text.includes("=") || text.includes(":")
        ? text
            .replace(/\\([=|])/g, "$1")
            .replaceAll("%26", "&")
            .split(/[|&,;]/)
            .map((pair) => pair.trim().replace(/^([^=:]*)[:=]\s*/, "$1="))
        : undefined;
  return pairs
    ?.filter((pair) => pair !== "")
    .sort()
    .join("|");
}

const KEYED = /^(context|metadata)$/;
const TRANSFORMED = /^(transformation|eager|responsive_breakpoints)$/;
const asNumber = (text: string): string | undefined =>
  /^[-+]?[\d.,_ ]*\d[\d.,_ ]*(e[-+]?\d{1,3})?$/i.test(text)
    ? String(
        Number(
          text
            .replace(/[_ ]/g, "")
            .replace(/,(?=\d{1,2}$)/, ".")
            .replaceAll(",", ""),
        ),
      )
    : undefined;

/** From the most particular to the least; the first that fits is the cause. */
const DIFFERENCES: readonly (readonly [CauseCode, Differs])[] = [
  [
    "milliseconds",
    (a, b, name) => name === "timestamp" && [a, b].some((text) => /^\d{13,16}(\.\d+)?$/.test(text)),
  ],
  [
    "timestamp_made_twice",
    (a, b, name) => name === "timestamp" && [a, b].every((text) => /^\d{9,11}$/.test(text)),
  ],
  ["boolean_spelling", byFolding(truth)],
  ["ampersand_escaping", byTurning((text) => text.replaceAll("&", "%26"))],
  ["html_escaped", byTurning(unescapeHtml)],
  ["url_encoded", wasEncoded],
  ["unicode_form", byFolding((text) => text.normalize("NFC"))],
  ["white_space", byFolding((text) => text.replace(/\s+/g, " ").trim())],
  ["quoted_value", byFolding((text) => text.replace(/^\\?(["'])(.*)\\?\1$/s, "$2"))],
  ["number_format", byFolding((text) => asNumber(text))],
  ["context_format", (a, b, name) => KEYED.test(name) && byFolding(keyed)(a, b, name)],
  ["transformation_order", (a, b, name) => TRANSFORMED.test(name) && sortedParts(a) === sortedParts(b)],
  ["list_joining", isSameList],
  ["letter_case", byFolding((text) => text.toLowerCase())],
];

/** Each step of a transformation with its parts in order; the steps stay where they are. */
const sortedParts = (text: string): string =>
  text.replace(/[^/|]+/g, (step) => step.split(",").sort().join(","));

/** What a variable without a value looks like when it is turned into text. */
const NOT_VALUES = /^(undefined|null|None|nil|NaN|\[object \w+\]|Symbol\(.{0,20}\)|<null>)$/;
/** An object of a language other than JavaScript, as Ruby and PHP print it. */
const PRINTED = /^\{\\?".{0,200}=>|^Array$|^#<\w+/s;
/** A place that Postman, n8n or a template was to fill. */
const UNFILLED = /\{\{[^{}]{1,100}\}\}/;
export const isNotAValue = (text: string): boolean =>
  NOT_VALUES.test(text) || PRINTED.test(text) || UNFILLED.test(text);

/** Why two texts of the field `name` differ. */
export function differenceOf(name: string, signed: string, sent: string): CauseCode {
  if (isNotAValue(signed) || isNotAValue(sent)) return "not_a_value";
  const found = DIFFERENCES.find(([, differs]) => differs(signed, sent, name));
  return found?.[0] ?? "changed_after_signing";
}
