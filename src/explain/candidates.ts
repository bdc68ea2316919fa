// Every text that people may have signed in place of the right one, worked out of what was sent. With recipes.ts, whoever
// holds the secret can try them all, and so prove the mistake; nothing here sees a secret.

import { UNSIGNED_NAMES } from "../policy/tables/parameters.ts";
import type { CauseCode } from "./causes.ts";
import { snakeCase } from "./cloudinary-names.ts";
import { sentAlone } from "./compare.ts";
import type { Evidence, Fields } from "./evidence.ts";
import { type Facts, readFacts } from "./facts.ts";
import { stringOf } from "./pairs-of.ts";
import { unescapeHtml } from "./value-differences.ts";

/** A text that may have been signed, and the mistakes that would make it of what was sent. */
export interface TextCandidate {
  readonly text: string;
  readonly mistakes: readonly Mistake[];
}

export interface Mistake {
  readonly code: CauseCode;
  readonly fields?: readonly string[];
  readonly detail?: string;
}

type Pairs = readonly (readonly [name: string, value: string])[];

const of = (code: CauseCode, fields?: readonly string[]): readonly Mistake[] => [
  { code, ...(fields && { fields }) },
];

/** Fields that were left out when signing: any one or two, or all but the time. */
function* omissions(pairs: Pairs): Generator<TextCandidate> {
  const without = (left: Pairs): TextCandidate => ({
    text: stringOf(pairs.filter((pair) => !left.includes(pair))),
    mistakes: left.flatMap(([name, value]) => of(sentAlone(name, value), [name])),
  });
  const others = pairs.filter(([name]) => name !== "timestamp");
  for (const one of others) yield without([one]);
  for (const [i, one] of others.entries())
    for (const other of others.slice(i + 1)) yield without([one, other]);
  if (others.length > 2) yield without(others);
}

/** Names that were signed beside what was sent. */
function* additions(pairs: Pairs, { apiKey, evidence }: Facts): Generator<TextCandidate> {
  const { account, sent } = evidence;
  const [, cloud, type] = /\/v1_1\/([^/]+)\/(\w+)\//.exec(sent?.url ?? "") ?? [];
  const cloudName = account?.cloudName ?? cloud;
  const key = apiKey ?? account?.apiKey;
  const added: Pairs = [
    ...(key === undefined ? [] : [["api_key", key] as const]),
    ...(cloudName === undefined ? [] : [["cloud_name", cloudName] as const]),
    ...[...new Set([type, "image", "auto", "video", "raw"])].flatMap((one) =>
      one === undefined ? [] : [["resource_type", one] as const],
    ),
  ];
  for (const [name, value] of added)
    yield { text: joined([...pairs, [name, value]]), mistakes: of("unsigned_name_signed", [name]) };
  for (const name of ["folder", "public_id", "tags", "context", "upload_preset", "eager", "transformation"]) {
    if (pairs.some(([other]) => other === name)) continue;
    yield { text: joined([...pairs, [name, ""]]), mistakes: of("empty_value_signed", [name]) };
    for (const word of ["undefined", "null", "None"])
      yield {
        text: joined([...pairs, [name, word]]),
        mistakes: [{ code: "not_a_value", fields: [name], detail: word }],
      };
  }
}

/** Every name with its value, sorted; with nothing left out and nothing escaped. */
const joined = (pairs: Pairs, between = "&"): string =>
  [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(between);

/** The items of a list, as languages print them. */
const LISTS: readonly ((items: readonly string[]) => string)[] = [
  (items) => items.join(", "),
  (items) => JSON.stringify(items),
  (items) => `[${items.map((item) => `'${item}'`).join(", ")}]`,
  (items) => items.join("|"),
  (items) => items.join(" "),
  (items) => items[0]!,
  (items) => items.toReversed().join(","),
  (items) => items.join(","),
];

const SPELLINGS = [
  ["true", "1", "True"],
  ["false", "0", "False"],
] as const;

/** Values of a single field, as they may have been before they were sent. */
const REWRITES: readonly (readonly [CauseCode, (value: string, name: string) => readonly string[]])[] = [
  ["boolean_spelling", (value) => SPELLINGS.find((all) => (all as readonly string[]).includes(value)) ?? []],
  [
    "transformation_order",
    (value, name) => {
      const parts = /^(transformation|eager)$/.test(name) ? value.split(",") : [];
      return parts.length > 1 ? [parts.toSorted().join(","), parts.toReversed().join(",")] : [];
    },
  ],
  [
    "context_format",
    (value, name) =>
      /^(context|metadata)$/.test(name)
        ? [
            value.replaceAll("|", ","),
            ...jsonTexts(
              value.split("|").map((pair) => [pair.split("=", 1)[0]!, pair.replace(/^[^=]*=?/, "")]),
            ),
          ]
        : [],
  ],
  ["letter_case", (value) => [value.toLowerCase(), value.charAt(0).toUpperCase() + value.slice(1)]],
  [
    "list_joining",
    (value) =>
      /[,|]/.test(value) ? LISTS.map((list) => list(value.split(value.includes("|") ? "|" : ","))) : [],
  ],
  [
    "number_format",
    (value) =>
      /^\d{1,8}(\.\d+)?$/.test(value) ? [value.replace(".", ","), String(Number(value)), `${value}.0`] : [],
  ],
  ["url_encoded", (value) => [encodeURIComponent(value), encodeURI(value), value.replaceAll(" ", "+")]],
  ["white_space", (value) => [`${value} `, `${value}\n`, value.replaceAll("\r\n", "\n"), value.trim()]],
  ["unicode_form", (value) => [value.normalize("NFC"), value.normalize("NFD")]],
  ["html_escaped", (value) => [value.replaceAll("&", "&amp;"), unescapeHtml(value)]],
  ["quoted_value", (value) => [JSON.stringify(value), `'${value}'`, value.replace(/^(["'])(.*)\1$/s, "$2")]],
];

/** How many seconds a second timestamp may be away from the first. */
const MAX_APART = 60;

function* rewritings(pairs: Pairs): Generator<TextCandidate> {
  const having = (name: string, value: string, write: (pairs: Pairs) => string = stringOf) =>
    write(pairs.map((pair) => (pair[0] === name ? [name, value] : pair)));
  for (const [code, rewrite] of REWRITES) {
    for (const [name, value] of pairs)
      for (const other of rewrite(value, name))
        if (other !== value)
          for (const write of [stringOf, joined])
            yield { text: having(name, other, write), mistakes: of(code, [name]) };
    const all = pairs.map(([name, value]) => [name, rewrite(value, name)[0] ?? value] as const);
    yield {
      text: stringOf(all),
      mistakes: of(
        code,
        all.flatMap(([name, value], i) => (value === pairs[i]![1] ? [] : [name])),
      ),
    };
  }
  for (const [name, value] of pairs)
    yield {
      text: stringOf([...pairs.filter((pair) => pair[0] !== name), [`${name}[]`, value]]),
      mistakes: of("list_joining", [name]),
    };
  for (const [name, value] of pairs) {
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    for (const other of [camel, snakeCase(name)]) {
      const text = joined([...pairs.filter((pair) => pair[0] !== name), [other, value]]);
      if (other !== name) yield { text, mistakes: of("camel_case_name", [name]) };
    }
  }
  const timestamp = pairs.find(([name]) => name === "timestamp")?.[1] ?? "";
  if (/^\d{13}$/.test(timestamp))
    for (const seconds of [Math.floor(Number(timestamp) / 1000), Math.round(Number(timestamp) / 1000)])
      yield { text: having("timestamp", String(seconds)), mistakes: of("milliseconds", ["timestamp"]) };
  if (!/^\d{10}$/.test(timestamp)) return;
  for (let apart = -MAX_APART; apart <= MAX_APART; apart++)
    if (apart !== 0)
      yield {
        text: having("timestamp", String(Number(timestamp) + apart)),
        mistakes: of("timestamp_made_twice", ["timestamp"]),
      };
  yield { text: having("timestamp", `${timestamp}000`), mistakes: of("milliseconds", ["timestamp"]) };
}

/** As JavaScript and Python write an object, with the time as a text and as a number. */
function jsonTexts(order: Pairs): string[] {
  const texts = JSON.stringify(Object.fromEntries(order));
  const spaced = `{${order.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(", ")}}`;
  return [texts, spaced].flatMap((text) => [text, text.replace(/("timestamp": ?)"(\d+)"/, "$1$2")]);
}

/** The right pieces, put together in another way. `sent` are the fields in the order of the form, where it is known. */
function* compositions(pairs: Pairs, sent: Fields | undefined): Generator<TextCandidate> {
  const names = new Set(pairs.map(([name]) => name));
  const inOrder = (sent ?? []).filter(([name]) => names.has(name));
  const orders: readonly Pairs[] = [
    inOrder,
    [...pairs].reverse(),
    [...pairs].sort(([a], [b]) => a.localeCompare(b, "lt")),
    [...pairs].sort(([a], [b]) => Number(b === "timestamp") - Number(a === "timestamp")),
  ];
  const unsorted = (order: Pairs) => order.map(([name, value]) => `${name}=${value}`).join("&");
  yield {
    text: joined(pairs),
    mistakes: of(
      "ampersand_escaping",
      pairs.flatMap(([name, value]) => (value.includes("&") ? [name] : [])),
    ),
  };
  for (const order of orders) yield { text: unsorted(order), mistakes: of("sorted_otherwise") };
  for (const order of [pairs, inOrder])
    for (const text of jsonTexts(order)) yield { text, mistakes: of("json_signed") };
  yield {
    text: String(new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value]))),
    mistakes: of("url_encoded"),
  };
  for (const between of [",", ";", "\n", " ", "", " & ", "&amp;"])
    yield { text: joined(pairs, between), mistakes: of("separator") };
  yield { text: pairs.map(([, value]) => value).join(""), mistakes: of("separator") };
  for (const text of [`${joined(pairs)}&`, `?${joined(pairs)}`, `${joined(pairs)}\n`])
    yield { text, mistakes: of("separator") };
}

/** Texts that may have been signed, the right one first and each once; none where it is not known what was sent. */
export function textCandidates(evidence: Evidence): TextCandidate[] {
  const facts = readFacts(evidence);
  const { received, signed } = facts;
  if (received === undefined) return [];
  const pairs = [...received.pairs]
    .filter(([name, value]) => value !== "" && !UNSIGNED_NAMES.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const all = [
    { text: received.text, mistakes: [] },
    ...(signed === undefined ? [] : [{ text: signed.text, mistakes: [] }]),
    ...omissions(pairs),
    ...additions(pairs, facts),
    ...compositions(pairs, evidence.sent?.fields),
    ...rewritings(pairs),
  ];
  const texts = new Set<string>();
  return all.filter(({ text }) => !texts.has(text) && texts.add(text));
}
