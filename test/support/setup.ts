// Before all tests: the Worker is built once, as it is deployed; and the browser unpacked, which its package does in
// place: a file that comes meanwhile would start half of it.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import chromium from "@sparticuz/chromium";
import type { TestProject } from "vitest/node";
import { buildWorker, newBuild, PROJECT, removeBuild } from "../../src/testing/local-worker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the Worker's bundle. */
    workerBuild: string;
    /** A folder for what several files need, see once.ts. */
    shared: string;
  }
}

/**
 * Where Node keeps what it compiled: half of the time of each process that loads wrangler is its compilation. Beside what
 * npm installed, so that an install empties it.
 */
const COMPILED = join(import.meta.dirname, "../node_modules/.cache/compiled");

/** How far esbuild and tsc, which are Go, let their heap grow, in percent, before they clean up: they end soon. */
const GARBAGE = "400";

/** The page's files, which the Worker serves. */
const buildPage = () => promisify(execFile)(process.execPath, [join(PROJECT, "src/cli/build-page.ts")]);

/**
 * The tests' Worker, with the settings of a deploy. Its definition comes with each test, so the build command has none to
 * check: `test/cli/deploy.test.ts` and the demo's bundle run it.
 */
async function buildTestWorker(build: string): Promise<void> {
  const toml = await readFile(join(PROJECT, "wrangler.toml"), "utf8");
  const config = join(build, "wrangler.toml");
  const page = JSON.stringify(join(PROJECT, "dist/page"));
  await writeFile(config, toml.replace(/^command = .*$/m, "").replace('"dist/page"', page));
  await buildWorker(build, { config, entry: "test/support/worker.ts" });
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  process.env.GOGC ??= GARBAGE;
  const build = await newBuild();
  const shared = await mkdtemp(join(tmpdir(), "edge-signer-shared-"));
  // Where there is no browser for this machine, the tests that want one say so.
  await Promise.all([
    buildPage().then(() => buildTestWorker(build)),
    chromium.executablePath().catch(() => {}),
  ]);
  project.provide("workerBuild", build);
  project.provide("shared", shared);
  return async () => {
    await Promise.all([build, shared].map(removeBuild));
  };
}
