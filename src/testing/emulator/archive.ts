// The method `generate_archive`: https://cloudinary.com/documentation/image_upload_api_reference#generate_archive. It
// packs originals: `transformations` are judged with the signature, and nothing is derived. `async` is done at once.
// Without a `mode` the archive is stored and told, since the SDK's `create_archive` names none.

import { Zip, ZipPassThrough } from "fflate/browser";
import { err, ok } from "../../result.ts";
import type { ApiMethod, Call } from "./api-method.ts";
import { fileNamesOf } from "./archive-names.ts";
import { describe, type StoredUpload } from "./asset.ts";
import { flag, itemsOf, split } from "./form.ts";
import { randomPublicId, readPublicId } from "./public-id.ts";
import { REFUSALS } from "./refusals.ts";
import { told } from "./told.ts";

/** https://cloudinary.com/documentation/generate_archives */
const MAX_ASSETS = 1000;
const MAX_BYTES = 100 * 1024 * 1024;

const MODES = ["create", "download", "create_and_download"];

/** Packs the assets that are selected by any of their public IDs, their prefixes and tags. */
export const generateArchive: ApiMethod = {
  required: [],
  resourceTypes: ["image", "video", "raw", "all", "auto"],
  expires: true,
  run: async (call) => {
    const { form, context } = call;
    const mode = form.fields.get("mode") || "create";
    if (!MODES.includes(mode)) return err(REFUSALS.badMode());
    if ((form.fields.get("target_format") || "zip") !== "zip") return err(REFUSALS.archiveFormat());
    const target = readPublicId(form.fields.get("target_public_id") || `${randomPublicId()}.zip`);
    if (!target.ok) return target;

    const selection = selected(call);
    if (!selection.ok) return selection;
    const assets = selection.value;
    const bytes = await zipped(assets, call);
    if (mode === "download") return ok(asFile(bytes));

    const archive = described(bytes, target.value, call);
    await context.store.add({ upload: archive, contentType: "application/zip" }, bytes, true);
    if (mode === "create_and_download") return ok(asFile(bytes));
    return ok({
      ...told(archive, form.by),
      resource_count: assets.length,
      file_count: assets.length,
    });
  },
};

/** The assets, in the order in which they are held. A public ID that is not there is refused unless that is allowed. */
function selected({ form, resourceType, type, context }: Call) {
  const ids = itemsOf(form, "public_ids");
  const prefixes = itemsOf(form, "prefixes");
  const tags = split(form.fields.get("tags"));
  const whole = itemsOf(form, "fully_qualified_public_ids");
  const wanted = [...ids, ...prefixes, ...tags, ...whole];
  if (wanted.length === 0) return err(REFUSALS.nothingSelected());

  const isOfKind = (asset: StoredUpload): boolean =>
    asset.type === type && (resourceType === "all" || asset.resource_type === resourceType);
  const nameOf = ({ resource_type, type: kind, public_id }: StoredUpload): string =>
    `${resource_type}/${kind}/${public_id}`;
  const all = context.store.uploads();
  const ofKind = all.filter(isOfKind);
  const found = all.filter(
    (asset) =>
      whole.includes(nameOf(asset)) ||
      (isOfKind(asset) &&
        (ids.includes(asset.public_id) ||
          prefixes.some((prefix) => asset.public_id.startsWith(prefix)) ||
          tags.some((tag) => asset.tags.includes(tag)))),
  );
  const missing =
    ids.find((id) => !ofKind.some(({ public_id }) => public_id === id)) ??
    whole.find((name) => !all.some((asset) => nameOf(asset) === name));
  if (missing !== undefined && !flag(form.fields.get("allow_missing")))
    return err(REFUSALS.noSuchResource(missing));
  if (found.length === 0) return err(REFUSALS.nothingToArchive());
  if (found.length > MAX_ASSETS) return err(REFUSALS.tooManyToArchive(MAX_ASSETS));
  return found.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES
    ? err(REFUSALS.tooLarge(MAX_BYTES))
    : ok(found);
}

/** A zip archive of what is there still. */
async function zipped(
  assets: readonly StoredUpload[],
  { form, context }: Call,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  // One file after the other, without any object that has the names as keys: they are strangers' words.
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const [asset, name] of fileNamesOf(assets, form)) {
    const bytes = await context.store.read(asset);
    if (!bytes) continue;
    // As it is: what is uploaded is compressed by its format, mostly.
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(bytes, true);
  }
  zip.end();
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

function described(bytes: Uint8Array<ArrayBuffer>, publicId: string, { form, context }: Call): StoredUpload {
  const target = new Map([["tags", form.fields.get("target_tags") ?? ""]]);
  const assetFolder = form.fields.get("target_asset_folder");
  if (assetFolder) target.set("asset_folder", assetFolder);
  const description = describe({
    fields: target,
    file: { bytes, name: publicId, contentType: "application/zip" },
    fileName: publicId,
    media: { resourceType: "raw", format: "zip", contentType: "application/zip" },
    publicId,
    type: "upload",
    delivery: context,
    nowMs: context.now(),
  });
  return { ...description, fields: Object.fromEntries(form.fields) };
}

function asFile(bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes, {
    headers: {
      "Content-Type": "application/zip",
      "Content-Disposition": 'attachment; filename="archive.zip"',
      "X-Content-Type-Options": "nosniff",
    },
  });
}
