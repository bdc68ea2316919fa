// Did Cloudinary send this, and lately? By the account's own secret alone: without it nobody can make a notification, and
// with it nothing of ours is one, for the body has to be a JSON object.

import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import { underKeyring } from "../keys/under-secret.ts";
import type { RequestEvent } from "../observe/event.ts";
import { err, ok, type Result } from "../result.ts";
import {
  DEFAULT_MAX_AGE,
  headersFlaw,
  isTimestamp,
  MAX_AHEAD,
  type NotificationFailure,
} from "../signature/notification.ts";

/** The headers that a notification is verified by, as they came. */
export interface WebhookHeaders {
  readonly timestamp: string | null;
  readonly signature: string | null;
}

/** A notification as it came. */
export interface Webhook extends WebhookHeaders {
  readonly raw: Uint8Array<ArrayBuffer>;
  /** The end of the address that it was sent to. */
  readonly uploadId: string | undefined;
}

/** How the one who sends it shows who it is. */
const CHALLENGE = 'X-Cld-Signature realm="cloudinary-edge-signer"';

const FAILURES: Readonly<Record<NotificationFailure, (headers: WebhookHeaders) => Failure>> = {
  missing_header: ({ timestamp }) =>
    failure("notification_headers", {
      header: isTimestamp(timestamp) ? "X-Cld-Signature" : "X-Cld-Timestamp",
    }),
  too_old: () => failure("notification_old", { seconds: DEFAULT_MAX_AGE }),
  in_the_future: () => failure("notification_ahead", { seconds: MAX_AHEAD }),
  invalid_signature: () => failure("notification_signature"),
  not_json: () => failure("notification_json"),
};

const challenged = (headers: WebhookHeaders, flaw: NotificationFailure): Failure => ({
  ...FAILURES[flaw](headers),
  challenge: CHALLENGE,
});

/** What a notification is verified by, unless that alone tells that it is none: so much costs no reading of its body. */
export function readWebhookHeaders(headers: Headers, now: number): Result<WebhookHeaders, Failure> {
  const timestamp = headers.get("x-cld-timestamp");
  const signature = headers.get("x-cld-signature");
  if (signature === null && headers.has("x-cld-signature_v2"))
    return err({ ...failure("notification_v2"), challenge: CHALLENGE });
  const read = { timestamp, signature };
  const flaw = headersFlaw({ ...read, now, maxAge: DEFAULT_MAX_AGE });
  return flaw === undefined ? ok(read) : err(challenged(read, flaw));
}

/**
 * The body of a notification that one of this account's secrets signed. All are tried: which one it was, the body says
 * itself, as `signature_key`, and it is not believed before.
 */
export async function verifyWebhook(
  config: Config,
  { raw, timestamp, signature }: Webhook,
  now: number,
  event: RequestEvent,
): Promise<Result<Readonly<Record<string, unknown>>, Failure>> {
  const headers = { timestamp, signature };
  const verified = await underKeyring(config, now, event, async (secret) => {
    const read = await secret.readNotification({ raw, ...headers, now, maxAge: DEFAULT_MAX_AGE });
    return read.ok ? ok(read.value) : err(challenged(headers, read.error));
  });
  return verified.ok ? ok(verified.value.value) : verified;
}
