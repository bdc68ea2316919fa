// How an answer tells of an asset: with the signature by which a client sees that Cloudinary told it.

import type { SignatureAlgorithm } from "../../signature/digest.ts";
import type { StoredUpload } from "./asset.ts";
import { type Account, answerSignature } from "./judge-signature.ts";

/** What is told of a stored upload. */
export type Told = Omit<StoredUpload, "fields"> & { readonly signature: string; readonly existing?: true };

export function told(upload: StoredUpload, { apiSecret }: Account, algorithm: SignatureAlgorithm): Told {
  const { fields: _, ...rest } = upload;
  return { ...rest, signature: answerSignature(upload.public_id, upload.version, apiSecret, algorithm) };
}
