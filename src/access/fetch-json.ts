// Asking another server for JSON: bounded in time and size, and no redirect is followed.

import { readBounded } from "../read-bounded.ts";
import { err, ok, type Result } from "../signature/result.ts";

/** How long another server may take, in milliseconds. */
export const FETCH_TIMEOUT_MS = 5000;
/** Largest answer that is read, in bytes; a key set has a few thousand. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** The body of a 200 answer as text, if it is no larger than allowed. */
export async function readAnswer(response: Response): Promise<string | undefined> {
  if (response.status !== 200) return undefined;
  const bytes = await readBounded(response.body, MAX_ANSWER_BYTES);
  return bytes && new TextDecoder().decode(bytes);
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
    const text = await readAnswer(response);
    return text === undefined ? err("failed") : ok(JSON.parse(text));
  } catch {
    return err("failed");
  }
}
