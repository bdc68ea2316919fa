// The method `explicit`: https://cloudinary.com/documentation/image_upload_api_reference#explicit. It changes what is told
// of an asset, and answers it. Assumed is its answer where there is no such asset, that `tags` and `context` replace what
// was there, that the version stays, and that of `metadata` the fields that are sent change. Of `eager` addresses are
// told; nothing is derived.

import { err, ok } from "../../result.ts";
import { type ApiMethod, STORED_TYPES } from "./api-method.ts";
import type { StoredUpload } from "./asset.ts";
import { derivedUrls } from "./delivery-url.ts";
import { split, type UploadForm } from "./form.ts";
import { eagerHappened } from "./notification-bodies.ts";
import { contextOf, metadataOf } from "./pair-texts.ts";
import { REFUSALS } from "./refusals.ts";
import { told } from "./told.ts";

/** Changes and answers the asset that is named. */
export const explicit: ApiMethod = {
  required: ["public_id"],
  resourceTypes: STORED_TYPES,
  run: ({ form, resourceType: resource_type, context }) => {
    const type = form.fields.get("type");
    if (!type) return err(REFUSALS.missing("type"));
    const public_id = form.fields.get("public_id")!;
    const held = context.store.named({ resource_type, type, public_id });
    if (!held) return err(REFUSALS.noSuchResource(public_id));

    const after = { ...held, ...changesOf(form, held) };
    context.store.change(after);
    context.notifier?.notify(...eagerHappened(form.fields, after, context));
    const eager = form.fields.get("eager");
    return ok({
      ...told(after, form.by),
      ...(eager && { eager: derivedUrls(eager, after, context) }),
    });
  },
};

/** What the form has of what can be changed. */
function changesOf(form: UploadForm, { metadata }: StoredUpload): Partial<StoredUpload> {
  const tags = form.fields.get("tags");
  const context = form.fields.get("context");
  const sent = form.fields.get("metadata");
  return {
    ...(tags && { tags: split(tags) }),
    ...(context && { context: { custom: contextOf(context) } }),
    ...(sent && { metadata: { ...metadata, ...metadataOf(sent) } }),
  };
}
