// The official SDK as a client of the emulator's signed methods. It takes its timestamps from the machine's clock, so the
// emulator does too.

import http from "node:http";
import type { UploadApiOptions } from "cloudinary";
import type { Emulator } from "../../../src/testing/emulator/emulator.ts";
import { ACCOUNT, PNG_3X2, started } from "./support.ts";

/** A picture as the SDK uploads it without a file. */
export const PICTURE = `data:image/png;base64,${Buffer.from(PNG_3X2).toString("base64")}`;

/** An emulator, and how the SDK reaches it: all of it options, since its configuration is one for the process. */
export async function sdkAccount(): Promise<{ emulator: Emulator; options: UploadApiOptions }> {
  const emulator = await started({ now: Date.now });
  const options = {
    upload_prefix: emulator.url,
    // The SDK would speak TLS: it chooses when it is loaded, and an agent overrules it.
    agent: new http.Agent(),
    cloud_name: ACCOUNT.cloudName,
    api_key: ACCOUNT.apiKey,
    api_secret: ACCOUNT.apiSecret,
    signature_algorithm: "sha1" as const,
  };
  return { emulator, options };
}

/** The names of what is held. */
export const namesOf = (emulator: Emulator): string[] => emulator.uploads().map(({ public_id }) => public_id);

/** Now, as it is signed. */
export const seconds = (): string => String(Math.floor(Date.now() / 1000));
