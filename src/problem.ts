// What goes over the wire where a request failed (RFC 9457), and the one table of its codes.

import type { RefusedFile } from "./policy/decide/judge-file.ts";
import type { RefusedParam } from "./policy/decide/refusal.ts";

/** Status and title of each code. Codes are part of the public contract. */
export const PROBLEMS = {
  malformed_request: [400, "The request is malformed"],
  unauthenticated: [401, "Say who asks"],
  invalid_token: [401, "The credential is not valid"],
  expired_token: [401, "The credential is too old"],
  invalid_notification: [401, "The notification is not valid"],
  origin_not_allowed: [403, "This origin is not allowed"],
  profile_not_allowed: [403, "This profile is not for this caller"],
  unknown_profile: [404, "There is no such profile"],
  not_found: [404, "There is nothing here"],
  method_not_allowed: [405, "This method is not allowed here"],
  not_stored: [409, "Cloudinary does not hold this upload"],
  body_too_large: [413, "The body is too large"],
  unsupported_media_type: [415, "This kind of body is not read here"],
  params_refused: [422, "Some parameters were refused"],
  file_refused: [422, "The file was refused"],
  upload_id_refused: [422, "The upload ID was refused"],
  rate_limited: [429, "Too many requests"],
  misconfigured: [500, "The signer is misconfigured"],
  internal: [500, "Something broke in the signer"],
  keys_unavailable: [503, "Keys are out of reach"],
  limiter_unavailable: [503, "The rate limiter is out of reach"],
  cloudinary_unavailable: [503, "Cloudinary is out of reach"],
  application_unavailable: [503, "The application is out of reach"],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;

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
