// What is known of a stored upload, and how the upload API tells it. Transformations, eager, moderation and
// the other things that Cloudinary does with an asset are not emulated: the parameters are judged and kept.

import { createHash, randomBytes } from "node:crypto";
import type { UploadedFile } from "./file.ts";
import type { Media } from "./media.ts";
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
  /** Both addresses point at the emulator, and neither is https. */
  readonly url: string;
  readonly secure_url: string;
  readonly folder?: string;
  readonly asset_folder?: string;
  readonly original_filename: string;
  readonly context?: { readonly custom: Readonly<Record<string, string>> };
  /** What was sent but the file; `signature` and `api_key` as they came. */
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
  /** `http://127.0.0.1:8788/demo` */
  readonly deliveryPrefix: string;
  readonly nowMs: number;
}

/** Describes a new asset. */
export function describe(d: Description): StoredUpload {
  const { fields, media, publicId } = d;
  const isRaw = media.resourceType === "raw";
  const version = Math.floor(d.nowMs / 1000);
  const name = isRaw ? publicId : `${publicId}.${media.format}`;
  const url = `${d.deliveryPrefix}/${media.resourceType}/${d.type}/v${version}/${encodePath(name)}`;
  const folder = fields.get("folder");
  const assetFolder = fields.get("asset_folder");
  const context = fields.get("context");
  return {
    asset_id: randomBytes(16).toString("hex"),
    public_id: publicId,
    version,
    version_id: randomBytes(16).toString("hex"),
    ...(media.width !== undefined && { width: media.width }),
    ...(media.height !== undefined && { height: media.height }),
    ...(!isRaw && { format: media.format }),
    resource_type: media.resourceType,
    created_at: `${new Date(version * 1000).toISOString().slice(0, 19)}Z`,
    tags: itemsOf(fields.get("tags")),
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
    fields: Object.fromEntries(fields),
  };
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function itemsOf(list: string | undefined): string[] {
  return (list ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** `a=1|b=x\=y` -> `{ a: "1", b: "x=y" }` */
function contextOf(text: string): Record<string, string> {
  const pairs = text.split(/(?<!\\)\|/).map((pair) => pair.split(/(?<!\\)=(.*)/s));
  return Object.fromEntries(pairs.map(([key = "", value = ""]) => [unescaped(key), unescaped(value)]));
}

const unescaped = (text: string): string => text.replace(/\\([=|])/g, "$1");
