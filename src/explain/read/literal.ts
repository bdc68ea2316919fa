// Values as JSON, JavaScript, Python and a console write them, read out of the middle of a text. An expression, such as
// a variable or a call, is read as `UNKNOWN`.

/** A value that stands there as code: what it is when that runs is not in the text. */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type Literal = string | number | boolean | null | undefined | typeof UNKNOWN | Literals | Literal[];

/** An object without a prototype, so that every name is a plain one. */
export interface Literals {
  readonly [name: string]: Literal;
}

/** What was read, or nothing, and up to where it was looked for. */
export interface Read<T> {
  readonly value?: T;
  readonly end: number;
}

export const isLiterals = (value: Literal): value is Literals =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Deeper than any error is nested; what lies deeper is not read. */
const MAX_DEPTH = 40;

const WORDS: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["None", null],
  ["nil", null],
  ["undefined", undefined],
  // As Python's own code would send them.
  ["True", "True"],
  ["False", "False"],
]);

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
  ["0", "\0"],
  ["\n", ""],
]);

const HEX = /u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})/iy;

/** What a backslash and what follows it stand for; `at` is after the backslash. */
function escaped(text: string, at: number): { readonly value: string; readonly end: number } {
  HEX.lastIndex = at;
  const hex = HEX.exec(text);
  const point = hex ? Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16) : -1;
  if (hex && point <= 0x10ffff) return { value: String.fromCodePoint(point), end: at + hex[0].length };
  const next = text.charAt(at);
  return { value: ESCAPES.get(next) ?? next, end: at + 1 };
}

/** A text without the backslashes of JSON or JavaScript. */
export function withoutBackslashes(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", from)) {
    const { value, end } = escaped(text, at + 1);
    parts.push(text.slice(from, at), value);
    from = end;
  }
  return parts.join("") + text.slice(from);
}

/** Where a quoted text ends that begins at `at`, after its closing quote; -1 where it doesn't. */
function endOfQuoted(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return i + 1;
  }
  return -1;
}

const isQuote = (char: string | undefined): boolean => char === '"' || char === "'" || char === "`";

/** The literal that begins at `at`: a text in quotes, an object or a list. Nothing where it is none, or does not end. */
export function readLiteral(text: string, at: number): Read<Literal> {
  const reader = new Reader(text, at);
  const value = reader.value(0);
  return reader.failedAt === undefined ? { value, end: reader.at } : { end: reader.failedAt };
}

const BLANK = /[\s,]*/y;
const SPACE = /\s*/y;
const NAME = /[\w$-]+(?=\s{0,9}(?:[:,}=]|$))/y;
const DELIMITER = /\s*(?:[,}\])]|$)/y;
const WORD = /[-+]?[\w.$]+/y;

class Reader {
  readonly text: string;
  at: number;
  failedAt: number | undefined;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** Steps to the end of the text, where every loop ends. */
  fail(): typeof UNKNOWN {
    this.failedAt ??= this.at;
    this.at = this.text.length;
    return UNKNOWN;
  }

  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const taken = pattern.exec(this.text)?.[0] ?? "";
    this.at += taken.length;
    return taken;
  }

  value(depth: number): Literal {
    if (depth > MAX_DEPTH) return this.fail();
    const char = this.text[this.at];
    if (char === "{") return this.object(depth);
    if (char === "[") return this.list(depth);
    const start = this.at;
    const value = isQuote(char) ? this.quoted() : this.word();
    // Anything behind it makes it an expression.
    if (value !== UNKNOWN && this.atDelimiter()) return value;
    this.at = start;
    return this.expression();
  }

  atDelimiter(): boolean {
    DELIMITER.lastIndex = this.at;
    return DELIMITER.test(this.text);
  }

  quoted(): Literal {
    let value = "";
    for (;;) {
      const start = this.at;
      this.at = endOfQuoted(this.text, start);
      if (this.at < 0) {
        this.at = this.text.length;
        return this.fail();
      }
      const inner = this.text.slice(start + 1, this.at - 1);
      if (this.text[start] === "`" && inner.includes("${")) return UNKNOWN;
      value += withoutBackslashes(inner);
      // A console breaks long texts into 'one' + 'another'.
      const rest = this.at;
      this.take(SPACE);
      if (this.text[this.at] !== "+") {
        this.at = rest;
        return value;
      }
      this.at++;
      this.take(SPACE);
      if (!isQuote(this.text[this.at])) return UNKNOWN;
    }
  }

  word(): Literal {
    const word = this.take(WORD);
    if (WORDS.has(word)) return WORDS.get(word);
    if (!/^[-+]?\.?\d/.test(word)) return UNKNOWN;
    const number = Number(word);
    // What a number can't hold exactly stays as it is written.
    return Number.isSafeInteger(number) || /[.e]/i.test(word) ? number : /^\d+$/.test(word) ? word : UNKNOWN;
  }

  /** Skips code up to the comma or bracket that ends it. */
  expression(): typeof UNKNOWN {
    for (let open = 0; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]!;
      if (isQuote(char)) {
        const end = endOfQuoted(this.text, this.at);
        if (end < 0) break;
        this.at = end - 1;
      } else if ("([{".includes(char)) open++;
      else if (open > 0 && ")]}".includes(char)) open--;
      else if (open === 0 && ",)]}".includes(char)) return UNKNOWN;
    }
    this.at = this.text.length;
    return this.fail();
  }

  list(depth: number): Literal[] {
    const items: Literal[] = [];
    this.at++;
    for (;;) {
      this.take(BLANK);
      if (this.text[this.at] === "]") {
        this.at++;
        return items;
      }
      if (this.at >= this.text.length) this.fail();
      if (this.failedAt !== undefined) return items;
      items.push(this.value(depth + 1));
      this.endOfItem("]");
    }
  }

  /** A comma, or the bracket that closes; else a bracket of another kind would be stepped over for ever. */
  endOfItem(close: string): void {
    this.take(SPACE);
    const next = this.text[this.at];
    if (next !== "," && next !== close) this.fail();
  }

  object(depth: number): Literals {
    const members: Record<string, Literal> = Object.create(null);
    this.at++;
    for (;;) {
      this.take(BLANK);
      if (this.text[this.at] === "}") {
        this.at++;
        return members;
      }
      if (this.text.startsWith("...", this.at)) {
        this.expression();
        continue;
      }
      const name = isQuote(this.text[this.at]) ? this.quoted() : this.take(NAME);
      if (typeof name !== "string" || name === "") this.fail();
      if (this.failedAt !== undefined) return members;
      members[String(name)] = this.member(depth);
      this.endOfItem("}");
    }
  }

  /** What stands behind a name: `: value`, Ruby's `=> value`, or nothing, which is a variable of that name. */
  member(depth: number): Literal {
    this.take(SPACE);
    const isArrow = this.text.startsWith("=>", this.at);
    if (!isArrow && this.text[this.at] !== ":") return UNKNOWN;
    this.at += isArrow ? 2 : 1;
    this.take(SPACE);
    return this.value(depth + 1);
  }
}
