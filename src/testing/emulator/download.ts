// The method `download`, by which the SDK's `private_download_url` hands out originals, private and authenticated ones too:
// https://cloudinary.com/documentation/control_access_to_media#providing_time_limited_access_to_private_media_assets. That
// `type` is `upload` unless it is sent, and that a `format` is not needed, is assumed; nothing is converted.

import { err, ok } from "../../result.ts";
import { type ApiMethod, STORED_TYPES } from "./api-method.ts";
import { asFile } from "./delivery.ts";
import { REFUSALS } from "./refusals.ts";

/** Answers the bytes of the asset that is named. */
export const download: ApiMethod = {
  required: ["public_id"],
  resourceTypes: STORED_TYPES,
  expires: true,
  run: async ({ form, resourceType: resource_type, type, context }) => {
    const public_id = form.fields.get("public_id")!;
    const asset = context.store.asset({ resource_type, type, public_id });
    const bytes = asset && (await context.store.read(asset.upload));
    if (!bytes) return err(REFUSALS.noSuchResource(public_id));
    const format = form.fields.get("format");
    if (format && format !== asset.upload.format) return err(REFUSALS.otherFormat(asset.upload.format));
    return ok(asFile(asset, bytes, true));
  },
};
