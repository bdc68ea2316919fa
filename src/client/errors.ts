// How an upload can fail.

import type { Problem, ProblemCode } from "../problem.ts";

/**
 * - a code of the signer's: it refused the ticket, or what arrived, and `problem` says why. `file_refused` comes without a
 *   `problem` where the file broke a limit that was known before;
 * - `upload_refused`: Cloudinary refused the upload, or what `act` asked for, in its own words in `message`;
 * - `network`: nobody answered, or nobody that the page's origin may read (CORS);
 * - `unexpected_answer`: somebody else answered (is the address right?), or the profile is for `act` and not for `upload`,
 *   or the other way round
 */
export type UploadErrorCode = ProblemCode | "upload_refused" | "network" | "unexpected_answer";

interface Again {
  /** Default `false`. */
  readonly retryable?: boolean;
  /** The header `Retry-After`: seconds, or a date. */
  readonly retryAfter?: string | null | undefined;
}

/**
 * Why an upload failed; the message is a sentence to show. Aborting is no failure: that rejects with the
 * signal's reason.
 *
 * @example
 * const told = await upload(file, { signer, params: { folder: "mine" } }).catch((error) => {
 *   if (!(error instanceof UploadError)) throw error;
 *   return error.code === "params_refused" ? error.problem.errors[0].detail : error.message;
 * });
 */
export class UploadError extends Error {
  override readonly name = "UploadError";
  /** What programs go by. */
  declare readonly code: UploadErrorCode;
  /** HTTP status; 0 where nobody answered. */
  declare readonly status: number;
  /** What the signer answered, where it was the signer that refused. */
  declare readonly problem: Problem | undefined;
  /** Whether the same again may help. */
  declare readonly retryable: boolean;
  /** Seconds to wait before that, where the server said so. */
  declare readonly retryAfter: number | undefined;

  constructor(
    message: string,
    about: {
      readonly code: UploadErrorCode;
      readonly status: number;
      readonly problem?: Problem;
    } & Again,
  ) {
    super(message);
    Object.assign(this, { problem: undefined, retryable: false }, about, {
      retryAfter: secondsOf(about.retryAfter),
    });
  }
}

/** Cloudinary's own for too many requests, and for what it still works on. */
const PASSING: readonly number[] = [420, 423, 429];

/** Whether a status tells of something that may pass. */
export const mayPass = (status: number): boolean => status >= 500 || PASSING.includes(status);

function secondsOf(retryAfter: string | null | undefined): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
