// The signed methods besides `upload`, each by the name that ends its address, and the way of a request to one: cloud,
// resource type, form, judge, method.

import { err } from "../../result.ts";
import type { Answered, ApiMethod } from "./api-method.ts";
import { generateArchive } from "./archive.ts";
import { destroy } from "./destroy.ts";
import { explicit } from "./explicit.ts";
import { context, metadata, tags } from "./labels.ts";
import { readSigned } from "./read-signed.ts";
import { REFUSALS } from "./refusals.ts";
import { rename } from "./rename.ts";
import type { UploadContext } from "./store-upload.ts";

export const API_METHODS = {
  destroy,
  rename,
  explicit,
  tags,
  context,
  metadata,
  generate_archive: generateArchive,
} as const satisfies Readonly<Record<string, ApiMethod>>;

/** Runs the method that is asked for, if the account signed the request. */
export async function act(
  request: Request,
  { cloud, resource_type }: { readonly cloud: string; readonly resource_type: string },
  method: ApiMethod,
  uploadContext: UploadContext,
): Promise<Answered> {
  if (cloud !== uploadContext.account.cloudName) return err(REFUSALS.badCloudName());
  if (!method.resourceTypes.includes(resource_type))
    return err(REFUSALS.badResourceType(method.resourceTypes));
  const form = await readSigned(request, method.required, uploadContext);
  if (!form.ok) return form;
  const type = form.value.fields.get("type") || "upload";
  return method.run({ form: form.value, resourceType: resource_type, type, context: uploadContext });
}
