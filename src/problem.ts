// What goes over the wire where a request failed (RFC 9457), and the one table of its codes.

import type { RefusedFile } from "./policy/decide/judge-file.ts";
import type { RefusedParam } from "./policy/decide/refusal.ts";

/** Status and title of each code, and what to do (docs/reference.md). Codes are part of the public contract. */
export const PROBLEMS = {
  /** Fix the request: `detail` says how. Not to be sent again as it is. */
  malformed_request: [400, "The request is malformed"],
  /** Send what `WWW-Authenticate` and `detail` ask for: the request shows nothing that the profile's access methods read. */
  unauthenticated: [401, "Say who asks"],
  /** Get another credential: sign in again, or ask for a new link. The log's `reason` says what is wrong with this one. */
  invalid_token: [401, "The credential is not valid"],
  /** Get a new token, link or challenge, and send the request again. */
  expired_token: [401, "The credential is too old"],
  /** Compare the account, its API secret and the clock: the notification was not signed by it, or is too old. Cloudinary sends it again. */
  invalid_notification: [401, "The notification is not valid"],
  /** List the page's origin in `allowedOrigins`; the log's `origin` has it as the browser sent it. */
  origin_not_allowed: [403, "This origin is not allowed"],
  /** Ask for another profile, or by another access method: this caller can't use it, whatever is sent. */
  profile_not_allowed: [403, "This profile is not for this caller"],
  /** Compare the name in the address with `profiles` in the configuration that is deployed. */
  unknown_profile: [404, "There is no such profile"],
  /** Compare the address: `detail` lists all that there are. */
  not_found: [404, "There is nothing here"],
  /** Use one of the methods of the header `Allow`; tickets are asked for by POST. */
  method_not_allowed: [405, "This method is not allowed here"],
  /** Upload again with a new ticket: the asset was deleted or replaced meanwhile. Nothing was touched. */
  not_stored: [409, "Cloudinary does not hold this upload"],
  /** Send less: at most 64 KiB, of a notification 1 MiB. The file itself goes to Cloudinary. */
  body_too_large: [413, "The body is too large"],
  /** Send JSON, without a Content-Encoding. The form with the file goes to Cloudinary. */
  unsupported_media_type: [415, "This kind of body is not read here"],
  /** Show or fix what `errors` lists: each has the parameter, a code (`forbidden`, `missing`, `different`, `invalid`) and what is allowed. */
  params_refused: [422, "Some parameters were refused"],
  /** Show `detail` to the user, and let them choose another file. What was stored already is deleted. */
  file_refused: [422, "The file was refused"],
  /** Upload again with a new ticket, or confirm as the caller and profile that the ticket was for. */
  upload_id_refused: [422, "The upload ID was refused"],
  /** Wait for `Retry-After` seconds. Too often for honest callers: raise the limit in wrangler.toml. */
  rate_limited: [429, "Too many requests"],
  /** The owner runs `npx cloudinary-edge-signer check`, or reads the log or `/health`: they name the binding or setting, and the fix. */
  misconfigured: [500, "The signer is misconfigured"],
  /** The owner looks for the `request_id` in the log, which tells where it broke, and reports it. */
  internal: [500, "Something broke in the signer"],
  /** Try again after `Retry-After` seconds. Where it lasts, the owner looks at the issuer's key set, the Secrets Store or Turnstile; the log says which. */
  keys_unavailable: [503, "Keys are out of reach"],
  /** Try again after `Retry-After` seconds: callers who are nobody in particular wait until the rate limiter answers. */
  limiter_unavailable: [503, "The rate limiter is out of reach"],
  /** Send the same again after `Retry-After` seconds: nothing was lost, and the log says what Cloudinary answered. */
  cloudinary_unavailable: [503, "Cloudinary is out of reach"],
  /** Send the same again after `Retry-After` seconds: the asset stays. The owner looks at `onUploaded`, `onNotification` or `verify` of their own. */
  application_unavailable: [503, "The application is out of reach"],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

/** A code of `PROBLEMS`: docs/reference.md tells the status of each, and what to do. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Why a request failed, as it is answered: RFC 9457 with a code for programs. */
export interface Problem {
  /** `urn:cloudinary-edge-signer:` and the code. */
  readonly type: string;
  /** What the code means, in a few words. */
  readonly title: string;
  /** The HTTP status, as the answer has it. */
  readonly status: number;
  /** What to do, in a sentence for people; never parse it. */
  readonly detail: string;
  /** What programs go by: it stays the same from version to version. */
  readonly code: ProblemCode;
  /** Finds the request in the signer's log. */
  readonly request_id: string;
  /** Of `params_refused` and `file_refused`: one entry for each refused parameter or file. */
  readonly errors?: readonly (RefusedParam | RefusedFile)[];
}
