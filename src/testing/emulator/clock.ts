// The clock that signatures grow old by, and that versions are taken from: that of the machine, or the one given, and what
// it was moved by.

/** The emulator's clock, by which signatures grow old. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves it, for good; back by a negative number. Throws a `RangeError` at what `canAdvance` does not take. */
  advance(seconds: number): void;
}

/** A century of seconds, which dates can hold. */
const MOST = 3_155_760_000;

/** Whether a clock can be moved by this. */
export const canAdvance = (seconds: unknown): seconds is number =>
  typeof seconds === "number" && Math.abs(seconds) <= MOST;

/** A clock that goes as `base` does; `onMove` is called after each move. */
export function movable(base: () => number, onMove: () => void): Clock {
  let movedMs = 0;
  return {
    now: () => base() + movedMs,
    advance: (seconds) => {
      if (!canAdvance(seconds)) throw new RangeError(`a number of seconds up to ${MOST} is expected`);
      movedMs += seconds * 1000;
      onMove();
    },
  };
}
