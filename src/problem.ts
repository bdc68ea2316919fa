// Every way a request can fail, and the one table from a failure to the wire (RFC 9457).

import type { Reply } from "./http/reply.ts";
import type { RefusedParam } from "./policy/decide/refusal.ts";

/** Status and title of each code. Codes are part of the public contract. */
export const PROBLEMS = {
  malformed_request: [400, "The request is malformed"],
  unauthenticated: [401, "Say who asks"],
  invalid_token: [401, "The credential is not valid"],
  expired_token: [401, "The credential is too old"],
  origin_not_allowed: [403, "This origin is not allowed"],
  profile_not_allowed: [403, "This profile is not for this caller"],
  unknown_profile: [404, "There is no such profile"],
  not_found: [404, "There is nothing here"],
  method_not_allowed: [405, "This method is not allowed here"],
  body_too_large: [413, "The body is too large"],
  unsupported_media_type: [415, "This kind of body is not read here"],
  params_refused: [422, "Some parameters were refused"],
  rate_limited: [429, "Too many requests"],
  misconfigured: [500, "The signer is misconfigured"],
  internal: [500, "Something broke in the signer"],
  keys_unavailable: [503, "Keys are out of reach"],
  limiter_unavailable: [503, "The rate limiter is out of reach"],
  application_unavailable: [503, "The application is out of reach"],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Why a credential was refused, or could not be judged: for the log, and never for the caller. */
export type Reason =
  // Of any credential.
  | "malformed"
  | "too_long"
  // Of the page that asks.
  | "unlisted_origin"
  | "other_page"
  // Of a token in a cookie, and of the way in `origin`.
  | "no_origin"
  | "preview_origin"
  | "cross_site"
  // Of a JSON Web Token.
  | "typ"
  | "alg"
  | "no_matching_key"
  | "several_matching_keys"
  | "signature"
  | "expired"
  | "not_yet_valid"
  | "issued_too_long_ago"
  | "iss_mismatch"
  | "aud_mismatch"
  | "azp_mismatch"
  | "missing_claim"
  | "malformed_claim"
  | "event_token"
  /** A claim that this profile's templates can't take. */
  | "unfit_claim"
  // Of the way in `token`.
  | "unknown_token"
  // Of an app's own session.
  | "custom_refused"
  | "custom_failed"
  // Of a Turnstile token.
  | "turnstile_refused"
  | "turnstile_expired"
  | "turnstile_hostname"
  | "turnstile_action"
  // Of a link.
  | "link_malformed"
  | "link_signature"
  | "link_expired"
  | "link_profile"
  | "link_policy"
  | "link_origin"
  | "link_too_long"
  // Of what credentials are verified by.
  | "keys_unreachable"
  | "unfit_key"
  | "secret_unavailable"
  | "unfit_secret"
  | "turnstile_unreachable"
  | "turnstile_secret";

/** A failure: its code, and a sentence for people that repeats nothing secret. */
export interface Failure {
  readonly code: ProblemCode;
  readonly detail: string;
  /** What the log says instead, where it may say more than strangers hear. */
  readonly logged?: string;
  /** Of `params_refused`: one entry for each parameter. */
  readonly refusals?: readonly RefusedParam[];
  /** Of `method_not_allowed`: the methods that are, as the header `Allow` wants them. */
  readonly allow?: string;
  /** Of a 401: how to say who asks, as the header `WWW-Authenticate` wants it. */
  readonly challenge?: string;
  /** Of a refused credential, for the log alone: why, and by which way in. */
  readonly reason?: Reason;
  readonly way?: string;
}

/** When to come back, in seconds: the shorter period that the platform's limiters can have. */
const RETRY_AFTER = 10;
const RETRYABLE: ReadonlySet<ProblemCode> = new Set([
  "rate_limited",
  "keys_unavailable",
  "limiter_unavailable",
  "application_unavailable",
]);

/** The challenge of a 401 that has none of its own, as for a link. */
const DEFAULT_CHALLENGE = 'Bearer realm="cloudinary-edge-signer", error="invalid_token"';

/** A failure, with the log's word of it where it is one of a credential. */
export const failure = (code: ProblemCode, detail: string, reason?: Reason): Failure => ({
  code,
  detail,
  ...(reason && { reason }),
});

/** What is answered where something broke in the signer; the log alone is told what. */
export const broke = (logged: string): Failure => ({
  ...failure("internal", "the signer's log tells where it broke, by this request_id"),
  logged,
});

/** A problem as it is answered. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly errors?: readonly RefusedParam[];
}

/** The members of the answer. */
export function toProblem({ code, detail, refusals }: Failure, requestId: string): Problem {
  const [status, title] = PROBLEMS[code];
  return {
    type: `urn:cloudinary-edge-signer:${code}`,
    title,
    status,
    detail,
    code,
    request_id: requestId,
    ...(refusals && { errors: refusals }),
  };
}

function headersOf(
  contentType: string,
  status: number,
  { code, allow, challenge }: Pick<Failure, "code" | "allow" | "challenge">,
): Reply["headers"] {
  return {
    "content-type": contentType,
    "cache-control": "no-store",
    ...(allow !== undefined && { allow }),
    ...(status === 401 && { "www-authenticate": challenge ?? DEFAULT_CHALLENGE }),
    ...(RETRYABLE.has(code) && { "retry-after": String(RETRY_AFTER) }),
  };
}

/** A problem as JSON; `failed`, where it is at hand, has more for the headers. */
export const problemReply = (problem: Problem, failed?: Failure): Reply => ({
  status: problem.status,
  headers: headersOf("application/problem+json", problem.status, failed ?? { code: problem.code }),
  body: JSON.stringify(problem),
});

/** A failure as a script, for people pipe this answer to `sh`: it holds our code and nothing of the caller's. */
export function problemScript(failed: Failure): Reply {
  const [status] = PROBLEMS[failed.code];
  const headers = headersOf("text/plain; charset=utf-8", status, failed);
  return { status, headers, body: `echo '${failed.code}' >&2; exit 1\n` };
}
