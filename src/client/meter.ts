// How fast bytes go, smoothed: what counts most are the last seconds.

/** Seconds after which a measurement counts for a third of what it did. */
const MEMORY_SECONDS = 4;

export interface Meter {
  /** Bytes per second; 0 before anything was sent. */
  readonly speed: number;
  /** Tells how many bytes have been sent until now, in milliseconds; fewer than before count as none. */
  measure(sent: number, now: number): void;
  /** Begins anew: what was measured before a pause says nothing of now. */
  reset(): void;
}

export function createMeter(): Meter {
  let last: { readonly sent: number; readonly at: number } | undefined;
  /** Both fade alike, so that the first seconds are not told too slow. */
  let bytes = 0;
  let seconds = 0;
  return {
    get speed() {
      return seconds === 0 ? 0 : bytes / seconds;
    },
    measure(sent, now) {
      const passed = last === undefined ? 0 : (now - last.at) / 1000;
      if (last !== undefined && passed <= 0) return;
      const kept = Math.exp(-passed / MEMORY_SECONDS);
      bytes = bytes * kept + Math.max(0, sent - (last?.sent ?? sent));
      seconds = seconds * kept + passed;
      last = { sent, at: now };
    },
    reset() {
      last = undefined;
      bytes = 0;
      seconds = 0;
    },
  };
}
