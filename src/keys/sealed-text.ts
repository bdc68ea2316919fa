// A text of our own that nobody else can make or read: JSON under AES-256-GCM, in base64url. Upload IDs are made so.

import { joined } from "../signature/verify.ts";
import { base64Url, bytesOf } from "./base64url.ts";
import type { HmacKey } from "./secret.ts";

/** 96 bits, drawn for each text: by a billion texts under one key, two are alike with a chance of 1 in 10^11. */
const NONCE_BYTES = 12;

const encoder = new TextEncoder();

/** base64url of the nonce, what was encrypted, and its tag. */
export async function sealText(key: HmacKey, value: unknown): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const plain = encoder.encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
  return base64Url(joined(iv, new Uint8Array(sealed)));
}

/** What was sealed with this key; `undefined` where the text was not made with it. */
export async function openText(key: HmacKey, text: string): Promise<unknown> {
  const bytes = bytesOf(text);
  if (bytes === undefined) return undefined;
  try {
    const iv = bytes.slice(0, NONCE_BYTES);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.slice(NONCE_BYTES));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return undefined;
  }
}
