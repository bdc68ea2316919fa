// `npm run docs`: docs/api, a page for each of the package's entries, by TypeDoc. It has a folder of its own, for it wants
// another TypeScript.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isStarted, PROCESS } from "../../src/cli/io.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { ENTRIES, type Entry } from "./entries.ts";

export const API = join(PROJECT, "docs/api");
const TOOL = join(PROJECT, "test/docs/typedoc");

const MADE = "<!-- made by `npm run docs` from the docstrings: change them there -->";

/** A page that stands beside the others, with the name by which people import what it describes. */
function asPage(text: string, { specifier }: Entry): string {
  const beside = text.replaceAll(/\]\((?:\.\.\/)*(?:\w+\/)?(\w+)\.md/g, "]($1.md");
  // The first heading is the file's name.
  return `${MADE}\n\n${beside.replace(/^# .*$/m, `# \`${specifier}\``).trimEnd()}\n`;
}

const index = (): string =>
  [
    MADE,
    "# The package's functions and types",
    ENTRIES.map(({ specifier, page }) => `- [\`${specifier}\`](${page}.md)`).join("\n"),
    "Settings, bindings, codes and commands are in the [reference](../reference.md), HTTP in [openapi.json](../openapi.json).",
  ].join("\n\n");

/** The pages by their names. */
export async function apiPages(): Promise<ReadonlyMap<string, string>> {
  const out = await mkdtemp(join(tmpdir(), "edge-signer-api-"));
  try {
    const sources = ENTRIES.flatMap(({ source }) => ["--entryPoints", join(PROJECT, "src", source)]);
    const args = [join(TOOL, "node_modules/typedoc/bin/typedoc"), ...sources, "--out", out];
    await promisify(execFile)(process.execPath, args, { cwd: TOOL }).catch((error) => {
      throw new Error(`${error.stdout}${error.stderr}`);
    });
    const pages = new Map([["README.md", `${index()}\n`]]);
    for (const entry of ENTRIES) {
      const made = await readFile(join(out, entry.source.replace(/\.ts$/, ".md")), "utf8");
      pages.set(`${entry.page}.md`, asPage(made, entry));
    }
    return pages;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

if (isStarted(import.meta)) {
  const pages = await apiPages();
  await rm(API, { recursive: true, force: true });
  await mkdir(API, { recursive: true });
  for (const [name, text] of pages) await writeFile(join(API, name), text);
  PROCESS.out(`wrote ${pages.size} pages into ${API}`);
}
