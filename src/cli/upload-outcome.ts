// What became of a file, for people and for machines.

import { styleText } from "node:util";
import type { Uploaded } from "../client/cloudinary.ts";
import { UploadError, type UploadErrorCode } from "../client/errors.ts";
import type { Problem } from "../problem.ts";
import type { Io } from "./io.ts";
import { jsonText } from "./json-text.ts";
import { plain, size } from "./terminal.ts";

export type Outcome = { readonly file: string } & (
  | ({ readonly state: "uploaded" } & Uploaded)
  | { readonly state: "signed"; readonly command: string }
  | {
      /** `refused` by the signer or by Cloudinary, or it `failed` on the way and may go well another time. */
      readonly state: "refused" | "failed";
      readonly code?: UploadErrorCode;
      readonly message: string;
      readonly errors?: Problem["errors"];
    }
  /** By Ctrl-C; what was on its way may arrive all the same. */
  | { readonly state: "stopped" }
);

/** What to do about refusals, beside what they say. */
const FIXES: Partial<Readonly<Record<UploadErrorCode, string>>> = {
  unauthenticated: "send a credential: --header 'Authorization: Bearer …'",
  invalid_token: "send another token: --header 'Authorization: Bearer …'",
  expired_token: "send a fresh token: --header 'Authorization: Bearer …'",
  origin_not_allowed: "name the page's origin: --header 'Origin: https://…'",
  unknown_profile: "choose another one: --profile",
  misconfigured: "run `cloudinary-edge-signer doctor`",
};

export function failed(file: string, error: unknown): Outcome {
  if (!(error instanceof UploadError)) {
    // What broke is the file or a setting: the file may be gone since it was found.
    const { code } = error as { code?: unknown };
    return {
      file,
      state: "failed",
      message: `it can't be read${typeof code === "string" ? ` (${code})` : ""}`,
    };
  }
  const { code, message, problem, retryable } = error;
  const isRefused = problem !== undefined || (code === "upload_refused" && !retryable);
  const errors = problem?.errors;
  return { file, state: isRefused ? "refused" : "failed", code, message, ...(errors && { errors }) };
}

function fixOf(code: UploadErrorCode | undefined, message: string): string {
  const isSignature = code === "upload_refused" && message.startsWith("Invalid Signature");
  const fix = isSignature ? "run `cloudinary-edge-signer doctor`" : code && FIXES[code];
  return fix === undefined ? "" : `\n    ${fix}`;
}

/** What people read of it. */
function textOf(outcome: Outcome): string {
  const file = plain(outcome.file);
  const mark = (text: string, style: "red" | "yellow") => styleText(style, text, { stream: process.stderr });
  if (outcome.state === "signed") return outcome.command;
  if (outcome.state === "stopped")
    return `${mark("·", "yellow")} ${file}: stopped; it may arrive all the same`;
  if (outcome.state === "uploaded") {
    const { bytes, secure_url } = outcome.asset;
    return `${styleText("green", "✓")} ${file}  ${size(bytes)}  ${plain(secure_url)}`;
  }
  const { code, message } = outcome;
  return `${mark("✗", "red")} ${file}: ${plain(message)}${fixOf(code, message)}`;
}

export function tell(outcome: Outcome, json: boolean, { out, err }: Io): void {
  const isWanted = outcome.state === "uploaded" || outcome.state === "signed";
  if (json) out(jsonText(outcome, "line"));
  else if (isWanted) out(textOf(outcome));
  else err(textOf(outcome));
}
