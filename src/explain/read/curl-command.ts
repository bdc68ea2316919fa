// What a curl command sends: its fields, and where to.

import type { Evidence, Fields } from "../evidence.ts";
import { bodyEvidence, formEvidence } from "./form-fields.ts";
import type { Read } from "./literal.ts";
import { bashWords, cmdWords, isForCmd, type ShellWord } from "./shell-words.ts";

type Field = Fields[number];

/** Short options that take a value, which may be glued to them; of curl's manual. */
const SHORT_WITH_VALUE = new Set("AbcCdDeEFhHKmoPQrtTuUwxXyYz");
const LONG_NAMES: Readonly<Record<string, string>> = { F: "--form", d: "--data" };
/** Long ones whose value could be taken for the address. */
const LONG_WITH_ADDRESS = new Set([
  "--referer",
  "--proxy",
  "--preproxy",
  "--header",
  "--user-agent",
  "--cookie",
]);

interface Option {
  readonly name: string;
  readonly value: ShellWord | undefined;
}

/** The options of a command in their order; an address by itself is `--url`. */
function optionsOf(words: readonly ShellWord[]): Option[] {
  const options: Option[] = [];
  for (let i = 0; i < words.length; i++) {
    const { text, isKnown } = words[i]!;
    if (text.startsWith("--")) {
      const takes = text === "--url" || OPTIONS.has(text) || LONG_WITH_ADDRESS.has(text);
      options.push({ name: text, value: takes ? words[++i] : undefined });
    } else if (text.length > 1 && text.startsWith("-")) {
      const at = [...text].findIndex((letter, place) => place > 0 && SHORT_WITH_VALUE.has(letter));
      if (at < 0) continue;
      const glued = text.slice(at + 1);
      const name = LONG_NAMES[text[at]!] ?? `-${text[at]}`;
      options.push({ name, value: glued === "" ? words[++i] : { text: glued, isKnown } });
    } else options.push({ name: "--url", value: words[i] });
  }
  return options;
}

function split(text: string): Field | undefined {
  const at = text.indexOf("=");
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}

/** `--form name=value`, where `@` and `<` read files, and `;` begins settings unless the value is in quotes. */
function formField(text: string): Field | undefined {
  const field = split(text);
  if (field === undefined) return undefined;
  const [name, written] = field;
  if (/^[@<]/.test(written)) return name === "file" ? [name, ""] : undefined;
  const value = written.trimStart();
  const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(value)?.[1];
  return [name, quoted?.replace(/\\(["\\])/g, "$1") ?? value.split(";", 1)[0]!.trimEnd()];
}

/** `--data-urlencode`: the name stands as it is, and what follows it is encoded. */
function encoded(text: string): string | undefined {
  const at = text.search(/[=@]/);
  if (at < 0) return encodeURIComponent(text);
  if (text[at] === "@") return undefined;
  return `${at === 0 ? "" : `${text.slice(0, at)}=`}${encodeURIComponent(text.slice(at + 1))}`;
}

const asFile = (text: string): string | undefined => (text.startsWith("@") ? undefined : text);

interface Sending {
  url?: string;
  readonly form: Field[];
  readonly data: string[];
}

const addForm =
  (read: (text: string) => Field | undefined) =>
  (sending: Sending, text: string): void => {
    const field = read(text);
    if (field) sending.form.push(field);
  };

const addData =
  (read: (text: string) => string | undefined) =>
  (sending: Sending, text: string): void => {
    const part = read(text);
    if (part !== undefined) sending.data.push(part);
  };

const OPTIONS: ReadonlyMap<string, (sending: Sending, text: string) => void> = new Map([
  ["--form", addForm(formField)],
  ["--form-string", addForm(split)],
  ["--data", addData(asFile)],
  ["--data-ascii", addData(asFile)],
  ["--data-binary", addData(asFile)],
  ["--json", addData(asFile)],
  ["--data-raw", addData((text) => text)],
  ["--data-urlencode", addData(encoded)],
]);

const isAddress = (text: string): boolean => /^https?:\/\/|\/v1_1\//i.test(text);

/** The curl command whose options begin at `at`. */
export function readCurl(text: string, at: number): Read<Evidence> {
  const { words, end } = isForCmd(text, at) ? cmdWords(text, at) : bashWords(text, at);
  const sending: Sending = { form: [], data: [] };
  for (const { name, value } of optionsOf(words)) {
    if (value === undefined) continue;
    if (name === "--url" && isAddress(value.text)) sending.url ??= value.text;
    // What a variable fills in isn't known; a file may well be named by one.
    else if (value.isKnown || value.text.startsWith("file=")) OPTIONS.get(name)?.(sending, value.text);
  }
  const { url, form, data } = sending;
  const evidence = form.length > 0 ? formEvidence(url, form) : bodyEvidence(url, data.join("&"));
  return { value: evidence, end };
}
