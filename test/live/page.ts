// docs/assumptions.md: every question with what the emulator does, measured, and what Cloudinary did, where somebody asked.
// `docs/assumptions.json` holds what Cloudinary answered, and nothing else does.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isStarted } from "../../src/cli/io.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Asked, askEmulator, QUESTIONS } from "./ask-all.ts";
import type { Learnt } from "./question.ts";

export const DOCUMENT = join(PROJECT, "docs/assumptions.md");
const OUTCOMES = join(PROJECT, "docs/assumptions.json");
const FROM = "<!-- by `npm run docs` -->";
const TO = "<!-- to here -->";

/** What a real account answered: `asked` is a day such as `2026-11-30`, or `null` before anybody asked. */
export interface Outcomes {
  readonly asked: string | null;
  readonly learnt: Readonly<Record<string, Learnt>>;
}

export const readOutcomes = async (): Promise<Outcomes> => JSON.parse(await readFile(OUTCOMES, "utf8"));

/** A text in a cell of a table. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const words = ({ answer, detail }: Learnt): string =>
  cell(detail === undefined ? answer : `${answer} (${detail})`);

/** What Cloudinary did, beside what is assumed. */
function outcome(learnt: Learnt | undefined, assumed: Learnt | undefined): string {
  if (learnt === undefined) return "assumed";
  return learnt.answer === assumed?.answer ? `the same: ${words(learnt)}` : `**${words(learnt)}**`;
}

function table(emulated: Asked["learnt"], { learnt }: Outcomes): string {
  const rows = QUESTIONS.map(({ id, question, relied }) => {
    const assumed = emulated.get(id);
    const cells = [
      `\`${id}\` ${cell(question)}`,
      cell(relied),
      assumed === undefined ? "–" : words(assumed),
      outcome(learnt[id], assumed),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| question | what relies on it | the emulator | Cloudinary |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** The document with today's table in it. */
export function withTable(document: string, emulated: Asked["learnt"], outcomes: Outcomes): string {
  const [from, to] = [document.indexOf(FROM), document.indexOf(TO)];
  if (from < 0 || to < from) throw new Error(`the document has lost its lines ${FROM} and ${TO}`);
  const asked =
    outcomes.asked === null
      ? "Nobody has asked a real account yet."
      : `A real account was asked on ${outcomes.asked}.`;
  return `${document.slice(0, from)}${FROM}\n\n${asked}\n\n${table(emulated, outcomes)}\n\n${document.slice(to)}`;
}

/** Keeps what a real account answered; a question that taught nothing this time keeps what it taught before. */
export async function keep(learnt: Asked["learnt"], day: string): Promise<void> {
  const before = await readOutcomes();
  const outcomes: Outcomes = { asked: day, learnt: { ...before.learnt, ...Object.fromEntries(learnt) } };
  await writeFile(OUTCOMES, `${JSON.stringify(outcomes, null, 2)}\n`);
}

/** Writes the page anew. */
export async function writePage(): Promise<void> {
  const { learnt } = await askEmulator();
  await writeFile(DOCUMENT, withTable(await readFile(DOCUMENT, "utf8"), learnt, await readOutcomes()));
}

if (isStarted(import.meta)) {
  await writePage();
  console.log(`wrote ${DOCUMENT}`);
}
