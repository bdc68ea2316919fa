// A deployment's Worker as wrangler bundles it, which is what FULL=1 runs, with its build command: else by the same bundler
// with the same conditions, in this process. test/cli/deploy.test.ts and test/cli/init.test.ts hold wrangler's own.

import { dirname, join } from "node:path";
import { build } from "esbuild";
import { buildWorker } from "../../src/testing/local-worker.ts";
import { FULL } from "./counts.ts";

/** Bundles `src/index.ts` beside a wrangler.toml into `outdir`. */
export async function bundleWorker(outdir: string, config: string): Promise<void> {
  if (FULL) return buildWorker(outdir, { config });
  await build({
    entryPoints: [join(dirname(config), "src/index.ts")],
    outdir,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    logLevel: "silent",
  });
}
