// `POST /notifications` and `POST /notifications/{upload_id}`: Cloudinary's webhooks. No limiter counts them: they come from
// few addresses, as many as there are uploads, and a forged one costs a hash of what it sends.

import { failure } from "../../failure.ts";
import { checkWebhookHeaders } from "../../notifications/authentic.ts";
import { receive } from "../../notifications/receive.ts";
import { err, ok } from "../../result.ts";
import { readRaw } from "../wire/body.ts";
import type { Handler } from "../wire/frame.ts";
import { jsonReply } from "../wire/reply.ts";
import type { Desk } from "./desk.ts";

/** Largest notification, in bytes; what an add-on found may be long. */
export const MAX_NOTIFICATION_BYTES = 1024 * 1024;

export const answerNotification =
  ({ config, platform }: Desk, idOf: (path: string) => string | undefined): Handler =>
  async ({ c, request, event }) => {
    const signed = {
      timestamp: request.headers.get("x-cld-timestamp"),
      signature: request.headers.get("x-cld-signature"),
    };
    if (signed.signature === null && request.headers.has("x-cld-signature_v2"))
      return err(failure("notification_v2"));
    // Whatever its headers already tell costs no reading.
    const flaw = checkWebhookHeaders(signed, platform.now());
    if (flaw !== undefined) return err(flaw);
    const raw = await readRaw(request, MAX_NOTIFICATION_BYTES);
    if (!raw.ok) return raw;
    const webhook = { ...signed, raw: raw.value, uploadId: idOf(c.req.path) };
    const received = await receive(config, webhook, platform, event);
    return received.ok ? ok(jsonReply({ id: received.value.id })) : received;
  };
