// docs/api has what the package exports; with FULL=1 it is what `npm run docs` makes of the docstrings.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main as install } from "../install.ts";
import { runHere } from "../support/command.ts";
import { FULL } from "../support/counts.ts";
import { type Compiler, openCompiler } from "./compiler.ts";
import { ENTRIES } from "./entries.ts";
import { API, apiPages } from "./write-api.ts";

/** A page, without the backslashes before what Markdown could take for its own. */
const page = (name: string): string => readFileSync(join(API, name), "utf8");
const plain = (name: string): string => page(name).replaceAll("\\_", "_");

/** The projects of `src` that have the entries, together. */
const PROJECTS = ["tsconfig.json", "src/library/tsconfig.json", "src/testing/tsconfig.json"];

describe("docs/api", () => {
  let compilers: readonly Compiler[];
  beforeAll(() => {
    compilers = PROJECTS.map((project) => openCompiler(project));
  });
  afterAll(() => {
    for (const compiler of compilers) compiler.close();
  });

  it("has a page for every entry of package.json, and an index", () => {
    expect(readdirSync(API).sort()).toEqual(
      ["README.md", ...ENTRIES.map((entry) => `${entry.page}.md`)].sort(),
    );
    for (const entry of ENTRIES)
      expect(page("README.md")).toContain(`[\`${entry.specifier}\`](${entry.page}.md)`);
  });

  it.each(ENTRIES)("has all that $specifier exports", ({ page: name, source }) => {
    const compiler = compilers.find((one) => one.has(source))!;
    const headings = new Set([...plain(`${name}.md`).matchAll(/^### (\w+)/gm)].map(([, heading]) => heading));
    const exported = compiler.namesOf(source);
    expect(exported.length).toBeGreaterThan(4);
    expect(exported.filter((one) => !headings.has(one))).toEqual([]);
  });

  it("leads to headings that are there", () => {
    for (const file of readdirSync(API)) {
      const links = [...page(file).matchAll(/\]\((\w+\.md)?#([\w-]+)\)/g)];
      for (const [, other = file, anchor] of links) {
        const headings = [...plain(other).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
          text
            .toLowerCase()
            .replaceAll(/[^\w -]/g, "")
            .replaceAll(" ", "-"),
        );
        const named = [...page(other).matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id);
        // Of several headings of one name the second is called -1.
        const known = named.includes(anchor) || headings.includes(anchor!.replace(/-\d+$/, ""));
        expect(known, `${file} → ${other}#${anchor}`).toBe(true);
      }
    }
  });
});

it.runIf(FULL)("docs/api is what `npm run docs` makes", async () => {
  const { code, stderr } = await runHere(install, [join(import.meta.dirname, "typedoc")], process.env);
  expect([code, stderr]).toEqual([0, ""]);
  const made = await apiPages();
  expect(Object.fromEntries(readdirSync(API).map((name) => [name, page(name)]))).toEqual(
    Object.fromEntries(made),
  );
});
