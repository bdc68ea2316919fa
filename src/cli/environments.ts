// Each environment of a deployment, checked as the Worker itself will: its policy, its account, and what wrangler.toml
// says beside them.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBindings } from "../config/bindings.ts";
import type { Config } from "../config/config.ts";
import { type Effective, inEnvironment } from "../config/environment.ts";
import type { Fault } from "../config/faults.ts";
import { patternWarning } from "../config/origins.ts";
import { checkDefinition } from "../config/schema.ts";
import { digestHex } from "../signature/digest.ts";
import type { Result } from "../signature/result.ts";
import { Fixable } from "./fixable.ts";
import { loadDefinition } from "./load.ts";
import { variableFaults } from "./variables.ts";
import { bindingsOf, environmentsOf, readWrangler, type WranglerConfig } from "./wrangler-toml.ts";

/** Stand in for the secrets, which no file holds; never used to sign. */
const STAND_IN = "stand-in-for-the-secret";

/** The file of the definition, beside wrangler.toml. */
export const DEFINITION_FILE = "signer.config.ts";

export interface CheckedEnvironment {
  /** The environment of wrangler.toml; `undefined` is the one without a name. */
  readonly name: string | undefined;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  /** What its owner should know. */
  readonly warnings: readonly string[];
  /** The configuration, with a stand-in for each secret. */
  readonly config: Result<Config, Fault[]>;
  /** What is in force of the definition, where its form is right. */
  readonly settings: Effective | undefined;
  /** SHA-256 of what decides who may sign what, as `/health` tells it. */
  readonly policy: string | undefined;
}

/** The names of secrets that access methods have. */
export function namedSecrets(access: Readonly<Record<string, object>>): string[] {
  const names = Object.values(access).flatMap((method) => {
    const { secret } = method as { secret?: unknown };
    return typeof secret === "string" ? [secret] : [];
  });
  return [...new Set(names)];
}

/** What the others have and this one lacks: environments inherit no bindings. */
function lacking(file: WranglerConfig, env: string | undefined, others: readonly WranglerConfig[]): Fault[] {
  const own = bindingsOf(file);
  const faults = new Map<string, Fault>();
  for (const [binding, table] of others.flatMap((other) => [...bindingsOf(other)])) {
    if (own.has(binding)) continue;
    const place = env === undefined ? `[[${table}]]` : `[[env.${env}.${table}]]`;
    const problem = `is bound in another environment and not here, for environments inherit no bindings: add it under ${place} in wrangler.toml`;
    faults.set(binding, { binding, problem });
  }
  return [...faults.values()];
}

function warningsOf(config: Config, { allowedOrigins, access }: Effective): string[] {
  const patterns = allowedOrigins.flatMap((text) => patternWarning(text) ?? []);
  const isOpen = (names: readonly string[]) => names.some((name) => config.ways.get(name)!.anonymous);
  const open = [...config.profiles.values()].filter((profile) => isOpen(profile.access));
  const unlimited =
    open.length > 0 && config.limitByIp === undefined
      ? [
          `profiles ${open.map(({ name }) => name).join(", ")}: anybody may ask, as often as anybody likes: bind LIMIT_BY_IP under [[ratelimits]]`,
        ]
      : [];
  const closed = Object.entries(access).filter(
    ([, method]) => method.type === "origin" && !config.page && allowedOrigins.length === 0,
  );
  const nobody = closed.map(
    ([name]) => `access.${name}: lets nobody in until allowedOrigins, or ALLOWED_ORIGINS, lists an origin`,
  );
  return [...patterns, ...unlimited, ...nobody];
}

async function checkEnvironment(
  path: string,
  env: string | undefined,
  definition: unknown,
  others: readonly WranglerConfig[],
): Promise<CheckedEnvironment> {
  const file = await readWrangler(path, env);
  const vars: Readonly<Record<string, unknown>> = file.vars;
  const form = checkDefinition(definition, DEFINITION_FILE);
  const effective = form.ok ? inEnvironment(form.value, vars.SIGNER_ENV, "SIGNER_ENV") : form;
  const settings = effective.ok ? effective.value : undefined;
  const named = namedSecrets(settings?.access ?? {});
  const secretFaults = variableFaults(vars, named, env);
  const isSecret = (name: string): boolean => secretFaults.some(({ binding }) => binding === name);
  const plain = Object.fromEntries(Object.entries(vars).filter(([name]) => !isSecret(name)));
  const bound = bindingsOf(file);
  const usesUrl =
    plain.CLOUDINARY_CLOUD_NAME === undefined &&
    plain.CLOUDINARY_API_KEY === undefined &&
    !bound.has("CLOUDINARY_API_SECRET");
  const limiter = { limit: async () => ({ success: true }) };
  const limiters = [...bound].filter(([, table]) => table === "ratelimits").map(([name]) => [name, limiter]);
  const read = readBindings(definition, {
    ...Object.fromEntries(named.map((name) => [name, `${STAND_IN}-${name}-${"x".repeat(32)}`])),
    ...Object.fromEntries(limiters),
    ...(bound.get("ASSETS") === "assets" && { ASSETS: { fetch } }),
    ...plain,
    ...(usesUrl
      ? { CLOUDINARY_URL: `cloudinary://1:${STAND_IN}@stand-in` }
      : { CLOUDINARY_API_SECRET: STAND_IN }),
  });
  const faults = [...secretFaults, ...(read.ok ? [] : read.error), ...lacking(file, env, others)];
  return {
    name: env,
    vars,
    faults,
    warnings: read.ok && settings !== undefined ? warningsOf(read.value, settings) : [],
    config: read,
    settings,
    policy: read.ok ? await digestHex("sha256", read.value.policy) : undefined,
  };
}

/** Checks every environment of a wrangler.toml, by the definition beside it. */
export async function checkProject(path: string): Promise<CheckedEnvironment[]> {
  if (!existsSync(path))
    throw new Fixable(`${path} is not there: run this where your wrangler.toml is, or give --config`);
  const definition = await loadDefinition(join(dirname(path), DEFINITION_FILE));
  const names = await environmentsOf(path);
  const files = await Promise.all(names.map((name) => readWrangler(path, name)));
  return Promise.all(
    names.map((name, i) =>
      checkEnvironment(
        path,
        name,
        definition,
        files.filter((_, other) => other !== i),
      ),
    ),
  );
}
