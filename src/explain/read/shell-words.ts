// The words of one command, as bash splits and unquotes them; and as cmd.exe does, where a browser wrote it for that.

export interface ShellWord {
  readonly text: string;
  /** Whether all of it stands there: not where a variable or another command fills something in. */
  readonly isKnown: boolean;
}

export interface ShellWords {
  readonly words: readonly ShellWord[];
  /** After the command. */
  readonly end: number;
}

const ANSI_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["e", "\x1b"],
  ["E", "\x1b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["?", "?"],
]);

const CODE = /u([0-9a-f]{1,4})|U([0-9a-f]{1,8})/iy;
const BYTES = /(?:\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}))+/y;

/** `\xc3\xa9` or `\303\251` are bytes, which together are the text. */
function bytesOf(escapes: string): string {
  const bytes = escapes.slice(1).split("\\");
  const codes = bytes.map((byte) =>
    byte.startsWith("x") ? Number.parseInt(byte.slice(1), 16) : Number.parseInt(byte, 8) & 0xff,
  );
  return new TextDecoder().decode(Uint8Array.from(codes));
}

/** One escape of `$'…'`, whose backslash is at `at`. */
function ansiEscape(text: string, at: number): { readonly value: string; readonly end: number } {
  BYTES.lastIndex = at;
  const bytes = BYTES.exec(text)?.[0];
  if (bytes !== undefined) return { value: bytesOf(bytes), end: at + bytes.length };
  CODE.lastIndex = at + 1;
  const code = CODE.exec(text);
  // `\u` takes four digits, `\U` eight: the case of the letter tells them apart.
  const digits = text[at + 1] === "u" ? code?.[1] : code?.[2];
  const point = Number.parseInt(digits ?? "", 16);
  if (point <= 0x10ffff) return { value: String.fromCodePoint(point), end: at + 2 + digits!.length };
  const next = text.charAt(at + 1);
  return { value: ANSI_ESCAPES.get(next) ?? `\\${next}`, end: at + 2 };
}

/** The end of `$(…)`, `${…}` or `` `…` ``, whose opening is just before `at`. */
function endOfExpansion(text: string, at: number, open: string, close: string): number {
  let depth = 1;
  for (let i = at; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === close && --depth === 0) return i + 1;
    else if (text[i] === open) depth++;
  }
  return text.length;
}

const VARIABLE = /\$(?:\w+|[@*#?$!-])/y;

class Words {
  readonly text: string;
  at: number;
  readonly words: ShellWord[] = [];
  parts: string[] = [];
  isWord = false;
  isKnown = true;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  add(part: string, end: number): void {
    this.parts.push(part);
    this.isWord = true;
    this.at = end;
  }

  endWord(): void {
    if (this.isWord) this.words.push({ text: this.parts.join(""), isKnown: this.isKnown });
    this.parts = [];
    this.isWord = false;
    this.isKnown = true;
  }

  /** Whether something is filled in here, which is then kept as it is written. */
  expansion(): boolean {
    const { text, at } = this;
    const next = text[at + 1];
    VARIABLE.lastIndex = at;
    let end = at;
    if (text[at] === "`") end = endOfExpansion(text, at + 1, "", "`");
    else if (next === "(" || next === "{") end = endOfExpansion(text, at + 2, next, next === "(" ? ")" : "}");
    else end += VARIABLE.exec(text)?.[0].length ?? 0;
    if (end === at) return false;
    this.add(text.slice(at, end), end);
    this.isKnown = false;
    return true;
  }

  single(): void {
    const end = this.text.indexOf("'", this.at + 1);
    const to = end < 0 ? this.text.length : end;
    this.add(this.text.slice(this.at + 1, to), to + 1);
  }

  ansi(): void {
    this.add("", this.at + 2);
    while (this.at < this.text.length && this.text[this.at] !== "'") {
      if (this.text[this.at] === "\\") {
        const { value, end } = ansiEscape(this.text, this.at);
        this.add(value, end);
      } else this.run(/[^'\\]+/y);
    }
    this.at++;
  }

  double(): void {
    this.add("", this.at + 1);
    while (this.at < this.text.length && this.text[this.at] !== '"') {
      const char = this.text[this.at]!;
      if (char === "\\") this.escapedInDouble();
      else if ((char !== "$" && char !== "`") || !this.expansion()) this.run(/[$`]?[^"\\$`]*/y);
    }
    this.at++;
  }

  escapedInDouble(): void {
    const next = this.text.charAt(this.at + 1);
    if (next === "\n") this.add("", this.at + 2);
    else if (this.text.startsWith("\r\n", this.at + 1)) this.add("", this.at + 3);
    else this.add('"\\$`'.includes(next) ? next : `\\${next}`, this.at + 2);
  }

  /** A backslash outside of quotes; at the end of a line it joins the next one. */
  escaped(): void {
    const line = /\r?\n/y;
    line.lastIndex = this.at + 1;
    const newline = line.exec(this.text);
    if (newline) this.at += 1 + newline[0].length;
    else this.add(this.text.charAt(this.at + 1) || "\\", this.at + 2);
  }

  run(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    const plain = pattern.exec(this.text)![0];
    this.add(plain, this.at + plain.length);
  }

  /** One step; false where the command ends. */
  step(): boolean {
    const char = this.text[this.at]!;
    if (char === " " || char === "\t" || char === "\r") {
      this.endWord();
      this.at++;
    } else if ("\n;|&<>()".includes(char) || (char === "#" && !this.isWord)) return false;
    else if (char === "'") this.single();
    else if (char === '"') this.double();
    else if (this.text.startsWith("$'", this.at)) this.ansi();
    else if (this.text.startsWith('$"', this.at)) this.at++;
    else if (char === "\\") this.escaped();
    else if ((char !== "$" && char !== "`") || !this.expansion()) this.run(/[$`]?[^ \t\r\n;|&<>()'"\\$`]*/y);
    return true;
  }
}

/** The words of the bash command at `at`. A quote that is not closed ends with the text. */
export function bashWords(text: string, at: number): ShellWords {
  const words = new Words(text, at);
  while (words.at < text.length && words.step());
  words.endWord();
  return { words: words.words, end: Math.min(words.at, text.length) };
}

/** Whether a command is written for cmd.exe, which a browser does with `^` before quotes and ends of lines. */
export const isForCmd = (text: string, at: number): boolean =>
  /^[^'"\n]{0,500}\^"|^[^'\n]{0,4000} \^\r?\n/.test(text.slice(at, at + 4100));

/** The same for cmd.exe, as browsers write it: `^` before what has a meaning, `^` and two ends of lines for one. */
export function cmdWords(text: string, at: number): ShellWords {
  const raw = /[^^\r\n]+|\^\r?\n(?:\r?\n)?|\^[^\r\n]|\^|\r?\n|\r/y;
  const parts: string[] = [];
  raw.lastIndex = at;
  let end = at;
  for (let part = raw.exec(text)?.[0]; part !== undefined; part = raw.exec(text)?.[0]) {
    if (/^\r?\n$/.test(part)) break;
    if (/^\^[\r\n]/.test(part)) parts.push(/\n\r?\n$/.test(part) ? "\n" : " ");
    else parts.push(part.startsWith("^") ? part.slice(1) : part);
    end = raw.lastIndex;
  }
  return { words: programWords(parts.join("")), end };
}

/** Words as a program of Windows splits its command line: double quotes, and a backslash before them. */
function programWords(line: string): readonly ShellWord[] {
  const words: ShellWord[] = [];
  for (const [all] of line.matchAll(/(?:"(?:\\[\s\S]|[^"\\])*"?|\\[\s\S]|[^\s"\\]|\\)+/g)) {
    const text = all.replace(/\\(["\\])|"/g, (_, char: string | undefined) => char ?? "");
    words.push({ text, isKnown: !/=%[A-Z_]\w*%$/i.test(text) });
  }
  return words;
}
