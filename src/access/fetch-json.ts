// Asking another server for JSON: bounded in time and size, and no redirect is followed.

import { err, ok, type Result } from "../signature/result.ts";

/** How long another server may take, in milliseconds. */
export const FETCH_TIMEOUT_MS = 5000;
/** Largest answer that is read, in bytes; a key set has a few thousand. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** The answer's body as text, if it is no larger than allowed. */
export async function readBounded(response: Response): Promise<string | undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** JSON of a 200 answer; any other outcome is an error that says nothing of what was sent. */
export async function fetchJson(
  fetcher: typeof fetch,
  url: string,
  init: RequestInit,
): Promise<Result<unknown, "failed">> {
  try {
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const response = await fetcher(url, { ...init, redirect: "manual", signal });
    const text = response.status === 200 ? await readBounded(response) : undefined;
    return text === undefined ? err("failed") : ok(JSON.parse(text));
  } catch {
    return err("failed");
  }
}
