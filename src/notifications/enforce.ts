// An upload that nobody need confirm: judged as a confirmation judges it, by what Cloudinary itself answers, and deleted
// where it breaks its profile's limits. Nothing is ever published here.

import type { CloudinaryNotification } from "../config/application.ts";
import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";
import { CONFIRMABLE } from "../tickets/upload-id.ts";
import type { Api } from "../uploads/cloudinary-api.ts";
import { readUploadName } from "../uploads/confirmation-request.ts";
import { judgeUpload, signedType, told } from "../uploads/judge-upload.ts";
import { receiptId } from "../uploads/receipt.ts";
import type { Matched } from "./match-upload.ts";

/** What became of an upload. */
export type Enforced = Pick<CloudinaryNotification, "enforced" | "broke" | "asset" | "jti">;

/** Judges the upload that a notification is about; nothing where it is not one to judge. */
export async function enforce(
  config: Config,
  { id, secret, profile }: Matched,
  body: Readonly<Record<string, unknown>>,
  { fetch, now }: Pick<Api, "fetch" | "now">,
): Promise<Result<Enforced, Failure>> {
  if (body.notification_type !== "upload") return ok({});
  // Its limits hold, whatever is wrong with the secrets of those who may ask: Cloudinary tries again.
  const faults = config.misconfigured.get(id.profile);
  if (faults !== undefined) return err(failure("misconfigured", { faults }));
  if (!profile?.notify || now() >= id.until + CONFIRMABLE) return ok({});
  const name = readUploadName(body);
  if (!name.ok || name.value.type !== signedType(profile)) return ok({});
  const judged = await judgeUpload({ config, secret, fetch, now }, profile, id, name.value);
  if (!judged.ok) return judged.error.reason === "not_stored" ? ok({ enforced: "not_stored" }) : judged;
  const { held, broken } = judged.value;
  const jti = await receiptId(config.cloudName, held);
  const outcome: Enforced =
    broken === undefined ? { enforced: "kept" } : { enforced: "destroyed", broke: broken.code };
  return ok({ ...outcome, asset: told(held), jti });
}
