// A problem as an answer over HTTP: JSON (RFC 9457), or a script where a command was asked for.

import { codeOf, type Failure, problemOf } from "../../failure.ts";
import { PROBLEMS, type Problem, type ProblemCode } from "../../problem.ts";
import type { Reply } from "./reply.ts";

/** When to come back, in seconds: the shorter period that the platform's limiters can have. */
const RETRY_AFTER = 10;
const RETRYABLE: ReadonlySet<ProblemCode> = new Set([
  "rate_limited",
  "keys_unavailable",
  "limiter_unavailable",
  "cloudinary_unavailable",
  "application_unavailable",
]);

/** The challenge of a 401 that has none of its own, as for a link. */
const DEFAULT_CHALLENGE = 'Bearer realm="cloudinary-edge-signer", error="invalid_token"';

function headersOf(
  contentType: string,
  { status, code }: Pick<Problem, "status" | "code">,
  failed?: Failure,
): Reply["headers"] {
  return {
    "content-type": contentType,
    "cache-control": "no-store",
    ...(failed?.reason === "method_not_allowed" && { allow: failed.allow }),
    ...(status === 401 && { "www-authenticate": failed?.challenge ?? DEFAULT_CHALLENGE }),
    ...(RETRYABLE.has(code) && { "retry-after": String(RETRY_AFTER) }),
  };
}

/** A problem as JSON; `failed`, where it is at hand, has more for the headers. */
export const problemReply = (problem: Problem, failed?: Failure): Reply => ({
  status: problem.status,
  headers: headersOf("application/problem+json", problem, failed),
  body: JSON.stringify(problem),
});

export const failureReply = (failed: Failure, requestId: string): Reply =>
  problemReply(problemOf(failed, requestId), failed);

/** A failure as a script, for people pipe this answer to `sh`: it holds our code and nothing of the caller's. */
export function failureScript(failed: Failure): Reply {
  const code = codeOf(failed);
  const [status] = PROBLEMS[code];
  const headers = headersOf("text/plain; charset=utf-8", { status, code }, failed);
  return { status, headers, body: `echo '${code}' >&2; exit 1\n` };
}
