// The browser client: a ticket, the upload with it, progress, retries, chunks. No dependency but the platform's
// own fetch and XMLHttpRequest.

import type { Ticket } from "../tickets/ticket.ts";
import { isSafeAddress } from "../web-address.ts";
import { hasOnlyAddresses } from "./answer-addresses.ts";
import { askCloudinary, formOf, isStale } from "./ask-cloudinary.ts";
import { requestTicket } from "./ask-ticket.ts";
import type { UploadResponse } from "./cloudinary.ts";
import { UploadError } from "./errors.ts";
import { withRetries } from "./retry.ts";
import type { UploadOptions } from "./upload-options.ts";

/** Cloudinary takes no smaller parts. Source: its documentation of chunked uploads. */
const MIN_CHUNK_BYTES = 5 * 1024 * 1024;
const DEFAULT_CHUNK_BYTES = 20 * 1024 * 1024;

/**
 * Uploads a file: asks the signer for a ticket, sends the file to Cloudinary with exactly its fields, and
 * resolves to what was stored. Requests that fail for a reason that may pass (no network, 429, 5xx) are sent
 * again, a file in parts from the part that failed. Where Cloudinary finds the ticket too old, the upload begins
 * anew with a fresh one, once.
 *
 * Rejects with an `UploadError`, or with the signal's reason when aborted; with a `TypeError` or a `RangeError` where
 * `file` is none or an option is wrong.
 *
 * @example
 * const asset = await upload(file, { signer: "https://signer.example.com", profile: "avatars", token });
 * image.src = asset.secure_url;
 */
export async function upload(file: Blob, options: UploadOptions): Promise<UploadResponse> {
  // By its members: a Blob of another frame is none of this one's.
  if (typeof file?.slice !== "function" || typeof file.size !== "number")
    throw new TypeError("upload wants a file first: a File, such as input.files[0], or a Blob");
  if (typeof options !== "object" || options === null)
    throw new TypeError('upload wants options second, such as { signer: "https://signer.example.com" }');
  const { signal, onTicket, onProgress } = options;
  const chunkSize = Math.floor(options.chunkSize ?? DEFAULT_CHUNK_BYTES);
  if (!(chunkSize >= MIN_CHUNK_BYTES))
    throw new RangeError(`chunkSize must be at least ${MIN_CHUNK_BYTES} bytes`);

  for (let renewed = false; ; renewed = true) {
    signal?.throwIfAborted();
    const ticket = await withRetries(() => requestTicket(options, "upload"), options);
    onTicket?.(ticket);
    try {
      const stored = await sendFile(file, ticket, chunkSize, options);
      onProgress?.({ loaded: file.size, total: file.size });
      return stored;
    } catch (error) {
      if (renewed || !isStale(error)) throw error;
    }
  }
}

/** Sends a file under one ticket: whole, or in parts. */
async function sendFile(
  file: Blob,
  ticket: Ticket,
  chunkSize: number,
  options: UploadOptions,
): Promise<UploadResponse> {
  if (file.size > chunkSize) return sendInParts(file, ticket, chunkSize, options);
  return asUpload(await withRetries(() => sendPart(file, 0, file, ticket, {}, options), options));
}

/** Sends a file in parts under one upload ID, each from where the last one ended. */
async function sendInParts(
  file: Blob,
  ticket: Ticket,
  chunkSize: number,
  options: UploadOptions,
  isSecond = false,
): Promise<UploadResponse> {
  const total = file.size;
  const uploadId = randomId();
  let answer: unknown;
  for (let start = 0; start < total; start += chunkSize) {
    const end = Math.min(start + chunkSize, total);
    const headers = {
      "X-Unique-Upload-Id": uploadId,
      "Content-Range": `bytes ${start}-${end - 1}/${total}`,
    };
    const part = file.slice(start, end);
    let sent = 0;
    try {
      answer = await withRetries(() => {
        sent += 1;
        return sendPart(part, start, file, ticket, headers, options);
      }, options);
    } catch (error) {
      // A part whose answer was lost was sent twice, and may be refused as one too many; the file may even be
      // stored. Under the same ticket it is the same asset. What Cloudinary does there is not documented.
      if (isSecond || sent === 1 || !isRefusal(error) || isStale(error)) throw error;
      return sendInParts(file, ticket, chunkSize, options, true);
    }
  }
  return asUpload(answer);
}

/** Sends one part, and answers what Cloudinary says to it. */
async function sendPart(
  part: Blob,
  start: number,
  file: Blob,
  ticket: Ticket,
  headers: Readonly<Record<string, string>>,
  { onAnswer, onProgress, signal }: UploadOptions,
): Promise<unknown> {
  const form = formOf(ticket);
  form.append("file", part, "name" in file && typeof file.name === "string" ? file.name : "blob");

  // The form is a little longer than the part in it.
  const onSent = (bytes: number): void =>
    onProgress?.({ loaded: start + Math.min(bytes, part.size), total: file.size });
  return askCloudinary(ticket, form, { headers, onSent, onAnswer, signal, repeatable: true });
}

const isRefusal = (error: unknown): boolean => error instanceof UploadError && error.status === 400;

function asUpload(answer: unknown): UploadResponse {
  const { public_id, secure_url, url } = (answer ?? {}) as Partial<UploadResponse>;
  const isStored = typeof public_id === "string" && isSafeAddress(secure_url) && url !== null;
  if (isStored && hasOnlyAddresses(answer as object)) return answer as UploadResponse;
  throw new UploadError("Cloudinary's answer does not describe a stored upload.", {
    code: "unexpected_answer",
    status: 200,
    retryable: false,
  });
}

/** `crypto.randomUUID` is for secure contexts alone. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
