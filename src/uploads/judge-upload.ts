// (upload ID, the name of an upload) -> what Cloudinary itself holds of it, judged by the profile. What breaks a limit is
// deleted: what is held under this upload's own name, in this version, and nothing else.

import type { UploadedAsset } from "../config/application.ts";
import { type Failure, failure } from "../failure.ts";
import { brokenBy, type RefusedFile } from "../policy/decide/judge-file.ts";
import type { Profile } from "../policy/profile.ts";
import { err, ok, type Result } from "../result.ts";
import type { UploadId } from "../tickets/upload-id.ts";
import { type Api, deleteAsset, findAsset, type HeldAsset } from "./cloudinary-api.ts";
import type { UploadName } from "./confirmation-request.ts";

/** How much older than its ticket a version may be, in seconds: clocks differ. What is older was there before. */
const CLOCKS = 60;

/** The type that tickets of a profile are signed with; no claim is part of it. */
export const signedType = ({ set }: Profile): string => set.get("type")?.template.join("") ?? "upload";

/** What arrived, where Cloudinary's own answer is about this upload; else `not_stored`. */
export async function findUpload(
  api: Api,
  { file }: Profile,
  { issued }: UploadId,
  { public_id, resource_type, type, version }: UploadName,
): Promise<Result<HeldAsset, Failure>> {
  // One that was published before is found there, whatever waits under its name by now.
  for (const where of file?.quarantine ? [type, "upload"] : [type]) {
    const found = await findAsset(api, { public_id, resource_type, type: where });
    if (!found.ok) return found;
    const held = found.value;
    const isThis =
      held?.public_id === public_id &&
      held.resource_type === resource_type &&
      held.type === where &&
      held.version === version &&
      held.version >= issued - CLOCKS;
    if (isThis) return ok(held);
  }
  return err(failure("not_stored"));
}

/** What arrived, and which limit it broke: then it is deleted. */
export interface Judged {
  readonly held: HeldAsset;
  readonly broken?: Omit<RefusedFile, "param">;
}

/** Judges an upload by what Cloudinary holds of it. */
export async function judgeUpload(
  api: Api,
  profile: Profile,
  id: UploadId,
  name: UploadName,
): Promise<Result<Judged, Failure>> {
  const found = await findUpload(api, profile, id, name);
  if (!found.ok) return found;
  const held = found.value;
  const broken = brokenBy(profile, held);
  if (broken === undefined) return ok({ held });
  const deleted = await deleteAsset(api, held);
  return deleted.ok ? ok({ held, broken }) : deleted;
}

/** An asset as the application hears of it. */
export const told = ({ type: _, etag: __, ...asset }: HeldAsset): UploadedAsset => asset;
