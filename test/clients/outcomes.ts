// What became of the clients: docs/clients.json, written by `npm run test:clients`, and its table in docs/clients.md.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { GROUPS, type Group } from "./client.ts";
import { codeElsewhere, sectionOf } from "./snippets.ts";

const RECORD = join(PROJECT, "docs/clients.json");
const FROM = "<!-- by `npm run docs` -->";
const TO = "<!-- to here -->";

export interface Outcome {
  readonly name: string;
  readonly group: Group;
  readonly outcome: "works" | "works-with" | "cant" | "not-run";
  /** What was tried; absent where nothing was. */
  readonly version?: string;
  readonly set: string;
  /** What it works with, or why it can't or was not run. */
  readonly why?: string;
  /** What a person saw when the signer refused. */
  readonly refusal?: string;
}

export const readOutcomes = async (): Promise<readonly Outcome[]> =>
  JSON.parse(await readFile(RECORD, "utf8").catch(() => "[]"));

/** A line for each, so that a change is one line. */
export async function writeOutcomes(outcomes: readonly Outcome[]): Promise<void> {
  const lines = outcomes.map((one) => `  ${JSON.stringify(one)}`);
  await writeFile(RECORD, `[\n${lines.join(",\n")}\n]\n`);
}

const WORDS = {
  works: "works",
  "works-with": "works with",
  cant: "**can't**",
  "not-run": "not run",
} as const;

/** GitHub's anchor of a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

/** A client's row, which leads to its code wherever that stands. */
function rowOf(document: string, { name, outcome, version = "–", set, why }: Outcome): string {
  const isShown = outcome === "works" || outcome === "works-with";
  const code = codeElsewhere(sectionOf(document, `### ${name}`)) ?? `#${anchorOf(name)}`;
  const linked = isShown ? `[${name}](${code})` : name;
  const result = [WORDS[outcome], why].filter(Boolean).join(isShown ? " " : ": ");
  return row([linked, version, set, result]);
}

/** The document with this table in it. */
export function withTable(document: string, outcomes: readonly Outcome[]): string {
  const [from, to] = [document.indexOf(FROM), document.indexOf(TO)];
  if (from < 0 || to < from) throw new Error(`the document has lost its lines ${FROM} and ${TO}`);
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = outcomes.filter((one) => one.group === group).map((one) => rowOf(document, one));
    return rows.length === 0 ? [] : [row([`**[${title}](#${anchorOf(title)})**`, "", "", ""]), ...rows];
  });
  const table = [
    row(["client", "tried", "what to set", "result"]),
    row(["---", "---", "---", "---"]),
    ...groups,
  ];
  return `${document.slice(0, from)}${FROM}\n\n${table.join("\n")}\n\n${document.slice(to)}`;
}
