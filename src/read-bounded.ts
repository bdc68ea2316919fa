// Reading a body that somebody else sends: never more of it than was allowed.

/**
 * A body's bytes, if there are no more than `max` of them; what comes after `max` or the signal is not read. A chunk
 * counts as one byte at least: a stream of empty ones would keep every timer from running.
 */
export async function readBounded(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  max: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const stop = (): void => void reader.cancel().catch(() => {});
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += Math.max(1, value.byteLength);
    if (size > max) {
      // Not waited for: where somebody else reads a copy of the body, it ends when that one does.
      stop();
      return undefined;
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
