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

/** `error` is for who runs the signer, `warn` for who asks it, or a limiter that others did not wait for. */
const levelOf = ({ status = 0, code, limiter }: RequestEvent): "info" | "warn" | "error" =>
  status >= 500 ? "error" : code !== undefined || limiter !== undefined ? "warn" : "info";

/** Writes the line of a request, with the time at which it ended. A log that fails keeps nobody from an answer. */
export function writeLine(log: (line: string) => void, setting: LogSetting, event: RequestEvent): void {
  if (!isLogged(setting, event)) return;
  try {
    // In front of the event as it is, a copy of which would cost as much as the rest of the line.
    const first = `{"time":"${new Date().toISOString()}","level":"${levelOf(event)}",`;
    log(first + JSON.stringify(event).slice(1));
  } catch {
    // There is no one left to tell.
  }
}
