// Public IDs that come from somewhere no signature covers: the name of the file, or a preset that nobody here can
// see (R7, R8).

import type { Sets } from "../profile.ts";
import { PRESET_DECIDES, SHARED_FILE_NAMES } from "../tables/methods.ts";
import type { Template } from "../values/template.ts";
import type { Draft, ProfileFault } from "./draft.ts";
import { isOwn } from "./selectors.ts";

const textOf = (set: Sets, name: string): string | undefined => set.get(name)?.template.join("");
const isTrue = (set: Sets, name: string): boolean => textOf(set, name) === "true";

/** Whether whoever uploads picks the last part of the public ID, by the name of the file. */
export const isNamedByFile = (set: Sets): boolean =>
  isTrue(set, "use_filename") && !isTrue(set, "unique_filename") && !set.has("public_id");

/** Parameters that put something before a public ID; which of them counts depends on how the account is set up. */
const PREFIXES = ["asset_folder", "public_id_prefix"];

/**
 * What the public ID of a file begins with: the folder that the profile sets. Accounts may ignore the other prefixes,
 * and a client may leave out a folder that it only may send: then it begins with nothing.
 */
export function folderOfFiles(set: Sets): Template {
  const folder = set.get("folder");
  return folder === undefined || PREFIXES.some((name) => set.has(name)) ? [] : [...folder.template, "/"];
}

/** Whether what is stored under a name already stays. */
const isKept = (set: Sets): boolean => textOf(set, "overwrite") === "false";

/** Whether callers share the names that files give: they have them to themselves in a folder that is theirs alone. */
export const isSharedByFile = ({ set }: Pick<Draft, "set">): boolean =>
  isNamedByFile(set) && !isOwn(folderOfFiles(set));

/** Names by files that callers share. */
export function namedByFile({ set, allow }: Draft): ProfileFault[] {
  const at = "set.use_filename";
  if (!isSharedByFile({ set })) return [];
  if (!isKept(set)) return [{ at, why: { reason: "file_replaces" } }];
  if (allow.includes(SHARED_FILE_NAMES)) return [];
  return [{ at, why: { reason: "file_shared", optIn: SHARED_FILE_NAMES } }];
}

/** What a profile leaves to a preset that nobody here can see, by name. */
function leftToPreset({ set }: Pick<Draft, "set">): string[] {
  if (!set.has("upload_preset")) return [];
  const missing = ["overwrite", "type", "use_filename"].filter((name) => !set.has(name));
  // A client may leave out a public ID that it only may send.
  const named = set.has("public_id") || isTrue(set, "unique_filename");
  if (!named) missing.unshift("public_id (or unique_filename: true)");
  return missing;
}

/** Whether clients choose the parameters, and neither they nor the profile choose a public ID beside the preset. */
const isAlone = ({ dropIn, set, accept }: Pick<Draft, "dropIn" | "set" | "accept">): boolean =>
  dropIn && !set.has("public_id") && !accept.has("public_id");

/** Whether a preset decides, with the owner's consent: then the public ID counts as anything at all. */
export const isNamedByPreset = (draft: Pick<Draft, "dropIn" | "set" | "accept" | "allow">): boolean =>
  leftToPreset(draft).length > 0 && isAlone(draft) && draft.allow.includes(PRESET_DECIDES);

/** What a preset could decide. */
export function hiddenByPreset(draft: Draft): ProfileFault[] {
  const names = leftToPreset(draft).join(", ");
  if (names === "" || isNamedByPreset(draft)) return [];
  const why = isAlone(draft)
    ? ({ reason: "preset_alone", names, optIn: PRESET_DECIDES } as const)
    : ({ reason: "preset", names } as const);
  return [{ at: "set.upload_preset", why }];
}
