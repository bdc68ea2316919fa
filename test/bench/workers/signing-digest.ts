// The limit of signing with Web Crypto: the digest of the same bytes, and nothing else.

import { hex } from "../../../src/signature/digest.ts";
import { stringToSign } from "../../../src/signature/string-to-sign.ts";
import { API_SECRET } from "../account.ts";
import { SETS } from "../parameter-sets.ts";
import { loopWorker } from "./signing-loop.ts";

export default loopWorker({
  async digest({ sets, algorithm, count }) {
    const encoder = new TextEncoder();
    const texts = sets.map((params) => encoder.encode(stringToSign(params) + API_SECRET));
    const name = algorithm === "sha1" ? "SHA-1" : "SHA-256";
    const last: ArrayBuffer[] = [];
    for (let i = 0; i < count; i++) last[i % SETS] = await crypto.subtle.digest(name, texts[i % SETS]!);
    return last.map((bytes) => hex(new Uint8Array(bytes)));
  },
});
