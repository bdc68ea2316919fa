// What a command is given of its process; it answers by an exit code. So it runs in any process, a test's too.

import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** A terminal that progress is drawn on, and erased from. */
export interface Terminal {
  /** Its width now. */
  readonly columns: () => number;
  readonly write: (text: string) => void;
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints what was asked for, and a line's end. */
  readonly out: (text: string) => void;
  /** Prints what went wrong, and a line's end. */
  readonly err: (text: string) => void;
  /** Absent where nobody looks at it: then nothing is drawn. */
  readonly terminal?: Terminal | undefined;
  /** What is piped into it or typed, to its end; no more of it is read than so many characters, or little more. */
  readonly stdin?: { readonly isTerminal: boolean; readonly read: (max: number) => Promise<string> };
  /** Tells once that the command is to stop, with the exit code for that; answers what takes the listener off again. */
  readonly onStop?: (stop: (code: number) => void) => () => void;
}

/** Exit codes of what a signal ends, as shells have them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

function onStop(stop: (code: number) => void): () => void {
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => stop(code)] as const);
  // Once: who presses Ctrl-C again does not want to wait for anything.
  for (const [signal, listener] of listeners) process.once(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}

async function readStdin(max: number): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    text += chunk;
    if (text.length >= max) break;
  }
  return text;
}

/** This process. Progress is drawn beside what was asked for, which may go into a file. */
export const PROCESS: Io = {
  env: process.env,
  out: console.log,
  err: console.error,
  terminal:
    process.stderr.isTTY && process.env.TERM !== "dumb"
      ? { columns: () => process.stderr.columns || 80, write: (text) => void process.stderr.write(text) }
      : undefined,
  stdin: { isTerminal: process.stdin.isTTY === true, read: readStdin },
  onStop,
};

/** What was typed after the command's name. */
export const ARGS: readonly string[] = process.argv.slice(2);

/** Whether a module is what was started, and not what something imports. Node tells it by `main` since 24.2. */
export const isStarted = ({ main, url }: { main?: boolean; url: string }): boolean =>
  main ?? url === pathToFileURL(realpathSync(process.argv[1] ?? "")).href;
