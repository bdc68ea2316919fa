// The answer to an upload, as a browser hands it on: did Cloudinary store this?
// Source: https://cloudinary.com/documentation/authentication_signatures, "Verifying signatures in the JSON response"

import { isResponseSigned, type ResponseMembers } from "../signature/response.ts";
import { secretList } from "./secrets.ts";

/** The three members of an upload's answer that are looked at. */
export interface SignedResponse {
  /** As Cloudinary answered it. */
  readonly public_id: string;
  /** Unix seconds. */
  readonly version: number | string;
  /** Cloudinary's, over the other two, in hex. */
  readonly signature: string;
}

/** The three members, or nothing: a page may have sent anything, and a getter may throw. */
function read(response: unknown): ResponseMembers {
  try {
    const { public_id, version, signature } = response as ResponseMembers;
    return { public_id, version, signature };
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
  return isResponseSigned(read(response), secrets);
}
