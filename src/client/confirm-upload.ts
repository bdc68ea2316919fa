// After the upload: the signer is told of it, and asks Cloudinary itself what arrived.

import type { Ticket } from "../tickets/ticket.ts";
import type { Confirmation } from "../uploads/confirm.ts";
import { isSafeAddress } from "../web-address.ts";
import { hasOnlyAddresses } from "./answer-addresses.ts";
import { afterTicket, askSigner } from "./ask-signer.ts";
import type { Uploaded, UploadResponse } from "./cloudinary.ts";
import { UploadError } from "./errors.ts";
import { type Known, knownProfile, remember } from "./known-profiles.ts";
import { withRetries } from "./retry.ts";
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
    const confirmed = await withRetries(
      () => askSigner(afterTicket(options), "confirm", asConfirmation, { upload_id, response }),
      options,
    );
    return { ...confirmed, asset: merge(answered, confirmed.asset) };
  } catch (error) {
    if (await isNothingToConfirm(error, options)) return { asset: answered };
    throw error;
  }
}

const asConfirmation = ({ receipt, asset, data }: Partial<Confirmation>): Confirmation | undefined =>
  typeof receipt === "string" && isSafeAddress(asset?.secure_url) && hasOnlyAddresses(asset as object)
    ? { receipt, asset: asset!, data }
    : undefined;

async function isNothingToConfirm(error: unknown, options: UploadOptions): Promise<boolean> {
  if (!(error instanceof UploadError) || error.code !== "upload_id_refused") return false;
  const ask = () => askSigner(afterTicket(options), "sign", ({ file }: Known) => ({ file }) as Known);
  const described = await withRetries(ask, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  if (described === undefined || described.file !== undefined) return false;
  remember(options, described);
  return true;
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
