// wrangler.toml as the Worker will see it: its bindings checked before anything runs or is deployed.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { unstable_readConfig } from "wrangler";
import { type Bindings, readBindings } from "../config/bindings.ts";
import type { Config, Fault } from "../config/config.ts";
import type { Result } from "../signature/result.ts";

/** Something a person can mend; its message is printed without a stack. */
export class Mendable extends Error {}

/** Secrets of the Worker; none of them may stand in a file. */
const SECRETS = ["CLOUDINARY_API_SECRET", "CLOUDINARY_URL"];

/** Stand in for the secrets, which no file holds; never used to sign. */
const STAND_IN_SECRET = "stand-in-for-the-secret";
const STAND_IN_URL = `cloudinary://1:${STAND_IN_SECRET}@stand-in`;

/** The options of a command; a wrong one is told without a stack. */
export function readOptions(args: readonly string[], fallback: string): { config: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: "string", default: fallback } },
    });
    return values;
  } catch (error) {
    throw new Mendable(`${(error as Error).message.split(".")[0]}; the one option is --config FILE`);
  }
}

export interface CheckedConfig {
  /** The variables of this environment. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** What is wrong, `[vars]` that hold a secret first. */
  readonly faults: readonly Fault[];
  /** The configuration that these variables make, with a stand-in for each secret. */
  readonly config: Result<Config, Fault[]>;
}

/** Variables that are secrets: `[vars]` are in plain sight of everyone who reads the file or the dashboard. */
export function secretsInVars(vars: Readonly<Record<string, unknown>>, env: string | undefined): Fault[] {
  const place = env === undefined ? "[vars]" : `[env.${env}.vars]`;
  return secretNames(vars)
    .filter((name) => vars[name] !== undefined)
    .map((binding) => ({
      binding,
      problem: `is a secret and stands in ${place} of wrangler.toml, where everyone can read it: remove it there, change it where it was made, and run \`npx wrangler secret put ${binding} --env ""\``,
    }));
}

function readConfig(path: string, env: string | undefined): ReturnType<typeof unstable_readConfig> {
  try {
    return unstable_readConfig({ config: path, ...(env !== undefined && { env }) }, { hideWarnings: true });
  } catch (error) {
    // The first line says what is wrong; those after it repeat the file.
    const { message, location } = error as Error & { location?: { line?: number; column?: number } };
    const [first = "", second = ""] = message.trim().split("\n");
    const reason = (first.endsWith(":") ? second.replace(/ but got .*/, "") : first).trim();
    const place = location?.line === undefined ? "" : `, line ${location.line}, column ${location.column}`;
    throw new Mendable(`${path}${place} can't be read: ${reason}`);
  }
}

/** Tables of ours that stand where nothing reads them. */
function misplaced(path: string): Fault[] {
  const found = /^[ \t]*\[((?:env\.[\w-]+\.)?)(SIGNER[\w.-]*)\]/m.exec(readFileSync(path, "utf8"));
  if (found === null) return [];
  const [, env = "", table = ""] = found;
  const problem = `[${env}${table}] stands outside of vars, where nothing reads it: write [${env}vars.${table}]`;
  return [{ binding: "SIGNER", problem }];
}

/** The secrets that `SIGNER` names. */
export function namedSecrets(settings: unknown): string[] {
  const names = JSON.stringify(settings ?? {}).matchAll(/"secretBinding":"([A-Z][A-Z0-9_]*)"/g);
  return [...new Set([...names].map(([, name = ""]) => name))];
}

const secretNames = (vars: Readonly<Record<string, unknown>>): string[] => [
  ...SECRETS,
  ...namedSecrets(vars.SIGNER),
];

/** Stand in for the secrets that `SIGNER` names, long enough for any use. */
const standIns = (settings: unknown): Record<string, string> =>
  Object.fromEntries(
    namedSecrets(settings).map((name) => [name, `${STAND_IN_SECRET}-${name}-${"x".repeat(32)}`]),
  );

/**
 * Reads one environment of a wrangler.toml (`undefined`: what is deployed) and checks it like the Worker does.
 * `account` tells whether the cloud name and the key must stand in this file, or may come with a `CLOUDINARY_URL`.
 */
export function checkWranglerConfig(
  path: string,
  env: string | undefined,
  account: "here" | "anywhere" = "anywhere",
): CheckedConfig {
  const file = readConfig(path, env);
  const vars: Readonly<Record<string, unknown>> = file.vars;
  const secrets = secretsInVars(vars, env);
  const secretOnes = secretNames(vars);
  const noSecrets = Object.fromEntries(Object.entries(vars).filter(([name]) => !secretOnes.includes(name)));
  const usesUrl =
    account === "anywhere" &&
    noSecrets.CLOUDINARY_CLOUD_NAME === undefined &&
    noSecrets.CLOUDINARY_API_KEY === undefined;
  const bindings: Bindings = {
    ...noSecrets,
    ...(usesUrl ? { CLOUDINARY_URL: STAND_IN_URL } : { CLOUDINARY_API_SECRET: STAND_IN_SECRET }),
  };
  const assets = file.assets?.binding === "ASSETS" && { ASSETS: { fetch } };
  const config = readBindings({ ...standIns(vars.SIGNER), ...assets, ...bindings });
  return { vars, faults: [...misplaced(path), ...secrets, ...(config.ok ? [] : config.error)], config };
}
