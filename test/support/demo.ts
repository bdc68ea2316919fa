// The demo as `npm start` runs it, but for what it prints (test/cli/start.test.ts): its Worker, which is built once for
// all, beside an emulator, and a token that its members' profiles take.

import { SignJWT } from "jose";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { startWorker } from "../../src/testing/local-worker.ts";
import { OPTIONS, unseen } from "./account.ts";
import { DEMO, demoBuild } from "./once.ts";

const JWT_SECRET = "a-shared-secret-of-more-than-32-bytes";

export interface Demo {
  /** The signer's address. */
  readonly signer: string;
  readonly emulator: Emulator;
  /** Of the user 42. */
  readonly token: string;
  close(): Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  const [emulator, build, token] = await Promise.all([
    startEmulator(OPTIONS),
    demoBuild(),
    new SignJWT({ sub: "42", iss: "edge-signer-demo", aud: "uploads" })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(new TextEncoder().encode(JWT_SECRET)),
  ]);
  const worker = await startWorker({
    ...{ build, config: DEMO, env: "" },
    bindings: {
      CLOUDINARY_URL: `cloudinary://${OPTIONS.apiKey}:${OPTIONS.apiSecret}@${OPTIONS.cloudName}`,
      CLOUDINARY_UPLOAD_PREFIX: emulator.url,
      JWT_SECRET,
    },
    onLog: unseen,
  });
  return {
    signer: worker.url,
    emulator,
    token,
    close: async () => {
      await Promise.all([worker.close(), emulator.close()]);
    },
  };
}
