// Many files, a few at once.

import type { UploadResponse } from "./cloudinary.ts";
import { upload } from "./upload.ts";
import type { UploadOptions } from "./upload-options.ts";

/**
 * A function like `upload` that runs at most `concurrency` uploads at once (default 3); the others wait in
 * order. An upload that waits can be aborted too. Each file is a ticket of its own. Throws a `RangeError` for a
 * `concurrency` below 1.
 *
 * @example
 * const enqueue = uploadQueue(3);
 * const results = await Promise.allSettled(files.map((file) => enqueue(file, { signer, onProgress })));
 */
export function uploadQueue(
  concurrency = 3,
): (file: Blob, options: UploadOptions) => Promise<UploadResponse> {
  if (!(concurrency >= 1)) throw new RangeError("concurrency must be at least 1");
  const slots = Math.floor(concurrency);
  let running = 0;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  const acquire = (signal: AbortSignal | undefined): Promise<void> => {
    if (running < slots) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      waiting.push(start);
      signal?.addEventListener("abort", leave, { once: true });
    });
  };
  return async (file, options) => {
    options?.signal?.throwIfAborted();
    await acquire(options?.signal);
    try {
      return await upload(file, options);
    } finally {
      release();
    }
  };
}
