// The way of a notification: verified -> matched by its sealed upload ID -> judged by that ticket's profile -> handed on.
// At least once and in no order: whatever can't be done is answered with a failure, and Cloudinary sends it again.

import type { CloudinaryNotification } from "../config/application.ts";
import type { Config } from "../config/checked.ts";
import type { Failure } from "../failure.ts";
import { base64Url } from "../keys/base64url.ts";
import { type RequestEvent, subjectHash } from "../observe/event.ts";
import { ok, type Result } from "../result.ts";
import { isTable, readTable } from "../tickets/signing-request.ts";
import type { Api } from "../uploads/cloudinary-api.ts";
import { verifyWebhook, type Webhook } from "./authentic.ts";
import { type Enforced, enforce } from "./enforce.ts";
import { handOn } from "./hand-on.ts";
import { type Matched, matchUpload } from "./match-upload.ts";

type Body = CloudinaryNotification["body"];

/** Deepest body: what add-ons found is deep, and from some thousand levels on JSON can't be written again. */
const MAX_LEVELS = 200;

const textOr = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Members that tell which of several events of one request it is: what it is about, by which add-on, and what came of it. */
const TELLING = /^(?:notification_type|resources)$|_(?:id|kind|path|status)$/;

/**
 * The same for the same event. Cloudinary tells doubles apart by `request_id`; deletions have none, but the moment that
 * set them off; what has neither is told apart by all that it says. One request may set off several: one for each asset,
 * and for each add-on that looked at it.
 */
async function notificationId(cloudName: string, body: Body): Promise<string> {
  const { request_id, notification_context: context } = body;
  const event = textOr(request_id) ?? (isTable(context) ? textOr(context.triggered_at) : undefined);
  const telling = Object.keys(body)
    .filter((name) => TELLING.test(name))
    .sort()
    .map((name) => [name, body[name]]);
  const parts = event === undefined ? [body] : [event, telling];
  const bytes = new TextEncoder().encode(JSON.stringify([cloudName, ...parts]));
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Whose upload it is, as the log tells it. */
async function note(event: RequestEvent, { cloudName }: Config, { id, secret }: Matched): Promise<void> {
  const { profile, access, subject } = id;
  event.profile = profile;
  event.access = access;
  if (subject !== null)
    event.subject = await subjectHash(await secret.key("log", cloudName), access, subject);
}

/** Takes a notification. */
export async function receive(
  config: Config,
  webhook: Webhook,
  platform: Pick<Api, "fetch" | "now">,
  event: RequestEvent,
): Promise<Result<CloudinaryNotification, Failure>> {
  const verified = await verifyWebhook(config, webhook, platform.now(), event);
  if (!verified.ok) return verified;
  const read = readTable(verified.value, MAX_LEVELS);
  if (!read.ok) return read;
  const body = read.value;
  const matched = await matchUpload(config, webhook.uploadId, body, platform.now(), event);
  if (!matched.ok) return matched;
  let enforced: Result<Enforced, Failure> = ok({});
  if (matched.value !== undefined) {
    await note(event, config, matched.value);
    enforced = await enforce(config, matched.value, body, platform);
    if (!enforced.ok) return enforced;
    const { broke } = enforced.value;
    event.enforced = enforced.value.enforced;
    if (broke !== undefined) event.detail = `file ${broke}: deleted`;
  }
  const notification: CloudinaryNotification = {
    id: await notificationId(config.cloudName, body),
    type: textOr(body.notification_type) ?? null,
    profile: matched.value?.id.profile ?? null,
    subject: matched.value?.id.subject ?? null,
    ...enforced.value,
    body,
  };
  const handed = await handOn(config, notification, event);
  return handed.ok ? ok(notification) : handed;
}
