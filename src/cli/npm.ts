// npm, as this project's commands call it to install: on the Node that runs them, and saying only what went wrong.

import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { err, ok, type Result } from "../result.ts";

/** What npm says where the registry is out of reach. */
export const NO_NETWORK =
  /npm error (?:code (?:ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|E5\d\d)|network )/;

/** `npm run -s` would silence the errors too; and without a network nobody waits for a minute. */
export const QUIETLY: readonly string[] = [
  ...["--no-audit", "--no-fund", "--loglevel=error"],
  ...["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"],
];

/** Why npm installed nothing. */
export interface NotInstalled {
  readonly noNetwork: boolean;
  /** What npm said. */
  readonly output: string;
}

/** Runs an installing command of npm in `folder`, and there alone; `timeout` in milliseconds. */
export function npm(
  args: readonly string[],
  folder: string,
  timeout: number,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result<undefined, NotInstalled>> {
  // Whoever started us by `npm --prefix …` did not mean this folder.
  const all = [...args, "--prefix", folder, ...QUIETLY];
  const PATH = [dirname(process.execPath), env.PATH].join(delimiter);
  return new Promise((resolve) => {
    execFile("npm", all, { cwd: folder, env: { ...env, PATH }, timeout }, (error, stdout, stderr) => {
      if (error === null) return resolve(ok(undefined));
      const said = (stdout + stderr).trimEnd() || error.message;
      const output = error.killed ? `${said}\nstopped after ${timeout / 1000} s` : said;
      resolve(err({ noNetwork: NO_NETWORK.test(output), output }));
    });
  });
}
