// The sink that writes a data point a request into a dataset of Workers Analytics Engine. docs/production.md has the
// columns: names of the owner's and of our own, and numbers; no value, and nothing of who asked.

import type { RequestEvent } from "./event.ts";

/** A dataset's binding, as far as it is used. */
export interface Dataset {
  writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** Where data points go. */
export interface Analytics {
  readonly dataset: Dataset;
  /** Which of the definition's environments writes them; `""` is none of them. */
  readonly environment: string;
}

/** What was done for a caller who was let in; whoever was not was told something at most. */
const DONE: ReadonlyMap<string, string> = new Map([
  ["/sign/{profile}", "signed"],
  ["/links/{profile}", "linked"],
  ["/confirm/{profile}", "confirmed"],
  ["service", "signed"],
  ["service renew", "signed"],
  ["service confirm", "confirmed"],
]);
/** What became of a notification. */
const TAKEN: ReadonlyMap<string, string> = new Map([
  ["/notifications", "taken"],
  ["/notifications/{upload_id}", "taken"],
  ["queue", "delivered"],
]);

/** What became of a request, in one word: ours to mend (`failed`), the caller's (`refused`), or what was done. */
function verdictOf({ route, access, status = 0, code }: RequestEvent): string {
  if (code !== undefined) return status < 500 ? "refused" : "failed";
  return TAKEN.get(route) ?? (access === undefined ? undefined : DONE.get(route)) ?? "answered";
}

/** Writes the data point of a request, logged or not. A dataset that throws, rejects or hangs keeps nobody from an answer. */
export function writePoint(analytics: Analytics | undefined, event: RequestEvent): void {
  if (analytics === undefined) return;
  const {
    route,
    profile = "",
    access,
    status = 0,
    code,
    reason,
    enforced,
    limiter,
    previous,
    ms = 0,
  } = event;
  const verdict = verdictOf(event);
  const texts = [analytics.environment, route, access, verdict, code, reason, enforced, limiter, previous];
  const point = { indexes: [profile], blobs: texts.map((text) => String(text ?? "")), doubles: [status, ms] };
  // Nobody waits for it, and there is no one to tell.
  (async () => analytics.dataset.writeDataPoint(point))().catch(() => {});
}
