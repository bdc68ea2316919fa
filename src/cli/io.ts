// What a command is given of its process; it answers by an exit code. So it runs in any process, a test's too.

import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints what was asked for, and a line's end. */
  readonly out: (text: string) => void;
  /** Prints what went wrong, and a line's end. */
  readonly err: (text: string) => void;
}

/** This process. */
export const PROCESS: Io = { env: process.env, out: console.log, err: console.error };

/** What was typed after the command's name. */
export const ARGS: readonly string[] = process.argv.slice(2);

/** Whether a module is what was started, and not what something imports. Node tells it by `main` since 24.2. */
export const isStarted = ({ main, url }: { main?: boolean; url: string }): boolean =>
  main ?? url === pathToFileURL(realpathSync(process.argv[1] ?? "")).href;
