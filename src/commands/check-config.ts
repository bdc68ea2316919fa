// `npm run check` and `npm run deploy`: the same check that the Worker makes before its first answer.

import { parseArgs } from "node:util";
import { checkWranglerConfig } from "./wrangler-config.ts";

const { values } = parseArgs({ options: { config: { type: "string", default: "wrangler.toml" } } });

let failed = false;
for (const env of [undefined, "local"]) {
  const name = `${values.config}${env === undefined ? "" : ` (--env ${env})`}`;
  const { faults, config } = checkWranglerConfig(values.config, env);
  for (const { binding, problem } of faults) console.error(`✗ ${name}: ${binding}: ${problem}`);
  failed ||= faults.length > 0;
  if (!config.ok || faults.length > 0) continue;
  const profiles = [...config.value.profiles.keys()];
  console.log(
    profiles.length > 0
      ? `✓ ${name}: profiles ${profiles.join(", ")}`
      : `✓ ${name}: no profile yet, so it signs for nobody: add [vars.SIGNER.profiles.default] with access = ["public"], or a stricter one`,
  );
}
process.exitCode = failed ? 1 : 0;
