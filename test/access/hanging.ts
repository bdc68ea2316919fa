// Waiting for what hangs, with the time that it takes let pass at once: `setTimeout` is a fake one.

import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";

/** What Web Crypto gets of real time before each step, in milliseconds: a busy machine takes some for an answer. */
const STEP_MS = 5;

/** What comes of it, while the clock runs, 100 ms a time. Web Crypto answers by no clock of ours. */
export async function hanging<T>(started: Promise<T>): Promise<T> {
  let isOver = false;
  const settled = started.finally(() => {
    isOver = true;
  });
  settled.catch(() => {});
  for (let steps = 0; !isOver; steps += 1) {
    if (steps > 10_000) throw new Error("still waiting");
    await sleep(STEP_MS);
    await vi.advanceTimersByTimeAsync(100);
  }
  return settled;
}
