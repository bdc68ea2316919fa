// `npm run screenshots`: the dashboard of docs/production.md, as its own queries tell what the built Worker wrote under a
// load of visits. The picture is the data's, and differs from run to run.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { loadDefinition } from "../../src/cli/load.ts";
import { buildWorker, newBuild, PROJECT, removeBuild } from "../../src/testing/local-worker.ts";
import { openDataset, queriesOf } from "./analytics-sql.ts";
import { dashboardPicture } from "./dashboard-picture.ts";
import type { Row } from "./data-points.ts";
import { definitionOnPage } from "./page.ts";
import { type Place, startPlace, VISITS } from "./visits.ts";

const TOTAL = 1000;
/** How many come at once, at most: the tide rises and falls. */
const CROWD = 6;
/** Seconds of a step in the picture, in the place of the query's five minutes. */
const STEP = 2;
const PAUSE_MS = 120;

/** A visit of each kind as often as its share, in an order that is the same each time. */
function schedule(): (typeof VISITS)[number][] {
  const all = VISITS.flatMap((visit) =>
    Array<typeof visit>(Math.round((visit.share * TOTAL) / 100)).fill(visit),
  );
  let seed = 7;
  const draw = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return all
    .map((visit) => [draw(), visit] as const)
    .sort(([a], [b]) => a - b)
    .map(([, visit]) => visit);
}

/** While Cloudinary is down, it is for all: such visits come alone. */
const isAlone = ({ name }: (typeof VISITS)[number]) => name.startsWith("Cloudinary is down");

async function load(place: Place): Promise<void> {
  const waiting = schedule();
  const total = waiting.length;
  while (waiting.length > 0) {
    const tide = 1 + Math.round((CROWD - 1) * Math.sin((Math.PI * waiting.length) / total) ** 2);
    const now = waiting.splice(0, tide);
    await Promise.all(now.filter((visit) => !isAlone(visit)).map((visit) => visit.run(place)));
    for (const visit of now.filter(isAlone)) await visit.run(place);
    await setTimeout(PAUSE_MS);
  }
  // What is on its way to the dataset still.
  for (let seen = -1; seen !== place.rows.length; await setTimeout(300)) seen = place.rows.length;
}

/** The rows that the built Worker wrote. */
async function measured(): Promise<readonly Row[]> {
  const build = await newBuild();
  await buildWorker(build, { entry: "test/support/worker.ts" });
  await mkdir(join(PROJECT, "dist/dashboard"), { recursive: true });
  const file = join(PROJECT, "dist/dashboard/signer.config.ts");
  await writeFile(
    file,
    (await definitionOnPage()).replace("cloudinary-edge-signer/config", "../../src/config.ts"),
  );
  const place = await startPlace(build, await loadDefinition(file));
  try {
    await load(place);
    return [...place.rows];
  } finally {
    await place.close();
    await removeBuild(build);
  }
}

const rows = await measured();
const dataset = openDataset("signer", rows);
const answers = new Map(
  (await queriesOf()).map(({ title, sql }) => [
    title,
    dataset.ask(sql.replace("INTERVAL '5' MINUTE) AS time", `INTERVAL '${STEP}' SECOND) AS time`)),
  ]),
);
dataset.close();
const into = join(PROJECT, "docs/images/dashboard.svg");
await writeFile(into, dashboardPicture(answers, STEP));
console.log(`✓ ${into}: ${rows.length} data points`);
