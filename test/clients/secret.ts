// What holds the secret itself, and so asks no signer: the emulator alone.

import type { AnyClient } from "./client.ts";

export const SECRET: readonly AnyClient[] = [];
