// The method `rename`: https://cloudinary.com/documentation/image_upload_api_reference#rename. All but the names stays,
// the version too, as in answers that people published. `context` and `metadata` are no values but ask, with `true`, that
// the answer tells them. That an asset stands in its own way is assumed.

import { err, ok } from "../../result.ts";
import { type ApiMethod, STORED_TYPES } from "./api-method.ts";
import type { StoredUpload } from "./asset.ts";
import { type Delivery, deliveryUrl } from "./delivery-url.ts";
import { flag } from "./form.ts";
import { readPublicId } from "./public-id.ts";
import { REFUSALS } from "./refusals.ts";
import { TYPES } from "./store-upload.ts";
import { told } from "./told.ts";

/** Gives an asset another public ID, or moves it to another type. */
export const rename: ApiMethod = {
  required: ["from_public_id", "to_public_id"],
  resourceTypes: STORED_TYPES,
  run: ({ form, resourceType: resource_type, type, context }) => {
    const { fields, by } = form;
    const toType = fields.get("to_type") || type;
    if (!TYPES.includes(toType)) return err(REFUSALS.badType());
    const to = readPublicId(fields.get("to_public_id")!);
    if (!to.ok) return to;

    const from = fields.get("from_public_id")!;
    const held = context.store.named({ resource_type, type, public_id: from });
    if (!held) return err(REFUSALS.noSuchResource(from));
    const after = renamed(held, to.value, toType, context);
    if (context.store.named(after) && !flag(fields.get("overwrite")))
      return err(REFUSALS.nameTaken(after.public_id));

    context.store.rename(held, after);
    const members = { from_public_id: from, to_public_id: after.public_id };
    context.notifier?.notify({ type: "rename", asset: after, members, url: fields.get("notification_url") });
    const { context: pairs, metadata, ...answer } = told(after, by);
    return ok({
      ...answer,
      ...(flag(fields.get("context")) && pairs && { context: pairs }),
      ...(flag(fields.get("metadata")) && metadata && { metadata }),
    });
  },
};

function renamed(held: StoredUpload, public_id: string, type: string, delivery: Delivery): StoredUpload {
  const { folder, ...rest } = { ...held, public_id, type };
  const url = deliveryUrl(delivery, rest);
  const path = public_id.split("/").slice(0, -1).join("/");
  return { ...rest, url, secure_url: url, ...(folder && path && { folder: path }) };
}
