// Whether code of `src` leaves a timer behind. All files of a run share a process, so that another file's browser or
// server may set a timer at any moment: such are not counted, as `vi.getTimerCount` counts them.

import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";

const OWN = join(PROJECT, "src/");

/** Call it once timers are fake; real ones take its place again. Answers how many timers of `src` are set. */
export function watchOwnTimers(): () => number {
  const { setTimeout, clearTimeout } = globalThis;
  const open = new Set<unknown>();
  const set = (run: (...args: unknown[]) => void, milliseconds?: number, ...args: unknown[]) => {
    const timer = setTimeout(() => {
      open.delete(timer);
      run(...args);
    }, milliseconds);
    // The first two lines of a stack are its message and this function.
    if (new Error().stack?.split("\n")[2]?.includes(OWN)) open.add(timer);
    return timer;
  };
  globalThis.setTimeout = set as typeof globalThis.setTimeout;
  globalThis.clearTimeout = (timer) => {
    open.delete(timer);
    clearTimeout(timer as never);
  };
  return () => open.size;
}
