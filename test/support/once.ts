// What several files of tests need and is dear to make, made once in a run: by the first file that asks for it, while
// others wait. A run of one file makes no more than that file needs.

import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { inject } from "vitest";
import * as config from "../../src/config.ts";
import { buildWorker, PROJECT } from "../../src/testing/local-worker.ts";
import { FULL } from "./counts.ts";

/** The longest that anything takes to make on a busy machine, in milliseconds: a hook's own limit would tell less. */
const LONGEST = 170_000;

/** What comes of `make`, as JSON keeps it; `make` gets a folder of its own that lasts for the run. */
export async function once<T>(name: string, make: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(inject("shared"), name);
  const result = join(inject("shared"), `${name}.json`);
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    const made = await make(folder).then(
      (value) => ({ value }),
      (error: Error) => ({ error: error.message }),
    );
    await writeFile(`${result}.new`, JSON.stringify(made));
    await rename(`${result}.new`, result);
  }
  const patience = Date.now() + LONGEST;
  while ((await stat(result).catch(() => undefined)) === undefined) {
    if (Date.now() > patience) throw new Error(`${name} is not made yet by the file that asked for it first`);
    await setTimeout(50);
  }
  const { value, error } = JSON.parse(await readFile(result, "utf8")) as { value: T; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}

/** By which a definition finds what this process has loaded of `src/config.ts`. */
const LOADED = "edge-signer config";

/**
 * A module to import in a definition that is loaded in this process: what is loaded already, for each bundle of the sources
 * would be compiled anew. FULL=1 gives the sources in one file.
 */
export async function configModule(): Promise<string> {
  Object.assign(globalThis, { [LOADED]: config });
  return once("config", async (folder) => {
    const outfile = join(folder, "config.js");
    if (!FULL) {
      const names = Object.keys(config).join(", ");
      await writeFile(outfile, `export const { ${names} } = globalThis[${JSON.stringify(LOADED)}];\n`);
      return outfile;
    }
    await build({
      entryPoints: [join(PROJECT, "src/config.ts")],
      outfile,
      bundle: true,
      format: "esm",
      target: "es2024",
      conditions: ["workerd", "worker", "browser"],
      external: ["cloudflare:*"],
      minifySyntax: true,
      minifyWhitespace: true,
    });
    return outfile;
  });
}

/** The wrangler.toml of the demo. */
export const DEMO = join(PROJECT, "demo/wrangler.toml");

/** The folder of the demo's bundle. */
export const demoBuild = (): Promise<string> =>
  once("demo", async (folder) => {
    await buildWorker(folder, { config: DEMO });
    return folder;
  });
