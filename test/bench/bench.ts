// `npm run bench`: measures all parts, or those that are named, and writes docs/bench.md and its charts.
// `npm run bench:million` is the one part that must be named.

import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { measureActs } from "./acts.ts";
import { measureGrowth } from "./growth.ts";
import { Loader } from "./load.ts";
import { thisMachine } from "./machine.ts";
import { measureMillion } from "./million-requests.ts";
import { measureNotifications } from "./notifications.ts";
import { allKept, keep, PART_NAMES, type PartData, type PartName } from "./parts.ts";
import { measureProfile } from "./profile/profile.ts";
import { Progress } from "./progress.ts";
import { failures } from "./report/verdict.ts";
import { measureRequests } from "./requests.ts";
import { measureSigning } from "./signing.ts";
import { measureSize } from "./size.ts";
import { measureUploads } from "./uploads.ts";
import { writeReport } from "./write-report.ts";

const MEASURE: { [Name in PartName]: (progress: Progress, loader: Loader) => Promise<PartData[Name]> } = {
  signing: measureSigning,
  requests: measureRequests,
  profile: measureProfile,
  size: measureSize,
  growth: measureGrowth,
  uploads: measureUploads,
  notifications: measureNotifications,
  acts: measureActs,
  million: measureMillion,
};

/** Writes the report from what was measured before. */
const REPORT = "report";

async function runPart<Name extends PartName>(name: Name, loader: Loader): Promise<void> {
  const progress = new Progress(name);
  const started = performance.now();
  const data = await MEASURE[name](progress, loader);
  await keep(name, { machine, ...data });
  progress.done(`measured in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

const machine = await thisMachine();
const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter(
  (name) => !(PART_NAMES as readonly string[]).includes(name) && name !== REPORT,
);
if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(", ")}: ${PART_NAMES.join(", ")}, or ${REPORT}`);
  process.exit(2);
}
const wanted = PART_NAMES.filter((name) =>
  positionals.length === 0 ? name !== "million" : positionals.includes(name),
);

const loader = new Loader();
try {
  for (const name of wanted) await runPart(name, loader);
} finally {
  loader.close();
}
const kept = await allKept();
for (const path of await writeReport(kept)) console.log(`wrote ${path}`);
for (const failure of failures(kept)) {
  console.error(`✗ ${failure}`);
  process.exitCode = 1;
}
