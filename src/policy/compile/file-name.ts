// Public IDs that come from somewhere no signature covers: the name of the file, or a preset that nobody here can
// see (R7, R8).

import type { Complaint, SetParam } from "../profile.ts";
import { SHARED_FILE_NAMES } from "../tables/methods.ts";
import type { Template } from "../template.ts";
import { isOwn } from "./selectors.ts";

type Sets = ReadonlyMap<string, SetParam>;

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
export const isKept = (set: Sets): boolean => textOf(set, "overwrite") === "false";

const UNSIGNED = "the name of the file is not signed, so whoever uploads picks the public ID";

/** Whether callers share the names that files give. */
export const isSharedByFile = (set: Sets): boolean => isNamedByFile(set) && !isOwn(folderOfFiles(set));

/** What is wrong with names by files, which callers have to themselves in a folder that is the caller's own alone. */
function sharedComplaint(set: Sets, allow: readonly string[]): string | undefined {
  if (!isSharedByFile(set)) return undefined;
  if (!isKept(set))
    return `${UNSIGNED} and can replace any asset: set unique_filename: true, or a folder of the caller's own such as users/{sub}, or overwrite: false too (R7)`;
  if (allow.includes(SHARED_FILE_NAMES)) return undefined;
  return `${UNSIGNED}, and who uploads a file of a name that is taken is answered the other's asset: set unique_filename: true, or a folder of the caller's own such as users/{sub}, or write allow: ["${SHARED_FILE_NAMES}"] (R7)`;
}

/** What the file's name, or a preset, could decide. */
export function fileNameComplaints(set: Sets, allow: readonly string[]): Complaint[] {
  const complaints: Complaint[] = [];
  const shared = sharedComplaint(set, allow);
  if (shared !== undefined) complaints.push({ at: "set.use_filename", problem: shared });
  if (!set.has("upload_preset")) return complaints;
  const missing = ["overwrite", "type", "use_filename"].filter((name) => !set.has(name));
  // A client may leave out a public ID that it only may send.
  const named = set.has("public_id") || isTrue(set, "unique_filename");
  if (!named) missing.unshift("public_id (or unique_filename: true)");
  if (missing.length > 0) {
    complaints.push({
      at: "set.upload_preset",
      problem: `a preset could decide these, and nobody here can see it: set ${missing.join(", ")} too (R8)`,
    });
  }
  return complaints;
}
