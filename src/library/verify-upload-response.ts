// The answer to an upload, as a browser hands it on: did Cloudinary store this?
// Source: https://cloudinary.com/documentation/authentication_signatures, "Verifying signatures in the JSON response"

import { isSignedBy } from "../signature/verify.ts";
import { secretList } from "./secrets.ts";

/** The three members of an upload's answer that are looked at. */
export interface SignedResponse {
  readonly public_id: string;
  readonly version: number | string;
  readonly signature: string;
}

const encoder = new TextEncoder();

/** The three members, or nothing: a page may have sent anything, and a getter may throw. */
function read(response: unknown): Partial<SignedResponse> {
  try {
    const { public_id, version, signature } = response as Partial<SignedResponse>;
    return { public_id, version, signature } as Partial<SignedResponse>;
  } catch {
    return {};
  }
}

/**
 * Whether `signature` is the account's over this public ID and version. It says that they were stored at some
 * time, and nothing of who uploaded them, or when. Whatever else stands in its place is `false`: `null`, a text, a list.
 *
 * Throws a `TypeError` where the secret is missing.
 *
 * @example
 * if (!(await verifyUploadResponse(asset, { apiSecret }))) throw new Error("not from Cloudinary");
 */
export async function verifyUploadResponse(
  response: SignedResponse | null | undefined,
  options: { readonly apiSecret: string | readonly string[] },
): Promise<boolean> {
  const secrets = secretList(options?.apiSecret);
  const { public_id, version, signature } = read(response);
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
