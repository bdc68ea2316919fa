// Writes the texts and the charts into docs/.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { costChart } from "./cost/chart.ts";
import { costPage } from "./cost/page.ts";
import { readPrices } from "./cost/prices.ts";
import type { AllKept } from "./parts.ts";
import { charts } from "./report/charts.ts";
import { report } from "./report/report.ts";

/** What it costs, once all that it is made of was measured. */
export async function costFiles({ requests, notifications, acts }: AllKept): Promise<[string, string][]> {
  if (requests === undefined || notifications === undefined || acts === undefined) return [];
  const [measures, prices] = [{ requests, notifications, acts }, await readPrices()];
  return [
    ["docs/cost.md", costPage(measures, prices)],
    ["docs/images/cost.svg", costChart(measures, prices)],
  ];
}

/** Returns what it wrote, as paths in the project. */
export async function writeReport(kept: AllKept): Promise<string[]> {
  await mkdir(join(PROJECT, "docs/images"), { recursive: true });
  const files = new Map([["docs/bench.md", report(kept)], ...(await costFiles(kept))]);
  for (const [name, svg] of charts(kept)) files.set(`docs/images/bench-${name}.svg`, svg);
  for (const [path, text] of files) await writeFile(join(PROJECT, path), text);
  return [...files.keys()];
}
