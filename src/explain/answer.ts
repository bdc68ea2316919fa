// What Cloudinary, a browser, an SDK or a signer said, read out of the text that holds it.

export type Answer =
  | { readonly said: "invalid signature"; readonly signature?: string; readonly stringToSign?: string }
  | { readonly said: "stale"; readonly reportedSeconds?: number }
  | { readonly said: "bad timestamp" }
  | { readonly said: "missing"; readonly names: readonly string[] }
  | { readonly said: "unknown key"; readonly key?: string }
  | { readonly said: "unsigned" }
  | { readonly said: "unknown preset" }
  | { readonly said: "wrong cloud" }
  | { readonly said: "not found" }
  | { readonly said: "secret sent" }
  | { readonly said: "file"; readonly words: string }
  | { readonly said: "signer"; readonly code: string; readonly detail: string }
  | { readonly said: "cors" }
  /** A header or credentials that Cloudinary allows no page to send. */
  | { readonly said: "cors header" }
  | { readonly said: "something else"; readonly words: string };

type Read = (found: RegExpExecArray, text: string) => Answer | undefined;

/** The string to sign ends with a quote and a point; inside it may stand quotes, points and line breaks too. */
function invalidSignature([all]: RegExpExecArray, text: string): Answer {
  const from = text.indexOf(all);
  const rest = text.slice(from + all.length);
  const labelled = /string[ _]to[ _]sign\s*[-:=]+\s*(['"`]?)/i.exec(rest);
  const signature = signatureIn(rest.slice(0, labelled?.index));
  const said = { said: "invalid signature", ...(signature && { signature }) } as const;
  if (labelled === null) return said;
  const start = labelled.index + labelled[0].length;
  const [, quote = ""] = labelled;
  const body = rest.slice(start);
  const stringToSign = quote === "" ? /^[^\n]*/.exec(body)![0].trim() : untilQuote(body, quote);
  return { ...said, stringToSign };
}

/** What was sent as the signature: a word, or what `sha1sum` and `openssl` print with one. */
const signatureIn = (text: string): string =>
  /^[ \t]*([0-9a-f]{32,128}[ \t]+[-*]\S*|\(?\w{0,20}\)?= ?[0-9a-f]{32,128}|\S*?)\.?(?=\s|$)/i.exec(
    text,
  )?.[1] ?? "";

/** Up to the quote that closes the text: one with a point and no further field after it, or else the last of its line. */
function untilQuote(body: string, quote: string): string {
  const closed = body.search(new RegExp(`${quote}\\.(?!&[a-z_]+=)`));
  if (closed >= 0) return body.slice(0, closed);
  const line = body.split("\n", 1)[0]!;
  const last = line.lastIndexOf(quote);
  return last < 0 ? line : line.slice(0, last);
}

function stale([, reported = ""]: RegExpExecArray): Answer {
  const [, date, time, zone = "+0000"] =
    /(\d{4,6}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?/.exec(reported) ?? [];
  if (date === undefined) return { said: "stale" };
  const offset = /^[+-]/.test(zone) ? zone.replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2") : "Z";
  const reportedSeconds = Date.parse(`${date}T${time}${offset}`) / 1000;
  return { said: "stale", ...(Number.isFinite(reportedSeconds) && { reportedSeconds }) };
}

/** A signer's problem, which is JSON. */
function problem(_: RegExpExecArray, text: string): Answer | undefined {
  const code = /"code"\s*:\s*"([a-z_]{1,40})"/.exec(text)?.[1];
  const detail = /"detail"\s*:\s*"((?:[^"\\]|\\.){0,2000})"/.exec(text)?.[1];
  if (code === undefined || detail === undefined) return undefined;
  return { said: "signer", code, detail: detail.replace(/\\(["\\/])/g, "$1") };
}

/** What browsers and clients say of an answer that they may not show, or did not get. */
const UNREADABLE = [
  ...[
    "blocked by CORS policy",
    "cross-origin request blocked",
    "access-control-allow-origin",
    "can't be reached",
  ],
  ...["XMLHttpRequest cannot load", "is not allowed by Access-Control-Allow-", "pass access control check"],
  ...["failed to fetch", "networkerror when attempting", "load failed", "ERR_FAILED", "ERR_NETWORK"],
];

/** A name as Cloudinary and its SDKs write it. */
const NAME = "([A-Za-z_][\\w]{0,60})";

/** The first that fits counts: what Cloudinary says of a signature is what people mean. */
const MESSAGES: readonly (readonly [RegExp, Read])[] = [
  [/invalid signature\b:?/i, invalidSignature],
  [/string to sign - ?(?=['"`])/i, (found, text) => stringAlone(found, text)],
  [/stale request(?:\s*-\s*reported time is ([^\n]{0,60}))?/i, stale],
  [/invalid timestamp|timestamp (?:is|must be)\b/i, () => ({ said: "bad timestamp" })],
  [
    new RegExp(`missing required parameters? -\\s*${NAME}`, "i"),
    ([, name = ""]) => ({ said: "missing", names: [name] }),
  ],
  [new RegExp(`must supply ${NAME}`, "i"), ([, name = ""]) => ({ said: "missing", names: [name] })],
  [
    /(?:unknown|invalid) api[ _]?key\b[ :]*([^\s"'.,}]{1,200})?/i,
    ([, key]) => ({ said: "unknown key", ...(key !== undefined && { key }) }),
  ],
  [/upload preset must (?:be (?:specified|whitelisted)|specify)[^\n]{0,40}/i, () => ({ said: "unsigned" })],
  [
    /upload preset not found|unknown upload preset|invalid upload preset/i,
    () => ({ said: "unknown preset" }),
  ],
  [
    /invalid cloud_?name|cloud_?name mismatch|cloud_name is disabled|unknown cloud/i,
    () => ({ said: "wrong cloud" }),
  ],
  [/request holds the API secret/i, () => ({ said: "secret sent" })],
  [
    /file size too large[^\n"'}]{0,80}|(?:image|video|raw) file format \S{1,20} not allowed|(?:file|image) format[^\n"'}]{0,40}not allowed|invalid image file|unsupported (?:video format|\w{0,10} ?file)[^\n"'}]{0,40}|empty file|error in loading[^\n"'}]{0,200}/i,
    ([words]) => ({ said: "file", words }),
  ],
  [/"detail"\s*:/, problem],
  [
    /is not allowed by Access-Control-Allow-\w+|Access-Control-Allow-Credentials/i,
    (_, text) => ({ said: /cloudinary\.com/i.test(text) ? "cors header" : "cors" }),
  ],
  [new RegExp(UNREADABLE.join("|"), "i"), () => ({ said: "cors" })],
  [/"?(?:status|code)"?\s*[:=]?\s*404\b|\bnot found\b/i, () => ({ said: "not found" })],
];

/** The string to sign without the words before it. */
const stringAlone = ({ index, 0: all }: RegExpExecArray, text: string): Answer => {
  const rest = text.slice(index + all.length);
  return { said: "invalid signature", stringToSign: untilQuote(rest.slice(1), rest[0]!) };
};

/** Longest part of unknown words that is repeated. */
const MAX_WORDS = 300;

/** What a message says. */
export function readAnswer(message: string): Answer {
  for (const [pattern, read] of MESSAGES) {
    const found = pattern.exec(message);
    const answer = found === null ? undefined : read(found, message);
    if (answer !== undefined) return answer;
  }
  return { said: "something else", words: message.trim().slice(0, MAX_WORDS) };
}
