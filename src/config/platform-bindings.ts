// What the platform gives beside texts: rate limiters, a dataset for metrics, and the files of the page.

import type { Fault } from "../fault.ts";
import type { RateLimiter } from "../limits/limiter.ts";
import type { Dataset } from "../observe/data-point.ts";
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

/** The dataset of metrics, and the environment that stands in each of its data points. */
export function readAnalytics(
  dataset: unknown,
  environment: string,
): Result<Pick<Config, "analytics">, Fault[]> {
  if (dataset === undefined) return ok({});
  if (typeof (dataset as Dataset | null)?.writeDataPoint === "function")
    return ok({ analytics: { dataset: dataset as Dataset, environment } });
  const problem =
    "write it under [[analytics_engine_datasets]] in wrangler.toml: it is not an Analytics Engine dataset";
  return err([{ binding: "ANALYTICS", problem }]);
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
