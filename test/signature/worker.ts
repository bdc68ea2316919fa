// A Worker that signs what it is sent: the signature core as it runs in workerd, for the differential test.

import type { SignatureAlgorithm } from "../../src/signature/digest.ts";
import { signParams } from "../../src/signature/sign.ts";
import type { SignableParams } from "../../src/signature/string-to-sign.ts";

interface Batch {
  algorithm: SignatureAlgorithm;
  batch: [SignableParams, string][];
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { algorithm, batch } = (await request.json()) as Batch;
    return Response.json(
      await Promise.all(batch.map(([params, secret]) => signParams(params, secret, { algorithm }))),
    );
  },
};
