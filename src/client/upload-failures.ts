// Why a file in a store of uploads failed: what is told of it, and whether trying again may help.

import { UploadError } from "./errors.ts";
import type { UploadOptions } from "./upload-options.ts";

/** A failure as an item tells it. */
export interface ToldFailure {
  readonly error: UploadError | Error;
  readonly reason: string;
  readonly canRetry: boolean;
}

/** A file that is refused here, before anything is sent. */
export function refusedHere(reason: string, canRetry = false): ToldFailure {
  const error = new UploadError(reason, { code: "file_refused", status: 0, retryable: canRetry });
  return { error, reason, canRetry };
}

export const EMPTY = "This file is empty: choose one that holds something.";
export const UNREADABLE = "This file can't be read any more: choose it again.";

/** What a limit says (`send at most 2 MB`), as a sentence. */
export const sentence = (detail: string): string =>
  detail.charAt(0).toUpperCase() + detail.slice(1).replace(/(?<![.!?])$/, ".");

/** The caller was not known: another token may be. */
const SIGN_IN: readonly string[] = ["unauthenticated", "invalid_token", "expired_token"];
/** What arrived is lost: the file itself is as good as before. */
const LOST: readonly string[] = ["not_stored", "upload_id_refused"];

const isOf = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof UploadError && codes.includes(error.code);

/** What an upload rejected with. A token that is a text stays what it was; of a function, or a cookie, another may come. */
export function failureOf(thrown: unknown, { token }: UploadOptions): ToldFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const isFunction = typeof token === "function";
  if (!(error instanceof UploadError)) return { error, reason: error.message, canRetry: isFunction };
  const canRetry =
    error.retryable || isOf(error, LOST) || (isOf(error, SIGN_IN) && (isFunction || token === undefined));
  const refused = error.code === "file_refused" ? error.problem?.errors?.[0] : undefined;
  return { error, reason: refused === undefined ? error.message : sentence(refused.detail), canRetry };
}

/** Whether the next attempt goes on from what arrived, or begins anew. */
export const goesOn = (error: unknown): boolean =>
  !(error instanceof UploadError) || error.retryable || isOf(error, SIGN_IN);
