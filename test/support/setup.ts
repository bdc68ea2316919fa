// Before all tests: the Worker is built once, as it is deployed; and the browser unpacked, which its package does in
// place: a file that comes meanwhile would start half of it.

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import type { TestProject } from "vitest/node";
import { buildWorker, newBuild, removeBuild } from "../../src/testing/local-worker.ts";

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

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  const build = await newBuild();
  const shared = await mkdtemp(join(tmpdir(), "edge-signer-shared-"));
  // Where there is no browser for this machine, the tests that want one say so.
  await Promise.all([
    buildWorker(build, { entry: "test/support/worker.ts" }),
    chromium.executablePath().catch(() => {}),
  ]);
  project.provide("workerBuild", build);
  project.provide("shared", shared);
  return async () => {
    await Promise.all([build, shared].map(removeBuild));
  };
}
