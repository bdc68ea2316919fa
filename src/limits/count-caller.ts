// A caller who is someone: named in the log, and counted.

import type { Config } from "../config/checked.ts";
import type { Secret } from "../keys/secret.ts";
import { type LogEntry, loggedSubject } from "../observe/log.ts";
import { type Failure, failure } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { askLimiter } from "./limiter.ts";

export const RATE_LIMITED = failure("rate_limited", "too many requests: try again later");

/** Who is counted, whether by a token, by a link that was made with one, or by another Worker. */
interface Counted {
  readonly way: string;
  readonly subject: string;
}

/** Writes who asks into the log's entry, and asks the limiter by caller; where that fails, who is someone goes on. */
export async function countCaller(
  config: Config,
  secret: Secret,
  { way, subject }: Counted,
  entry: Partial<LogEntry>,
): Promise<Result<undefined, Failure>> {
  entry.subject = await loggedSubject(await secret.key("log", config.cloudName), way, subject);
  // By who tells the callers apart, and not by the method: else one token in two places would be two callers.
  const identity = config.ways.get(way)?.identity ?? way;
  const verdict = await askLimiter(config.limitBySubject, `${identity} ${subject}`);
  if (verdict === "limited") return err(RATE_LIMITED);
  if (verdict === "failed") entry.limiter = "failed";
  return ok(undefined);
}
