// A signature against the secrets that may have made it, in constant time. Pure.

import { digestHex, type SignatureAlgorithm } from "./digest.ts";

/** The algorithm of a signature, told as Cloudinary tells it: by its length in lower-case hex digits. */
const ALGORITHMS: Readonly<Record<number, SignatureAlgorithm>> = { 40: "sha1", 64: "sha256" };

const encoder = new TextEncoder();

/** Whether two texts of one length are equal; how long it takes tells nothing of where they differ. */
function equalTexts(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** The bytes of both, one after the other. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Whether `signature` is the hex digest of `bytes` followed by one of the secrets. All are tried, always. */
export async function isSignedBy(
  bytes: Uint8Array,
  signature: string,
  secrets: readonly string[],
): Promise<boolean> {
  const algorithm = /^[0-9a-f]+$/.test(signature) ? ALGORITHMS[signature.length] : undefined;
  if (algorithm === undefined) return false;
  let found = false;
  for (const secret of secrets) {
    const digest = await digestHex(algorithm, joined(bytes, encoder.encode(secret)));
    found = equalTexts(digest, signature) || found;
  }
  return found;
}
