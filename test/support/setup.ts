// Before all tests: the Worker is built once, as it is deployed; and the browser unpacked, which its package does in
// place: a file that comes meanwhile would start half of it.

import chromium from "@sparticuz/chromium";
import type { TestProject } from "vitest/node";
import { buildWorker, newBuild, removeBuild } from "../../src/testing/local-worker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the Worker's bundle. */
    workerBuild: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const build = await newBuild();
  // Where there is no browser for this machine, the tests that want one say so.
  await Promise.all([
    buildWorker(build, { entry: "test/support/worker.ts" }),
    chromium.executablePath().catch(() => {}),
  ]);
  project.provide("workerBuild", build);
  return () => removeBuild(build);
}
