// `POST /notifications` and `POST /notifications/{upload_id}`: Cloudinary's webhooks. No limiter counts them: they come from
// few addresses, as many as there are uploads, and a forged one costs a hash of what it sends.

import { readWebhookHeaders } from "../../notifications/authentic.ts";
import { receive } from "../../notifications/receive.ts";
import { ok } from "../../result.ts";
import { readRaw } from "../wire/body.ts";
import type { Handler } from "../wire/frame.ts";
import { jsonReply } from "../wire/reply.ts";
import type { Desk } from "./desk.ts";

/** The answer to a notification. */
export interface Received {
  /** By which the application tells doubles; the same whenever the same event is sent. */
  readonly id: string;
}

/** Largest notification, in bytes; what an add-on found may be long. */
export const MAX_NOTIFICATION_BYTES = 1024 * 1024;

export const answerNotification =
  ({ config, platform }: Desk, idOf: (path: string) => string | undefined): Handler =>
  async ({ c, request, event }) => {
    const signed = readWebhookHeaders(request.headers, platform.now());
    if (!signed.ok) return signed;
    const raw = await readRaw(request, MAX_NOTIFICATION_BYTES);
    if (!raw.ok) return raw;
    const webhook = { ...signed.value, raw: raw.value, uploadId: idOf(c.req.path) };
    const received = await receive(config, webhook, platform, event);
    return received.ok ? ok(jsonReply({ id: received.value.id } satisfies Received)) : received;
  };
