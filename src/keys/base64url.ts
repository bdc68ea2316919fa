// Bytes as base64url, without `=` at its end, which an address would have to escape; and back, in one spelling alone.

import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";

export const base64Url = (bytes: Uint8Array): string =>
  encodeBase64Url(bytes.slice().buffer as ArrayBuffer).replace(/=+$/, "");

/** The bytes of a text that was made so: other texts could decode to the same bytes, and are `undefined`. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = new Uint8Array(decodeBase64Url(text)) as Uint8Array<ArrayBuffer>;
    return text !== "" && base64Url(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
