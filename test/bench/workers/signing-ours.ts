// Ours: what the Worker does for each signature, and the library's ticket.

import { signUpload } from "../../../src/library/library.ts";
import { signParams } from "../../../src/signature/sign.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../account.ts";
import { SETS, TIMESTAMP } from "../parameter-sets.ts";
import { loopWorker } from "./signing-loop.ts";

export default loopWorker({
  async signParams({ sets, algorithm, count }) {
    const last: string[] = [];
    for (let i = 0; i < count; i++) {
      last[i % SETS] = await signParams(sets[i % SETS]!, API_SECRET, { algorithm });
    }
    return last;
  },

  async signUpload({ sets, algorithm, count }) {
    const account = {
      cloudName: CLOUD_NAME,
      apiKey: API_KEY,
      apiSecret: API_SECRET,
      signatureAlgorithm: algorithm,
      timestamp: TIMESTAMP,
    };
    // The time is the account's: a set that names it too is refused.
    const uploads = sets.map(({ timestamp: _, ...params }) => params);
    const last: string[] = [];
    for (let i = 0; i < count; i++) {
      last[i % SETS] = (await signUpload(uploads[i % SETS]!, account)).signature;
    }
    return last;
  },
});
