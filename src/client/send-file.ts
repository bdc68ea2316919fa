// A file to Cloudinary under a ticket: whole, or in parts.

import type { Ticket } from "../tickets/ticket.ts";
import { isSafeAddress } from "../web-address.ts";
import { hasOnlyAddresses } from "./answer-addresses.ts";
import { askCloudinary, formOf, isStale } from "./ask-cloudinary.ts";
import type { Begun } from "./begun.ts";
import type { UploadResponse } from "./cloudinary.ts";
import { nameOf } from "./declared-file.ts";
import { UploadError } from "./errors.ts";
import { withRetries } from "./retry.ts";
import type { Lease } from "./ticket-life.ts";
import type { UploadOptions } from "./upload-options.ts";

/** A file on its way. */
interface Sending {
  readonly file: Blob;
  readonly begun: Begun;
  readonly lease: Lease;
  /** Bytes of a part. */
  readonly chunkSize: number;
  readonly options: UploadOptions;
  /** Takes how many bytes of the file were sent; absent, nobody wants to know. */
  readonly onSent: ((loaded: number) => void) | undefined;
}

/** Sends a file, and answers what was stored. */
export async function sendFile(sending: Sending): Promise<UploadResponse> {
  const { file, chunkSize, options } = sending;
  if (file.size > chunkSize) return sendInParts(sending);
  return asUpload(await withRetries(() => sendPart(file, 0, {}, sending), options));
}

/** Sends what is missing of a file in parts under one upload ID, each from where the last one ended. */
async function sendInParts(sending: Sending, isSecond = false): Promise<UploadResponse> {
  const { file, begun, lease, chunkSize, options } = sending;
  const total = file.size;
  const target = targetOf(lease.ticket);
  // Parts under another name would be another file.
  if (begun.parts?.target !== target) begun.parts = undefined;
  /** Where an earlier attempt stopped, maybe after the part had arrived. */
  const resumed = begun.parts?.sent;
  begun.parts ??= { uploadId: randomId(), target, sent: 0 };
  const { parts } = begun;
  let answer: unknown;
  for (let start = parts.sent; start < total; start = parts.sent) {
    const end = Math.min(start + chunkSize, total);
    const headers = {
      "X-Unique-Upload-Id": parts.uploadId,
      "Content-Range": `bytes ${start}-${end - 1}/${total}`,
    };
    const part = file.slice(start, end);
    let sent = 0;
    const send = () => {
      sent = 0;
      return withRetries(() => {
        sent += 1;
        return sendPart(part, start, headers, sending);
      }, options);
    };
    if (start > 0) await lease.prolong();
    try {
      answer = await send().catch(async (error) => {
        if (isStale(error) && (await lease.renew())) return send();
        throw error;
      });
    } catch (error) {
      // A part whose answer was lost was sent twice, and may be refused as one too many; the file may even be
      // stored. Under the same ticket it is the same asset. What Cloudinary does there is not documented.
      const isAgain = sent > 1 || start === resumed;
      if (isSecond || !isAgain || !isRefusal(error) || isStale(error)) throw error;
      return anew(sending);
    }
    parts.sent = end;
  }
  // Cloudinary has forgotten the first parts.
  if (!isSecond && resumed !== undefined && isUnfinished(answer)) return anew(sending);
  return asUpload(answer);
}

function anew(sending: Sending): Promise<UploadResponse> {
  sending.begun.parts = undefined;
  return sendInParts(sending, true);
}

/** What stays of a ticket when it is renewed. */
function targetOf({ url, fields }: Ticket): string {
  const { timestamp: _, signature: __, ...lasting } = fields;
  return JSON.stringify([url, lasting]);
}

/** What Cloudinary answers to a part that is not the last one to arrive. */
const isUnfinished = (answer: unknown): boolean => (answer as { done?: unknown } | null)?.done === false;

/** Sends one part, and answers what Cloudinary says to it. */
async function sendPart(
  part: Blob,
  start: number,
  headers: Readonly<Record<string, string>>,
  { file, lease: { ticket }, options: { onAnswer, signal }, onSent }: Sending,
): Promise<unknown> {
  const form = formOf(ticket);
  form.append("file", part, nameOf(file) ?? "blob");
  return askCloudinary(ticket, form, {
    ...{ headers, onAnswer, signal, size: part.size },
    // The form is a little longer than the part in it.
    onSent: onSent && ((bytes) => onSent(start + Math.min(bytes, part.size))),
  });
}

const isRefusal = (error: unknown): boolean => error instanceof UploadError && error.status === 400;

function asUpload(answer: unknown): UploadResponse {
  const { public_id, secure_url, url } = (answer ?? {}) as Partial<UploadResponse>;
  const isStored = typeof public_id === "string" && isSafeAddress(secure_url) && url !== null;
  if (isStored && hasOnlyAddresses(answer as object)) return answer as UploadResponse;
  throw new UploadError("Cloudinary's answer does not describe a stored upload.", {
    code: "unexpected_answer",
    status: 200,
  });
}

/** `crypto.randomUUID` is for secure contexts alone. */
const randomId = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
