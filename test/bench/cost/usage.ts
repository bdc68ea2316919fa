// What each act uses of what is paid for, from what was measured: requests, CPU time, lines of the log, operations of the
// queue. Pure.

import type { AllKept } from "../parts.ts";
import { named } from "../report/cells.ts";
import { median } from "../statistics.ts";

/** What one act uses. */
export interface Usage {
  readonly requests: number;
  /** Milliseconds of CPU time. */
  readonly cpu: number;
  /** Lines of the log, and their bytes. */
  readonly lines: number;
  readonly bytes: number;
  /** Operations of the queue. */
  readonly queue: number;
}

/** An act that is paid for. */
export interface Act {
  readonly name: string;
  readonly title: string;
  readonly usage: Usage;
}

/** What the page is made of; each of these parts must have been measured. */
export type Measures = Required<Pick<AllKept, "requests" | "notifications" | "acts">>;

/** Messages that the consumer is handed at once, as long as wrangler.toml says nothing else. */
export const BATCH = 10;
/** A message is written, read and deleted. */
const OPERATIONS = 3;

const plus = (...all: readonly Usage[]): Usage =>
  all.reduce((sum, one) => ({
    requests: sum.requests + one.requests,
    cpu: sum.cpu + one.cpu,
    lines: sum.lines + one.lines,
    bytes: sum.bytes + one.bytes,
    queue: sum.queue + one.queue,
  }));

/** Milliseconds of CPU time a request, of a row that was measured. */
export function cpuOf(rows: Measures["requests"]["rows"], name: string): number {
  const row = named(rows, name);
  if (row === undefined || row.cpuMicros.length === 0) throw new Error(`no CPU time of ${name} is kept`);
  return median(row.cpuMicros) / 1000;
}

/** All acts, in the order of the page. */
export function actsOf({ requests, notifications, acts }: Measures): Act[] {
  const used = (name: string, cpu: number): Usage => {
    const counted = named(acts.counted, name);
    if (counted === undefined) throw new Error(`what ${name} logs was not counted`);
    const { lines, bytes } = counted;
    return { requests: 1, cpu, lines, bytes, queue: 0 };
  };
  const ticket = used("ticket", cpuOf(requests.rows, "public"));
  const token = used("ticket", cpuOf(requests.rows, "ES256-warm"));
  // A preflight does less than a ticket, and its CPU time was not measured.
  const preflight = used("preflight", ticket.cpu);
  const confirmation = used("confirmation", cpuOf(acts.rows, "confirmation"));
  const notification = used("notification", cpuOf(notifications.rows, "ticket"));
  const message = {
    ...used("message", cpuOf(notifications.rows, "consumer")),
    requests: 1 / BATCH,
    queue: OPERATIONS,
  };
  const queued = plus(notification, message);
  return [
    { name: "ticket", title: "tickets", usage: ticket },
    { name: "token", title: "tickets for a JWT (ES256, shown before)", usage: token },
    { name: "preflight", title: "tickets, each with a preflight", usage: plus(ticket, preflight) },
    { name: "confirmation", title: "confirmations", usage: confirmation },
    { name: "notification", title: "notifications, straight to `APP`", usage: notification },
    { name: "queued", title: "notifications, by the queue", usage: queued },
    {
      name: "upload",
      title: "uploads: ticket, confirmation, notification by the queue",
      usage: plus(ticket, confirmation, queued),
    },
  ];
}
