// The compiler, as a process of one thread: with several it checks the libraries once in each, and others wait. Its own
// libraries, which it brings, are taken as right; those of packages are checked.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";

/** What it says; nothing where all is right. */
export const tsc = (args: readonly string[], cwd: string): Promise<string> =>
  new Promise((resolve) => {
    const command = join(PROJECT, "node_modules/.bin/tsc");
    execFile(
      command,
      [...args, "--singleThreaded", "--skipDefaultLibCheck"],
      { cwd },
      (error, stdout, stderr) => resolve(error === null ? "" : stdout + stderr),
    );
  });

/** What was said of files whose paths begin so, and of all others: right and mistaken files are compiled in one run. */
export function apart(said: string, start: string): { readonly about: string; readonly others: string } {
  // What belongs to a line is indented below it.
  const lines = said.split(/^(?=\S)/m);
  const isAbout = (line: string): boolean => line.startsWith(start);
  return {
    about: lines.filter(isAbout).join(""),
    others: lines.filter((line) => !isAbout(line)).join(""),
  };
}
