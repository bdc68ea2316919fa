// How long a ticket lives, and longer: the same ticket under a fresh timestamp while its file is sent.

import type { Ticket } from "../tickets/ticket.ts";
import { renewTicket } from "./ask-ticket.ts";
import type { Begun } from "./begun.ts";
import { UploadError } from "./errors.ts";
import { hold, isEnding } from "./held-ticket.ts";
import { withRetries } from "./retry.ts";
import type { UploadOptions } from "./upload-options.ts";

/** A part that begins in the last minute of its ticket may end after it. */
const LAST_SECONDS = 60;

/** The ticket of an upload, for as long as that lasts. */
export interface Lease {
  readonly ticket: Ticket;
  /** Renews it where its end is near; tells whether it is good for a while. */
  prolong(): Promise<boolean>;
  /** Renews it; tells whether it could. */
  renew(): Promise<boolean>;
}

/** Of the ticket that is held. */
export function lease(begun: Begun, options: UploadOptions): Lease {
  let isRenewable = begun.held!.ticket.upload_id !== undefined;
  async function renew(): Promise<boolean> {
    if (!isRenewable) return false;
    try {
      begun.held = hold(await withRetries(() => renewTicket(options, begun.held!.ticket), options));
    } catch (error) {
      // Of most profiles a ticket is not renewed. It may be good for this part still; if not, Cloudinary says so.
      if (!(error instanceof UploadError)) throw error;
      isRenewable = false;
      return false;
    }
    options.onTicket?.(begun.held!.ticket);
    return true;
  }
  return {
    get ticket() {
      return begun.held!.ticket;
    },
    renew,
    prolong: async () => !isEnding(begun.held!, LAST_SECONDS) || renew(),
  };
}
