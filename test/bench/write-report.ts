// Writes the text and the charts into docs/.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { AllKept } from "./parts.ts";
import { charts } from "./report/charts.ts";
import { report } from "./report/report.ts";

/** Returns what it wrote, as paths in the project. */
export async function writeReport(kept: AllKept, before: AllKept): Promise<string[]> {
  await mkdir(join(PROJECT, "docs/images"), { recursive: true });
  const files = new Map([["docs/bench.md", report(kept, before)]]);
  for (const [name, svg] of charts(kept)) files.set(`docs/images/bench-${name}.svg`, svg);
  for (const [path, text] of files) await writeFile(join(PROJECT, path), text);
  return [...files.keys()];
}
