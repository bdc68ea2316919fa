// Before all tests: the Worker is built once, as it is deployed.

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
  await buildWorker(build);
  project.provide("workerBuild", build);
  return () => removeBuild(build);
}
