// Notifications as Cloudinary documents them, signed by the official SDK, and what they are sent to.
// Source: https://cloudinary.com/documentation/notifications

import { v2 as cloudinary } from "cloudinary";
import { API_SECRET } from "../support/account.ts";
import { type Answer, clock } from "../uploads/scene.ts";

/** The SDK's signature over the raw body. */
export const sdkWebhookSignature = (
  raw: string,
  timestamp: number | string,
  api_secret: string = API_SECRET,
  signature_algorithm: "sha1" | "sha256" = "sha1",
): string =>
  (cloudinary.utils as Answer).webhook_signature(raw, String(timestamp), { api_secret, signature_algorithm });

/** The notification of an upload, of which Cloudinary answered `response`. */
export const uploadBody = (response: Answer, more: object = {}): Answer => ({
  notification_type: "upload",
  timestamp: new Date(clock.now * 1000).toISOString(),
  request_id: `request-of-${response.public_id}-${response.version}`,
  ...Object.fromEntries(Object.entries(response).filter(([name]) => name !== "signature")),
  notification_context: {
    triggered_at: new Date(clock.now * 1000).toISOString(),
    triggered_by: { source: "api", id: "415926535897932" },
  },
  signature_key: "415926535897932",
  ...more,
});

/** A request as Cloudinary sends it: a body, as JSON or as it is, and its headers. */
export function webhook(body: unknown, more: Record<string, string> = {}): RequestInit & { body: string } {
  const raw = typeof body === "string" ? body : JSON.stringify(body);
  return {
    method: "POST",
    body: raw,
    headers: {
      "content-type": "application/json",
      "x-cld-timestamp": String(clock.now),
      "x-cld-signature": sdkWebhookSignature(raw, clock.now),
      "x-cld-signature_v2": "b3BhcXVl",
      ...more,
    },
  };
}

/** The end of the address that a ticket had signed. */
export const pathOf = (ticket: Answer): string => new URL(ticket.fields.notification_url).pathname;
