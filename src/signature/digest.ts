// Text -> lower-case hex digest, with Web Crypto alone. A plain hash, as Cloudinary defines it, not an HMAC.

/** The algorithms Cloudinary knows. It tells them apart by the length of the hex text alone. */
export type SignatureAlgorithm = "sha1" | "sha256";

/** Web Crypto's name of each algorithm. */
const SUBTLE_NAMES: Readonly<Record<SignatureAlgorithm, string>> = { sha1: "SHA-1", sha256: "SHA-256" };

/** `00` to `ff`, by byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const encoder = new TextEncoder();
/** Looked up once: in workerd each look costs a tenth of a short digest. */
const { subtle } = crypto;

/** The runtime's own way, where it has one: V8 since version 14. */
const { toHex } = Uint8Array.prototype as { readonly toHex?: (this: Uint8Array) => string };

/** Lower-case hex of some bytes. */
export function hex(bytes: Uint8Array): string {
  if (toHex !== undefined) return toHex.call(bytes);
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

const hexOf = (digest: ArrayBuffer): string => hex(new Uint8Array(digest));

/** Lower-case hex digest of a text's UTF-8 bytes, or of bytes: 40 digits for SHA-1, 64 for SHA-256. */
export function digestHex(
  algorithm: SignatureAlgorithm,
  data: string | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  // By `then`, and not by an async function, which waits once more.
  return subtle.digest(SUBTLE_NAMES[algorithm], bytes).then(hexOf);
}
