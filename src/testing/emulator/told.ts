// How an answer tells of an asset: with the signature by which a client sees that Cloudinary told it.

import type { StoredUpload } from "./asset.ts";
import { answerSignature, type SignedBy } from "./judge-signature.ts";

/** What is told of a stored upload. */
export type Told = Omit<StoredUpload, "fields"> & { readonly signature: string; readonly existing?: true };

export function told(upload: StoredUpload, by: SignedBy): Told {
  const { fields: _, ...rest } = upload;
  return { ...rest, signature: answerSignature(upload.public_id, upload.version, by) };
}
