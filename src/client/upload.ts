// The browser client: a ticket, the upload with it, progress, retries, chunks, and the receipt. No dependency but the
// platform's own fetch and XMLHttpRequest.

import type { Ticket } from "../tickets/ticket.ts";
import { isStale } from "./ask-cloudinary.ts";
import { requestTickets } from "./ask-ticket.ts";
import type { Uploaded, UploadResponse } from "./cloudinary.ts";
import { confirmUpload } from "./confirm-upload.ts";
import { checkLimits } from "./describe-profile.ts";
import { withRetries } from "./retry.ts";
import { sendFile } from "./send-file.ts";
import { lease } from "./ticket-life.ts";
import type { UploadOptions, UploadProgress } from "./upload-options.ts";

/** Cloudinary takes no smaller parts. Source: its documentation of chunked uploads. */
const MIN_CHUNK_BYTES = 5 * 1024 * 1024;
const DEFAULT_CHUNK_BYTES = 20 * 1024 * 1024;

/**
 * Uploads a file: asks the signer for a ticket, sends the file to Cloudinary with exactly its fields, has the signer
 * confirm it where the profile has `file`, and resolves to the asset, with a receipt for the application's server. What
 * the profile does not take is refused before a byte is sent, and what turns out to be something else is deleted.
 *
 * Requests that fail for a reason that may pass (no network, 429, 5xx) are sent again, a file in parts from the part that
 * failed. A ticket that grows too old meanwhile is renewed where the profile's `ttl` is over an hour; else the upload
 * begins anew with a fresh one, once.
 *
 * Rejects with an `UploadError`, or with the signal's reason when aborted; with a `TypeError` or a `RangeError` where
 * `file` is none or an option is wrong.
 *
 * @example
 * const { asset, receipt } = await upload(file, { signer: "https://signer.example.com", profile: "avatars", token });
 * image.src = asset.secure_url;
 */
export async function upload(file: Blob, options: UploadOptions): Promise<Uploaded> {
  checkArguments(file, options);
  return uploadUnder(file, options, async () => {
    const [ticket] = await withRetries(() => requestTickets(options, [file]), options);
    return ticket!;
  });
}

export function checkArguments(file: unknown, options: unknown): void {
  const { slice, size } = (file ?? {}) as Partial<Blob>;
  // By its members: a Blob of another frame is none of this one's.
  if (typeof slice !== "function" || typeof size !== "number")
    throw new TypeError("upload wants a file first: a File, such as input.files[0], or a Blob");
  if (typeof options !== "object" || options === null)
    throw new TypeError('upload wants options second, such as { signer: "https://signer.example.com" }');
}

/** Uploads a file under the tickets that `nextTicket` brings: one, and another one where that grew too old. */
export async function uploadUnder(
  file: Blob,
  options: UploadOptions,
  nextTicket: () => Promise<Ticket>,
): Promise<Uploaded> {
  const { signal, onTicket, onProgress } = options;
  const chunkSize = Math.floor(options.chunkSize ?? DEFAULT_CHUNK_BYTES);
  if (!(chunkSize >= MIN_CHUNK_BYTES))
    throw new RangeError(`chunkSize must be at least ${MIN_CHUNK_BYTES} bytes`);
  const total = file.size;
  const tell = (phase: UploadProgress["phase"], loaded: number) => onProgress?.({ phase, loaded, total });
  const onSent = onProgress && ((loaded: number) => tell("sending", loaded));

  async function send(isSecond: boolean): Promise<[Ticket, UploadResponse]> {
    signal?.throwIfAborted();
    checkLimits(file, options);
    tell("signing", 0);
    const ticket = await nextTicket();
    onTicket?.(ticket);
    try {
      return [ticket, await sendFile({ file, lease: lease(ticket, options), chunkSize, options, onSent })];
    } catch (error) {
      if (isSecond || !isStale(error)) throw error;
      return send(true);
    }
  }
  const [ticket, stored] = await send(false);
  tell("sending", total);
  return confirmUpload(ticket, stored, options, () => tell("confirming", total));
}
