// Notifications (webhooks): did Cloudinary send this, and lately?
// Source: https://cloudinary.com/documentation/notification_signatures

import { err, ok, type Result } from "../result.ts";
import { isSignedBy, joined } from "../signature/verify.ts";
import { secretList } from "./secrets.ts";

/** A notification as it came over HTTP. */
export interface NotificationRequest {
  /** The raw body: its bytes, or their text. Never a body that was parsed and written again. */
  readonly body: string | Uint8Array;
  /** The header `X-Cld-Timestamp`. */
  readonly timestamp: string | null | undefined;
  /** The header `X-Cld-Signature`. */
  readonly signature: string | null | undefined;
}

export interface VerifyNotificationOptions {
  /** The account's API secret; several while one replaces another. */
  readonly apiSecret: string | readonly string[];
  /** Oldest notification that is taken, in seconds. Default 7200, as in Cloudinary's SDKs. */
  readonly maxAge?: number;
  /** Unix seconds; default the time now. */
  readonly now?: number;
}

/**
 * - `missing_header`: no timestamp, no signature, or not in the form that Cloudinary writes;
 * - `too_old`, `in_the_future`: older than `maxAge`, or more than 300 seconds ahead;
 * - `invalid_signature`: signed by none of the secrets, or altered since;
 * - `not_json`: signed, but no JSON object. A signed upload's parameters read like such a body, so that this
 *   is no notification.
 */
export type NotificationFailure =
  | "missing_header"
  | "too_old"
  | "in_the_future"
  | "invalid_signature"
  | "not_json";

/** Seconds that Cloudinary's clock may be ahead of ours. */
const MAX_AHEAD = 300;
const DEFAULT_MAX_AGE = 7200;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A copy of a body: what is verified is what is parsed. */
function rawBytes(body: unknown): Uint8Array {
  if (typeof body === "string") return encoder.encode(body);
  try {
    // What only inherits from Uint8Array is no view; of a view whose buffer was given away there is nothing to copy.
    if (ArrayBuffer.isView(body) && body instanceof Uint8Array) return Uint8Array.from(body);
  } catch {
    // As anything else that is no body.
  }
  throw new TypeError("body must be the raw body, its text or its bytes");
}

/**
 * Verifies a notification over its raw body, and answers it parsed. Headers that are missing, or no texts, are
 * `missing_header`.
 *
 * Throws a `TypeError` where the secret is missing, and where `body` is neither text nor bytes: a body that was parsed
 * and written again would never verify.
 *
 * @example
 * const verified = await verifyNotification(
 *   {
 *     body: await request.text(),
 *     timestamp: request.headers.get("x-cld-timestamp"),
 *     signature: request.headers.get("x-cld-signature"),
 *   },
 *   { apiSecret },
 * );
 * if (!verified.ok) return new Response(verified.error, { status: 401 });
 */
export async function verifyNotification(
  notification: NotificationRequest,
  options: VerifyNotificationOptions,
): Promise<Result<Readonly<Record<string, unknown>>, NotificationFailure>> {
  const secrets = secretList(options?.apiSecret);
  const { maxAge = DEFAULT_MAX_AGE, now = Math.floor(Date.now() / 1000) } = options;
  const { body, timestamp, signature } = notification ?? {};
  if (!Number.isFinite(now) || !Number.isFinite(maxAge)) throw new TypeError("now and maxAge are seconds");
  const raw = rawBytes(body);
  // A server may hand on a header that came twice as a list.
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
