// `npm run check` and `npm run deploy`: the same check that the Worker makes before its first answer.

import type { SignerInput } from "../config/options.ts";
import { patternWarning } from "../config/origins.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";
import { checkWranglerConfig, Mendable, readOptions } from "./wrangler-config.ts";

/** Prints what is right and wrong with one environment; true if all is right. */
function check(file: string, env: string | undefined, { out, err }: Io): boolean {
  const name = `${file}${env === undefined ? "" : ` (--env ${env})`}`;
  const { vars, faults, config } = checkWranglerConfig(file, env);
  for (const { binding, problem } of faults) err(`✗ ${name}: ${binding}: ${problem}`);
  if (!config.ok || faults.length > 0) return false;
  const profiles = [...config.value.profiles.keys()];
  out(
    profiles.length > 0
      ? `✓ ${name}: profiles ${profiles.join(", ")}`
      : `✓ ${name}: no profile yet, so it signs for nobody: add [vars.SIGNER.profiles.default] with access = ["public"], or a stricter one`,
  );
  if (profiles.length > 0 && vars.CLOUDINARY_CLOUD_NAME === undefined)
    out("! no CLOUDINARY_CLOUD_NAME in [vars]: the account must then come by the secret CLOUDINARY_URL");
  for (const text of writtenOrigins(vars.SIGNER)) {
    const warning = patternWarning(text);
    if (warning !== undefined) out(`! ${name}: SIGNER.allowedOrigins: ${warning}`);
  }
  return true;
}

/** The origins of settings that were found right. */
const writtenOrigins = (settings: unknown): readonly string[] =>
  (settings as SignerInput | undefined)?.allowedOrigins ?? [];

/** Exit 0 if what is deployed and the demo are right, 1 if not. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    const { config } = readOptions(args, "wrangler.toml");
    const right = [undefined, "local"].map((env) => check(config, env, io));
    return right.every(Boolean) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Mendable)) throw error;
    io.err(`✗ ${error.message}`);
    return 1;
  }
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);
