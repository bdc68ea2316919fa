// Asking another server for JSON: bounded in time and size, and no redirect is followed.

import { readBounded } from "../read-bounded.ts";
import { err, ok, type Result } from "../result.ts";
import { within } from "../within.ts";

/** How long another server may take, in milliseconds. */
export const FETCH_TIMEOUT_MS = 5000;
/** Largest answer that is read, in bytes; a key set has a few thousand. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** The body of a 200 answer as text, if it is no larger than allowed. */
export async function readAnswer(response: Response, signal?: AbortSignal): Promise<string | undefined> {
  if (response.status !== 200) return undefined;
  const bytes = await readBounded(response.body, MAX_ANSWER_BYTES, signal);
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
    const asked = fetcher(url, { ...init, redirect: "manual", signal });
    // Not every fetch heeds its signal.
    const text = await within(
      FETCH_TIMEOUT_MS,
      asked.then((response) => readAnswer(response, signal)),
    );
    return text === undefined ? err("failed") : ok(JSON.parse(text));
  } catch {
    return err("failed");
  }
}
