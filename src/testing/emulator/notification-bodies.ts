// What happened -> the body of its notification: https://cloudinary.com/documentation/notifications. Of `upload`, `eager`,
// `delete` and `rename` the members are those of published bodies; that `moderation` tells what it is about in full, that an
// upload that met an existing asset is told too, and all of `error` is assumed.

import { randomBytes } from "node:crypto";
import type { StoredUpload } from "./asset.ts";
import { type Delivery, derivedUrls } from "./delivery-url.ts";
import { flag } from "./form.ts";
import type { Account } from "./key-pairs.ts";

type Members = Readonly<Record<string, unknown>>;

/** Something to tell. */
export interface Happened {
  /** Its `notification_type`. */
  readonly type: string;
  readonly asset?: StoredUpload | undefined;
  /** Members of its own, in the place of those that all have. */
  readonly members?: Members | undefined;
  /** The address that it names; the account's, where it names none. */
  readonly url?: string | undefined;
}

const whichOf = ({ asset_id, public_id, resource_type, type }: StoredUpload) => ({
  asset_id,
  public_id,
  resource_type,
  type,
});

/** What each type tells of an asset. */
const OF_ASSET: Readonly<Record<string, (asset: StoredUpload, account: Account) => Members>> = {
  upload: ({ fields, ...facts }, { apiKey }) => ({ ...facts, api_key: fields.api_key ?? apiKey }),
  eager: ({ asset_id, public_id }, { apiKey }) => ({
    eager: [],
    batch_id: randomHex(),
    asset_id,
    public_id,
    api_key: apiKey,
  }),
  delete: (asset) => ({ resources: [{ ...whichOf(asset), version: asset.version }] }),
  rename: ({ asset_id, public_id, resource_type, type }) => ({
    resource_type,
    type,
    asset_id,
    from_public_id: public_id,
    to_public_id: public_id,
  }),
  moderation: (asset) => ({
    moderation_status: "approved",
    moderation_kind: asset.fields.moderation ?? "manual",
    moderation_updated_at: asset.created_at,
    ...whichOf(asset),
    uploaded_at: asset.created_at,
    version: asset.version,
    url: asset.url,
    secure_url: asset.secure_url,
    etag: asset.etag,
  }),
  error: (asset) => ({ error: { message: "Processing failed" }, ...whichOf(asset) }),
};

/** The body, as it is sent. */
export function bodyOf({ type, asset, members }: Happened, account: Account, nowMs: number): Members {
  const tell = Object.hasOwn(OF_ASSET, type) ? OF_ASSET[type]! : whichOf;
  const now = new Date(nowMs).toISOString();
  return {
    notification_type: type,
    // What was deleted has neither, as published.
    ...(type !== "delete" && { timestamp: `${now.slice(0, 19)}+00:00`, request_id: randomHex() }),
    ...(asset && tell(asset, account)),
    // Microseconds, as Cloudinary writes them.
    notification_context: {
      triggered_at: now.replace("Z", "000Z"),
      triggered_by: { source: "api", id: account.apiKey },
    },
    signature_key: account.apiKey,
    ...members,
  };
}

/** A template with the members of a body in it: `{{public_id}}`. What a body has not is left empty. */
export function filledIn(template: string, body: Members): string {
  return template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(body, name) ? body[name] : "";
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

/** What comes after an upload or `explicit` whose `eager` is made later. */
export function eagerHappened(
  fields: ReadonlyMap<string, string>,
  asset: StoredUpload,
  delivery: Delivery,
): readonly Happened[] {
  const eager = fields.get("eager");
  if (!eager || !flag(fields.get("eager_async"))) return [];
  const members = { eager: derivedUrls(eager, asset, delivery) };
  const url = fields.get("eager_notification_url") || fields.get("notification_url");
  return [{ type: "eager", asset, members, url }];
}

const randomHex = (): string => randomBytes(16).toString("hex");
