// The code of docs/clients.md, as it stands there: by client, in the order of its section. Where a section has none, but
// links to one of docs/components, that one's code.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";

const DOCS = join(PROJECT, "docs");
export const DOCUMENT = join(DOCS, "clients.md");

export interface Snippet {
  /** As the fence names it: `js`, `python`. */
  readonly language: string;
  readonly text: string;
}

const LINK = /\]\((components\/[\w-]+\.md(?:#[\w-]+)?)\)/;

/** The text under a heading of that level, up to the next one. */
export function sectionOf(document: string, heading: string): string | undefined {
  const level = /^#+/.exec(heading)![0];
  const [, text] = document.split(`\n${heading}\n`);
  return text?.split(new RegExp(`^#{1,${level.length}} `, "m"))[0];
}

function blocksOf(section = ""): Snippet[] {
  const found = section.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, language = "", text = ""]) => ({ language, text }));
}

/** Where the code of a client's section stands, as a link: elsewhere, where the section has none of its own. */
export function codeElsewhere(section = ""): string | undefined {
  return blocksOf(section).length > 0 ? undefined : LINK.exec(section)?.[1];
}

/** The snippets of a client. */
export function snippetsOf(name: string): readonly Snippet[] {
  const section = sectionOf(readFileSync(DOCUMENT, "utf8"), `### ${name}`);
  const [file] = codeElsewhere(section)?.split("#") ?? [];
  if (file === undefined) return blocksOf(section);
  return blocksOf(sectionOf(readFileSync(join(DOCS, file), "utf8"), `## ${name}`));
}

/** A line for a shell, `NAME='value'`, as an environment. */
export function environmentOf(line: string): Record<string, string> {
  const [, name, value] = /^(\w+)='([^']*)'\n$/.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not a line NAME='value': ${line}`);
  return { [name]: value };
}
