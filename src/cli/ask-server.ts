// One request of the doctor's: bounded in time and size, to its last byte; redirects are not followed.

import { readBounded } from "../read-bounded.ts";
import { err, ok, type Result } from "../result.ts";

/** Longest wait for a whole answer, in milliseconds. */
export const TIMEOUT_MS = 10_000;
/** Largest answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 256 * 1024;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What the text is as JSON: an object, or nothing. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** Why there is no answer: the end of a sentence that begins with who was asked. */
export interface NoAnswer {
  readonly why: string;
  /** Whether somebody is there, and does not answer as a server does. */
  readonly hangs: boolean;
}

function jsonOf(text: string): Answer["json"] {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function askServer(
  url: string,
  init: RequestInit,
  timeoutMs = TIMEOUT_MS,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<Result<Answer, NoAnswer>> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { status, headers, body } = await fetch(url, { ...init, redirect: "manual", signal });
    const bytes = await readBounded(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, maxBytes, signal);
    if (signal.aborted) throw signal.reason;
    if (bytes === undefined) return err({ why: `answers more than ${maxBytes} bytes`, hangs: true });
    const text = new TextDecoder().decode(bytes);
    return ok({ status, headers, text, json: jsonOf(text) });
  } catch (error) {
    // Fetch hides why it failed in the cause.
    const { name, cause } = error as Error & { cause?: { code?: string } };
    if (name === "TimeoutError" || signal.aborted)
      return err({ why: `does not answer within ${timeoutMs / 1000} s`, hangs: true });
    return err({ why: `can't be reached (${cause?.code ?? name})`, hangs: false });
  }
}
