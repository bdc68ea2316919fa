// A command in a pseudo-terminal, and what a terminal then shows: xterm judges the escape codes.

import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { PROJECT } from "../../src/testing/local-worker.ts";

const { NODE_COMPILE_CACHE } = process.env;
const COMPILED = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };

export interface Pty {
  /** All that was written, escape codes too. */
  output(): string;
  /** Resolves when this was written. */
  until(pattern: RegExp): Promise<void>;
  /** What is typed. */
  write(text: string): void;
  /** Ctrl-C, as the terminal's keyboard sends it. */
  interrupt(): void;
  /** The exit code, and the lines that are left on the screen, with the column of the cursor. */
  ended(): Promise<{ code: number; screen: string[]; column: number }>;
}

/** Starts `src/cli/cli.ts`. `env` is all that it has of the environment beside PATH, TERM and where Node keeps what it compiled. */
export function startPty(
  args: readonly string[],
  {
    env = {},
    cwd = PROJECT,
    columns = 100,
  }: { env?: Record<string, string>; cwd?: string; columns?: number } = {},
): Pty {
  const terminal = new xterm.Terminal({ cols: columns, rows: 50, allowProposedApi: true });
  const child = spawn(process.execPath, [join(PROJECT, "src/cli/cli.ts"), ...args], {
    name: env.TERM ?? "xterm-256color",
    cols: columns,
    rows: 50,
    cwd,
    env: { PATH: process.env.PATH ?? "", ...COMPILED, ...env },
  });
  let output = "";
  const waiting = new Set<() => void>();
  child.onData((data) => {
    output += data;
    terminal.write(data);
    for (const look of waiting) look();
  });
  const exit = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  return {
    output: () => output,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(output)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        exit.then(() => reject(new Error(`ended without ${pattern}: ${output}`)));
      }),
    write: (text) => child.write(text),
    interrupt: () => child.write("\x03"),
    ended: async () => {
      const code = await exit;
      await new Promise<void>((resolve) => terminal.write("", resolve));
      const { active } = terminal.buffer;
      const lines = Array.from({ length: active.length }, (_, y) =>
        active.getLine(y)!.translateToString(true),
      );
      const last = lines.findLastIndex((line) => line !== "");
      return { code, screen: lines.slice(0, last + 1), column: active.cursorX };
    },
  };
}
