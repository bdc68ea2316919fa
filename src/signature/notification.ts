// A notification (webhook) as it came over HTTP: did Cloudinary send it, and lately? Pure: raw bytes, headers, secrets
// and the time in, the parsed body out.
// Source: https://cloudinary.com/documentation/notification_signatures

import { err, ok, type Result } from "../result.ts";
import { isSignedBy, joined } from "./verify.ts";

/**
 * - `missing_header`: no timestamp, no signature, or not in the form that Cloudinary writes;
 * - `too_old`, `in_the_future`: older than `maxAge`, or more than 300 seconds ahead;
 * - `invalid_signature`: signed by none of the secrets, or altered since;
 * - `not_json`: signed, but not a JSON object. A signed upload's parameters read like such a body, so that this
 *   is not a notification.
 */
export type NotificationFailure =
  | "missing_header"
  | "too_old"
  | "in_the_future"
  | "invalid_signature"
  | "not_json";

/** What a notification is judged by. */
export interface SignedNotification {
  /** The raw body. */
  readonly raw: Uint8Array;
  /** The header `X-Cld-Timestamp`. A server may hand on a header that came twice as a list. */
  readonly timestamp: unknown;
  /** The header `X-Cld-Signature`. */
  readonly signature: unknown;
  readonly secrets: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  /** Oldest notification that is taken, in seconds. */
  readonly maxAge: number;
}

/** Seconds that Cloudinary's clock may be ahead of ours. */
const MAX_AHEAD = 300;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** The body of a notification that one of the secrets signed. */
export async function readNotification({
  raw,
  timestamp,
  signature,
  secrets,
  now,
  maxAge,
}: SignedNotification): Promise<Result<Readonly<Record<string, unknown>>, NotificationFailure>> {
  if (typeof timestamp !== "string" || typeof signature !== "string") return err("missing_header");
  if (signature === "" || !/^\d{1,16}$/.test(timestamp)) return err("missing_header");
  if (!(Number(timestamp) >= now - maxAge)) return err("too_old");
  if (!(Number(timestamp) <= now + MAX_AHEAD)) return err("in_the_future");
  if (!(await isSignedBy(joined(raw, encoder.encode(timestamp)), signature, secrets)))
    return err("invalid_signature");
  try {
    const parsed: unknown = JSON.parse(decoder.decode(raw));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return ok(parsed as Record<string, unknown>);
  } catch {
    // Neither UTF-8 nor JSON.
  }
  return err("not_json");
}
