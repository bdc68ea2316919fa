// Notifications (webhooks): did Cloudinary send this, and lately?
// Source: https://cloudinary.com/documentation/notification_signatures

import type { Result } from "../result.ts";
import { DEFAULT_MAX_AGE, type NotificationFailure, readNotification } from "../signature/notification.ts";
import { secretList } from "./secrets.ts";

export type { NotificationFailure } from "../signature/notification.ts";

/** A notification as it came over HTTP. */
export interface NotificationRequest {
  /** The raw body: its bytes, or their text. Never a body that was parsed and written again. */
  readonly body: string | Uint8Array;
  /** The header `X-Cld-Timestamp`. */
  readonly timestamp: string | null | undefined;
  /** The header `X-Cld-Signature`. */
  readonly signature: string | null | undefined;
}

/** By whose secret, and how old it may be. */
export interface VerifyNotificationOptions {
  /** The account's API secret; several while one replaces another. */
  readonly apiSecret: string | readonly string[];
  /** Oldest notification that is taken, in seconds. Default 7200, as in Cloudinary's SDKs. */
  readonly maxAge?: number;
  /** Unix seconds; default the time now. */
  readonly now?: number;
}

const encoder = new TextEncoder();

/** A copy of a body: what is verified is what is parsed. */
function rawBytes(body: unknown): Uint8Array {
  if (typeof body === "string") return encoder.encode(body);
  try {
    // What only inherits from Uint8Array is not a view; of a view whose buffer was given away there is nothing to copy.
    if (ArrayBuffer.isView(body) && body instanceof Uint8Array) return Uint8Array.from(body);
  } catch {
    // As anything else that is not a body.
  }
  throw new TypeError("body must be the raw body, as a string or as bytes");
}

/**
 * Verifies a notification over its raw body, and answers it parsed. Headers that are missing, or not texts, are
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
  if (!Number.isFinite(now) || !Number.isFinite(maxAge))
    throw new TypeError("now and maxAge must be numbers of seconds");
  return readNotification({ raw: rawBytes(body), timestamp, signature, secrets, now, maxAge });
}
