// Anything that a person pastes about a refused upload, read from left to right into what is known of it. Linear in the
// text's length, never throws, and never carries a secret over.

import { PARAMETERS, UNSIGNED_NAMES } from "../../policy/tables/parameters.ts";
import type { Evidence, Fields } from "../evidence.ts";
import { readAppend, readFetch } from "./copied-fetch.ts";
import { readCurl } from "./curl-command.ts";
import { formEvidence, multipart, plainAddress, sentForm, urlEncoded } from "./form-fields.ts";
import { readObject } from "./given-object.ts";
import { withoutSecrets } from "./hidden-secrets.ts";
import { isLiterals, type Read, readLiteral } from "./literal.ts";
import { type Found, merge, settled } from "./merge-evidence.ts";
import { bare, isHashed, isString, readUnannounced } from "./plain-strings.ts";
import {
  BROWSER_WORDS,
  endOfLine,
  INVALID,
  isKnownWords,
  OTHER_WORDS,
  readInvalid,
  readOther,
  readQuotedString,
} from "./refusal-words.ts";

/** Characters that are read, a mebibyte; what follows is cut off. */
export const MAX_LENGTH = 1_048_576;
/** Texts inside of texts, such as an error in a log line's JSON. */
const MAX_DEPTH = 3;
/** How often the whole text may be looked at by parts that begin and never end. */
const MAX_LOOKS = 4;
/** How many places are tried for a part of one kind; objects and lines of code are many in a log or a file. */
const MAX_PARTS = 200;
const MAX_SMALL_PARTS = 20_000;

/** What is read at a place, by what begins there; a reader gets the place after that. */
const STARTS = {
  invalid: INVALID,
  other: `${OTHER_WORDS}|${BROWSER_WORDS}`,
  object: "\\{",
  curl: "\\bcurl(?:\\.exe)?(?=[ \\t^\\\\])",
  call: "\\bfetch\\(",
  append: "\\b(?!headers?\\.)\\w{1,60}\\.(?:append|set|put)\\(",
  multipart: "^(?=--[^\\s\"']{1,200}\\r?\\nContent-Disposition: form-data)",
  header: "^(?:<[ \\t])?(?:X-Cld-Error|Date)[ \\t]{0,3}:[ \\t]{0,3}",
  variable: "\\bCLOUDINARY_(?:API_KEY|CLOUD_NAME)[ \\t]{0,3}[=:][ \\t]{0,3}",
  address: "https?://[^\\s\"'`<>]{1,300}/v1_1/[^\\s\"'`<>)]{1,2000}",
  label:
    "\\b(?:(?:my|our|own|i|we|code|server|client)(?:'s)?[ \\t]{1,3})?(?:string[ _-]?to[ _-]?sign|signed(?:[ \\t]string)?|signing|to[ _-]sign)\\b[\"'*`]{0,3}",
  pairs: "(?<![\\w&?=%./-])[a-z][a-z_]{1,40}=(?=[^\\n\"'`]{0,2000}&)",
  line: "^[ \\t]{0,8}[a-z][a-z0-9_]{1,40}(?:\\[\\])?:[ \\t]{0,3}",
} as const;

type Kind = keyof typeof STARTS;
const KINDS = Object.keys(STARTS) as Kind[];

/** A group for each kind, in their order; where two begin at one place, the first is meant. */
const START_SOURCE = Object.values(STARTS)
  .map((source) => `(${source})`)
  .join("|");

class Reader {
  readonly text: string;
  readonly depth: number;
  found: Found = {};
  readonly appended: Fields[number][] = [];
  readonly lines: Fields[number][] = [];
  readonly strings: string[] = [];
  address: string | undefined;
  looked = 0;
  readonly counts = new Map<Kind, number>();

  constructor(text: string, depth: number) {
    this.text = text;
    this.depth = depth;
  }

  keep(part: Found): void {
    this.found = merge(this.found, part);
  }

  all(): Found {
    const start = new RegExp(START_SOURCE, "gim");
    for (let match = start.exec(this.text); match; match = start.exec(this.text)) {
      const kind = KINDS[match.findIndex((text, i) => i > 0 && text !== undefined) - 1]!;
      const count = (this.counts.get(kind) ?? 0) + 1;
      this.counts.set(kind, count);
      if (count > (["append", "object", "line"].includes(kind) ? MAX_SMALL_PARTS : MAX_PARTS)) continue;
      const read = this.part(kind, match);
      this.looked += Math.max(0, read.end - match.index);
      // What said nothing may hold something that does.
      start.lastIndex = Math.max(match.index + 1, read.value === true ? read.end : 0);
      if (this.looked > MAX_LOOKS * (this.text.length + 1000)) break;
    }
    return this.rest();
  }

  /** Forms that were filled line by line, an address by itself, and a text that is nothing but a string to sign. */
  rest(): Found {
    if (this.appended.length > 0) this.keep({ sent: sentForm(this.appended, false) });
    if (this.lines.some(([name]) => name === "signature")) this.keep({ sent: sentForm(this.lines, false) });
    const { sent, message } = this.found;
    const own = this.strings.find((text) => !message?.endsWith(` - '${text}'.`));
    if (message !== undefined && own !== undefined) this.keep({ stringToSign: own });
    if (sent && sent.url === undefined && this.address !== undefined)
      this.keep({ sent: { url: this.address, fields: [] } });
    if (this.depth === 0 && Object.keys(this.found).length === 0) this.keep(bare(this.text));
    return this.found;
  }

  /** Reads one part; whether it said something, and up to where it was looked at. */
  part(kind: Kind, match: RegExpExecArray): Read<boolean> {
    const after = match.index + match[0].length;
    switch (kind) {
      case "invalid":
        // In lower case they are an error of something else.
        return match[0] === INVALID ? this.message(readInvalid(this.text, match.index)) : { end: after };
      case "other":
        // A library's words go on with Cloudinary's, so the rest of the line is read on its own, too.
        if (isKnownWords(match[0])) this.message(readOther(this.text, match.index));
        return { end: after };
      case "object":
        return this.object(match.index);
      case "curl":
        return this.evidence(readCurl(this.text, after));
      case "call":
        return this.evidence(readFetch(this.text, after));
      case "append":
        return this.append(after);
      case "multipart":
        return this.multipart(match.index);
      case "header":
        return this.header(match[0], after);
      case "pairs":
        return this.pairs(match.index);
      case "line":
        return this.line(match[0], after);
      case "variable":
        return this.variable(match[0], after);
      case "address":
        this.address ??= plainAddress(match[0]);
        return match[0].includes("?")
          ? this.evidence(readAddress(match[0], after))
          : { value: true, end: after };
      case "label":
        return this.label(match[0], after);
    }
  }

  message({ value, end }: Read<string>): Read<boolean> {
    if (value !== undefined) this.keep({ message: value });
    return { value: value !== undefined, end };
  }

  evidence({ value, end }: Read<Found>): Read<boolean> {
    if (value) this.keep(value);
    return { value: value !== undefined && Object.keys(value).length > 0, end };
  }

  object(at: number): Read<boolean> {
    const { value, end } = readLiteral(this.text, at);
    if (!isLiterals(value)) return { end };
    const read = (text: string): Found =>
      this.depth < MAX_DEPTH ? new Reader(text, this.depth + 1).all() : {};
    return this.evidence({ value: readObject(value, this.text.slice(at, end), read), end });
  }

  append(at: number): Read<boolean> {
    const { value, end } = readAppend(this.text, at);
    if (value) this.appended.push(value);
    return { value: value !== undefined, end };
  }

  multipart(at: number): Read<boolean> {
    const form = multipart(this.text, at);
    if (form === undefined) return { end: this.text.length };
    return this.evidence({ value: formEvidence(undefined, form.fields, form.isWhole), end: form.end });
  }

  header(name: string, at: number): Read<boolean> {
    const end = endOfLine(this.text, at);
    const value = this.text.slice(at, end).trim();
    if (!/date/i.test(name)) {
      // The message itself is read where it begins, and any other words are Cloudinary's too.
      if (value.includes(INVALID) || value === "") return { end: at };
      return this.message({ value, end });
    }
    const time = /^\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT$/.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isFinite(time)) this.keep({ answeredAt: time / 1000 });
    return { value: true, end };
  }

  /** `folder: x`, as a browser's list of a form's fields is copied. */
  line(start: string, at: number): Read<boolean> {
    const name = start.slice(0, start.lastIndexOf(":")).trim();
    const value = this.text.slice(at, endOfLine(this.text, at)).trimEnd();
    const isField = PARAMETERS.has(name.replace("[]", "")) || UNSIGNED_NAMES.has(name);
    if (isField && !/[,{[]$/.test(value)) this.lines.push([name, value]);
    return { end: at };
  }

  pairs(at: number): Read<boolean> {
    const { value, end } = readUnannounced(this.text, at);
    if (value !== undefined) this.strings.push(value);
    return { value: value !== undefined, end };
  }

  variable(name: string, at: number): Read<boolean> {
    const value = /["']?([\w-]{1,100})/y;
    value.lastIndex = at;
    const text = value.exec(this.text)?.[1];
    if (text === undefined) return { end: at };
    this.keep({ account: /API_KEY/i.test(name) ? { apiKey: text } : { cloudName: text } });
    return { value: true, end: at + text.length };
  }

  label(name: string, at: number): Read<boolean> {
    const isOwn = /^(?:my|our|own|i|we|code|server|client)\b|^sign/i.test(name);
    const keep = (text: string, end: number, isQuoted = false): Read<boolean> => {
      if (!(isOwn ? isHashed(text, isQuoted || /string/i.test(name)) : isString(text))) return { end };
      this.keep(isOwn ? { signed: { text } } : { stringToSign: text });
      return { value: true, end };
    };
    const separator = /[ \t]{0,3}(?:[:=-]|=>|was|is)?[ \t]{0,3}[:=]?[ \t\r\n]{0,4}/y;
    separator.lastIndex = at;
    separator.test(this.text);
    const quoted = readQuotedString(this.text, separator.lastIndex);
    if (quoted.value !== undefined) return keep(quoted.value, quoted.end, true);
    const end = endOfLine(this.text, separator.lastIndex);
    return keep(this.text.slice(separator.lastIndex, end).trimEnd(), end);
  }
}

/** An address whose query holds a form. */
const readAddress = (url: string, end: number): Read<Found> => {
  const query = urlEncoded(url.slice(url.indexOf("?") + 1));
  return { value: query.some(([name]) => name === "signature") ? formEvidence(url, [], false) : {}, end };
};

/** What a pasted text tells; nothing of it where it tells nothing. */
export function readPaste(text: string): Evidence {
  const { text: plain, account } = withoutSecrets(text.slice(0, MAX_LENGTH));
  const found = new Reader(plain, 0).all();
  return settled(account ? merge(found, { account }) : found);
}
