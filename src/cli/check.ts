// `cloudinary-edge-signer check`: every environment of a deployment, before it is deployed. One line for each thing, all
// of them at once, and no value.

import { type Fault, faultPlace } from "../fault.ts";
import { type CheckedEnvironment, checkProject, environmentNamed } from "./environments.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import { policyText } from "./print.ts";

export interface CheckOptions {
  /** The wrangler.toml. */
  readonly config: string;
  /** One environment alone; `""` is the one without a name. Absent, all of them. */
  readonly env?: string;
  /** Writes the effective policy in words. */
  readonly print?: boolean;
  readonly json?: boolean;
}

const NO_PROFILE =
  'no profile yet, so it signs for nobody: add `default: { access: ["public"] }`, or a stricter one, to `profiles` in signer.config.ts';

const titleOf = (path: string, name: string | undefined): string =>
  name === undefined ? path : `${path} --env ${name}`;

/** A fault with the rule that it breaks, which docs/rules.md explains. */
const lineOf = (fault: Fault): string =>
  `${faultPlace(fault)}: ${fault.problem}${fault.rule === undefined ? "" : ` (rule ${fault.rule})`}`;

/** Lines with the title of their environment; one that all of them have is told once. */
function titled(
  path: string,
  lines: readonly (readonly [name: string | undefined, texts: readonly string[]])[],
) {
  const isCommon = (text: string) => lines.length > 1 && lines.every(([, texts]) => texts.includes(text));
  return lines.flatMap(([name, texts], i) =>
    texts.flatMap((text) =>
      isCommon(text) ? (i === 0 ? [`${path}: ${text}`] : []) : [`${titleOf(path, name)}: ${text}`],
    ),
  );
}

function report(environments: readonly CheckedEnvironment[], path: string, io: Io): void {
  const faults = environments.map(({ name, faults }) => [name, [...new Set(faults.map(lineOf))]] as const);
  for (const line of titled(path, faults)) io.err(`✗ ${line}`);
  const right = environments.filter(({ faults }) => faults.length === 0);
  for (const { name, config, policy } of right) {
    const profiles = config.ok ? [...config.value.profiles.keys()] : [];
    const what = profiles.length > 0 ? `profiles ${profiles.join(", ")}` : NO_PROFILE;
    io.out(`✓ ${titleOf(path, name)}: ${what}; policy ${policy}`);
  }
  const warnings = right.map(({ name, warnings }) => [name, warnings] as const);
  for (const line of titled(path, warnings)) io.out(`! ${line}`);
}

const forMachines = ({ name, faults, warnings, config, policy }: CheckedEnvironment) => ({
  environment: name ?? null,
  policy: policy ?? null,
  profiles: config.ok ? [...config.value.profiles.keys()] : [],
  faults: faults.map((fault) => ({ place: faultPlace(fault), problem: fault.problem, rule: fault.rule })),
  warnings,
});

async function environmentsOf({ config, env }: CheckOptions): Promise<CheckedEnvironment[]> {
  const environments = await checkProject(config);
  return env === undefined ? environments : [environmentNamed(environments, env, config)];
}

/** Exit 0 if every environment is right, 1 if not. */
export async function check(options: CheckOptions, io: Io): Promise<number> {
  const { config: path, print, json } = options;
  const environments = await environmentsOf(options);
  const isRight = environments.every(({ faults }) => faults.length === 0);
  if (json) io.out(jsonText({ ok: isRight, environments: environments.map(forMachines) }));
  else report(environments, path, io);
  if (print && isRight && !json)
    for (const environment of environments) io.out(policyText(titleOf(path, environment.name), environment));
  return isRight ? 0 : 1;
}
