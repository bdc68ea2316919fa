// Receipts: a JWT that proves to the application what arrived, whose it is, and by which profile. Whoever has the key set
// can verify one, with any library.

import type { ConfirmedUpload, UploadedAsset } from "../config/application.ts";
import { base64Url } from "../keys/base64url.ts";
import type { ReceiptKey } from "../keys/receipt-key.ts";

/** How long a receipt is good, in seconds. */
const RECEIPT_LIFE = 3600;

const encoder = new TextEncoder();

const part = (value: object): string => base64Url(encoder.encode(JSON.stringify(value)));

/** The same for the same upload, however often it is confirmed. */
export async function receiptId(
  cloudName: string,
  { public_id, version, resource_type, etag }: UploadedAsset & { readonly etag?: string },
): Promise<string> {
  // A version is a second: under one ticket two files may have one name and one version, by the resource type or in turn.
  const text = JSON.stringify([cloudName, resource_type, public_id, version, etag]);
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))));
}

/** Signs a receipt. Source: RFC 7515 and RFC 8037, as `jose` verifies it. */
export async function signReceipt(
  { key, jwk }: ReceiptKey,
  { jti, profile, subject, asset }: ConfirmedUpload,
  { publicUrl, cloudName, now }: { publicUrl: string; cloudName: string; now: number },
): Promise<string> {
  const header = part({ alg: jwk.alg, kid: jwk.kid, typ: "JWT" });
  const claims = part({
    iss: publicUrl,
    aud: cloudName,
    ...(subject !== null && { sub: subject }),
    ...{ profile, iat: now, exp: now + RECEIPT_LIFE, jti, asset },
  });
  const signed = `${header}.${claims}`;
  const signature = await crypto.subtle.sign("Ed25519", key, encoder.encode(signed));
  return `${signed}.${base64Url(new Uint8Array(signature))}`;
}
