// Runs the suite against a runtime that serves the probe, by Vitest in a process of its own: the judges are there,
// and never in the runtime.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "../../src/result.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { Counts } from "./count-reporter.ts";

/** Longest run, in milliseconds: of the quick counts, and of the full ones. */
const TIMEOUT = process.env.FULL === "1" ? 3 * 3600_000 : 10 * 60_000;

/** `files` narrows the suite; none are all. The error says why there are no counts. */
export async function runSuite(
  runtime: { readonly title: string; readonly url: string },
  files: readonly string[] = [],
): Promise<Result<Counts, string>> {
  const folder = await mkdtemp(join(tmpdir(), "edge-signer-counts-"));
  const counts = join(folder, "counts.json");
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const args = [vitest, "run", "--config", "test/runtimes/vitest.config.ts", ...files];
  const env = {
    ...process.env,
    VITEST: "",
    NO_COLOR: "1",
    LC_ALL: "en_US.UTF-8",
    TEST_RUNTIME: JSON.stringify(runtime),
    TEST_RUNTIME_COUNTS: counts,
  };
  const options = { cwd: PROJECT, env, timeout: TIMEOUT, maxBuffer: 1 << 28 };
  try {
    const output = await new Promise<string>((resolve) => {
      const child = execFile(process.execPath, args, options, (_, stdout, stderr) => {
        process.off("exit", kill);
        resolve(stdout + stderr);
      });
      const kill = () => void child.kill();
      process.once("exit", kill);
    });
    const text = await readFile(counts, "utf8").catch(() => undefined);
    if (text !== undefined) return ok(JSON.parse(text) as Counts);
    console.error(output.trimEnd());
    return err("the suite did not end");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
