// The timestamp of a client that chose the parameters itself (R2).

import type { Reason } from "../tables/reasons.ts";

/** How old a client's timestamp may be, in seconds. */
export const MAX_PAST = 600;
/** How far in the future it may lie, for clocks that run ahead, in seconds. */
export const MAX_FUTURE = 60;
/** From here on a number of seconds is a number of milliseconds (the year 5138). */
const MILLISECONDS = 1e11;

/** Why a client's timestamp is refused. */
export function refuseTime(raw: unknown, now: number): Reason | undefined {
  const text = typeof raw === "number" || typeof raw === "string" ? String(raw) : "";
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) return { reason: "time_digits" };
  const seconds = Number(text);
  if (seconds >= MILLISECONDS) return { reason: "milliseconds" };
  if (seconds < now - MAX_PAST || seconds > now + MAX_FUTURE)
    return { reason: "time_range", past: MAX_PAST, future: MAX_FUTURE };
  return undefined;
}
