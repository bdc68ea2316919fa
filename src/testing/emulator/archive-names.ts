// What files are called inside of an archive: as they are delivered, in their folders, unless `flatten_folders` or
// `use_original_filename` say otherwise. How a counter is written, where two would have one name, is assumed.

import type { StoredUpload } from "./asset.ts";
import { fileNameOf } from "./delivery-url.ts";
import { flag, type UploadForm } from "./form.ts";
import { extensionOf } from "./media.ts";

/** Each asset with its name, of which no two are the same. */
export function fileNamesOf(
  assets: readonly StoredUpload[],
  { fields }: Pick<UploadForm, "fields">,
): [StoredUpload, string][] {
  const isFlat = flag(fields.get("flatten_folders")) ?? false;
  const isOriginal = flag(fields.get("use_original_filename")) ?? false;
  const taken = new Set<string>();
  return assets.map((asset) => {
    const path = asset.public_id.split("/");
    const ownName = isOriginal ? (originalName(asset) ?? path.at(-1)!) : path.at(-1)!;
    const folders = isFlat ? [] : path.slice(0, -1);
    const name = fileNameOf({ public_id: [...folders, ownName].join("/"), format: asset.format });
    const free = unlike(name, taken);
    taken.add(free);
    return [asset, free];
  });
}

/** What the uploader's file was called; a name that could lead out of a folder is nobody's. */
function originalName({ original_filename, public_id, format }: StoredUpload): string | undefined {
  const extension = format === undefined ? extensionOf(public_id) : "";
  const name = extension ? `${original_filename}.${extension}` : original_filename;
  return /^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u.test(name) ? name : undefined;
}

/** `a/cat.png` -> `a/cat_1.png`, where the first is taken. */
function unlike(name: string, taken: ReadonlySet<string>): string {
  const extension = extensionOf(name);
  const stem = extension ? name.slice(0, -extension.length - 1) : name;
  const ending = extension && `.${extension}`;
  let free = name;
  for (let i = 1; taken.has(free); i++) free = `${stem}_${i}${ending}`;
  return free;
}
