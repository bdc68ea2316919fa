// `npm run test:runtimes [-- NAME …]`: the suite in every runtime that has Web Crypto. With no names all are tried,
// and the table goes into docs/runtimes.md.

import { rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { bundleProbe } from "./bundle.ts";
import { table, withTable } from "./report.ts";
import { RUNTIMES } from "./runtimes.ts";
import { allPassed, tryRuntimes } from "./try.ts";

const asked = process.argv.slice(2);
const names = RUNTIMES.map(({ name }) => name);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`✗ no runtime ${unknown.join(", ")}: there are ${names.join(", ")}`);
  process.exit(1);
}

const build = await bundleProbe();
process.once("exit", () => rmSync(build, { recursive: true, force: true }));
for (const [signal, code] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const])
  process.once(signal, () => process.exit(code));

const tried = await tryRuntimes(
  RUNTIMES.filter(({ name }) => asked.length === 0 || asked.includes(name)),
  { build, say: (text) => void process.stdout.write(text) },
);
const made = table(tried);
console.log(`\n${made}`);
if (asked.length === 0) {
  const page = join(PROJECT, "docs/runtimes.md");
  await writeFile(page, withTable(await readFile(page, "utf8"), made));
}
// What was not tried is not passed either.
if (!allPassed(tried)) process.exitCode = 1;
