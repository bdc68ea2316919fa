// The limits on what arrives, `file` of a profile: checked each, and against the rest of the profile. A file that breaks
// them is deleted by its name, so that name has to be this upload's alone.

import { type FileInput, type FileLimits, MAX_FILES } from "../profile.ts";
import { LOSE_PREVIOUS } from "../tables/methods.ts";
import type { Reason } from "../tables/reasons.ts";
import { parseBytes } from "../values/bytes.ts";
import { isRandom } from "../values/template.ts";
import type { Draft, ProfileFault } from "./draft.ts";
import { isOwn, isScoped } from "./selectors.ts";

const at = (place: string, why: Reason | false | undefined): ProfileFault[] =>
  why ? [{ at: place, why }] : [];

/** Names that come before a public ID in some accounts, and not in others. */
const FOLDERS = ["folder", "public_id_prefix", "use_asset_folder_as_public_id_prefix"];

/** A name that no other upload has: random, or this caller's own. */
function nameFaults({ set, accept }: Draft): ProfileFault[] {
  const fixed = set.get("public_id")?.template;
  const chosen = accept.get("public_id")?.limits.prefix;
  const isAlone = fixed === undefined ? chosen !== undefined && isOwn(chosen) : isOwn(fixed);
  return [
    ...at("file", !isAlone && { reason: "file_name" }),
    ...FOLDERS.flatMap((name) =>
      (["set", "accept"] as const).flatMap((part) =>
        at(`${part}.${name}`, (part === "set" ? set : accept).has(name) && { reason: "file_folder" }),
      ),
    ),
  ];
}

/** Whether an upload may take the place of what is there, which deleting it would not bring back. */
export function losesPrevious({ set, accept, file }: Pick<Draft, "set" | "accept" | "file">): boolean {
  if (file === undefined) return false;
  const overwrite = set.get("overwrite")?.template.join("");
  const name = set.get("public_id")?.template;
  const isKnown = name === undefined ? accept.has("public_id") : !isRandom(name);
  return overwrite === "true" || (overwrite === undefined && isKnown);
}

function quarantineFaults({ set, accept, owners }: Draft): ProfileFault[] {
  // Whoever holds a ticket could have an archive made of all that carries the tag, what waits of others too.
  const part = set.has("tags") ? "set" : accept.has("tags") ? "accept" : undefined;
  const isShared = part !== undefined && !isScoped("tags", { set, accept });
  return [
    ...at(`${part}.tags`, isShared && { reason: "quarantine_tags" }),
    ...at(
      "file.quarantine",
      !isRandom(set.get("public_id")?.template ?? []) && { reason: "quarantine_name" },
    ),
    ...at("set.type", owners.has("type") && { reason: "quarantine_type" }),
  ];
}

function limitFaults({ maxBytes, formats, maxFiles = MAX_FILES }: FileInput, draft: Draft): ProfileFault[] {
  const { set, accept, owners, resourceType } = draft;
  const areFormats =
    formats !== undefined && formats.length > 0 && formats.every((one) => /^[a-z0-9]{1,16}$/.test(one));
  // What is stored would be of another format than what was let in, and deleted for it.
  const isConverted = set.has("format") || accept.has("format");
  const isTwice = owners.has("allowed_formats") || accept.has("allowed_formats");
  return [
    ...at(
      "file.maxBytes",
      maxBytes !== undefined && parseBytes(maxBytes) === undefined && { reason: "file_bytes" },
    ),
    ...at("file.formats", formats !== undefined && !areFormats && { reason: "file_formats" }),
    ...at("file.formats", formats !== undefined && isTwice && { reason: "formats_twice" }),
    ...at("file.formats", formats !== undefined && resourceType === "raw" && { reason: "formats_raw" }),
    ...at("file.formats", formats !== undefined && isConverted && { reason: "formats_converted" }),
    ...at(
      "file.maxFiles",
      !(Number.isInteger(maxFiles) && maxFiles >= 1 && maxFiles <= MAX_FILES) && {
        reason: "max_files",
        most: MAX_FILES,
      },
    ),
  ];
}

/** Everything that is wrong with `file`. */
export function fileFaults(draft: Draft): ProfileFault[] {
  const { file, method, allow } = draft;
  if (file === undefined) return [];
  if (method.name !== "upload") return at("file", { reason: "file_method", method: method.name });
  return [
    ...nameFaults(draft),
    ...at(
      "set.overwrite",
      losesPrevious(draft) &&
        !allow.includes(LOSE_PREVIOUS) && { reason: "file_overwrite", optIn: LOSE_PREVIOUS },
    ),
    ...at("set.async", draft.set.get("async")?.template.join("") === "true" && { reason: "file_async" }),
    ...(file.quarantine ? quarantineFaults(draft) : []),
    ...limitFaults(file, draft),
  ];
}

/** The limits, ready; they were checked. */
export function readFileLimits({ maxBytes, formats, maxFiles, quarantine = false }: FileInput): FileLimits {
  return {
    ...(maxBytes !== undefined && { maxBytes: parseBytes(maxBytes)! }),
    ...(formats !== undefined && { formats }),
    maxFiles: maxFiles ?? MAX_FILES,
    quarantine,
  };
}
