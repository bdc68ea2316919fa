// What would deploy the same Worker past the check: an environment whose build command is another one, and a second
// file of wrangler's in the same folder.

import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Fault } from "../fault.ts";
import { type Raw, readRaw, type WranglerConfig } from "./wrangler-toml.ts";

const isCheck = (command: unknown): boolean =>
  typeof command === "string" && /(cloudinary-edge-signer|cli\/main\.[jt]s) check\b/.test(command);

/** An environment that replaces a build command by one which checks nothing. */
export function buildFaults(
  own: WranglerConfig,
  env: string | undefined,
  others: readonly WranglerConfig[],
): Fault[] {
  if (isCheck(own.build?.command) || !others.some(({ build }) => isCheck(build?.command))) return [];
  const place = env === undefined ? "[build]" : `[env.${env}.build]`;
  const problem = "add `cloudinary-edge-signer check &&`: other environments run this check";
  return [{ binding: `${place} command`, problem }];
}

const mainOf = ({ main }: Raw): unknown => (typeof main === "string" ? main.replace(/^\.\//, "") : undefined);
const commandOf = ({ build }: Raw): unknown => (build as { command?: unknown } | undefined)?.command;

/** Files beside this one that name the same Worker, and whose build command does not check them. */
export async function uncheckedFiles(path: string): Promise<Fault[]> {
  const folder = dirname(path);
  const own = mainOf(await readRaw(path));
  const names = (await readdir(folder)).filter(
    (name) => /^wrangler.*\.(jsonc?|toml)$/.test(name) && name !== basename(path),
  );
  const others = await Promise.all(
    names.map(async (name) => [name, await readRaw(join(folder, name))] as const),
  );
  return others.flatMap(([name, raw]): Fault[] => {
    const command = commandOf(raw);
    if (mainOf(raw) !== own || (isCheck(command) && String(command).includes(name))) return [];
    const problem = `remove it, or write \`cloudinary-edge-signer check --config ${name}\` as its build command: it deploys the same Worker and is not checked`;
    return [{ binding: name, problem }];
  });
}
