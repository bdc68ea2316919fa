// How often: the platform's rate-limit bindings, used where they are bound.

import { within } from "../within.ts";

/** How long a limiter may take, in milliseconds; the platform's own answers in a few. */
export const LIMITER_TIMEOUT_MS = 2000;

/** A rate-limit binding of Workers, or anything with its shape. */
export interface RateLimiter {
  /** Counts one request of `key`, and answers whether it may go on. */
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** `failed`: the limiter itself could not be asked, did not answer in time, or answered something else. */
export type Verdict = "pass" | "limited" | "failed";

/** Asks a limiter for one request, which may ask it often; once it failed it is not waited for again. */
export function limiterOnce(limiter: RateLimiter | undefined): (key: string) => Promise<Verdict> {
  let verdict: Verdict = "pass";
  return async (key) => {
    if (verdict !== "failed") verdict = await askLimiter(limiter, key);
    return verdict;
  };
}

/** Asks a limiter; one that is not bound lets everybody pass. */
export async function askLimiter(limiter: RateLimiter | undefined, key: string): Promise<Verdict> {
  if (limiter === undefined) return "pass";
  // An async function, so that one that throws at once rejects like any other.
  const ask = async (): Promise<unknown> => (await limiter.limit({ key })).success;
  try {
    const success = await within(LIMITER_TIMEOUT_MS, ask());
    return typeof success !== "boolean" ? "failed" : success ? "pass" : "limited";
  } catch {
    return "failed";
  }
}
