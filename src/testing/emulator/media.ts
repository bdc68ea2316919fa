// What a file is. Images are told by their content, as Cloudinary does, and a PDF is one of them; videos and audio by their
// name or declared type alone, which is enough for an emulator and no proof of anything.

import { getMimeType } from "hono/utils/mime";
import { imageSize } from "image-size";
import { err, ok, type Result } from "../../result.ts";
import type { UploadedFile } from "./file.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** What a client may ask for. */
export const RESOURCE_TYPES = ["image", "video", "raw", "auto"] as const;
export type WantedType = (typeof RESOURCE_TYPES)[number];

/** What is known of a file. */
export interface Media {
  readonly resourceType: Exclude<WantedType, "auto">;
  /** `jpg`, `mp4`; of a raw file its extension, `""` without one. */
  readonly format: string;
  readonly contentType: string;
  /** In pixels, of images alone but PDFs: no video is decoded here, and no page is drawn. */
  readonly width?: number;
  readonly height?: number;
}

/** image-size's name of a type -> Cloudinary's format and the content type. */
const IMAGES: ReadonlyMap<string, readonly [format: string, contentType: string]> = new Map([
  ["avif", ["avif", "image/avif"]],
  ["bmp", ["bmp", "image/bmp"]],
  ["gif", ["gif", "image/gif"]],
  ["heic", ["heic", "image/heic"]],
  ["heif", ["heif", "image/heif"]],
  ["ico", ["ico", "image/x-icon"]],
  ["jp2", ["jp2", "image/jp2"]],
  ["jpg", ["jpg", "image/jpeg"]],
  ["jxl", ["jxl", "image/jxl"]],
  ["jxl-stream", ["jxl", "image/jxl"]],
  ["png", ["png", "image/png"]],
  ["psd", ["psd", "image/vnd.adobe.photoshop"]],
  ["svg", ["svg", "image/svg+xml"]],
  ["tiff", ["tif", "image/tiff"]],
  ["webp", ["webp", "image/webp"]],
]);

/** Extensions of video and audio files; Cloudinary counts both as `video`. */
const VIDEOS: ReadonlyMap<string, string> = new Map([
  ["3gp", "video/3gpp"],
  ["aac", "audio/aac"],
  ["avi", "video/x-msvideo"],
  ["flac", "audio/flac"],
  ["flv", "video/x-flv"],
  ["m4a", "audio/mp4"],
  ["mkv", "video/x-matroska"],
  ["mov", "video/quicktime"],
  ["mp3", "audio/mpeg"],
  ["mp4", "video/mp4"],
  ["m4v", "video/mp4"],
  ["mpeg", "video/mpeg"],
  ["mpg", "video/mpeg"],
  ["ogg", "audio/ogg"],
  ["ogv", "video/ogg"],
  ["wav", "audio/wav"],
  ["webm", "video/webm"],
  ["wmv", "video/x-ms-wmv"],
]);

/** Other spellings that `allowed_formats` may use. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["jpeg", "jpg"],
  ["tiff", "tif"],
]);

/** Tells what a file is, or why it is not what the client says. */
export function identify(file: UploadedFile, wanted: WantedType): Result<Media, Refusal> {
  const isImage = wanted === "image" || wanted === "auto";
  const image = isImage ? (readImage(file.bytes) ?? readPdf(file.bytes)) : undefined;
  if (image) return ok(image);
  if (wanted === "image") return err(REFUSALS.notAnImage());

  const video = wanted === "raw" ? undefined : readVideo(file);
  if (video) return ok(video);
  if (wanted === "video") return err(REFUSALS.notAVideo());

  return ok({
    resourceType: "raw",
    format: extensionOf(file.name).toLowerCase(),
    contentType: getMimeType(file.name) ?? "application/octet-stream",
  });
}

/** Whether `allowed_formats`, a comma-separated list, lets a format in; absent or empty, it lets in all. */
export function isFormatAllowed(format: string, allowedFormats: string | undefined): boolean {
  if (!allowedFormats) return true;
  return allowedFormats
    .split(",")
    .map((allowed) => allowed.trim().toLowerCase())
    .some((allowed) => (SYNONYMS.get(allowed) ?? allowed) === format);
}

/** A file name's extension as written, or `""`. */
export function extensionOf(name: string): string {
  return /[^./\\]\.([A-Za-z0-9]{1,16})$/.exec(name)?.[1] ?? "";
}

function readImage(bytes: Uint8Array): Media | undefined {
  try {
    const { type, width, height } = imageSize(bytes);
    const known = IMAGES.get(type ?? "");
    if (!known || !(width > 0) || !(height > 0)) return undefined;
    return { resourceType: "image", format: known[0], contentType: known[1], width, height };
  } catch {
    // image-size throws whatever comes up on what it can't read; all of it means "no image".
    return undefined;
  }
}

/** https://cloudinary.com/documentation/paged_and_layered_media: width, height and `pages` would need a renderer. */
function readPdf(bytes: Uint8Array): Media | undefined {
  const isPdf = new TextDecoder("latin1").decode(bytes.subarray(0, 5)) === "%PDF-";
  return isPdf ? { resourceType: "image", format: "pdf", contentType: "application/pdf" } : undefined;
}

function readVideo(file: UploadedFile): Media | undefined {
  const extension = extensionOf(file.name).toLowerCase();
  const known = VIDEOS.get(extension);
  if (known) return { resourceType: "video", format: extension, contentType: known };
  if (extension) return undefined;

  // A browser's recording is a Blob: it has a type, and no name.
  const declared = file.contentType.split(";", 1)[0]!.trim().toLowerCase();
  const byType = [...VIDEOS].find(([, contentType]) => contentType === declared);
  return byType && { resourceType: "video", format: byType[0], contentType: byType[1] };
}
