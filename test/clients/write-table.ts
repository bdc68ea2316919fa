// `npm run docs`: the table of docs/clients.md, from what `npm run test:clients` found.

import { readFile, writeFile } from "node:fs/promises";
import { PROCESS } from "../../src/cli/io.ts";
import { readOutcomes, withTable } from "./outcomes.ts";
import { DOCUMENT } from "./snippets.ts";

await writeFile(DOCUMENT, withTable(await readFile(DOCUMENT, "utf8"), await readOutcomes()));
PROCESS.out(`wrote ${DOCUMENT}`);
