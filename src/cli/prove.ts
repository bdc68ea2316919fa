// Which mistake makes the very signature that was sent: every candidate tried with the secret, on its owner's machine.

import { createHash, createHmac } from "node:crypto";
import { type Mistake, textCandidates } from "../explain/candidates.ts";
import type { Evidence } from "../explain/evidence.ts";
import { readFacts } from "../explain/facts.ts";
import { recipes } from "../explain/recipes.ts";

/** Key and cloud name are tried as what was taken for the secret, and as what was signed too much. */
export interface OwnerAccount {
  readonly cloudName?: string;
  readonly apiKey?: string;
  readonly apiSecret: string;
}

/** Hexadecimal digits of a signature in any of the ways in which people write them. */
function hexOf(signature: string): string | undefined {
  if (/^[0-9a-f]+$/i.test(signature)) return signature.toLowerCase();
  const bytes = Buffer.from(signature, "base64");
  return bytes.length === 20 || bytes.length === 32 ? bytes.toString("hex") : undefined;
}

/** By the length of its hexadecimal digits. */
const ALGORITHMS: Readonly<Record<number, string>> = {
  32: "md5",
  40: "sha1",
  64: "sha256",
  96: "sha384",
  128: "sha512",
};

export type Proof =
  /** What made the signature; no mistakes where it is right for this account. */
  | {
      readonly proven: true;
      readonly mistakes: readonly Mistake[];
      /** It was made of what one's own code signed, and that is not what Cloudinary signed. */
      readonly isOfOtherText: boolean;
    }
  /** Nothing that is known makes it with this account's secret. */
  | { readonly proven: false };

/** Tries all; `undefined` where there is no signature, or nothing that was sent, to try. */
export function prove(evidence: Evidence, { apiSecret, apiKey, cloudName }: OwnerAccount): Proof | undefined {
  const { signature = "", signed, received } = readFacts(evidence);
  const wanted = hexOf(signature);
  const algorithm = ALGORITHMS[wanted?.length ?? 0];
  const others = { ...(cloudName && { cloudName }), ...(apiKey && { apiKey }) };
  const texts = textCandidates({ ...evidence, account: { ...others, ...evidence.account } });
  if (wanted === undefined || algorithm === undefined || texts.length === 0) return undefined;
  for (const { mistake, data, key, encoding = "utf8" } of recipes(others)) {
    for (const { text, mistakes } of texts) {
      const hash = key === undefined ? createHash(algorithm) : createHmac(algorithm, key(apiSecret));
      if (hash.update(data(text, apiSecret), encoding).digest("hex") === wanted)
        return {
          proven: true,
          mistakes: [...(mistake ? [mistake] : []), ...mistakes],
          isOfOtherText: text === signed?.text && text !== received?.text,
        };
    }
  }
  return { proven: false };
}
