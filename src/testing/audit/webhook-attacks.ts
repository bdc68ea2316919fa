// Notifications that no endpoint should take, as data: signed by nobody, or by another, over other bytes, at another time,
// or no notification at all. The official SDK signs them.

import { randomBytes } from "node:crypto";
import { type Algorithm, signedWebhook } from "./sdk.ts";

/** A request as Cloudinary sends one, or nearly so. What is absent is not sent. */
export interface SentWebhook {
  readonly raw: string;
  readonly timestamp?: number;
  readonly signature?: string;
  readonly signatureV2?: string;
  /** Of an attack in several forms: how a report tells this one. */
  readonly by?: string;
}

/** What an attack is made of. */
export interface WebhookParts {
  /** A name that belongs to nobody. */
  readonly victim: string;
  /** Unix seconds. */
  readonly now: number;
  /** A genuine body: JSON as `JSON.stringify` writes it. */
  readonly raw: string;
  /** Signs by the account's secret, or by another. */
  readonly sign: (raw: string, timestamp: number, secret?: string) => string;
}

/** A notification that an application must not take. */
export interface WebhookAttack {
  /** As reports name it. */
  readonly id: string;
  /** Tells it from attacks on endpoints that sign. */
  readonly kind: "webhook";
  /** What its sender can do, in plain words, as the end of the sentence "whoever knows the address can …". */
  readonly title: string;
  /** Whether only the account's secret can make it. */
  readonly needsSecret: boolean;
  /** What is sent, in one form or several. */
  readonly send: (parts: WebhookParts) => readonly SentWebhook[];
}

/** Seconds: more than the two hours that Cloudinary's SDKs allow, and than clocks differ. */
const STALE = 10_800;
const AHEAD = 86_400;

/** What stands in the place of a secret that was never set. */
const UNSET = ["", "undefined", "null"];

type Row = Omit<WebhookAttack, "kind" | "needsSecret">;

const WITHOUT_SECRET: readonly Row[] = [
  {
    id: "unsigned",
    title: "report whatever they like, without a signature",
    send: ({ raw, now }) => [
      { raw, by: "without the headers" },
      { raw, timestamp: now, by: "without X-Cld-Signature" },
      { raw, timestamp: now, signature: "", by: "with an empty X-Cld-Signature" },
    ],
  },
  {
    id: "other-secret",
    title: "report whatever they like, signed by a secret of their own",
    send: ({ raw, now, sign }) => [
      { raw, timestamp: now, signature: sign(raw, now, randomBytes(16).toString("hex")) },
    ],
  },
  {
    id: "empty-secret",
    title: "report whatever they like, since the endpoint's own secret is not set",
    send: ({ raw, now, sign }) =>
      UNSET.map((secret) => ({
        ...{ raw, timestamp: now, signature: sign(raw, now, secret) },
        by: `signed by ${JSON.stringify(secret)}`,
      })),
  },
  {
    id: "version-2-only",
    title: "report whatever they like, with X-Cld-Signature_v2 alone, whose key is not published",
    send: ({ raw, now }) => [{ raw, timestamp: now, signatureV2: randomBytes(64).toString("base64") }],
  },
];

const WITH_SECRET: readonly Row[] = [
  {
    id: "stale",
    title: "send again what Cloudinary sent hours ago",
    send: ({ raw, now, sign }) => [{ raw, timestamp: now - STALE, signature: sign(raw, now - STALE) }],
  },
  {
    id: "future",
    title: "send again for a day and longer what is dated ahead",
    send: ({ raw, now, sign }) => [{ raw, timestamp: now + AHEAD, signature: sign(raw, now + AHEAD) }],
  },
  {
    id: "altered",
    title: "change what Cloudinary reported",
    send: ({ raw, now, sign, victim }) => [
      { raw: raw.replaceAll(victim, `${victim}-2`), timestamp: now, signature: sign(raw, now) },
    ],
  },
  {
    // Such an endpoint verifies what it wrote itself, and not what came; it refuses genuine ones that are written otherwise.
    id: "re-serialised",
    title: "send other bytes than were signed, which another reader may read otherwise",
    send: ({ raw, now, sign }) => {
      const signed = { timestamp: now, signature: sign(raw, now) };
      return [
        { ...signed, raw: JSON.stringify(JSON.parse(raw), null, 2), by: "with blanks" },
        { ...signed, raw: `{"notification_type":"delete",${raw.slice(1)}`, by: "with a member twice" },
      ];
    },
  },
  {
    // Each text is signed as it is, and ends in its time: https://cloudinary.com/documentation/signatures.
    id: "ticket",
    title: "have the text of any signed upload taken for a notification, which whoever may upload holds",
    send: ({ now, sign, victim }) =>
      [
        { raw: `folder=${victim}&timestamp=`, by: "a ticket's" },
        { raw: "source=uw&timestamp=", by: "an Upload Widget's" },
        { raw: `public_id=${victim}&version=`, by: "an upload's answer" },
      ].map((one) => ({ ...one, timestamp: now, signature: sign(one.raw, now) })),
  },
];

/**
 * All that `auditWebhook` sends, as data.
 *
 * @example
 * const attacks = WEBHOOK_ATTACKS.filter(({ needsSecret }) => !needsSecret);
 * const report = await auditWebhook({ url: "http://localhost:3000/api/cloudinary", attacks });
 */
export const WEBHOOK_ATTACKS: readonly WebhookAttack[] = [
  ...WITHOUT_SECRET.map((row) => ({ ...row, kind: "webhook" as const, needsSecret: false })),
  ...WITH_SECRET.map((row) => ({ ...row, kind: "webhook" as const, needsSecret: true })),
];

/** A genuine notification of an upload that never was, and what attacks on it are made of. */
export function webhookParts(
  members: Readonly<Record<string, unknown>>,
  secret: string,
  algorithm: Algorithm,
): WebhookParts {
  const now = Math.floor(Date.now() / 1000);
  const victim = `audit-victim-${randomBytes(6).toString("hex")}`;
  const at = new Date(now * 1000).toISOString();
  const url = `https://res.cloudinary.com/audit/image/upload/v${now}/${victim}.jpg`;
  const raw = JSON.stringify({
    notification_type: "upload",
    timestamp: at,
    request_id: randomBytes(16).toString("hex"),
    asset_id: randomBytes(16).toString("hex"),
    public_id: victim,
    ...{ version: now, width: 1, height: 1, format: "jpg", resource_type: "image", type: "upload" },
    ...{ created_at: at, tags: [], bytes: 1, etag: randomBytes(16).toString("hex") },
    ...{ url: url.replace("https", "http"), secure_url: url },
    notification_context: { triggered_at: at, triggered_by: { source: "api", id: "audit" } },
    ...members,
  });
  const sign = (text: string, timestamp: number, by = secret) =>
    signedWebhook(text, timestamp, { secret: by, algorithm });
  return { victim, now, raw, sign };
}
