// Reading a body that somebody else sends: never more of it than was allowed.

/** A body's bytes, if there are no more than `max` of them; what comes after `max` or the signal is not read. */
export async function readBounded(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  max: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  signal?.addEventListener("abort", () => void reader.cancel().catch(() => {}), { once: true });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > max) {
      // Not waited for: where somebody else reads a copy of the body, it ends when that one does.
      reader.cancel().catch(() => {});
      return undefined;
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
