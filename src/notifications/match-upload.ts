// (the upload ID of the address, the notification) -> whose upload it is about. What is sealed is all that is believed: of
// the rest of a notification, strangers with an unsigned preset choose the public ID and the context.

import type { Config } from "../config/checked.ts";
import type { Failure } from "../failure.ts";
import type { Secret } from "../keys/secret.ts";
import type { Profile } from "../policy/profile.ts";
import { ok, type Result } from "../result.ts";
import { profileOfId, type UploadId, unsealUploadId } from "../tickets/upload-id.ts";
import { signedType } from "../uploads/judge-upload.ts";

/** The ticket that a notification is about. */
export interface Matched {
  readonly id: UploadId;
  readonly secret: Secret;
  /** Its profile, if that is still what the ticket was signed under: else nothing is enforced. */
  readonly profile?: Profile;
}

/** Whether a notification that tells a type tells one that the ticket's upload can have. */
function fitsType(profile: Profile, { type }: Readonly<Record<string, unknown>>): boolean {
  // What was in quarantine is published as `upload`.
  return (
    type === undefined ||
    type === signedType(profile) ||
    (profile.file?.quarantine === true && type === "upload")
  );
}

/** The ticket of an upload ID; `undefined` where it is not ours, or the notification is about something else. */
export async function matchUpload(
  config: Config,
  uploadId: string | undefined,
  body: Readonly<Record<string, unknown>>,
  now: number,
): Promise<Result<Matched | undefined, Failure>> {
  if (uploadId === undefined) return ok(undefined);
  const opened = await unsealUploadId(config, uploadId, now);
  if (!opened.ok) return opened.error.reason === "upload_id_unsealed" ? ok(undefined) : opened;
  const { id, secret } = opened.value;
  if (id.publicId === null || body.public_id !== id.publicId) return ok(undefined);
  const profile = await profileOfId(config, id);
  if (profile === undefined) return ok({ id, secret });
  return ok(fitsType(profile, body) ? { id, secret, profile } : undefined);
}
