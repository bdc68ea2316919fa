// Ours with the smallest configuration that is worth comparing: one public profile, in the definition itself, and no
// access method, page, file limits or notifications.

import { defineSigner } from "../../../src/config.ts";
import { createWorker } from "../../../src/worker.ts";
import { ORIGIN, PROFILE } from "../site.ts";

const worker = createWorker(defineSigner({ allowedOrigins: [ORIGIN], profiles: { default: PROFILE } }));
export default worker;
export const { Signer } = worker;
