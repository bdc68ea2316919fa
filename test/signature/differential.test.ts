// Ours against the official SDK on generated parameter sets, in Node and in workerd.

import { join } from "node:path";
import { build as bundle } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signParams } from "../../src/signature/sign.ts";
import type { SignableParams } from "../../src/signature/string-to-sign.ts";
import {
  type LocalWorker,
  newBuild,
  PROJECT,
  removeBuild,
  startWorker,
} from "../../src/testing/local-worker.ts";
import { cases } from "../support/counts.ts";
import { sdkSignature } from "../support/sdk.ts";
import { paramSets, secrets } from "./generated.ts";

/** Parameter sets that are generated, signed and compared at a time. */
const BATCH = 1000;
const ALGORITHMS = ["sha1", "sha256"] as const;

/** Generates `count` sets and hands them over in batches, so that no run holds all of them. */
async function inBatches(
  count: number,
  check: (batch: [SignableParams, string][]) => Promise<void>,
): Promise<void> {
  for (let done = 0; done < count; done += BATCH) {
    const seed = 20261124 + done;
    await check(fc.sample(fc.tuple(paramSets, secrets), { numRuns: Math.min(BATCH, count - done), seed }));
  }
}

it("the generated sets hold what goes wrong in signatures", () => {
  const texts = JSON.stringify(fc.sample(paramSets, { numRuns: 500, seed: 1 }));
  for (const part of ["&", "%26", "=", "🐈", "null", "[]", "false", '""']) expect(texts).toContain(part);
});

describe("equal to the official SDK", () => {
  it.each(ALGORITHMS)("in Node, %s", async (algorithm) => {
    await inBatches(cases(1_000, 100_000), async (batch) => {
      const ours = await Promise.all(
        batch.map(([params, secret]) => signParams(params, secret, { algorithm })),
      );
      const theirs = batch.map(([params, secret]) => sdkSignature(params, secret, algorithm));
      expect(ours).toEqual(theirs);
    });
  });

  describe("in workerd", () => {
    let build: string;
    let worker: LocalWorker;
    beforeAll(async () => {
      build = await newBuild();
      // By esbuild alone, as wrangler calls it: there is nothing of a deployment in it.
      await bundle({
        entryPoints: [join(PROJECT, "test/signature/worker.ts")],
        outfile: join(build, "index.js"),
        bundle: true,
        format: "esm",
        target: "es2024",
      });
      worker = await startWorker({ build });
    });
    afterAll(async () => {
      await worker.close();
      await removeBuild(build);
    });

    it.each(ALGORITHMS)("%s", async (algorithm) => {
      await inBatches(cases(1_000, 100_000), async (batch) => {
        // JSON has no `undefined` and no -0; null and 0 are signed the same.
        const response = await fetch(worker.url, {
          method: "POST",
          body: JSON.stringify({ algorithm, batch }),
        });
        const theirs = batch.map(([params, secret]) => sdkSignature(params, secret, algorithm));
        expect(await response.json()).toEqual(theirs);
      });
    });
  });
});
