// The method `destroy`: https://cloudinary.com/documentation/image_upload_api_reference#destroy. What it removes is gone
// at once; there is no cache that `invalidate` could empty.

import { ok } from "../../result.ts";
import { type ApiMethod, STORED_TYPES } from "./api-method.ts";

/** Removes the asset that is named. That there is none is an answer, not a refusal, as documented. */
export const destroy: ApiMethod = {
  required: ["public_id"],
  resourceTypes: STORED_TYPES,
  run: async ({ form, resourceType, type, context }) => {
    const public_id = form.fields.get("public_id")!;
    const removed = await context.store.remove({ resource_type: resourceType, type, public_id });
    const url = form.fields.get("notification_url");
    if (removed) context.notifier?.notify({ type: "delete", asset: removed, url });
    return ok({ result: removed ? "ok" : "not found" });
  },
};
