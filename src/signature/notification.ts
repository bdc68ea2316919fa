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

/** The headers of a notification, and what their time is judged by. */
export interface NotificationHeaders {
  /** The header `X-Cld-Timestamp`. A server may hand on a header that came twice as a list. */
  readonly timestamp: unknown;
  /** The header `X-Cld-Signature`. */
  readonly signature: unknown;
  /** Unix seconds. */
  readonly now: number;
  /** Oldest notification that is taken, in seconds. */
  readonly maxAge: number;
}

/** What a notification is judged by. */
export interface SignedNotification extends NotificationHeaders {
  /** The raw body. */
  readonly raw: Uint8Array;
  readonly secrets: readonly string[];
}

/** How old a notification may be unless something else is said, in seconds, as in Cloudinary's SDKs. */
export const DEFAULT_MAX_AGE = 7200;

/** Seconds that Cloudinary's clock may be ahead of ours. */
export const MAX_AHEAD = 300;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Whether a header `X-Cld-Timestamp` is one. */
export const isTimestamp = (header: unknown): header is string =>
  typeof header === "string" && /^\d{1,16}$/.test(header);

/** What the headers alone tell: it costs no hash. */
export function headersFlaw({
  timestamp,
  signature,
  now,
  maxAge,
}: NotificationHeaders): NotificationFailure | undefined {
  if (!isTimestamp(timestamp) || typeof signature !== "string" || signature === "") return "missing_header";
  if (!(Number(timestamp) >= now - maxAge)) return "too_old";
  return Number(timestamp) <= now + MAX_AHEAD ? undefined : "in_the_future";
}

/** The body of a notification that one of the secrets signed. */
export async function readNotification({
  raw,
  secrets,
  ...headers
}: SignedNotification): Promise<Result<Readonly<Record<string, unknown>>, NotificationFailure>> {
  const flaw = headersFlaw(headers);
  if (flaw !== undefined) return err(flaw);
  const bytes = joined(raw, encoder.encode(String(headers.timestamp)));
  if (!(await isSignedBy(bytes, String(headers.signature), secrets))) return err("invalid_signature");
  try {
    const parsed: unknown = JSON.parse(decoder.decode(raw));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return ok(parsed as Record<string, unknown>);
  } catch {
    // Neither UTF-8 nor JSON.
  }
  return err("not_json");
}
