// Waiting for what hangs, with the time that it takes let pass at once: `setTimeout` is a fake one.

import { vi } from "vitest";

/** What comes of it, while the clock runs, 100 ms a time. Web Crypto answers by no clock of ours. */
export async function hanging<T>(started: Promise<T>): Promise<T> {
  let isOver = false;
  const settled = started.finally(() => {
    isOver = true;
  });
  settled.catch(() => {});
  for (let steps = 0; !isOver; steps += 1) {
    if (steps > 10_000) throw new Error("still waiting");
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(100);
  }
  return settled;
}
