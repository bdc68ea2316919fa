// A ticket while it is held, and whether it is good for long enough.

import type { Ticket } from "../tickets/ticket.ts";

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
