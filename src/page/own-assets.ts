// What a signed-in user may do to the pictures that she uploaded: by profiles of the demo's names, which a deployment that
// has the page may have too. The signer decides; what it refuses is shown.

import { type ActOptions, act } from "../client/client.ts";
import type { Change } from "./arrived.ts";
import { type Arrived, ownName } from "./uploads.ts";

const FOLDER = "users/";
const REMOVE = "member-remove";
const RENAME = "member-rename";

/** Whether it is offered: for a picture that was uploaded with a token, under a user's name. */
export const isOwn = ({ upload, asset }: Arrived): boolean =>
  upload.asked.withToken && asset.resource_type === "image" && asset.public_id.startsWith(FOLDER);

/** Deletes a picture; one that is not there any more is as good as deleted. */
export async function removeOwn({ upload, asset }: Arrived, options: ActOptions): Promise<Change> {
  await act(REMOVE, { public_id: asset.public_id }, options);
  return { type: "deleted", id: upload.item.id };
}

/** Gives a picture another name in its folder. */
export async function renameOwn(
  { upload, asset }: Arrived,
  name: string,
  options: ActOptions,
): Promise<Change> {
  const { public_id: from_public_id } = asset;
  const to_public_id = from_public_id.slice(0, -ownName(from_public_id).length) + name;
  const answer = await act(RENAME, { from_public_id, to_public_id }, options);
  return { type: "renamed", id: upload.item.id, asset: { ...asset, ...answer, public_id: to_public_id } };
}
