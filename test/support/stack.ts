// The signer and the emulator together, as `npm start` runs them: the built Worker in workerd, a local
// Cloudinary, and the suite's account.

import { inject } from "vitest";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { startWorker } from "../../src/testing/local-worker.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME, unseen } from "./account.ts";
import type { Plain } from "./definition.ts";

export interface Stack {
  /** The signer's address. */
  readonly signer: string;
  readonly emulator: Emulator;
  close(): Promise<void>;
}

export async function startStack(SIGNER: Plain, secrets: Record<string, string> = {}): Promise<Stack> {
  const emulator = await startEmulator({ cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET });
  const worker = await startWorker({
    build: inject("workerBuild"),
    bindings: { ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: emulator.url, SIGNER, ...secrets },
    onLog: unseen,
  });
  return {
    signer: worker.url,
    emulator,
    close: async () => {
      await Promise.all([worker.close(), emulator.close()]);
    },
  };
}
