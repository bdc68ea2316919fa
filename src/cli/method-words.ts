// What a profile of another method than upload does, and to whose assets, in words.

import type { Profile } from "../policy/profile.ts";
import { OTHERS_ASSETS } from "../policy/tables/methods.ts";
import type { MethodName } from "../policy/tables/signed-methods.ts";

type OtherMethod = Exclude<MethodName, "upload">;

/** What whoever holds a ticket does with it; a method without words does not compile. */
const DOES: Readonly<Record<OtherMethod, string>> = {
  destroy: "deletes the asset that public_id names",
  rename: "gives the asset that from_public_id names the public ID to_public_id",
  explicit:
    "changes the asset that public_id names: its tags, context, metadata, access or derived versions, as far as they are signed",
  tags: "changes the tags of the assets that public_ids names",
  context: "changes the context of the assets that public_ids names",
  metadata: "changes the structured metadata of the assets that public_ids names",
  generate_archive:
    "packs the assets that public_ids, prefixes or tags name into an archive, with their originals",
};

/** Its method and whom it is for, in rows; an upload needs no words. */
export function methodLines({ method: { name }, optIns }: Profile): [string, string][] {
  if (name === "upload") return [];
  return [
    [name, DOES[name]],
    [
      "whose",
      optIns.includes(OTHERS_ASSETS)
        ? "anybody's that its names reach, as accepted below"
        : "the caller's own alone: no other caller's names begin like those that are signed here",
    ],
  ];
}

/** Where its tickets go. */
export const addressText = ({ method: { name }, resourceType }: Profile): string =>
  name === "upload"
    ? `sends the upload to …/${resourceType}/upload; no signature binds that part, nor the file and its size`
    : `is a POST to …/${resourceType}/${name} without a file; no signature binds that part`;
