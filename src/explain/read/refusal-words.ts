// The words that a refused upload is told in: Cloudinary's, a browser's or an SDK's, found in any text.

import { type Read, withoutBackslashes } from "./literal.ts";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
  ["lt", "<"],
  ["gt", ">"],
  ["nbsp", " "],
]);

/** A text without the escapes of HTML. */
export function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? all;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
}

/** The quote that a string to sign stands in, as it may have been escaped on its way. */
const OPENING =
  /\s{0,3}[-–—:]{0,2}\s{0,3}(&(?:amp;){0,3}(?:#0{0,3}39|#x27|apos|quot|#34);|\\{1,4}(?:u0027|u0022|['"])|['"`‘’“])/iy;
const CLOSED_BY: ReadonlyMap<string, string> = new Map([
  ["‘", "’"],
  ["“", "”"],
]);
/** What may follow the full stop at the end of Cloudinary's message. */
const AFTER = /[\s"'`)\]}<>,;:\\&|]|$/y;
const GOES_ON = /(?:&|&amp;|\\u0026)[a-z_]{2,40}=/i;

/** Where a string to sign ends that begins at `from`: at its last closing quote before something else begins. */
function closingOf(text: string, from: number, limit: number, closing: string): number {
  let best = -1;
  for (let at = text.indexOf(closing, from); at >= 0 && at < limit; at = text.indexOf(closing, at + 1)) {
    AFTER.lastIndex = at + closing.length;
    if (!AFTER.test(text)) continue;
    // A value may hold what looks like the end, but then parameters follow it.
    if (best >= 0 && !GOES_ON.test(text.slice(best, at))) break;
    best = at;
  }
  return best;
}

/** A string to sign without the escapes that the text around it needed. */
function unescaped(value: string, quote: string): string {
  let plain = value;
  const rounds = quote.startsWith("&") ? 1 + quote.split("amp;").length - 1 : 0;
  for (let i = 0; i < rounds; i++) plain = withoutEntities(plain);
  for (let i = quote.lastIndexOf("\\"); i >= 0; i--) plain = withoutBackslashes(plain);
  // Escaped by what leaves quotes alone: then no parameter follows a bare `&`.
  if (!/&[a-z_]+=/.test(plain) && /\\u0026[a-z_]+=/i.test(plain)) plain = withoutBackslashes(plain);
  const bare = plain.replaceAll("&amp;", "");
  if (!/&[a-z_]+=/.test(bare) && /&amp;[a-z_]+=/.test(plain)) plain = withoutEntities(plain);
  return plain;
}

/** The string to sign in quotes that is announced just before `at`. */
export function readQuotedString(text: string, at: number, limit = text.length): Read<string> {
  OPENING.lastIndex = at;
  const quote = OPENING.exec(text)?.[1];
  if (quote === undefined) return { end: at };
  const from = OPENING.lastIndex;
  const closing = CLOSED_BY.get(quote) ?? quote;
  const stopped = closingOf(text, from, limit, `${closing}.`);
  const lineEnd = endOfLine(text, from);
  const to = stopped >= 0 ? stopped : text.slice(from, lineEnd).lastIndexOf(closing) + from;
  // Cut off before its end, it goes as far as its line.
  const end = to < from ? lineEnd : to;
  return {
    value: unescaped(text.slice(from, end), quote),
    end: Math.min(text.length, end + closing.length + 1),
  };
}

export function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

export const INVALID = "Invalid Signature";
const ANNOUNCED = "String to sign";
/** A terminal may have broken it over two lines. */
const ANNOUNCING = /String\s{1,3}to\s{1,3}sign/;
/** A SHA-256 digest has 64 characters; what people send in its place is seldom longer than this. */
const MAX_SIGNATURE = 4_000;

/** The message "Invalid Signature …" that begins at `at`. */
export function readInvalid(text: string, at: number): Read<string> {
  const start = at + INVALID.length;
  const window = text.slice(start, start + MAX_SIGNATURE);
  const again = window.indexOf(INVALID);
  const words = ANNOUNCING.exec(window);
  const announced = words?.index ?? -1;
  if (words === null || (again >= 0 && again < announced)) return readLine(text, at);
  const next = text.indexOf(INVALID, start + announced);
  const from = start + announced + words[0].length;
  const string = readQuotedString(text, from, next < 0 ? text.length : next);
  if (string.value === undefined) return readLine(text, at);
  const signature = window.slice(0, announced).trim().replace(/\.$/, "");
  return { value: `${INVALID} ${signature}. ${ANNOUNCED} - '${string.value}'.`, end: string.end };
}

/** The rest of a line, up to what a console, JSON or HTML puts behind a message. */
function readLine(text: string, at: number): Read<string> {
  const end = endOfLine(text, at);
  const line = text.slice(at, end);
  const cut = /(?<=.)(?:\\?["`]|'\s{0,3}[,})]|<\/|&quot;|\\n)/.exec(line);
  return { value: (cut ? line.slice(0, cut.index) : line).trimEnd(), end };
}

/** How Cloudinary's other messages begin, and an SDK's that asks for what it needs. */
const OTHERS = [
  "Stale request",
  "Unknown API key",
  "unknown api_key",
  "Invalid api_key",
  "api_secret mismatch",
  "Invalid cloud_name",
  "cloud_name mismatch",
  "cloud_name is disabled",
  "Missing required parameter",
  "Must supply ",
  "Upload preset must be",
  "Upload preset Must specify",
  "Upload preset not found",
  "Invalid upload preset",
  "Invalid timestamp",
  "Invalid image file",
  "Invalid transformation",
  "Unsupported source URL",
  "Unsupported ZIP file",
  "Unsupported video format",
  "Error in loading",
  "Inconsistent chunk sizes",
  "File size too large",
  "Empty file",
  "Resource not found",
  "Server returned unexpected status code",
] as const;
/** How browsers say that no answer reached the page; the whole line tells. */
const BROWSERS = [
  "blocked by CORS policy",
  "Cross-Origin Request Blocked",
  "Failed to fetch",
  "NetworkError when attempting",
  "Load failed",
  "XMLHttpRequest cannot load",
  "is not allowed by Access-Control-Allow-",
  "No 'Access-Control-Allow-Origin' header",
  "pass access control check",
] as const;

/** Any of them, as a pattern's source. */
export const OTHER_WORDS = OTHERS.join("|");
export const BROWSER_WORDS = BROWSERS.join("|");

/** Whether the words stand there as they are known, and not in prose. */
export const isKnownWords = (words: string): boolean =>
  [...OTHERS, ...BROWSERS].some((knownWords) => knownWords === words);

const IS_OTHER = new RegExp(`^(?:${OTHER_WORDS})`);

/** How much a message tells: of two, the better is kept. */
export function rankOf(message: string): number {
  if (message.startsWith(INVALID)) return message.includes(ANNOUNCED) ? 5 : 4;
  if (IS_OTHER.test(message)) return 3;
  if (message.startsWith("{")) return 2;
  return BROWSERS.some((words) => message.includes(words)) ? 0 : 1;
}

/** One of Cloudinary's other messages, or a browser's, which is told with its whole line. */
export function readOther(text: string, at: number): Read<string> {
  if (IS_OTHER.test(text.slice(at, at + 60))) return readLine(text, at);
  const end = endOfLine(text, at);
  return { value: text.slice(text.lastIndexOf("\n", at) + 1, end).trim(), end };
}
