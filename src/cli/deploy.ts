// `npm run deploy`, `npm run deploy -- --env staging`, `-- --dry-run`: the check of that environment, then wrangler's
// deploy, which gets everything else that was typed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, resolve } from "node:path";
import { wranglerScript } from "../testing/tools.ts";
import { check } from "./check.ts";
import { Fixable } from "./fixable.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";
import { wranglerFile } from "./wrangler-toml.ts";

/** Takes a flag and its value out of what was typed: `--env x` or `--env=x`. */
function take(args: string[], names: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => names.some((name) => arg === name || arg.startsWith(`${name}=`)));
  if (at < 0) return undefined;
  const flag = args[at]!;
  if (flag.includes("=")) {
    args.splice(at, 1);
    return flag.slice(flag.indexOf("=") + 1);
  }
  const [, value] = args.splice(at, 2);
  if (value === undefined) throw new Fixable(`give ${flag} a value`);
  return value;
}

/** Runs Node with these arguments, and answers its exit code. */
export type RunNode = (args: readonly string[], cwd: string) => Promise<number | null>;

const inTerminal: RunNode = async (args, cwd) => {
  const [code] = await once(spawn(process.execPath, args, { cwd, stdio: "inherit" }), "close");
  return code;
};

/** Exit 0 deployed, 1 refused by the check or by wrangler, 2 not tried. */
export async function main(typed: readonly string[], io: Io, run = inTerminal): Promise<number> {
  const args = [...typed];
  try {
    const env = take(args, ["--env", "-e"]) ?? "";
    const file = take(args, ["--config", "-c"]) ?? wranglerFile();
    const checked = await check({ config: file, env }, io);
    if (checked !== 0) return checked;
    const config = resolve(file);
    // `--env ""` says that the environment without a name is meant: wrangler warns of a forgotten one otherwise.
    const command = [wranglerScript(config), "deploy", "--config", config, "--env", env, ...args];
    return (await run(command, dirname(config))) === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Fixable)) throw error;
    io.err(`✗ ${error.message}`);
    return 2;
  }
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);
