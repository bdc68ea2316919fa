// What the platform gives beside texts: rate limiters, and the files of the page.

import type { Fault } from "../fault.ts";
import type { RateLimiter } from "../limits/limiter.ts";
import { err, ok, type Result } from "../result.ts";
import type { Assets, Config } from "./checked.ts";
import type { Source } from "./source.ts";

export function readLimiters(
  limiters: Source["limiters"],
): Result<Pick<Config, "limitByIp" | "limitBySubject">, Fault[]> {
  const isLimiter = (value: unknown): value is RateLimiter =>
    typeof value === "object" && value !== null && typeof (value as RateLimiter).limit === "function";
  const wrong = Object.entries(limiters).filter(([, value]) => value !== undefined && !isLimiter(value));
  if (wrong.length > 0) {
    return err(
      wrong.map(([binding]) => ({
        binding,
        problem: "write it under [[ratelimits]] in wrangler.toml: it is not a rate-limit binding",
      })),
    );
  }
  const { LIMIT_BY_IP, LIMIT_BY_SUBJECT } = limiters as Readonly<
    Record<keyof Source["limiters"], RateLimiter | undefined>
  >;
  return ok({
    ...(LIMIT_BY_IP && { limitByIp: LIMIT_BY_IP }),
    ...(LIMIT_BY_SUBJECT && { limitBySubject: LIMIT_BY_SUBJECT }),
  });
}

/** The files of the page, if it is on. */
export function readPage(
  on: boolean,
  assets: unknown,
  binding: string,
): Result<Pick<Config, "page">, Fault[]> {
  if (!on) return ok({});
  if (typeof (assets as Assets | undefined)?.fetch === "function") return ok({ page: assets as Assets });
  const problem =
    'write [assets] with binding = "ASSETS" in wrangler.toml, or remove it: the page needs its files';
  return err([{ binding, at: "page", problem }]);
}
