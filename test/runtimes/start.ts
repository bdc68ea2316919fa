// Starts the probe in a runtime. What can't be started is a value, and its reason one that a table can hold.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { unstable_readConfig } from "wrangler";
import { err, ok, type Result } from "../../src/result.ts";
import { PROJECT, startWorker } from "../../src/testing/local-worker.ts";

/** A runtime that serves the probe. */
export interface Running {
  /** Its address, without a slash at its end. */
  readonly url: string;
  /** The version that it says it is. */
  readonly version: string;
  stop(): Promise<void>;
}

/** Longest start, and longest end, in milliseconds. */
const START_TIMEOUT = 120_000;
const STOP_TIMEOUT = 20_000;

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  const timeout = new AbortController();
  await Promise.race([
    ended,
    delay(STOP_TIMEOUT, undefined, { signal: timeout.signal }).then(() => child.kill("SIGKILL")),
  ]);
  timeout.abort();
  await ended;
}

/** Runs a program that says `listening PORT VERSION` when it serves. */
export async function startProgram(
  program: string,
  args: readonly string[],
): Promise<Result<Running, string>> {
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1" };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (part) => {
    errors = (errors + part).slice(-4000);
  });
  const said = new Promise<Result<Running, string>>((resolve) => {
    child.on("error", ({ message }) => {
      console.error(message);
      resolve(err("it did not start"));
    });
    child.on("exit", () => {
      if (errors !== "") console.error(errors.trimEnd());
      resolve(err("it did not start"));
    });
    createInterface(child.stdout).on("line", (line) => {
      const [, port, version] = /^listening (\d+) (\S+)$/.exec(line) ?? [];
      if (port !== undefined && version !== undefined)
        resolve(ok({ url: `http://127.0.0.1:${port}`, version, stop: () => stop(child) }));
    });
  });
  const timeout = new AbortController();
  const late = delay(START_TIMEOUT, err("it did not start in time"), { signal: timeout.signal });
  const started = await Promise.race([said, late]);
  timeout.abort();
  late.catch(() => {});
  if (!started.ok && child.pid !== undefined) await stop(child);
  // From here on its end is what was wanted, or is told by what is asked of it.
  child.removeAllListeners("exit");
  return started;
}

/** Runs the probe in workerd, with the date and the flags of this project's wrangler.toml. */
export async function startWorkerd(build: string): Promise<Result<Running, string>> {
  const { compatibility_date, compatibility_flags } = unstable_readConfig(
    { config: join(PROJECT, "wrangler.toml") },
    { hideWarnings: true },
  );
  const folder = await mkdtemp(join(build, "workerd-"));
  const config = join(folder, "wrangler.json");
  await writeFile(config, JSON.stringify({ name: "probe", compatibility_date, compatibility_flags }));
  await mkdir(join(folder, "build"));
  await writeFile(join(folder, "build/index.js"), await readFile(join(build, "probe.mjs")));
  const fromMiniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const { version } = fromMiniflare("workerd/package.json") as { version: string };
  try {
    const { url, close } = await startWorker({ build: join(folder, "build"), config });
    return ok({ url, version, stop: close });
  } catch (error) {
    console.error(error);
    return err("it did not start");
  }
}
