// `cloudinary-edge-signer explain [FILE]`: why Cloudinary refused a request, of what was pasted. Exit 0 nothing is wrong
// with it, 1 there are causes, 2 nothing could be read.

import { styleText } from "node:util";
import type { Cause, ComparedField, Explanation } from "../explain/explanation.ts";
import { explainPaste } from "../explain/read/explain-paste.ts";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import { pastedText } from "./pasted-text.ts";
import { columns } from "./profile-words.ts";
import { plain } from "./terminal.ts";

const MARKS = { certain: ["✗", "red"], likely: ["✗", "yellow"], possible: ["?", "dim"] } as const;
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

function* paragraphs({ causes, fields, strings, wanted }: Explanation): Generator<string> {
  const sure = causes.filter(({ certainty }) => certainty !== "possible");
  const possible = causes.filter(({ certainty }) => certainty === "possible");
  if (causes.length === 0) yield "✓ Nothing is wrong with what was pasted, as far as it goes.";
  for (const cause of sure) yield causeText(cause);
  if (possible.length > 0)
    yield [
      styleText("bold", sure.length > 0 ? "If it is not that:" : "It may be:"),
      ...possible.map(causeText),
    ].join("\n");
  if (fields.length > 0)
    yield [
      styleText("bold", "Field by field"),
      ...columns(fields.map(fieldLine)).map((line) => `  ${line}`),
    ].join("\n");
  const { signed, cloudinary } = strings;
  if (signed !== undefined && cloudinary !== undefined && signed !== cloudinary)
    yield `${styleText("bold", "String to sign")}\n  yours        ${plain(signed)}\n  Cloudinary's ${plain(cloudinary)}`;
  if (wanted.length > 0)
    yield ["For a surer answer, paste also:", ...wanted.map((one) => `  ${one}`)].join("\n");
}

export async function explainPasted(
  file: string | undefined,
  { json = false }: { readonly json?: boolean },
  io: Io,
): Promise<number> {
  const explanation = explainPaste(await pastedText(file, io), { now: Math.floor(Date.now() / 1000) });
  if (explanation === undefined)
    throw new Fixable("paste Cloudinary's answer, and what was sent: nothing of either is in this text");
  if (json) io.out(jsonText(explanation));
  else io.out([...paragraphs(explanation)].join("\n\n"));
  return explanation.causes.length === 0 ? 0 : 1;
}
