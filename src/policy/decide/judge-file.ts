// (the limits of a profile, a file as it is declared or as Cloudinary stored it) -> what it breaks. What is declared is
// only what the client says; what counts is what Cloudinary answers.

import { type FileLimits, MAX_FILES, type Profile, type ResourceType } from "../profile.ts";
import { declaredFormat, formatOf } from "../tables/formats.ts";
import { bytesText } from "../values/bytes.ts";
import { isRandom } from "../values/template.ts";

/** What is wrong with a file; part of the public contract. */
export type FileRefusalCode = "too_large" | "too_many" | "format" | "resource_type" | "rejected";

/** One refused file, as it is answered. */
export interface RefusedFile {
  /** `files[2]`, or `file` where there is one. */
  readonly param: string;
  /** Which limit it breaks; `rejected`: the application refused it. */
  readonly code: FileRefusalCode;
  /** What is allowed, in a sentence. */
  readonly detail: string;
}

/** A file that is to be uploaded, as its client describes it. */
export interface DeclaredFile {
  readonly name?: string;
  /** Bytes. */
  readonly size?: number;
  /** A media type. */
  readonly type?: string;
}

/** What is known of a stored file. */
export interface StoredFile {
  readonly bytes: number;
  readonly format?: string | undefined;
  readonly resource_type: string;
}

type Broken = Pick<RefusedFile, "code" | "detail"> | undefined;

const tooLarge = ({ maxBytes }: Pick<FileLimits, "maxBytes">, bytes: number | undefined): Broken =>
  maxBytes !== undefined && bytes !== undefined && bytes > maxBytes
    ? { code: "too_large", detail: `send at most ${bytesText(maxBytes)} (${maxBytes} bytes)` }
    : undefined;

/** `format` is `undefined` where the file has none. */
const otherFormat = ({ formats }: Pick<FileLimits, "formats">, format: string | undefined): Broken =>
  formats !== undefined &&
  !(format !== undefined && formats.some((one) => formatOf(one) === formatOf(format)))
    ? { code: "format", detail: `send one of these formats: ${formats.join(", ")}` }
    : undefined;

const otherType = (wanted: ResourceType, found: string): Broken =>
  wanted === "auto" || wanted === found
    ? undefined
    : {
        code: "resource_type",
        detail: `send ${wanted === "raw" ? "a raw file" : `${wanted === "image" ? "an" : "a"} ${wanted}`}`,
      };

/** The first limit that a stored file breaks. */
export const brokenBy = ({ file, resourceType }: Profile, stored: StoredFile): Broken =>
  otherType(resourceType, stored.resource_type) ??
  tooLarge(file ?? {}, stored.bytes) ??
  otherFormat(file ?? {}, stored.format);

/** A PDF is an image at Cloudinary, and may be one here: only what is sure is told by its type. */
const MEDIA: Readonly<Record<string, string>> = { image: "image", video: "video", audio: "video" };

/** What is wrong with one file as it is declared; the browser client asks it too, by what the signer told of a profile. */
export function declaredBroken(
  { file = {}, resourceType }: { file?: Partial<FileLimits>; resourceType: ResourceType },
  declared: DeclaredFile,
): Broken {
  const media = declared.type?.split("/")[0]?.toLowerCase() ?? "";
  const found = Object.hasOwn(MEDIA, media) ? MEDIA[media]! : resourceType;
  const format = declaredFormat(declared.type, declared.name);
  return (
    (resourceType === "raw" ? undefined : otherType(resourceType, found)) ??
    tooLarge(file, declared.size) ??
    // What tells no format is judged when it has arrived.
    (format === undefined ? undefined : otherFormat(file, format))
  );
}

/** Most refused files that an answer tells. */
const MAX_TOLD = 10;

/** Whether files of one request would all have one name. */
function isOneName({ set, accept }: Profile): boolean {
  const name = set.get("public_id")?.template;
  return accept.has("public_id") || (name !== undefined && !isRandom(name));
}

/** Most files of one request. */
export const mostFiles = (profile: Profile): number =>
  isOneName(profile) ? 1 : (profile.file?.maxFiles ?? MAX_FILES);

/** What is wrong with files as they are declared. */
export function refuseDeclared(profile: Profile, files: readonly DeclaredFile[]): readonly RefusedFile[] {
  const limit = profile.file?.maxFiles ?? MAX_FILES;
  if (files.length > limit)
    return [{ param: `files[${limit}]`, code: "too_many", detail: `send at most ${limit} files at once` }];
  if (files.length > 1 && isOneName(profile))
    return [
      {
        param: "files[1]",
        code: "too_many",
        detail: "send one file: this profile gives all of them one name",
      },
    ];
  const refused = files.flatMap((file, index): RefusedFile[] => {
    const broken = declaredBroken(profile, file);
    return broken === undefined ? [] : [{ param: `files[${index}]`, ...broken }];
  });
  return refused.slice(0, MAX_TOLD);
}
