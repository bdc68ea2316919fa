// A text of our own that nobody else can make: JSON under HMAC-SHA-256, both in base64url. Links are made so.

import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import { err, ok, type Result } from "../result.ts";
import type { HmacKey } from "./secret.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Without `=` at its end, which an address would have to escape. */
const base64Url = (bytes: ArrayBuffer): string => encodeBase64Url(bytes).replace(/=+$/, "");

/** `<claims>.<mac>`. */
export async function signText(key: HmacKey, claims: object): Promise<string> {
  const body = base64Url(encoder.encode(JSON.stringify(claims)).slice().buffer);
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(body));
  return `${body}.${base64Url(mac)}`;
}

/** The bytes of base64url, if it is written as it was made: other texts could decode to the same bytes. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = decodeBase64Url(text);
    return text !== "" && base64Url(bytes.buffer) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The claims of a text that was made with this key. */
export async function readSignedText(
  key: HmacKey,
  text: string,
): Promise<Result<Readonly<Record<string, unknown>>, "malformed" | "signature">> {
  const [body = "", mac = "", ...more] = text.split(".");
  const [claims, signature] = [bytesOf(body), bytesOf(mac)];
  if (claims === undefined || signature === undefined || more.length > 0) return err("malformed");
  if (!(await crypto.subtle.verify("HMAC", key, signature, encoder.encode(body)))) return err("signature");
  // What this key signed is what `signText` made.
  return ok(JSON.parse(decoder.decode(claims)));
}
