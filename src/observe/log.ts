// The sink that writes events as lines of JSON.

import type { RequestEvent } from "./event.ts";

/** Which requests are logged: every one, refusals alone, or refusals and a share of the others. */
export type LogSetting = "all" | "refusals" | { readonly sample: number };

/** Whether a request is logged: refusals always are, the others as the configuration says. */
function isLogged(setting: LogSetting, { code }: RequestEvent): boolean {
  if (setting === "all" || code !== undefined) return true;
  return setting !== "refusals" && Math.random() < setting.sample;
}

/** Members in the order in which people read them; those that are absent are left out. */
const ORDER = [
  "request_id",
  "route",
  "profile",
  "access",
  "subject",
  "status",
  "code",
  "reason",
  "refused",
  "origin",
  "detail",
  "limiter",
  "ms",
] as const satisfies readonly (keyof RequestEvent)[];

/** Writes the line of a request. A log that fails keeps nobody from an answer. */
export function writeLine(log: (line: string) => void, setting: LogSetting, event: RequestEvent): void {
  if (!isLogged(setting, event)) return;
  try {
    log(JSON.stringify(event, ORDER as unknown as string[]));
  } catch {
    // There is no one left to tell.
  }
}
