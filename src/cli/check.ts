// `cloudinary-edge-signer check`: every environment of a deployment, before it is deployed. One line for each thing, all
// of them at once, and no value.

import { placeOf } from "../config/faults.ts";
import { type CheckedEnvironment, checkProject } from "./environments.ts";
import type { Io } from "./io.ts";
import { policyText } from "./print.ts";

export interface CheckOptions {
  /** The wrangler.toml. */
  readonly config: string;
  /** Writes the effective policy in words. */
  readonly print?: boolean;
  readonly json?: boolean;
}

const titleOf = (path: string, name: string | undefined): string =>
  name === undefined ? path : `${path} --env ${name}`;

function report({ name, faults, warnings, config, policy }: CheckedEnvironment, path: string, io: Io): void {
  const title = titleOf(path, name);
  for (const fault of faults) io.err(`✗ ${title}: ${placeOf(fault)}: ${fault.problem}`);
  if (faults.length > 0 || !config.ok) return;
  const profiles = [...config.value.profiles.keys()];
  const what =
    profiles.length > 0
      ? `profiles ${profiles.join(", ")}`
      : 'no profile yet, so it signs for nobody: add `default: { access: ["public"] }`, or a stricter one, to `profiles` in signer.config.ts';
  io.out(`✓ ${title}: ${what}; policy ${policy}`);
  for (const warning of warnings) io.out(`! ${title}: ${warning}`);
}

/** Exit 0 if every environment is right, 1 if not. */
export async function check({ config: path, print, json }: CheckOptions, io: Io): Promise<number> {
  const environments = await checkProject(path);
  const isRight = environments.every(({ faults }) => faults.length === 0);
  if (json) {
    const told = environments.map(({ name, faults, warnings, config, policy }) => ({
      environment: name ?? null,
      policy: policy ?? null,
      profiles: config.ok ? [...config.value.profiles.keys()] : [],
      faults: faults.map((fault) => ({ place: placeOf(fault), problem: fault.problem })),
      warnings,
    }));
    io.out(JSON.stringify({ ok: isRight, environments: told }, null, 2));
  } else {
    for (const environment of environments) report(environment, path, io);
    if (print && isRight)
      for (const environment of environments)
        io.out(policyText(titleOf(path, environment.name), environment));
  }
  return isRight ? 0 : 1;
}
