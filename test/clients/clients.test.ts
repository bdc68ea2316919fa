// docs/clients.md is what `npm run test:clients` found: its table, and a section with code for each client that works.

import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { GROUPS, isTried, type Row } from "./client.ts";
import { CLIENTS } from "./clients.ts";
import { anchorOf, readOutcomes, withTable } from "./outcomes.ts";
import { DOCUMENT, sectionOf, snippetsOf } from "./snippets.ts";

const document = await readFile(DOCUMENT, "utf8");
const outcomes = await readOutcomes();

describe("docs/clients.md", () => {
  it("has the table of docs/clients.json: `npm run docs`", () => {
    expect(withTable(document, outcomes)).toBe(document);
  });

  it("has an outcome for every client, and no other: `npm run test:clients`", () => {
    const row = ({ name, group, set }: Row) => ({ name, group, set });
    expect(outcomes.map(row)).toEqual(CLIENTS.map(row));
    expect(new Set(CLIENTS.map(({ name }) => anchorOf(name))).size).toBe(CLIENTS.length);
  });

  it("has every client that is run in the section of its group, with its code, and no other", () => {
    for (const [group, title] of Object.entries(GROUPS)) {
      const section = sectionOf(document, `## ${title}`) ?? "";
      const sections = [...section.matchAll(/^### (.*)$/gm)].map(([, name]) => name);
      const tried = CLIENTS.filter((client) => client.group === group && isTried(client));
      // What is not run may have its code too.
      const known = CLIENTS.filter((client) => client.group === group).map(({ name }) => name);
      expect(sections.filter((name) => !known.includes(name!))).toEqual([]);
      for (const { name } of tried) {
        expect(sections).toContain(name);
        expect(snippetsOf(name), name).not.toEqual([]);
      }
    }
  });

  it("leads from each row to code", async () => {
    const links = [...document.matchAll(/^\| \[([^\]]+)\]\(([^)#]*)#([^)]+)\) \|/gm)];
    expect(links.length).toBe(outcomes.filter(({ outcome }) => outcome.startsWith("works")).length);
    for (const [, name = "", file, anchor] of links) {
      const text = file ? await readFile(new URL(`../../docs/${file}`, import.meta.url), "utf8") : document;
      const heading = [...text.matchAll(/^#+ (.*)$/gm)].find(([, one]) => anchorOf(one!) === anchor)?.[0];
      expect(sectionOf(text, heading ?? "# none"), `${name}: ${file}#${anchor}`).toContain("\n```");
    }
  });

  it.each(outcomes)("says of $name what a person sees of a refusal", ({ outcome, group, refusal }) => {
    if (outcome.startsWith("works") && group !== "secret") expect(refusal).toMatch(/\w+ \w+/);
  });

  it("gives nobody's words to a page as HTML", () => {
    for (const { name } of CLIENTS)
      for (const { text } of snippetsOf(name))
        expect(text, name).not.toMatch(
          /[HL]TML\s*=|insertAdjacentHTML|SetInnerHTML|v-html|@html|document\.write/,
        );
    // Its notices are HTML, and Cloudinary repeats an address that was pasted.
    const text = snippetsOf("Editor.js")[0]?.text;
    expect(text).toContain("escaped = new Option(message).innerHTML;");
    expect(text).toContain("notifier.show({ message: escaped,");
  });

  it("has a reason for whatever does not work", () => {
    const without = outcomes.filter(({ outcome, why }) => outcome !== "works" && !why);
    expect(without).toEqual([]);
  });
});

it("the clients share the tests' React: components of both folders stand in one page", async () => {
  const { dependencies } = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));
  expect(Object.keys(dependencies).filter((name) => name === "react" || name === "react-dom")).toEqual([]);
});
