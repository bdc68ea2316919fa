// (the upload ID of the address, the notification) -> whose upload it is about. What is sealed is all that is believed: of
// the rest of a notification, strangers with an unsigned preset choose the public ID and the context.

import type { Config } from "../config/checked.ts";
import type { Failure } from "../failure.ts";
import type { Secret } from "../keys/secret.ts";
import type { RequestEvent } from "../observe/event.ts";
import type { Profile } from "../policy/profile.ts";
import { ok, type Result } from "../result.ts";
import { isTable } from "../tickets/signing-request.ts";
import { profileOfId, type UploadId, unsealUploadId } from "../tickets/upload-id.ts";
import { signedType } from "../uploads/judge-upload.ts";

/** The ticket that a notification is about. */
export interface Matched {
  readonly id: UploadId;
  readonly secret: Secret;
  /** Its profile, if that is still what the ticket was signed under: else nothing is enforced. */
  readonly profile?: Profile;
}

type Table = Readonly<Record<string, unknown>>;

/** What tells the one asset that a notification is about, which a rename names as it was, and a deletion in a list. */
function aboutOf(body: Table): Table {
  const { public_id, from_public_id, resources } = body;
  if (public_id !== undefined) return body;
  if (from_public_id !== undefined) return { ...body, public_id: from_public_id };
  const [one, ...others]: readonly unknown[] = Array.isArray(resources) ? resources : [];
  return isTable(one) && others.length === 0 ? one : {};
}

/** Whether a notification that tells a type tells one that the ticket's upload can have. */
function fitsType(profile: Profile, { type }: Table): boolean {
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
  body: Table,
  now: number,
  event: RequestEvent,
): Promise<Result<Matched | undefined, Failure>> {
  if (uploadId === undefined) return ok(undefined);
  const opened = await unsealUploadId(config, uploadId, now, event);
  if (!opened.ok) return opened.error.reason === "upload_id_unsealed" ? ok(undefined) : opened;
  const { id, secret } = opened.value;
  const about = aboutOf(body);
  if (id.publicId === null || about.public_id !== id.publicId) return ok(undefined);
  const profile = await profileOfId(config, id);
  if (profile === undefined) return ok({ id, secret });
  return ok(fitsType(profile, about) ? { id, secret, profile } : undefined);
}
