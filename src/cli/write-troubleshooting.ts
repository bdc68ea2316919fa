// `npm run docs`: the causes of docs/troubleshooting.md, from the one table that the page and the terminal say too.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CAUSES, type CauseCode, type CauseRow, TOPICS, type Topic } from "../explain/causes.ts";
import { PROJECT } from "../testing/local-worker.ts";
import { isStarted, PROCESS } from "./io.ts";

export const DOCUMENT = join(PROJECT, "docs/troubleshooting.md");
const FROM = "<!-- from src/explain/causes.ts, by `npm run docs` -->";
const TO = "<!-- to here -->";

const section = ([code, { title, fix }]: [string, CauseRow]): string => `### ${title}\n\n${fix} \`${code}\``;

/** The causes, by the message that people come with. */
function causesText(): string {
  const rows = Object.entries(CAUSES) as [CauseCode, CauseRow][];
  const topics = Object.entries(TOPICS) as [Topic, string][];
  return topics
    .map(([topic, title]) =>
      [`## ${title}`, ...rows.filter(([, row]) => row.topic === topic).map(section)].join("\n\n"),
    )
    .join("\n\n");
}

/** The document with today's causes in it. */
export function withCauses(document: string): string {
  const [from, to] = [document.indexOf(FROM), document.indexOf(TO)];
  if (from < 0 || to < from) throw new Error(`the document has lost its lines ${FROM} and ${TO}`);
  return `${document.slice(0, from)}${FROM}\n\n${causesText()}\n\n${document.slice(to)}`;
}

if (isStarted(import.meta)) {
  await writeFile(DOCUMENT, withCauses(await readFile(DOCUMENT, "utf8")));
  PROCESS.out(`wrote ${DOCUMENT}`);
}
