// One request of the audit: bounded in time and size, redirects not followed. The secret takes no part in it.

import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "../../result.ts";

/**
 * How the endpoint wants its parameters: `params` is a member of the body (our tickets), so is `paramsToSign`
 * (the Upload Widget and the components around it), and `plain` is the whole body.
 */
export type Shape = "params" | "paramsToSign" | "plain";

/** Where and how to ask. */
export interface Endpoint extends Address {
  readonly shape: Shape;
}

/** Where something is sent. */
export interface Address {
  readonly url: URL;
  readonly headers: Headers;
  /** Longest wait for a whole answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly fetch: (input: URL, init: RequestInit) => Response | Promise<Response>;
}

/** What came back, whatever its status. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Longest wait for one answer, in milliseconds, unless something else is said. */
export const TIMEOUT_MS = 10_000;
/** Why nothing is asked where headers can't be sent. */
export const CANT_SEND = "a header has a name or a value that can't be sent";
/** Largest answer that is read, in bytes: signed answers have a few hundred. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** How often a limited request is repeated, and the longest wait for it in seconds. */
const MAX_RETRIES = 3;
const MAX_RETRY_AFTER = 15;

/** Asks once, and again when the endpoint asks for patience; the failure is a sentence. */
export const ask = (endpoint: Endpoint, body: unknown): Promise<Result<RawAnswer, string>> =>
  askText(endpoint, JSON.stringify(body));

/** The same with a body as it is. */
export async function askText(address: Address, body: string): Promise<Result<RawAnswer, string>> {
  for (let retries = 0; ; retries++) {
    const answer = await askOnce(address, body);
    if (!answer.ok || answer.value.status !== 429) return answer;
    if (retries === MAX_RETRIES) return err("it answers 429, too many requests");
    await sleep(1000 * answer.value.retryAfter);
  }
}

async function askOnce(
  { url, headers, timeoutMs, fetch }: Address,
  body: string,
): Promise<Result<RawAnswer & { retryAfter: number }, string>> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readBounded(response);
    if (text === undefined) return err(`it answers more than ${MAX_ANSWER_BYTES} bytes`);
    return ok({ status: response.status, text, retryAfter: retryAfter(response) });
  } catch (error) {
    return err(reason(error, timeoutMs));
  }
}

/** Headers that can be sent, for JSON unless they say otherwise; `undefined` where one can't. */
export function readHeaders(given: Readonly<Record<string, string>>): Headers | undefined {
  try {
    const headers = new Headers(given);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return headers;
  } catch {
    return undefined;
  }
}

async function readBounded({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    // Leaving the loop cancels the rest.
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function retryAfter({ headers }: Response): number {
  const seconds = Number(headers.get("retry-after") ?? 1);
  return seconds >= 0 ? Math.min(seconds, MAX_RETRY_AFTER) : 1;
}

/** Fetch hides why it failed in the cause of a cause. */
function reason(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  if (name === "TimeoutError") return `it does not answer within ${timeoutMs / 1000} s`;
  return `it can't be reached (${cause?.code ?? name})`;
}
