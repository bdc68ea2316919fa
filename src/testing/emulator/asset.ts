// What is known of a stored upload, and how the upload API tells it. Transformations, eager, moderation and
// the other things that Cloudinary does with an asset are not emulated: the parameters are judged and kept.

import { createHash, randomBytes } from "node:crypto";
import { type Delivery, deliveryUrl } from "./delivery-url.ts";
import type { UploadedFile } from "./file.ts";
import { split } from "./form.ts";
import type { Media } from "./media.ts";
import { contextOf, type Metadata, metadataOf } from "./pair-texts.ts";
import { stemOf } from "./public-id.ts";

/** A stored upload, in the words of Cloudinary's answer. */
export interface StoredUpload {
  readonly asset_id: string;
  readonly public_id: string;
  /** Seconds since 1970. */
  readonly version: number;
  readonly version_id: string;
  /** In pixels, of images alone. */
  readonly width?: number;
  readonly height?: number;
  /** Absent for raw files, whose public ID holds the extension. */
  readonly format?: string;
  readonly resource_type: string;
  readonly created_at: string;
  readonly tags: readonly string[];
  readonly bytes: number;
  readonly type: string;
  /** MD5 of the content, in hex. */
  readonly etag: string;
  readonly placeholder: false;
  /** Both addresses point at the emulator, and neither is https; of private and authenticated assets they are signed. */
  readonly url: string;
  readonly secure_url: string;
  readonly folder?: string;
  readonly asset_folder?: string;
  readonly original_filename: string;
  readonly context?: { readonly custom: Readonly<Record<string, string>> };
  /** By the fields' external IDs; the emulator holds no fields, and takes every ID. */
  readonly metadata?: Metadata;
  /** What the upload sent but the file; `signature` and `api_key` as they came. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What `describe` needs to know. */
export interface Description {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: UploadedFile;
  readonly fileName: string;
  readonly media: Media;
  readonly publicId: string;
  readonly type: string;
  readonly delivery: Delivery;
  readonly nowMs: number;
}

/** Describes a new asset. */
export function describe(d: Description): StoredUpload {
  const { fields, media, publicId } = d;
  const isRaw = media.resourceType === "raw";
  const version = Math.floor(d.nowMs / 1000);
  const format = isRaw ? undefined : media.format;
  const identity = { resource_type: media.resourceType, type: d.type, public_id: publicId };
  const url = deliveryUrl(d.delivery, { ...identity, version, format });
  const folder = fields.get("folder");
  const assetFolder = fields.get("asset_folder");
  const context = fields.get("context");
  const metadata = fields.get("metadata");
  return {
    asset_id: randomBytes(16).toString("hex"),
    public_id: publicId,
    version,
    version_id: randomBytes(16).toString("hex"),
    ...(media.width !== undefined && { width: media.width }),
    ...(media.height !== undefined && { height: media.height }),
    ...(format !== undefined && { format }),
    resource_type: media.resourceType,
    created_at: `${new Date(version * 1000).toISOString().slice(0, 19)}Z`,
    tags: split(fields.get("tags")),
    bytes: d.file.bytes.length,
    type: d.type,
    etag: createHash("md5").update(d.file.bytes).digest("hex"),
    placeholder: false,
    url,
    secure_url: url,
    ...(folder && { folder }),
    ...(assetFolder && { asset_folder: assetFolder }),
    original_filename: stemOf(d.fileName),
    ...(context && { context: { custom: contextOf(context) } }),
    ...(metadata && { metadata: metadataOf(metadata) }),
    fields: Object.fromEntries(fields),
  };
}
