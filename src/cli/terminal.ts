// What `start` shows of what happens: uploads, and refusals by the Worker's log.

import { styleText } from "node:util";
import type { StoredUpload } from "../testing/emulator/index.ts";

const bold = (text: string) => styleText("bold", text);
const dim = (text: string) => styleText("dim", text);
const clock = () => dim(new Date().toTimeString().slice(0, 8));

/** What a stranger sent, without what a terminal would obey or turn around. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");

/** Bytes for people. */
function size(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${Math.round(bytes / 1000)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** An upload as it arrives. */
export function uploadLine({ resource_type, public_id, bytes, secure_url }: StoredUpload): string {
  return `  ${clock()} ${styleText("green", "✓ uploaded")} ${resource_type} ${bold(plain(public_id))}, ${size(bytes)}  ${secure_url}`;
}

/** An upload that the emulator refused. */
export function refusedUploadLine(status: number, message: string): string {
  return `  ${clock()} ${styleText("red", "✗ upload refused")} ${status} ${plain(message)}`;
}

/** What fixes a refusal that a page can't read. */
const HINTS: Readonly<Record<string, string>> = {
  origin_not_allowed: "list the page's origin in allowedOrigins of signer.config.ts, and restart",
};
/** A file or a sandboxed frame: no list has it. */
const NO_ORIGIN = "serve the page over http: opened as a file it has no origin";

/** A line of the Worker's log, if it tells of a failure. */
export function refusalLine(line: string): string | undefined {
  let entry: {
    status?: number;
    code?: string;
    profile?: string;
    refused?: string[];
    origin?: string;
    detail?: string;
  };
  try {
    entry = JSON.parse(line);
  } catch {
    return `  ${clock()} ${line}`;
  }
  if (entry.code === undefined) return undefined;
  const hint = entry.origin === "null" ? NO_ORIGIN : HINTS[entry.code];
  const origin = entry.origin && plain(entry.origin);
  const what = [entry.profile, entry.refused?.join(", "), origin, entry.detail, hint].filter((part) => part);
  return `  ${clock()} ${styleText("red", "✗ refused")} ${[entry.status, entry.code, what.join(": ")].join(" ").trimEnd()}`;
}
