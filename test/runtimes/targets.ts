// What the black-box suites run against under `npm run test:runtimes`, in place of `test/support/targets.ts`: the
// app of `createSigner` in the runtime that is tried, over its own HTTP server.

import { inject } from "vitest";
import { unseen } from "../support/account.ts";
import { askOver, readAnswer, type Target } from "../support/targets.ts";
import { ask, countAsked } from "./channel.ts";
import { toWire } from "./wire.ts";

export { post } from "../support/targets.ts";

/** The Worker's bindings as options of `createSigner`. */
function optionsOf(bindings: Readonly<Record<string, unknown>>): object {
  const {
    CLOUDINARY_CLOUD_NAME: cloudName,
    CLOUDINARY_API_KEY: apiKey,
    CLOUDINARY_API_SECRET: apiSecret,
    SIGNER,
    ...secrets
  } = bindings;
  return { cloudName, apiKey, apiSecret, secrets, ...(SIGNER as object) };
}

async function inRuntime(bindings: Readonly<Record<string, unknown>>): Promise<Target> {
  const { url } = inject("runtime");
  ask({ kind: "mount", options: toWire(optionsOf(bindings)) });
  return {
    origin: url,
    get logs() {
      return (ask({ kind: "logs" }) as string[]).map(unseen);
    },
    ask: async (path, init) => {
      const answer = await readAnswer(await askOver(url + path, init));
      countAsked();
      return answer;
    },
    close: async () => {},
  };
}

export const TARGETS = [[inject("runtime").title, inRuntime]] as const;
