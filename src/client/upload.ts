// The browser client: a ticket, the upload with it, progress, retries, chunks, and the receipt. No dependency but the
// platform's own fetch and XMLHttpRequest.

import type { Ticket } from "../tickets/ticket.ts";
import { isStale } from "./ask-cloudinary.ts";
import { requestTickets } from "./ask-ticket.ts";
import type { Begun } from "./begun.ts";
import type { Uploaded, UploadResponse } from "./cloudinary.ts";
import { confirmUpload } from "./confirm-upload.ts";
import { hold } from "./held-ticket.ts";
import { limits } from "./known-profiles.ts";
import { withRetries } from "./retry.ts";
import { sendFile } from "./send-file.ts";
import { type Lease, lease } from "./ticket-life.ts";
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
 * failed. A ticket that grows too old meanwhile is renewed where the profile's `ttl` is over an hour; else another one
 * is asked for, once: a file in parts goes on under it where it is for the same asset, and begins anew where it is not.
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
  const nextTicket = async () => (await withRetries(() => requestTickets(options, [file]), options))[0]!;
  return uploadUnder(file, options, nextTicket);
}

export function checkArguments(file: unknown, options: unknown): void {
  const { slice, size } = (file ?? {}) as Partial<Blob>;
  // By its members: a Blob of another frame is none of this one's.
  if (typeof slice !== "function" || typeof size !== "number")
    throw new TypeError("upload wants a file: a File, such as input.files[0], or a Blob");
  if (typeof options !== "object" || options === null)
    throw new TypeError('upload wants options, such as { signer: "https://signer.example.com" }');
}

/**
 * Uploads a file under the tickets that `nextTicket` brings: one, and another one where that grew too old. An upload that
 * has begun goes on where it stopped, under its own ticket while that is good.
 */
export async function uploadUnder(
  file: Blob,
  options: UploadOptions,
  nextTicket: () => Promise<Ticket>,
  begun: Begun = {},
): Promise<Uploaded> {
  const { signal, onTicket, onProgress } = options;
  const chunkSize = chunkSizeOf(options);
  const total = file.size;
  const tell = (phase: UploadProgress["phase"], loaded: number) => onProgress?.({ phase, loaded, total });
  const onSent = onProgress && ((loaded: number) => tell("sending", loaded));

  async function leaseOf(): Promise<Lease> {
    const kept = begun.held && lease(begun, options);
    if (kept && (await kept.prolong())) return kept;
    begun.held = hold(await nextTicket());
    onTicket?.(begun.held.ticket);
    return lease(begun, options);
  }
  async function send(isSecond: boolean): Promise<UploadResponse> {
    signal?.throwIfAborted();
    limits.check?.(file, options);
    tell("signing", begun.parts?.sent ?? 0);
    const own = await leaseOf();
    try {
      return await sendFile({ file, begun, lease: own, chunkSize, options, onSent });
    } catch (error) {
      if (isSecond || !isStale(error)) throw error;
      begun.held = undefined;
      return send(true);
    }
  }
  begun.stored ??= await send(false);
  tell("sending", total);
  return confirmUpload(begun.held!.ticket, begun.stored, options, () => tell("confirming", total));
}

/** Bytes of a part. */
export function chunkSizeOf({ chunkSize = DEFAULT_CHUNK_BYTES }: UploadOptions): number {
  const bytes = Math.floor(chunkSize);
  if (bytes >= MIN_CHUNK_BYTES) return bytes;
  throw new RangeError(`chunkSize must be at least ${MIN_CHUNK_BYTES} bytes`);
}
