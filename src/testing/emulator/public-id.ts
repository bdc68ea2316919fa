// The public ID of an upload: the client's, the file name's, or a random one.

import { randomInt } from "node:crypto";
import { err, ok, type Result } from "../../result.ts";
import { flag } from "./form.ts";
import { extensionOf, type Media } from "./media.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/** Lengths of a random public ID, and of what makes a file name unique. */
const RANDOM_LENGTH = 20;
const SUFFIX_LENGTH = 6;

const MAX_LENGTH = 255;

/** What is taken of a file name, in characters; leaves room for a folder. */
const MAX_STEM_LENGTH = 100;

/** https://cloudinary.com/documentation/ts_permitted_naming_conventions: "utterly forbidden". */
const FORBIDDEN = /[?&#\\%<>+]/;

/** Names the new asset. A raw file keeps its extension, unless the client chose the whole ID. */
export function publicIdFor(
  fields: ReadonlyMap<string, string>,
  fileName: string,
  media: Media,
): Result<string, Refusal> {
  return inFolder(fields, fields.get("public_id") || madeName(fields, fileName, media));
}

/** The public ID that the client chose, which is known before the file is; `undefined` when one is made. */
export function chosenPublicId(fields: ReadonlyMap<string, string>): Result<string | undefined, Refusal> {
  const chosen = fields.get("public_id");
  return chosen ? inFolder(fields, chosen) : ok(undefined);
}

/** A public ID that is to be written, as it is stored. */
export function readPublicId(text: string): Result<string, Refusal> {
  return inFolder(new Map(), text);
}

/** A file name without its directory and extension: `original_filename`. */
export function stemOf(fileName: string): string {
  const base = fileName.split(/[/\\]/).at(-1)!;
  const extension = extensionOf(base);
  return extension ? base.slice(0, -extension.length - 1) : base;
}

function inFolder(fields: ReadonlyMap<string, string>, untrimmedName: string): Result<string, Refusal> {
  const folder = trimmed(folderOf(fields));
  const name = trimmed(untrimmedName);
  const publicId = folder ? `${folder}/${name}` : name;
  return isValid(publicId) ? ok(publicId) : err(REFUSALS.badPublicId(publicId));
}

function folderOf(fields: ReadonlyMap<string, string>): string {
  const folder = fields.get("folder") || fields.get("public_id_prefix");
  if (folder) return folder;
  return (flag(fields.get("use_asset_folder_as_public_id_prefix")) && fields.get("asset_folder")) || "";
}

function madeName(fields: ReadonlyMap<string, string>, fileName: string, media: Media): string {
  const extension = extensionOf(fileName);
  const ending = media.resourceType === "raw" && extension ? `.${extension}` : "";
  const stem = flag(fields.get("use_filename")) ? permitted(stemOf(fileName)) : "";
  if (!stem) return randomPublicId() + ending;
  const suffix = flag(fields.get("unique_filename")) === false ? "" : `_${random(SUFFIX_LENGTH)}`;
  return stem + suffix + ending;
}

/** Letters and digits of any language, `.` and `-`; the rest becomes `_`, but not at the ends. */
function permitted(stem: string): string {
  const [first = "", ...rest] = stem.split(/[^\p{L}\p{M}\p{N}.-]/u).filter((part) => part !== "");
  // By characters, since half of one could not be percent-encoded.
  return Array.from([first, ...rest].join("_"))
    .slice(0, MAX_STEM_LENGTH)
    .join("");
}

/** Spaces and slashes at the ends are left out, as Cloudinary documents. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isEdge(text[start]!)) start++;
  while (end > start && isEdge(text[end - 1]!)) end--;
  return text.slice(start, end);
}

const isEdge = (character: string): boolean => character === "/" || character.trim() === "";

/** A segment that is empty, `.` or `..` would not survive in a delivery URL. */
function isValid(publicId: string): boolean {
  if (publicId.length > MAX_LENGTH || FORBIDDEN.test(publicId)) return false;
  return publicId.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");
}

/** What an asset is called that nobody named. */
export const randomPublicId = (): string => random(RANDOM_LENGTH);

function random(length: number): string {
  return Array.from({ length }, () => randomInt(36).toString(36)).join("");
}
