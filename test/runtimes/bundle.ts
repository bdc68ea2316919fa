// The probe as one file, in the two forms that runtimes take, and the few lines that serve it in each.

import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { PROJECT } from "../../src/testing/local-worker.ts";

/** What the command makes and brings; inside node_modules, where git sees nothing and packages of ours are found. */
export const CACHE = join(PROJECT, "node_modules/.cache/runtimes");

const HERE = join(PROJECT, "test/runtimes");
const OPTIONS = { target: "es2022", logLevel: "warning" } as const;

/** Bundles into a new folder, which whoever asks removes. */
export async function bundleProbe(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const outdir = await mkdtemp(join(CACHE, "build-"));
  const entry = { entryPoints: [join(HERE, "probe.ts")], bundle: true, ...OPTIONS };
  await build({ ...entry, format: "esm", outfile: join(outdir, "probe.mjs") });
  // The Edge Runtime runs scripts, and hands them requests as events.
  const footer = {
    js: 'addEventListener("fetch", (event) => event.respondWith(probe.default.fetch(event.request)));',
  };
  await build({
    ...entry,
    format: "iife",
    globalName: "probe",
    footer,
    outfile: join(outdir, "probe.script.js"),
  });
  const starters = ["node", "deno", "bun", "edge"].map((name) => join(HERE, "starters", `${name}.ts`));
  await build({
    ...OPTIONS,
    entryPoints: starters,
    format: "esm",
    outdir,
    outExtension: { ".js": ".mjs" },
  });
  return outdir;
}
