// After the upload: the signer is told of it, and asks Cloudinary itself what arrived.

import type { Ticket } from "../tickets/ticket.ts";
import type { Confirmation } from "../uploads/confirm.ts";
import { isSafeAddress } from "../web-address.ts";
import { hasOnlyAddresses } from "./answer-addresses.ts";
import { afterTicket, askSigner, strangeAnswer } from "./ask-signer.ts";
import type { Uploaded, UploadResponse } from "./cloudinary.ts";
import { describeProfile, knownProfile } from "./describe-profile.ts";
import { UploadError } from "./errors.ts";
import { withRetries } from "./retry.ts";
import { toldAddress } from "./signer-address.ts";
import type { UploadOptions } from "./upload-options.ts";

/**
 * Confirms an upload where its profile wants it. Tickets with an upload ID are confirmed, and of those that only live
 * longer than an hour the signer refuses it: then the profile's description says whether there was anything to confirm,
 * and is known from then on. So what is mostly the case costs no request more.
 */
export async function confirmUpload(
  { upload_id }: Ticket,
  answered: UploadResponse,
  options: UploadOptions,
  onStart: () => void,
): Promise<Uploaded> {
  const described = knownProfile(options);
  if (upload_id === undefined || (described !== undefined && described.file === undefined))
    return { asset: answered };
  onStart();
  // Nothing else of the answer is worth telling: the signer asks Cloudinary.
  const { public_id, version, signature, resource_type, type } = answered;
  const response = { public_id, version, signature, resource_type, type };
  try {
    const confirmed = await withRetries(() => request(options, { upload_id, response }), options);
    return { ...confirmed, asset: merge(answered, confirmed.asset) };
  } catch (error) {
    if (await isNothingToConfirm(error, options)) return { asset: answered };
    throw error;
  }
}

async function request(options: UploadOptions, body: object): Promise<Confirmation> {
  const { response, answer } = await askSigner(afterTicket(options), "confirm", body);
  const { receipt, asset, data } = (answer ?? {}) as Partial<Confirmation>;
  if (typeof receipt === "string" && isSafeAddress(asset?.secure_url) && hasOnlyAddresses(asset as object))
    return { receipt, asset: asset!, data };
  throw strangeAnswer(response, toldAddress(options));
}

async function isNothingToConfirm(error: unknown, options: UploadOptions): Promise<boolean> {
  if (!(error instanceof UploadError) || error.code !== "upload_id_refused") return false;
  const described = await describeProfile(options).catch(() => undefined);
  options.signal?.throwIfAborted();
  return described !== undefined && described.file === undefined;
}

/** The type that an address delivers. */
const typeOf = (address: string): string | undefined =>
  /\/(?:image|video|raw)\/(upload|private|authenticated)\//.exec(new URL(address).pathname)?.[1];

/** Cloudinary's answer, and over it what it said to the signer: of what waited to be published, where it is now. */
function merge(answered: UploadResponse, confirmed: Confirmation["asset"]): UploadResponse {
  const { secure_url } = confirmed;
  const isPublished = answered.type !== "upload" && typeOf(secure_url) === "upload";
  const url = secure_url.replace(/^https:/, "http:");
  return { ...answered, ...confirmed, ...(isPublished && { type: "upload", url }) };
}
