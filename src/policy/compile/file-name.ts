// Public IDs that come from somewhere no signature covers: the name of the file, or a preset that nobody here can
// see (R7, R8).

import type { Sets } from "../profile.ts";
import { SHARED_FILE_NAMES } from "../tables/methods.ts";
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

/** What a preset could decide. */
export function hiddenByPreset({ set }: Draft): ProfileFault[] {
  if (!set.has("upload_preset")) return [];
  const missing = ["overwrite", "type", "use_filename"].filter((name) => !set.has(name));
  // A client may leave out a public ID that it only may send.
  const named = set.has("public_id") || isTrue(set, "unique_filename");
  if (!named) missing.unshift("public_id (or unique_filename: true)");
  if (missing.length === 0) return [];
  return [{ at: "set.upload_preset", why: { reason: "preset", names: missing.join(", ") } }];
}
