// Asking the signer for tickets of files: one for each, or the same under a fresh timestamp.

import { type Ticket, type Tickets, takesFile } from "../tickets/ticket.ts";
import { isSafeAddress } from "../web-address.ts";
import { afterTicket, askSigner, type SignerAccess } from "./ask-signer.ts";
import { declaredOf } from "./declared-file.ts";
import { UploadError } from "./errors.ts";
import type { UploadOptions } from "./upload-options.ts";

/** Who asks, and for what. */
type Asking = SignerAccess & Pick<UploadOptions, "params">;

/**
 * Tickets for files, in their order. A route of one's own answers with one, however many are asked for: they may be fewer
 * than the files.
 */
export async function requestTickets(options: Asking, files: readonly Blob[]): Promise<readonly Ticket[]> {
  const { params = {} } = options;
  const tickets = await askSigner(options, "sign", asTickets, { files: files.map(declaredOf), params });
  return checked(tickets, options).slice(0, files.length);
}

/** A ticket of a file that is not told of before. */
export async function requestTicket(options: Asking): Promise<Ticket> {
  const { params = {} } = options;
  const ticket = await askSigner(options, "sign", asTicket, { params });
  return checked([ticket], options)[0]!;
}

/** The tickets, if they are for files. */
function checked(tickets: readonly Ticket[], { profile = "default" }: Asking): readonly Ticket[] {
  if (tickets.every(takesFile)) return tickets;
  throw new UploadError(
    `Call act("${profile}", …), which sends no file: this profile is for another method than upload.`,
    { code: "unexpected_answer", status: 200 },
  );
}

/** The same ticket under a fresh timestamp. */
export const renewTicket = (options: SignerAccess, { upload_id, fields }: Ticket): Promise<Ticket> =>
  askSigner(afterTicket(options), "sign", asTicket, { renew: upload_id, fields });

/** An answer that is a ticket. */
export function asTicket(answer: Partial<Ticket> | null): Ticket | undefined {
  const isTicket = isSafeAddress(answer?.url) && typeof answer?.fields === "object" && answer.fields !== null;
  return isTicket ? (answer as Ticket) : undefined;
}

function asTickets(answer: Ticket & Partial<Tickets>): readonly Ticket[] | undefined {
  const tickets: unknown = asTicket(answer) ? [answer] : answer.tickets;
  return Array.isArray(tickets) && tickets.length > 0 && tickets.every(asTicket) ? tickets : undefined;
}
