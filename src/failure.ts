// Every way in which a request can end without what it asked for: one row for each reason, with the code that goes
// over the wire and the sentence for people. The reason itself is the log's word. A failure is data until it is told;
// nothing reads a sentence.

import { type Fault, faultsText, publicFaults } from "./fault.ts";
import type { RefusedFile } from "./policy/decide/judge-file.ts";
import { type Refusal, tellRefusal } from "./policy/decide/refusal.ts";
import { type Reason, sentenceOf } from "./policy/tables/reasons.ts";
import { PROBLEMS, type Problem, type ProblemCode } from "./problem.ts";

interface Row<P> {
  readonly code: ProblemCode;
  readonly detail: string | ((of: P) => string);
  /** What the log says beside the reason, where it may say more than strangers hear. */
  readonly logged?: ((of: P) => string) | undefined;
}

type Nothing = Record<never, never>;

const row = <P = Nothing>(
  code: ProblemCode,
  detail: Row<P>["detail"],
  logged?: Row<P>["logged"],
): Row<P> => ({ code, detail, logged });

/** An example of a body, for those who sent another one. */
const BODY = '{"params": {"context": {"alt": "A cat"}}}';

/** A claim of a token that is missing, or another than wanted. */
interface WrongClaim {
  readonly claim: string;
  readonly missing: boolean;
}
const wrongClaim = (): Row<WrongClaim> =>
  row("invalid_token", ({ claim, missing }) =>
    missing
      ? `the claim ${claim} of the token is missing`
      : `the claim ${claim} of the token is not what this access method wants`,
  );

/** Whose secret it is, and what is wrong with it. */
interface WrongSecret {
  readonly binding: string;
  readonly problem: string;
}
/** The same, and what its owner does. */
interface UnfitSecret extends WrongSecret {
  readonly fix: string;
}

const FAILURES = {
  // What is asked for.
  not_found: row<{ routes: string }>("not_found", ({ routes }) => `ask for one of these: ${routes}`),
  method_not_allowed: row<{ allow: string; advice: string }>(
    "method_not_allowed",
    ({ allow, advice }) => `${advice}allowed: ${allow}`,
  ),
  unknown_profile: row(
    "unknown_profile",
    "ask for another profile, or add this one to `profiles` in signer.config.ts: no profile has this name (it is `default` where a request names none)",
  ),
  no_profiles: row(
    "unknown_profile",
    'add the profile `default` with access ["public"], or a stricter one, to `profiles` in signer.config.ts: none is configured, so nothing is signed for anybody',
  ),

  // How it is asked.
  form_body: row(
    "unsupported_media_type",
    "send JSON with `Content-Type: application/json`; the file itself goes to Cloudinary, not here",
  ),
  encoded_body: row("unsupported_media_type", "send the body without a Content-Encoding"),
  body_too_large: row<{ what: string; bytes: number }>(
    "body_too_large",
    ({ what, bytes }) => `send at most ${bytes} bytes in ${what}`,
  ),
  body_broke_off: row("malformed_request", "send the body whole: it broke off"),
  body_late: row<{ seconds: number }>(
    "malformed_request",
    ({ seconds }) => `send the body at once: it did not arrive within ${seconds} s`,
  ),
  not_utf8: row("malformed_request", "send the body as UTF-8: its bytes are something else"),
  not_json: row("malformed_request", `send JSON, such as ${BODY}: the body is something else`),
  not_an_object: row<{ kind: string }>(
    "malformed_request",
    ({ kind }) => `send a JSON object, such as ${BODY}: the body is ${kind}`,
  ),
  too_deep: row<{ levels: number }>(
    "malformed_request",
    ({ levels }) => `send a flatter body: this one is nested deeper than ${levels} levels`,
  ),
  unwrapped: row<{ form: string; members: readonly string[] }>(
    "malformed_request",
    ({ form, members }) =>
      `wrap the parameters: {"${form}": {${members.join(", ")}}}, and send nothing beside it`,
  ),
  unknown_members: row("malformed_request", `send ${BODY}, or {"paramsToSign": {…}}, and nothing beside it`),
  two_forms: row<{ names: readonly string[] }>(
    "malformed_request",
    ({ names }) => `send one of ${names.join(", ")}: one request has one form`,
  ),
  params_not_an_object: row<{ name: string }>(
    "malformed_request",
    ({ name }) => `send an object as \`${name}\`: the parameters by their names`,
  ),
  too_many_params: row<{ most: number }>(
    "malformed_request",
    ({ most }) => `send fewer parameters: there are more than ${most}`,
  ),
  params_in_address: row<{ name: string }>(
    "malformed_request",
    ({ name }) => `send parameters in the JSON body, {"params": {"${name}": …}}, and not in the address`,
  ),
  link_members: row("malformed_request", "send {} or nothing: a request for a link has no members"),
  unknown_format: row("malformed_request", "leave `format` out, or send `format=curl`"),
  unfit_path: row<{ most: number }>(
    "malformed_request",
    ({ most }) => `\`file\` must be a path of at most ${most} characters`,
  ),
  unfit_address: row(
    "malformed_request",
    "`file` must be a path, or an address that begins with https://, http:// or data:, percent-encoded and without user and password",
  ),
  takes_no_file: row("malformed_request", "leave the file out: the method of this profile takes none"),
  curl_drop_in: row("malformed_request", "send `params` with format=curl: it is for tickets only"),
  binding_request: row<{ problem: string }>("malformed_request", ({ problem }) => problem),

  // The page that asks.
  no_page: row(
    "origin_not_allowed",
    "ask from a page that was served over http or https: a file or a sandboxed frame has no origin",
  ),
  unlisted_origin: row(
    "origin_not_allowed",
    "list the origin of this page in `allowedOrigins` of the signer's configuration, if the page is yours; the signer's log names it",
  ),
  other_page: row(
    "origin_not_allowed",
    "list the origin of this page in `allowedOrigins`, and in `origins` of this profile's access method where it has any, if the page is yours; the signer's log names it",
  ),
  page_wanted: row(
    "origin_not_allowed",
    "ask from a page: this profile is for pages of listed origins, and the request has no Origin",
  ),
  no_origin: row(
    "origin_not_allowed",
    "ask from a page: a cookie counts for pages only, and the request has no Origin",
  ),
  preview_origin: row(
    "origin_not_allowed",
    "list the origin of this page itself: a cookie does not count for origins that only fit a pattern",
  ),
  cross_site: row(
    "origin_not_allowed",
    "list the origin of this page in allowedOrigins: a cookie counts for pages of the same site and of listed origins only",
  ),

  // Who asks.
  two_credentials: row("malformed_request", "send one credential: the request has several"),
  unauthenticated: row<{ hints: readonly string[] }>(
    "unauthenticated",
    ({ hints }) => `send ${hints.join(", or ")}`,
  ),
  workers_only: row("profile_not_allowed", "ask by service binding: this profile is for other Workers"),
  no_workers: row(
    "profile_not_allowed",
    "name an access method of type `service` in the profile's `access`: other Workers can't use it yet",
  ),
  malformed: row<{ what: string }>(
    "invalid_token",
    ({ what }) => `send another ${what}: this one is not valid`,
  ),
  too_long: row<{ what: string }>(
    "invalid_token",
    ({ what }) => `send another ${what}: this one is too long`,
  ),
  typ: row("invalid_token", "the token's header `typ` must be JWT, at+jwt or absent"),
  alg: row("invalid_token", "the token's algorithm is not allowed"),
  no_matching_key: row("invalid_token", "the token's key is not one of its issuer's"),
  several_matching_keys: row(
    "invalid_token",
    "the token does not name its key (`kid`), and its issuer has several",
  ),
  signature: row("invalid_token", "send another token: this one is not valid"),
  expired: row("expired_token", "get a new token: this one has expired"),
  ends_now: row("expired_token", "get a new token: this one ends now"),
  issued_too_long_ago: row("expired_token", "get a new token: this one was issued too long ago"),
  not_yet_valid: wrongClaim(),
  iss_mismatch: wrongClaim(),
  aud_mismatch: wrongClaim(),
  azp_mismatch: wrongClaim(),
  missing_claim: wrongClaim(),
  malformed_claim: wrongClaim(),
  unfit_subject: row("invalid_token", "the claim sub of the token must be a string"),
  event_token: row(
    "invalid_token",
    "the token must not describe an event (its claim `events`): it was not made for access",
  ),
  unfit_claim: row<{ why: Reason }>("invalid_token", ({ why }) => sentenceOf(why)),
  unknown_token: row("invalid_token", "the token is not one of this profile's"),
  custom_refused: row("invalid_token", "sign in again: the credential is not valid"),
  custom_failed: row("application_unavailable", "try again later: the application could not say who asks"),
  turnstile_refused: row("invalid_token", "solve a new Turnstile challenge: Turnstile refused the token"),
  turnstile_expired: row(
    "expired_token",
    "solve a new Turnstile challenge: the token is too old or was used before",
  ),
  turnstile_hostname: row("invalid_token", "the Turnstile token was solved on another site"),
  turnstile_action: row("invalid_token", "the Turnstile token was solved for another action"),

  // Links.
  link_malformed: row("invalid_token", "ask for a new link: this one is not valid"),
  link_signature: row("invalid_token", "ask for a new link: this one is not valid"),
  link_expired: row("expired_token", "ask for a new link: this one has expired"),
  link_profile: row("profile_not_allowed", "ask for a link of this profile: this one is for another"),
  link_policy: row("invalid_token", "ask for a new link: the profile has changed since"),
  link_origin: row("origin_not_allowed", "ask for a link from this page: this one was made for another"),
  link_for_nobody: row(
    "profile_not_allowed",
    "ask with a credential that says who you are: links are for such callers, and a link can't make another",
  ),
  link_too_long: row("invalid_token", "ask for a new link: this one is not valid"),
  too_long_for_link: row(
    "profile_not_allowed",
    "send the token itself: its subject and the claims that this profile needs are too long for a link",
  ),

  // How often.
  rate_limited: row("rate_limited", "try again later: there were too many requests"),
  limiter_unavailable: row("limiter_unavailable", "try again later: the rate limiter can't be reached"),

  // What is signed.
  params_refused: row<{ refusals: readonly Refusal[] }>("params_refused", ({ refusals }) => {
    const { param, detail } = tellRefusal(refusals[0]!);
    const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more, see errors)` : "";
    return `${param}: ${detail}${more}`;
  }),

  // Which files.
  file_refused: row<{ refused: readonly RefusedFile[] }>(
    "file_refused",
    ({ refused }) => {
      const { param, detail } = refused[0]!;
      const more = refused.length > 1 ? ` (and ${refused.length - 1} more, see errors)` : "";
      // Of one file it is a sentence to show.
      return `${/^files\[[1-9]/.test(param) ? `${param}: ` : ""}${detail}${more}`;
    },
    ({ refused }) => refused.map(({ param, code }) => `${param} ${code}`).join(", "),
  ),
  files_malformed: row<{ problem: string }>("malformed_request", ({ problem }) => problem),

  // What is renewed or confirmed.
  upload_id_unsealed: row(
    "upload_id_refused",
    "send the upload_id of the ticket as it was answered: this one is not one of this signer's",
  ),
  upload_id_profile: row(
    "upload_id_refused",
    "ask under the profile that signed the ticket: the upload ID is another's",
  ),
  upload_id_policy: row("upload_id_refused", "upload again with a new ticket: the profile has changed since"),
  upload_id_caller: row(
    "upload_id_refused",
    "ask with the credential that the ticket was asked for with: the upload is another caller's",
  ),
  upload_id_expired: row(
    "upload_id_refused",
    "upload again with a new ticket: the time of this upload ID is over",
  ),
  upload_id_fields: row(
    "upload_id_refused",
    "send the fields of the ticket as they were answered: they are not those of this upload ID",
  ),
  upload_id_response: row(
    "upload_id_refused",
    "send Cloudinary's answer to this upload as it was: its public ID, type or signature is not that of the ticket's",
  ),
  too_long_for_upload_id: row(
    "profile_not_allowed",
    "ask with a shorter subject, or for a shorter public_id: the two are too long for an upload ID",
  ),
  not_renewable: row<{ why: "ttl" | "once" }>("upload_id_refused", ({ why }) =>
    why === "ttl"
      ? "ask for a new ticket: those of this profile live an hour at most, and are not renewed"
      : "ask for a new ticket: what this access method's callers show is good once",
  ),
  describe_format: row(
    "malformed_request",
    "ask by POST for a command: curl -X POST 'https://…/sign?format=curl'",
  ),
  confirm_format: row("malformed_request", "leave `format` out: a confirmation is answered as JSON"),
  curl_files: row("malformed_request", "leave `files` out with format=curl: a command is for one file"),
  confirm_malformed: row<{ problem: string }>("malformed_request", ({ problem }) => problem),
  not_confirmable: row(
    "upload_id_refused",
    "use the upload as it is: this profile has no `file`, so nothing is confirmed",
  ),
  renew_malformed: row(
    "malformed_request",
    `send {"renew": "<upload_id>", "fields": {…}}: both as the ticket has them`,
  ),
  not_stored: row("not_stored", "upload again: Cloudinary holds no such upload, or another version of it"),
  cloudinary_unavailable: row<{ problem: string }>(
    "cloudinary_unavailable",
    "send the same again in a moment: Cloudinary could not be asked; the upload is untouched",
    ({ problem }) => problem,
  ),
  application_unavailable: row<{ problem: string }>(
    "application_unavailable",
    "send the same again in a moment: the application could not take the upload, which is untouched",
    ({ problem }) => problem,
  ),

  // Notifications.
  notification_headers: row<{ header: string }>(
    "invalid_notification",
    ({ header }) => `send ${header} as Cloudinary writes it: it is missing, or has another form`,
  ),
  notification_v2: row(
    "invalid_notification",
    "send X-Cld-Signature too: X-Cld-Signature_v2 alone is not believed, for its key is not published",
  ),
  notification_old: row<{ seconds: number }>(
    "invalid_notification",
    ({ seconds }) => `send it in time: X-Cld-Timestamp is over ${seconds} s old`,
  ),
  notification_ahead: row<{ seconds: number }>(
    "invalid_notification",
    ({ seconds }) => `set the clock: X-Cld-Timestamp is over ${seconds} s in the future`,
  ),
  notification_signature: row(
    "invalid_notification",
    "send the very bytes that Cloudinary signed, by this account's API key: X-Cld-Signature is not that of this body and this time under its secret",
  ),
  notification_json: row(
    "invalid_notification",
    "let the template write a JSON object: a body that is something else is refused, though it is signed, for every ticket's text is such a body",
  ),
  notification_unheard: row<{ problem: string }>(
    "application_unavailable",
    "send the same again: the application could not take the notification",
    ({ problem }) => problem,
  ),

  queue_message: row(
    "malformed_request",
    "let nobody but the signer write to the queue NOTIFICATIONS: a message in it is not a notification",
  ),

  // What credentials are verified by.
  keys_unreachable: row(
    "keys_unavailable",
    "try again later: the keys of the token's issuer can't be reached",
  ),
  unfit_key: row(
    "keys_unavailable",
    "the token's key can't be used: the owner of its issuer's key set fixes it",
  ),
  secret_unavailable: row<WrongSecret>(
    "keys_unavailable",
    ({ binding, problem }) => `try again later: the secret ${binding} ${problem}`,
  ),
  unfit_secret: row<UnfitSecret>(
    "keys_unavailable",
    ({ binding, problem, fix }) => `the secret ${binding} ${problem}: ${fix}`,
  ),
  turnstile_unreachable: row<{ problem: string }>("keys_unavailable", ({ problem }) => problem),
  turnstile_secret: row(
    "keys_unavailable",
    "Turnstile refused the secret of this access method: its owner checks it",
  ),

  // The signer itself.
  misconfigured: row<{ faults: readonly Fault[] }>(
    "misconfigured",
    ({ faults }) => faultsText(publicFaults(faults)),
    ({ faults }) => faultsText(faults),
  ),
  internal: row<{ broke: string }>(
    "internal",
    "the signer's log tells where it broke, by this request_id",
    ({ broke }) => broke,
  ),
} as const;

/** Why a request ended: the log's word. */
export type FailureReason = keyof typeof FAILURES;

/** What a reason's sentence is made of. */
type Of<R extends FailureReason> = (typeof FAILURES)[R] extends Row<infer P> ? P : never;

/** A failure: its reason, what the sentence is made of, and who refused. */
export type Failure = {
  [R in FailureReason]: Of<R> & {
    readonly reason: R;
    /** The access method that refused. */
    readonly access?: string;
    /** Of a 401: how to say who asks, as the header `WWW-Authenticate` wants it. */
    readonly challenge?: string;
  };
}[FailureReason];

/** A failure by its reason. */
export const failure = <R extends FailureReason>(
  reason: R,
  ...[of]: keyof Of<R> extends never ? [] : [of: Of<R>]
): Failure => ({ reason, ...(of as object | undefined) }) as Failure;

const rowOf = ({ reason }: Failure): Row<Failure> => FAILURES[reason] as unknown as Row<Failure>;

export const codeOf = (failed: Failure): ProblemCode => rowOf(failed).code;

/** The sentence for whoever asked: what to do, or what is wrong. It repeats nothing secret. */
export function detailOf(failed: Failure): string {
  const { detail } = rowOf(failed);
  return typeof detail === "string" ? detail : detail(failed);
}

/** What the log alone is told. */
export const loggedDetailOf = (failed: Failure): string | undefined => rowOf(failed).logged?.(failed);

/** A failure as it goes over the wire, by HTTP or by a binding. */
export function problemOf(failed: Failure, requestId: string): Problem {
  const code = codeOf(failed);
  const [status, title] = PROBLEMS[code];
  return {
    type: `urn:cloudinary-edge-signer:${code}`,
    title,
    status,
    detail: detailOf(failed),
    code,
    request_id: requestId,
    ...(failed.reason === "params_refused" && { errors: failed.refusals.map(tellRefusal) }),
    ...(failed.reason === "file_refused" && { errors: failed.refused }),
  };
}
