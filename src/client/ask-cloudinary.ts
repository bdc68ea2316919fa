// One form to Cloudinary, under a ticket, and what it says to it.

import type { Ticket } from "../tickets/ticket.ts";
import { readJson } from "./ask-signer.ts";
import { mayPass, UploadError } from "./errors.ts";
import { type SendOptions, sendForm } from "./send.ts";
import type { UploadOptions } from "./upload-options.ts";

/** The form of a ticket, without a file. */
export function formOf(ticket: Ticket): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
  return form;
}

interface Asking extends SendOptions {
  readonly onAnswer: UploadOptions["onAnswer"] | undefined;
  /** What to say where the answer was lost, or the server broke, and may have done it; absent, the same again does no harm. */
  readonly perhaps?: string;
}

/** What Cloudinary answers, as JSON; rejects with an `UploadError` for all that is no success. */
export async function askCloudinary(
  { url }: Ticket,
  form: FormData,
  { onAnswer, perhaps = "", ...sending }: Asking,
): Promise<unknown> {
  const { host } = new URL(url);
  const sent = await sendForm(url, form, sending).catch(() => {
    sending.signal?.throwIfAborted();
    throw new UploadError(`The connection to ${host} failed.${perhaps}`, {
      code: "network",
      status: 0,
      retryable: perhaps === "",
    });
  });
  const { status, text } = sent;
  if (status === 0) {
    throw new UploadError(
      `${host} redirects what it is sent, and nothing is sent elsewhere: is the signer's CLOUDINARY_UPLOAD_PREFIX right?`,
      { code: "unexpected_answer", status },
    );
  }
  onAnswer?.(sent);
  const answer = readJson(text);
  if (status >= 200 && status < 300 && answer !== undefined) return answer;
  const { message } = (answer as { error?: { message?: unknown } } | undefined)?.error ?? {};
  const isTold = typeof message === "string";
  throw new UploadError(
    isTold ? message : `Cloudinary answered with status ${status}.${status >= 500 ? perhaps : ""}`,
    {
      code: isTold ? "upload_refused" : "unexpected_answer",
      status,
      retryable: mayPass(status) && (perhaps === "" || status < 500),
      retryAfter: sent.headers["retry-after"],
    },
  );
}

/** What Cloudinary answers to a ticket whose hour is over; a clock that is wrong here decides nothing. */
export const isStale = (error: unknown): boolean =>
  error instanceof UploadError && error.status === 400 && error.message.startsWith("Stale request");
