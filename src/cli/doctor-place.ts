// Where the doctor looks: the deployment beside a wrangler.toml as it is checked, and the values that are at hand for its
// secrets, as `wrangler dev` reads them, or from the environment of this process.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { err, ok, type Result } from "../result.ts";
import { loadWrangler, MissingTool } from "../testing/tools.ts";
import { ACCOUNT_VARIABLES, SECRETS } from "./binding-names.ts";
import { couldNot, found, type Outcome } from "./doctor-outcome.ts";
import { type CheckedEnvironment, checkProject, environmentNamed } from "./environments.ts";
import { Fixable } from "./fixable.ts";
import type { Io } from "./io.ts";
import { namedSecrets } from "./stand-ins.ts";

export interface Place {
  readonly config: string;
  readonly folder: string;
  readonly env: string | undefined;
  /** The environments that are looked at, or why there are none. */
  readonly environments: Result<readonly CheckedEnvironment[], readonly Outcome[]>;
  /** The account's bindings, and what else was found beside them. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** Where the account was found. */
  readonly source: string;
  /** The secrets of access methods that are at hand. */
  readonly secrets: ReadonlyMap<string, string>;
}

async function environmentsOf(config: string, env: string | undefined): Promise<Place["environments"]> {
  if (!existsSync(config))
    return err(couldNot(`run this where your wrangler.toml is, or give --config: ${config} is not there`));
  try {
    await loadWrangler(config);
    const all = await checkProject(config);
    return ok(env === undefined ? all : [environmentNamed(all, env, config)]);
  } catch (error) {
    if (error instanceof MissingTool) return err(couldNot(error.message));
    if (error instanceof Fixable) return err(found(error.message));
    throw error;
  }
}

function readEnvFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch {
    // It is not there, or nobody may read it.
    return {};
  }
}

/** The files that wrangler reads, where there is no wrangler.toml or no wrangler to read them: .dev.vars, or else .env files. */
function plainVars(folder: string, env: string | undefined): Record<string, unknown> {
  const secrets = [...(env ? [`.dev.vars.${env}`] : []), ".dev.vars"].find((name) =>
    existsSync(join(folder, name)),
  );
  const names = [".env", ".env.local", ...(env ? [`.env.${env}`, `.env.${env}.local`] : [])];
  const files = secrets === undefined ? names : [secrets];
  return Object.assign({}, ...files.map((name) => readEnvFile(join(folder, name))));
}

/** What a Worker on this machine would be given: [vars], and .dev.vars or else .env files. */
async function devVars(config: string, env: string | undefined): Promise<Record<string, unknown>> {
  const folder = dirname(resolve(config));
  if (!existsSync(config)) return plainVars(folder, env);
  try {
    const { unstable_getVarsForDev, unstable_readConfig } = await loadWrangler(config);
    const { vars } = unstable_readConfig({ config, env: env ?? "" }, { hideWarnings: true });
    const bindings = unstable_getVarsForDev(resolve(config), undefined, vars, env || undefined, true);
    return Object.fromEntries(Object.entries(bindings).map(([name, { value }]) => [name, value]));
  } catch {
    // What is wrong with the file, or that there is no wrangler, its check says.
    return plainVars(folder, env);
  }
}

const isSet = (value: unknown): boolean => value !== undefined && value !== "";

/** The bindings of the account: this process's own where it has a secret, for they overrule what files say in every SDK. */
function accountBindings(env: Io["env"], files: Readonly<Record<string, unknown>>) {
  const names = [...ACCOUNT_VARIABLES, ...SECRETS];
  const of = (values: Readonly<Record<string, unknown>>, those: readonly string[]) =>
    Object.fromEntries(those.filter((name) => isSet(values[name])).map((name) => [name, values[name]]));
  const own = of(env, names);
  if (own.CLOUDINARY_URL !== undefined) return { source: "the environment", account: own };
  if (own.CLOUDINARY_API_SECRET !== undefined)
    return { source: "the environment", account: { ...of(files, ACCOUNT_VARIABLES), ...own } };
  return { source: ".dev.vars or .env", account: of(files, names) };
}

export async function lookAround(
  { config, env }: { readonly config: string; readonly env?: string | undefined },
  io: Io,
): Promise<Place> {
  const environments = await environmentsOf(config, env);
  const files = await devVars(config, env);
  const { source, account } = accountBindings(io.env, files);
  const prefix = [io.env.CLOUDINARY_UPLOAD_PREFIX, files.CLOUDINARY_UPLOAD_PREFIX].find(isSet);
  const names = environments.ok
    ? environments.value.flatMap(({ settings }) => namedSecrets(settings?.access ?? {}))
    : [];
  const named = names.flatMap((name): [string, string][] => {
    const value = [io.env[name], files[name]].find(isSet);
    return typeof value === "string" ? [[name, value]] : [];
  });
  return {
    config,
    folder: dirname(resolve(config)),
    env,
    environments,
    bindings: { ...account, ...(prefix !== undefined && { CLOUDINARY_UPLOAD_PREFIX: prefix }) },
    source,
    secrets: new Map(named),
  };
}
