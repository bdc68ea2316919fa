// docs/reference.md is what `npm run docs` makes of the sources, and leaves nothing out: what the schemas and tables know
// stands in it.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type * as v from "valibot";
import { describe, expect, it } from "vitest";
import { DefinitionSchema } from "../../src/config/schema.ts";
import { newEvent } from "../../src/observe/event.ts";
import { OPT_INS } from "../../src/policy/tables/methods.ts";
import { SIGNED_METHODS } from "../../src/policy/tables/signed-methods.ts";
import { PROBLEMS } from "../../src/problem.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { REFERENCE, referenceText } from "./reference.ts";

const TEXT = readFileSync(REFERENCE, "utf8");

/** What stands in the first column below a heading, up to the next of its kind or a higher one. */
function namesUnder(heading: string): string[] {
  const level = /^#+/.exec(heading)![0].length;
  const after = TEXT.slice(TEXT.indexOf(`\n${heading}\n`) + heading.length + 2);
  const end = after.search(new RegExp(`^#{1,${level}} `, "m"));
  return [...after.slice(0, end < 0 ? undefined : end).matchAll(/^\| `([^`]+)`/gm)].map(
    ([, name = ""]) => name,
  );
}

type Entries = Readonly<Record<string, v.GenericSchema>>;
type Walked = v.GenericSchema & {
  readonly entries?: Entries;
  readonly pipe?: readonly Walked[];
  readonly wrapped?: Walked;
  readonly value?: Walked;
};

/** The schema inside of what is optional, a record, or a table with a check before it. */
function entriesOf(schema: Walked | undefined): Entries {
  if (schema?.entries !== undefined) return schema.entries;
  return entriesOf(schema!.wrapped ?? schema!.value ?? schema!.pipe!.at(-1));
}
const SETTINGS = entriesOf(DefinitionSchema);
const PROFILE = entriesOf(SETTINGS.profiles);

describe("docs/reference.md", () => {
  it("is what `npm run docs` makes", () => {
    expect(TEXT).toBe(referenceText());
  });

  it.each<[heading: string, known: readonly string[]]>([
    ["## Settings", Object.keys(SETTINGS)],
    ["## Settings of an environment", Object.keys(entriesOf(SETTINGS.environments))],
    ["## Settings of a profile", [...Object.keys(PROFILE), ...Object.keys(entriesOf(PROFILE.file))]],
    ["### `file`", Object.keys(entriesOf(PROFILE.file))],
    ["## Limits of `accept`", Object.keys(entriesOf(PROFILE.accept))],
    ["## Risks that `allow` accepts", OPT_INS],
    ["## Parameters", [...SIGNED_METHODS.values()].flatMap(({ parameters }) => [...parameters.keys()])],
    ["## Codes", Object.keys(PROBLEMS)],
    ["## A line of the log", Object.keys(newEvent("", ""))],
  ])("%s has all of them, and nothing else", (heading, known) => {
    expect(new Set(namesUnder(heading))).toEqual(new Set(known));
  });

  it("has every binding that a Worker is configured by", () => {
    const source = readFileSync(join(PROJECT, "src/config/bindings.ts"), "utf8");
    const used = new Set(
      [...source.matchAll(/\b(?:bindings\.|setting\(\s*)"?([A-Z]+(?:_[A-Z]+)*)\b/g)].map(([, name]) => name),
    );
    expect(used.size).toBeGreaterThan(6);
    for (const name of used) expect(namesUnder("## Bindings of the Worker")).toContain(name);
  });

  it("leads to pages and headings that are there", () => {
    const links = [...TEXT.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(15);
    for (const [, path = "", anchor] of links) {
      const file = join(dirname(REFERENCE), path);
      expect(readdirSync(dirname(file))).toContain(file.slice(dirname(file).length + 1));
      if (anchor === undefined) continue;
      const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
        text
          .toLowerCase()
          .replaceAll(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(headings, `${path}#${anchor}`).toContain(anchor);
    }
  });
});
