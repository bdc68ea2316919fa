// The method `explicit`, as far as it answers what is held. What it could change of an asset is judged with the
// signature, and changes nothing here. Its answer where there is no such asset is assumed.

import { err, ok, type Result } from "../../result.ts";
import { readForm } from "./form.ts";
import { answerSignature, holdsSecret, judge } from "./judge-signature.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";
import type { Told, UploadContext } from "./store-upload.ts";

/** Answers the asset that is named. */
export async function explicit(
  request: Request,
  cloudName: string,
  resource_type: string,
  { account, store, now }: UploadContext,
): Promise<Result<Told, Refusal>> {
  if (cloudName !== account.cloudName) return err(REFUSALS.badCloudName());
  const read = await readForm(request);
  if (!read.ok) return read;
  if (holdsSecret(read.value, account.apiSecret)) return err(REFUSALS.holdsSecret());
  const judged = judge(read.value, account, now(), "public_id");
  if (!judged.ok) return judged;

  const { fields } = read.value;
  const type = fields.get("type");
  if (!type) return err(REFUSALS.missing("type"));
  const public_id = fields.get("public_id")!;
  const held = store.named({ resource_type, type, public_id });
  if (held === undefined) return err(REFUSALS.noSuchResource(public_id));
  const { fields: _, ...told } = held;
  return ok({
    ...told,
    signature: answerSignature(public_id, told.version, account.apiSecret, judged.value),
  });
}
