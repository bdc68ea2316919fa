// Programs that a slim machine may lack; tests that need one are skipped there, and reported as skipped.

import { spawnSync } from "node:child_process";

const version = Number(
  /^curl (\d+\.\d+)/.exec(spawnSync("curl", ["--version"]).stdout?.toString() ?? "")?.[1],
);

/** curl since 7.81, which writes file names as browsers do. */
export const HAS_CURL = version >= 7.81;

/** The shells of this machine. */
export const SHELLS = ["sh", "bash", "busybox sh", "zsh"].filter((shell) => {
  const [program = "", ...args] = shell.split(" ");
  return spawnSync(program, [...args, "-c", ":"]).status === 0;
});
