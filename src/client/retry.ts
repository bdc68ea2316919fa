// Trying again what may pass, with pauses that grow.

import { UploadError } from "./errors.ts";

/** The first pause, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE = 500;
/** Longest pause, in milliseconds; a server that wants a longer one is not asked again. */
const LONGEST_PAUSE = 60_000;

/** Runs `attempt`, up to `retries` times more after failures that may pass. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { retries = 3, signal }: { readonly retries?: number; readonly signal?: AbortSignal },
): Promise<T> {
  for (let tried = 0; ; tried++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof UploadError) || !error.retryable || !(tried < retries)) throw error;
      // Not all clients at the same moment.
      const grown = Math.min(FIRST_PAUSE * 2 ** tried * (1 + Math.random()) * 0.75, LONGEST_PAUSE);
      const pause = error.retryAfter === undefined ? grown : error.retryAfter * 1000;
      if (pause > LONGEST_PAUSE) throw error;
      await wait(pause, signal);
    }
  }
}

/** A promise's outcome, or the signal's reason where that comes first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", stop);
    promise.then(resolve, reject).finally(() => signal?.removeEventListener("abort", stop));
  });
}

/**
 * What `attempt` brings under a signal that aborts with the caller's, and with a `TimeoutError` after so many milliseconds;
 * so many from now, each time that it calls `more`.
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  attempt: (signal: AbortSignal, more: (ms: number) => void) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const limit = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const more = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => limit.abort(new DOMException("", "TimeoutError")), ms);
  };
  more(ms);
  try {
    return await untilAborted(untilAborted(attempt(limit.signal, more), limit.signal), signal);
  } finally {
    clearTimeout(timer);
    // What is not awaited any more is not gone on with.
    limit.abort();
  }
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return untilAborted(passed, signal).finally(() => clearTimeout(timer));
}
