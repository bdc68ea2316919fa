// The answer to an upload, as a browser hands it on: did Cloudinary store this? Pure.
// Source: https://cloudinary.com/documentation/authentication_signatures, "Verifying signatures in the JSON response"

import { isSignedBy } from "./verify.ts";

/** The three members of an upload's answer that are looked at, whatever they are. */
export interface ResponseMembers {
  readonly public_id?: unknown;
  readonly version?: unknown;
  readonly signature?: unknown;
}

const encoder = new TextEncoder();

/** Whether one of the secrets signed this public ID and version. */
export async function isResponseSigned(
  { public_id, version, signature }: ResponseMembers,
  secrets: readonly string[],
): Promise<boolean> {
  if (typeof public_id !== "string" || typeof signature !== "string") return false;
  if (typeof version !== "string" && typeof version !== "number") return false;
  // Signature version 1 escapes nothing: an `&` in the public ID would be read as another parameter.
  if (
    public_id === "" ||
    public_id.includes("&") ||
    !public_id.isWellFormed() ||
    !/^\d{1,16}$/.test(String(version))
  )
    return false;
  return isSignedBy(encoder.encode(`public_id=${public_id}&version=${version}`), signature, secrets);
}
