// Many files, a few at once, and one request to the signer for all of them.

import type { Uploaded } from "./cloudinary.ts";
import { limits } from "./known-profiles.ts";
import { ticketBatches } from "./ticket-batches.ts";
import { checkArguments, uploadUnder } from "./upload.ts";
import type { UploadOptions } from "./upload-options.ts";

/**
 * A function like `upload` that runs at most `concurrency` uploads at once (default 3); the others wait in order. An
 * upload that waits can be aborted too. Each file has a ticket of its own; for files that come in at once, with the same
 * profile, params, token and headers, the tickets are asked for in one request, 50 at most, or as many as the profile's
 * `maxFiles`. Throws a `RangeError` for a `concurrency` below 1.
 *
 * @example
 * const enqueue = uploadQueue(3);
 * const results = await Promise.allSettled(files.map((file) => enqueue(file, { signer, onProgress })));
 */
export function uploadQueue(concurrency = 3): (file: Blob, options: UploadOptions) => Promise<Uploaded> {
  if (!(concurrency >= 1)) throw new RangeError("concurrency must be at least 1");
  const acquire = slotsFor(Math.floor(concurrency));
  const join = ticketBatches();
  return async (file, options) => {
    checkArguments(file, options);
    options.signal?.throwIfAborted();
    limits.check?.(file, options);
    // Before its turn: so the first that asks for a ticket asks for all that wait.
    const place = join(file, options);
    let release: (() => void) | undefined;
    try {
      release = await acquire(options.signal);
      return await uploadUnder(file, options, place.next);
    } finally {
      place.leave();
      release?.();
    }
  };
}

/** Lets in so many at once, the others in order as these leave. */
function slotsFor(slots: number): (signal: AbortSignal | undefined) => Promise<() => void> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return async (signal) => {
    if (running < slots) {
      running += 1;
      return release;
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve(release);
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      waiting.push(start);
      signal?.addEventListener("abort", leave, { once: true });
    });
  };
}
