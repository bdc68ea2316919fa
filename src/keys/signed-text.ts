// A text of our own that nobody else can make: JSON under HMAC-SHA-256, both in base64url. Links are made so.

import { err, ok, type Result } from "../result.ts";
import { base64Url, bytesOf } from "./base64url.ts";
import type { HmacKey } from "./secret.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `<claims>.<mac>`. */
export async function signText(key: HmacKey, claims: object): Promise<string> {
  const body = base64Url(encoder.encode(JSON.stringify(claims)));
  const mac = await crypto.subtle.sign("HMAC", key, encoder.encode(body));
  return `${body}.${base64Url(new Uint8Array(mac))}`;
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
