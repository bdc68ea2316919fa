// What a file is called by its media type, by its name and by Cloudinary.

import { expect, it } from "vitest";
import { declaredFormat, formatOf } from "../../../src/policy/tables/formats.ts";

it.each([
  ["jpg", "jpg"],
  ["JPEG", "jpg"],
  ["jpe", "jpg"],
  ["jfif", "jpg"],
  ["tif", "tiff"],
  ["heif", "heic"],
  ["mpeg", "mpg"],
  ["qt", "mov"],
  ["webp", "webp"],
  ["constructor", "constructor"],
  ["__proto__", "__proto__"],
])("%s is compared as %s", (written, format) => {
  expect(formatOf(written)).toBe(format);
});

/** Types as browsers and the IANA's registry have them, each with the format of Cloudinary's that it is. */
it.each<[type: string | undefined, name: string | undefined, format: string | undefined]>([
  // By its type, whatever its name says.
  ["image/jpeg", "a.png", "jpg"],
  ["image/jpg", undefined, "jpg"],
  ["IMAGE/PNG", undefined, "png"],
  ["image/png; charset=binary", undefined, "png"],
  ["image/svg+xml", undefined, "svg"],
  ["image/x-icon", undefined, "ico"],
  ["image/vnd.adobe.photoshop", undefined, "psd"],
  ["image/x-ms-bmp", undefined, "bmp"],
  ["image/heif", undefined, "heic"],
  ["image/avif", undefined, "avif"],
  ["application/pdf", undefined, "pdf"],
  ["video/mp4", undefined, "mp4"],
  ["video/quicktime", undefined, "mov"],
  ["video/x-msvideo", undefined, "avi"],
  ["video/x-matroska", undefined, "mkv"],
  ["video/x-m4v", undefined, "m4v"],
  ["video/x-flv", undefined, "flv"],
  ["video/3gpp2", undefined, "3g2"],
  ["video/ogg", undefined, "ogv"],
  ["audio/mpeg", undefined, "mp3"],
  ["audio/x-wav", undefined, "wav"],
  ["audio/wave", undefined, "wav"],
  ["audio/x-m4a", undefined, "m4a"],
  ["audio/flac", undefined, "flac"],
  ["model/gltf-binary", undefined, "glb"],
  ["text/html", "a.jpg", "html"],
  ["text/constructor", undefined, "constructor"],
  // By its name, where the type tells nothing.
  [undefined, "cat.JPEG", "jpg"],
  ["", "a.tar.gz", "gz"],
  ["application/octet-stream", "a.heif", "heic"],
  ["application/postscript", "a.ai", "ai"],
  ["audio/ogg", "a.opus", "opus"],
  ["audio/ogg", undefined, undefined],
  [undefined, ".jpg", "jpg"],
  [undefined, "a.jpg.exe", "exe"],
  // By neither.
  [undefined, undefined, undefined],
  ["", "", undefined],
  [undefined, "cat", undefined],
  [undefined, "cat.", undefined],
  [undefined, "cat.jpg ", undefined],
  [undefined, "cat.j\u0000pg", undefined],
  [undefined, `cat.${"j".repeat(17)}`, undefined],
])("a file of type %j and name %j is declared as %s", (type, name, format) => {
  expect(declaredFormat(type, name)).toBe(format);
});
