// Brings a runtime from the npm registry into a folder of its own, so that one that can't be had keeps no other from
// being tried.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { npm } from "../../src/cli/npm.ts";
import { err, ok, type Result } from "../../src/result.ts";
import { CACHE } from "./bundle.ts";
import type { Runtime } from "./runtimes.ts";

/** Longest install, in milliseconds. */
const TIMEOUT = 5 * 60_000;
/** Written when all is there; an install that was cut short leaves none. */
const DONE = "installed.json";

/** The folder with the runtime's package; made where it is not there yet. The error says why it can't be had. */
export async function install({ name, package: wanted }: Runtime): Promise<Result<string, string>> {
  const home = join(CACHE, name);
  if (wanted === undefined) return ok(home);
  const manifest = JSON.stringify({
    private: true,
    dependencies: { [wanted.as]: wanted.spec },
    // npm runs the install scripts that are named, and no others.
    allowScripts: { node: true, deno: true, bun: true },
  });
  if ((await readFile(join(home, DONE), "utf8").catch(() => "")) === manifest) return ok(home);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), manifest);
  const installed = await npm(["install", "--no-package-lock"], home, TIMEOUT);
  if (!installed.ok) {
    const { noNetwork, output } = installed.error;
    console.error(output);
    return err(noNetwork ? "no network" : "it could not be installed");
  }
  await writeFile(join(home, DONE), manifest);
  return ok(home);
}

/** Has the runtime brought anew the next time. */
export const forgetInstalled = (home: string): Promise<void> => rm(join(home, DONE), { force: true });
