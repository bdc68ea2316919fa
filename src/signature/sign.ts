// String to sign + API secret -> signature.

import { digestHex, type SignatureAlgorithm } from "./digest.ts";
import { type SignableParams, stringToSign } from "./string-to-sign.ts";

/** How an account's requests are signed. */
export interface SignatureScheme {
  readonly algorithm: SignatureAlgorithm;
}

/**
 * Cloudinary's request signature over `params` (signature version 2): the hex digest of the string to sign
 * followed by the API secret. It filters no names and knows no policy: whoever calls it decides what is safe.
 */
export function signParams(
  params: SignableParams,
  apiSecret: string,
  { algorithm }: SignatureScheme,
): Promise<string> {
  return digestHex(algorithm, stringToSign(params) + apiSecret);
}
