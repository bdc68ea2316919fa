// Brings a runtime from the npm registry into a folder of its own, so that one that can't be had keeps no other from
// being tried.

import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { err, ok, type Result } from "../../src/signature/result.ts";
import { CACHE } from "./bundle.ts";
import type { Runtime } from "./runtimes.ts";

/** Longest install, in milliseconds. */
const TIMEOUT = 5 * 60_000;
/** What npm says where the registry is out of reach. */
const NO_NETWORK =
  /npm error (?:code (?:ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|E5\d\d)|network )/;
/** Without a network nobody waits for a minute. */
const INSTALL =
  "install --no-audit --no-fund --no-package-lock --loglevel=error --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000";

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
  const installed = await new Promise<Result<string, string>>((resolve) => {
    const env = { ...process.env, PATH: dirname(process.execPath) + delimiter + process.env.PATH };
    execFile("npm", INSTALL.split(" "), { cwd: home, env, timeout: TIMEOUT }, (error, stdout, stderr) => {
      if (error === null) return resolve(ok(home));
      const output = stdout + stderr;
      console.error(output.trimEnd());
      resolve(err(NO_NETWORK.test(output) ? "no network" : "it could not be installed"));
    });
  });
  if (installed.ok) await writeFile(join(home, DONE), manifest);
  return installed;
}

/** Has the runtime brought anew the next time. */
export const forgetInstalled = (home: string): Promise<void> => rm(join(home, DONE), { force: true });
