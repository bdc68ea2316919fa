// The method `rename`: https://cloudinary.com/documentation/image_upload_api_reference#rename. Assumed is that all but
// the names stays, the version too, and that an asset stands in its own way.

import { err, ok } from "../../result.ts";
import { type ApiMethod, STORED_TYPES } from "./api-method.ts";
import { deliveryUrl, type StoredUpload } from "./asset.ts";
import { flag } from "./form.ts";
import { chosenPublicId } from "./public-id.ts";
import { REFUSALS } from "./refusals.ts";
import { deliveryPrefixOf, TYPES } from "./store-upload.ts";
import { told } from "./told.ts";

/** Gives an asset another public ID, or moves it to another type. */
export const rename: ApiMethod = {
  required: ["from_public_id", "to_public_id"],
  resourceTypes: STORED_TYPES,
  run: ({ form, resourceType: resource_type, type, context }) => {
    const { fields, algorithm } = form;
    const toType = fields.get("to_type") || type;
    if (!TYPES.includes(toType)) return err(REFUSALS.badType());
    const to = chosenPublicId(new Map([["public_id", fields.get("to_public_id")!]]));
    if (!to.ok) return to;

    const from = fields.get("from_public_id")!;
    const held = context.store.named({ resource_type, type, public_id: from });
    if (!held) return err(REFUSALS.noSuchResource(from));
    const after = renamed(held, to.value!, toType, deliveryPrefixOf(context));
    if (context.store.named(after) && !flag(fields.get("overwrite")))
      return err(REFUSALS.nameTaken(after.public_id));

    context.store.rename(held, after);
    return ok(told(after, context.account, algorithm));
  },
};

function renamed(held: StoredUpload, public_id: string, type: string, deliveryPrefix: string): StoredUpload {
  const { folder, ...rest } = { ...held, public_id, type };
  const url = deliveryUrl(deliveryPrefix, rest);
  const path = public_id.split("/").slice(0, -1).join("/");
  return { ...rest, url, secure_url: url, ...(folder && path && { folder: path }) };
}
