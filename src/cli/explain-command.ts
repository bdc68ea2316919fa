// `cloudinary-edge-signer explain [FILE]`: why Cloudinary refused a request, of what was pasted. Exit 0 nothing is wrong
// with it, 1 there are causes, 2 nothing could be read.

import { styleText } from "node:util";
import type { Cause, ComparedField, Explanation } from "../explain/explanation.ts";
import { explainPaste } from "../explain/read/explain-paste.ts";
import { readPaste } from "../explain/read/paste.ts";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import { pastedText } from "./pasted-text.ts";
import { columns } from "./profile-words.ts";
import { plain } from "./terminal.ts";

const MARKS = { certain: ["✗", "red"], likely: ["?", "yellow"], possible: ["?", "dim"] } as const;
/** How many are shown of those that are not certain. */
const MAX_GUESSES = 3;
/** Where a browser has Cloudinary's words: its console has the status alone. */
const WHERE =
  "In a browser, the answer is in the developer tools: Network tab, the request to …/upload, Response; or its header X-Cld-Error.";
const VERDICTS: Readonly<Record<ComparedField["verdict"], string>> = {
  same: "✓ same",
  different: "✗ different",
  "only signed": "✗ only signed",
  "only sent": "✗ only sent",
  "never signed": "· never signed",
};

function causeText({ code, certainty, sentence, fix }: Cause): string {
  const [mark, style] = MARKS[certainty];
  return `${styleText(style, mark)} ${plain(sentence)}\n    ${plain(fix)} ${styleText("dim", `(${code})`)}`;
}

const side = (text: string | undefined): string => (text === undefined ? "–" : plain(text));

function fieldLine({ name, verdict, signed, sent }: ComparedField): readonly [string, string] {
  const values = signed === sent ? side(sent) : `signed ${side(signed)}, sent ${side(sent)}`;
  return [`${VERDICTS[verdict]}  ${plain(name)}`, values];
}

function* guesses(causes: readonly Cause[], all: boolean): Generator<string> {
  const sure = causes.filter(({ certainty }) => certainty === "certain");
  const others = causes.filter(({ certainty }) => certainty !== "certain");
  const shown = all ? others : others.slice(0, MAX_GUESSES);
  const under = (title: string, those: readonly Cause[]): string =>
    [styleText("bold", title), ...those.map(causeText)].join("\n");
  // Beside what is certain, all else is what it may be if it is not that.
  const likely = sure.length > 0 ? [] : shown.filter(({ certainty }) => certainty === "likely");
  const rest = shown.filter((cause) => !likely.includes(cause));
  if (likely.length > 0) yield under("It is probably this:", likely);
  const isFirst = sure.length + likely.length === 0;
  if (rest.length > 0) yield under(isFirst ? "It may be:" : "If it is not that, it may be:", rest);
  const left = others.length - shown.length;
  if (left === 1) yield "1 more is less likely: --all shows it";
  if (left > 1) yield `${left} more are less likely: --all shows them`;
}

function* paragraphs(
  { causes, fields, strings, wanted }: Explanation,
  { all, hasMessage }: { readonly all: boolean; readonly hasMessage: boolean },
): Generator<string> {
  if (causes.length === 0) yield "✓ Nothing is wrong with what was pasted, as far as it goes.";
  for (const cause of causes) if (cause.certainty === "certain") yield causeText(cause);
  yield* guesses(causes, all);
  if (fields.length > 0)
    yield [
      styleText("bold", "Field by field"),
      ...columns(fields.map(fieldLine)).map((line) => `  ${line}`),
    ].join("\n");
  const { signed, cloudinary } = strings;
  if (signed !== undefined && cloudinary !== undefined && signed !== cloudinary)
    yield `${styleText("bold", "String to sign")}\n  yours        ${plain(signed)}\n  Cloudinary's ${plain(cloudinary)}`;
  if (wanted.length > 0)
    yield [
      "For a more certain answer, also paste:",
      ...wanted.map((one) => `  ${one}`),
      ...(hasMessage ? [] : [`  (${WHERE})`]),
    ].join("\n");
}

export interface ExplainOptions {
  readonly all?: boolean;
  /** Unix seconds at which it happened; the moment of pasting is another one. */
  readonly now?: number;
  readonly json?: boolean;
}

export async function explainPasted(
  file: string | undefined,
  { all = false, now, json = false }: ExplainOptions,
  io: Io,
): Promise<number> {
  const text = await pastedText(file, io);
  const explanation = explainPaste(text, now === undefined ? {} : { now });
  if (explanation === undefined)
    throw new Fixable(
      `This text has nothing of Cloudinary's answer or of what was sent: paste either.\n  ${WHERE}`,
    );
  const hasMessage = readPaste(text).message !== undefined;
  if (json) io.out(jsonText(explanation));
  else io.out([...paragraphs(explanation, { all, hasMessage })].join("\n\n"));
  return explanation.causes.length === 0 ? 0 : 1;
}
