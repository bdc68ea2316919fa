// The sink that writes events as lines of JSON.

import type { RequestEvent } from "./event.ts";

/** Which requests are logged: every one, refusals alone, or refusals and a share of the others. */
export type LogSetting = "all" | "refusals" | { readonly sample: number };

/**
 * Whether a request is logged: refusals always are, and what needed the previous secret, of which silence has to tell that
 * it is needed no more. The others are as the configuration says.
 */
function isLogged(setting: LogSetting, { code, previous }: RequestEvent): boolean {
  if (setting === "all" || code !== undefined || previous) return true;
  return setting !== "refusals" && Math.random() < setting.sample;
}

/** Writes the line of a request. A log that fails keeps nobody from an answer. */
export function writeLine(log: (line: string) => void, setting: LogSetting, event: RequestEvent): void {
  if (!isLogged(setting, event)) return;
  try {
    log(JSON.stringify(event));
  } catch {
    // There is no one left to tell.
  }
}
