// The key of receipts: Ed25519, from 32 bytes that are derived from the API secret. Whoever has its public half can
// verify, and nobody else can sign.

import { base64Url } from "./base64url.ts";
import { derivation } from "./derivation.ts";

/** The public half, as a key set holds it. Source: RFC 8037. */
export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A key that signs receipts. */
export interface ReceiptKey {
  readonly key: Key;
  readonly jwk: PublicKey;
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. Source: RFC 8410, section 7. */
const PKCS8_HEAD = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/** Bits of an Ed25519 key. */
const SEED_BITS = 256;

const encoder = new TextEncoder();

/** Its thumbprint. Source: RFC 7638: the needed members in the order of their names, without white space. */
async function thumbprint(x: string): Promise<string> {
  const text = JSON.stringify({ crv: "Ed25519", kty: "OKP", x });
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))));
}

/** The key over a seed of 32 bytes. */
export async function receiptKeyOf(seed: Uint8Array): Promise<ReceiptKey> {
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...seed]);
  // Only an export tells the public half.
  const open = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = (await crypto.subtle.exportKey("jwk", open)) as { x: string };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
  return { key, jwk: { kty: "OKP", crv: "Ed25519", x, kid: await thumbprint(x), alg: "EdDSA", use: "sig" } };
}

/** The key of one signer; `secret` is the API secret, as Web Crypto derives from it. */
export async function deriveReceiptKey(
  secret: Key,
  cloudName: string,
  publicUrl: string,
): Promise<ReceiptKey> {
  const how = derivation("receipt", cloudName, publicUrl);
  return receiptKeyOf(new Uint8Array(await crypto.subtle.deriveBits(how, secret, SEED_BITS)));
}
