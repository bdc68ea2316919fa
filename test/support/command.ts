// Commands of `src/cli`: run in this process, which a busy machine does not slow down, and as a process, which
// each needs once.

import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Io } from "../../src/cli/io.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";

export interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command's `main`. */
type Main = (args: readonly string[], io: Io) => Promise<number | undefined>;

/** `piped` is what it reads where no file is named. */
export async function runHere(
  main: Main,
  args: readonly string[],
  env: Io["env"] = {},
  piped?: string,
): Promise<Ran> {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    env,
    ...(piped !== undefined && { stdin: { isTerminal: false, read: async () => piped } }),
    out: (text) => {
      stdout += `${text}\n`;
    },
    err: (text) => {
      stderr += `${text}\n`;
    },
  });
  return { code, stdout, stderr };
}

/** `file` is one of `src/cli`, `env` what is added to this process's own environment. */
export function runProcess(
  file: string,
  args: readonly string[],
  { env, cwd = PROJECT }: { env?: Io["env"]; cwd?: string } = {},
): Promise<Ran> {
  const all = [join(PROJECT, "src/cli", file), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
