// docs/production.md, whose blocks are run.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";

/** Its blocks of a language. */
export async function blocksOnPage(language: string): Promise<string[]> {
  const text = await readFile(join(PROJECT, "docs/production.md"), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, block = ""]) => block,
  );
}

/** Its `signer.config.ts`. */
export const definitionOnPage = async (): Promise<string> => (await blocksOnPage("ts"))[0]!;
