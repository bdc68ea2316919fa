// Asking the signer for tickets: one, one for each of many files, or the same under a fresh timestamp.

import { type Ticket, type Tickets, takesFile } from "../tickets/ticket.ts";
import { isSafeAddress } from "../web-address.ts";
import { afterTicket, askSigner, type SignerAccess, strangeAnswer } from "./ask-signer.ts";
import { declaredOf } from "./declared-file.ts";
import { UploadError } from "./errors.ts";
import { toldAddress } from "./signer-address.ts";
import type { UploadOptions } from "./upload-options.ts";

/** Who asks, and for what. */
export type Asking = SignerAccess & Pick<UploadOptions, "params">;

/** One ticket of `method`'s. Whoever calls it tries again where the error says that it may help. */
export async function requestTicket(options: Asking, method: "upload" | "act"): Promise<Ticket> {
  const { params = {} } = options;
  const { response, answer } = await askSigner(options, "sign", { params });
  if (!isTicket(answer)) throw strangeAnswer(response, toldAddress(options));
  checkMethod(answer, method, options);
  return answer;
}

/**
 * Tickets for files, in their order. A route of one's own answers with one, however many are asked for: they may be fewer
 * than the files.
 */
export async function requestTickets(options: Asking, files: readonly Blob[]): Promise<readonly Ticket[]> {
  const { params = {} } = options;
  const { response, answer } = await askSigner(options, "sign", { files: files.map(declaredOf), params });
  const { tickets } = isTicket(answer) ? { tickets: [answer] } : ((answer ?? {}) as Partial<Tickets>);
  if (!Array.isArray(tickets) || tickets.length === 0 || !tickets.every(isTicket))
    throw strangeAnswer(response, toldAddress(options));
  for (const ticket of tickets) checkMethod(ticket, "upload", options);
  return tickets.slice(0, files.length);
}

/** The same ticket under a fresh timestamp. */
export async function renewTicket(options: SignerAccess, { upload_id, fields }: Ticket): Promise<Ticket> {
  const { response, answer } = await askSigner(afterTicket(options), "sign", { renew: upload_id, fields });
  if (isTicket(answer)) return answer;
  throw strangeAnswer(response, toldAddress(options));
}

function checkMethod(ticket: Ticket, method: "upload" | "act", { profile }: SignerAccess): void {
  if (takesFile(ticket) === (method === "upload")) return;
  throw new UploadError(
    method === "upload"
      ? `Call act("${profile ?? "default"}", …), which sends no file: this profile is for another method than upload.`
      : `Call upload(file, …) for the profile ${profile}: it is for files.`,
    { code: "unexpected_answer", status: 200, retryable: false },
  );
}

function isTicket(answer: unknown): answer is Ticket {
  const { url, fields } = (answer ?? {}) as Partial<Ticket>;
  return isSafeAddress(url) && typeof fields === "object" && fields !== null;
}
