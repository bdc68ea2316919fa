// The signed methods besides `upload`, each by the name that ends its address, and the way of a request to one: cloud,
// resource type, form, judge, method.

import { err, ok, type Result } from "../../result.ts";
import type { Act, MethodName } from "./acted.ts";
import type { ApiMethod } from "./api-method.ts";
import { generateArchive } from "./archive.ts";
import { destroy } from "./destroy.ts";
import { download } from "./download.ts";
import { explicit } from "./explicit.ts";
import { itemsOf } from "./form.ts";
import { context, metadata, tags } from "./labels.ts";
import { readSigned } from "./read-signed.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";
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
  download,
} as const satisfies Readonly<Record<Exclude<MethodName, "upload">, ApiMethod>>;

const NAMES = ["public_id", "from_public_id", "to_public_id", "public_ids"];

/** Runs the method that is asked for, if the account signed the request. */
export async function act(
  request: Request,
  { cloud, resource_type }: { readonly cloud: string; readonly resource_type: string },
  name: keyof typeof API_METHODS,
  uploadContext: UploadContext,
): Promise<Result<{ readonly answer: object | Response; readonly act: Act }, Refusal>> {
  const method: ApiMethod = API_METHODS[name];
  if (cloud !== uploadContext.account.cloudName) return err(REFUSALS.badCloudName());
  if (!method.resourceTypes.includes(resource_type))
    return err(REFUSALS.badResourceType(method.resourceTypes));
  const form = await readSigned(request, method, uploadContext);
  if (!form.ok) return form;
  const type = form.value.fields.get("type") || "upload";
  const call = { form: form.value, resourceType: resource_type, type, context: uploadContext };
  const run = await method.run(call);
  if (!run.ok) return run;
  const answer = run.value;
  const asked = NAMES.flatMap((one) => itemsOf(form.value, one));
  const labeled = "public_ids" in answer ? (answer.public_ids as readonly string[]) : undefined;
  const found = "result" in answer ? answer.result === "ok" : labeled?.length !== 0;
  const publicIds = labeled && found ? labeled : asked;
  const toType = form.value.fields.get("to_type");
  const done = { method: name, publicIds, found, resourceType: resource_type, type };
  return ok({ answer, act: { ...done, ...(toType && { toType }) } });
}
