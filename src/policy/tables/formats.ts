// What Cloudinary calls the format of a file, and what browsers and people call it. Only what goes by other names stands
// here: a type such as `image/png` has its format as its end, and a name such as `cat.png` too.
// Source: https://cloudinary.com/documentation/image_transformations#supported_image_formats, and the IANA's registry of media types.

// Plain tables: with spreads in them, bundlers would keep them for pages that never ask.

/** Other endings of the same format. */
const SAME: Readonly<Record<string, string>> = {
  jpeg: "jpg",
  jpe: "jpg",
  jfif: "jpg",
  tif: "tiff",
  heif: "heic",
  htm: "html",
  mpeg: "mpg",
  qt: "mov",
};

/** Media types whose format is not their end. */
const BY_TYPE: Readonly<Record<string, string>> = {
  "image/x-icon": "ico",
  "image/vnd.microsoft.icon": "ico",
  "image/vnd.adobe.photoshop": "psd",
  "application/illustrator": "ai",
  "image/vnd.djvu": "djvu",
  "image/x-ms-bmp": "bmp",
  "image/vnd.ms-photo": "wdp",
  "model/gltf-binary": "glb",
  "model/gltf+json": "gltf",
  "video/quicktime": "mov",
  "video/x-msvideo": "avi",
  "video/x-matroska": "mkv",
  "video/x-ms-wmv": "wmv",
  "video/mp2t": "ts",
  "video/3gpp": "3gp",
  "video/3gpp2": "3g2",
  "video/ogg": "ogv",
  "application/vnd.apple.mpegurl": "m3u8",
  "application/dash+xml": "mpd",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/wave": "wav",
  "audio/vnd.wave": "wav",
};

/** Types that tell no format, or several: a PostScript file may be an `ai`, and one of Ogg an `opus`. */
const UNTOLD: ReadonlySet<string> = new Set([
  "",
  "application/octet-stream",
  "binary/octet-stream",
  "application/postscript",
  "audio/ogg",
]);

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** A format by the one name of it that is compared. */
export function formatOf(written: string): string {
  const lower = written.toLowerCase();
  return own(SAME, lower) ?? lower;
}

/** Endings of names that a format has, the written one first. */
export const endingsOf = (written: string): readonly string[] => [
  written,
  ...Object.keys(SAME).filter((other) => other !== written && SAME[other] === formatOf(written)),
];

/** The format of a file that is only declared: by its type, else by the ending of its name; `undefined` by neither. */
export function declaredFormat(type: string | undefined, name: string | undefined): string | undefined {
  const media = (type ?? "").split(";")[0]!.trim().toLowerCase();
  if (!UNTOLD.has(media)) {
    const end = media.slice(media.indexOf("/") + 1);
    return own(BY_TYPE, media) ?? formatOf(end.replace(/^x-/, "").replace(/\+xml$/, ""));
  }
  const ending = /\.([A-Za-z0-9]{1,16})$/.exec(name ?? "")?.[1];
  return ending === undefined ? undefined : formatOf(ending);
}
