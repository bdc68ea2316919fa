// Brings what only tests need into test/node_modules, by the lock beside this file: where it is not there, or another
// lock's. npm scripts that need it call this first; it imports nothing but what `npm ci` of the root brings.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { ARGS, type Io, isStarted, PROCESS } from "../src/cli/io.ts";
import { npm } from "../src/cli/npm.ts";

/** Longest install, in milliseconds: a slow line has nearly 300 MB to fetch. */
const TIMEOUT = 30 * 60_000;

/** The hash of what was installed, inside of node_modules; `npm ci` empties that first, so a cut one leaves none. */
const INSTALLED = "node_modules/.installed";

/** `path` is a folder that holds package.json and package-lock.json, default the tests' own. */
export async function main([path = import.meta.dirname]: readonly string[], io: Io): Promise<number> {
  const folder = resolve(path);
  const hash = createHash("sha256");
  for (const name of ["package.json", "package-lock.json"]) hash.update(await readFile(join(folder, name)));
  const wanted = hash.digest("hex");
  if ((await readFile(join(folder, INSTALLED), "utf8").catch(() => "")) === wanted) return 0;

  const into = join(relative(join(import.meta.dirname, ".."), folder), "node_modules");
  const size = folder === import.meta.dirname ? ", half a gigabyte" : "";
  io.out(`Installing what only tests need into ${into}${size}, until its lock changes …`);
  const installed = await npm(["ci"], folder, TIMEOUT, { ...io.env });
  if (!installed.ok) {
    const { noNetwork, output } = installed.error;
    const todo = noNetwork
      ? "Connect to the network and try again: npm can't reach its registry"
      : "See what npm says, and try again";
    io.err(`✗ ${todo}. What only tests need is not installed.\n${output}`);
    return 1;
  }
  await writeFile(join(folder, INSTALLED), wanted);
  return 0;
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);
