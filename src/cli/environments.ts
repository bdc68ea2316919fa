// Each environment of a deployment, checked as the Worker itself will: its policy, its account, and what wrangler.toml
// says beside them.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readBindings } from "../config/bindings.ts";
import { type Configured, faultsOf } from "../config/checked.ts";
import { type Effective, inEnvironment } from "../config/environment.ts";
import { checkDefinition, readDefinition, type Settings } from "../config/schema.ts";
import { soundForm } from "../config/without-faulty.ts";
import type { Fault } from "../fault.ts";
import type { Result } from "../result.ts";
import { digestHex } from "../signature/digest.ts";
import { buildFaults, uncheckedFiles } from "./build-command.ts";
import { Fixable } from "./fixable.ts";
import { lacking, lackingWarnings } from "./inherited.ts";
import { nameFaults, tableFaults } from "./known-names.ts";
import { loadDefinition } from "./load.ts";
import { queueWarnings } from "./queue-warnings.ts";
import { secretLines } from "./secret-texts.ts";
import { namedSecrets, standIns } from "./stand-ins.ts";
import { variableFaults } from "./variables.ts";
import { environmentWarnings, warningsOf } from "./warnings.ts";
import { environmentsOf, type Raw, readRaw, readWrangler, type WranglerConfig } from "./wrangler-toml.ts";

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
  readonly config: Configured;
  /** What is in force of the definition, where its form is right. */
  readonly settings: Effective | undefined;
  /** SHA-256 of what decides who may sign what, as `/health` tells it. */
  readonly policy: string | undefined;
}

/** What all environments have in common. */
interface Project {
  readonly definition: unknown;
  /** The parts of it whose form is right. */
  readonly form: Result<Settings, Fault[]>;
  readonly raw: Raw;
  /** Secrets in the lines of the files. */
  readonly leaks: readonly Fault[];
  /** Other files from which wrangler would deploy the same Worker. */
  readonly unchecked: readonly Fault[];
}

function formOf(definition: unknown): Result<Settings, Fault[]> {
  const read = readDefinition(definition, DEFINITION_FILE);
  if (!read.ok) return read;
  return soundForm(read.value, checkDefinition(read.value, DEFINITION_FILE), DEFINITION_FILE);
}

async function checkEnvironment(
  { definition, form, raw, leaks, unchecked }: Project,
  file: WranglerConfig,
  env: string | undefined,
  others: readonly WranglerConfig[],
): Promise<CheckedEnvironment> {
  const { vars } = file;
  const effective = form.ok
    ? inEnvironment(form.value, vars.SIGNER_ENV, "SIGNER_ENV", DEFINITION_FILE)
    : form;
  const settings = effective.ok ? effective.value : undefined;
  // A secret of any environment is one in all of them.
  const methods = form.ok ? [form.value, ...Object.values(form.value.environments)] : [];
  const secretFaults = variableFaults(
    vars,
    methods.flatMap(({ access }) => namedSecrets(access)),
    env,
  );
  const named = [...secretFaults, ...nameFaults(file, env)];
  const isWrong = (name: string): boolean => named.some(({ binding }) => binding === name);
  const plain = Object.fromEntries(Object.entries(vars).filter(([name]) => !isWrong(name)));
  const config = readBindings(definition, standIns(file, settings, plain), env);
  // A variable's own fault tells more than its line does.
  const isTold = secretFaults.length > 0;
  return {
    name: env,
    vars,
    faults: [
      ...leaks.filter(({ binding }) => !isTold || binding.startsWith(DEFINITION_FILE)),
      ...unchecked,
      ...named,
      ...tableFaults(raw, env),
      ...faultsOf(config),
      ...buildFaults(file, env, others),
      ...lacking({ own: file, env, others, settings }),
    ],
    warnings: [
      ...(config.ok && settings !== undefined ? warningsOf(config.value, settings, file) : []),
      ...environmentWarnings(env, [file, ...others], form.ok ? Object.keys(form.value.environments) : []),
      ...lackingWarnings({ own: file, env, others, settings }),
      ...queueWarnings(file, env),
    ],
    config,
    settings,
    policy: config.ok ? await digestHex("sha256", config.value.policy) : undefined,
  };
}

/** Checks every environment of a wrangler.toml, by the definition beside it. */
export async function checkProject(path: string): Promise<CheckedEnvironment[]> {
  if (!existsSync(path))
    throw new Fixable(`run this where your wrangler.toml is, or give --config: ${path} is not there`);
  const definitionPath = join(dirname(path), DEFINITION_FILE);
  const names = await environmentsOf(path);
  const files = await Promise.all(names.map((name) => readWrangler(path, name)));
  const definition = await loadDefinition(definitionPath, files[0]!.compatibility_flags);
  const texts = await Promise.all([path, definitionPath].map((file) => readFile(file, "utf8")));
  const leaks = [...secretLines(basename(path), texts[0]!), ...secretLines(DEFINITION_FILE, texts[1]!)];
  const project: Project = {
    definition,
    form: formOf(definition),
    raw: await readRaw(path),
    leaks,
    unchecked: await uncheckedFiles(path),
  };
  return Promise.all(
    names.map((name, i) =>
      checkEnvironment(
        project,
        files[i]!,
        name,
        files.filter((_, other) => other !== i),
      ),
    ),
  );
}

/** The environment of this name; absent and `""` are the one without. */
export function environmentNamed(
  environments: readonly CheckedEnvironment[],
  name: string | undefined,
  path: string,
): CheckedEnvironment {
  const found = environments.find((one) => (one.name ?? "") === (name ?? ""));
  if (found !== undefined) return found;
  const known = environments.flatMap((one) => one.name ?? []).join(", ") || "none";
  throw new Fixable(
    `choose one of the environments of ${path}: ${known}; there is no ${JSON.stringify(name)}`,
  );
}
