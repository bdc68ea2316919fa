// What wrangler warns of in a wrangler.toml, such as a misspelt setting, without a deploy.

import { vi } from "vitest";
import { loadWrangler } from "../../src/testing/tools.ts";

/** `env` is empty for the environment without a name. */
export async function wranglerWarnings(config: string, env = ""): Promise<readonly unknown[]> {
  const { unstable_readConfig: readConfig } = await loadWrangler(config);
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    readConfig({ config, env });
    return warn.mock.calls.flat();
  } finally {
    warn.mockRestore();
  }
}
