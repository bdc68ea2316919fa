// How long a ticket lives, and longer: the same ticket under a fresh timestamp while its file is sent.

import type { Ticket } from "../tickets/ticket.ts";
import { renewTicket } from "./ask-ticket.ts";
import { UploadError } from "./errors.ts";
import { withRetries } from "./retry.ts";
import type { UploadOptions } from "./upload-options.ts";

/** A ticket, and when it came, in milliseconds. */
export interface HeldTicket {
  readonly ticket: Ticket;
  readonly since: number;
}

export const hold = (ticket: Ticket): HeldTicket => ({ ticket, since: Date.now() });

/**
 * Whether a ticket will be too old in so many seconds, and was not when it came: a clock that is wrong here would find
 * each of them old.
 */
export function isEnding({ ticket, since }: HeldTicket, seconds: number): boolean {
  const end = (ticket.expires_at - seconds) * 1000;
  return since < end && Date.now() >= end;
}

/** A part that begins in the last minute of its ticket may end after it. */
const LAST_SECONDS = 60;

/** The ticket of an upload, for as long as that lasts. */
export interface Lease {
  readonly ticket: Ticket;
  /** Renews it where its end is near. */
  prolong(): Promise<void>;
  /** Renews it; tells whether it could. */
  renew(): Promise<boolean>;
}

export function lease(first: Ticket, options: UploadOptions): Lease {
  let held = hold(first);
  let isRenewable = first.upload_id !== undefined;
  async function renew(): Promise<boolean> {
    if (!isRenewable) return false;
    try {
      held = hold(await withRetries(() => renewTicket(options, held.ticket), options));
    } catch (error) {
      // Of most profiles a ticket is not renewed. It may be good for this part still; if not, Cloudinary says so.
      if (!(error instanceof UploadError)) throw error;
      isRenewable = false;
      return false;
    }
    options.onTicket?.(held.ticket);
    return true;
  }
  return {
    get ticket() {
      return held.ticket;
    },
    renew,
    prolong: async () => {
      if (isEnding(held, LAST_SECONDS)) await renew();
    },
  };
}
