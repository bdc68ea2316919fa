// A profile as written -> a profile checked by meaning, or every fault of it.

import { err, ok, type Result } from "../../result.ts";
import type { AccessMethods, Profile, ProfileInput } from "../profile.ts";
import { LOSE_PREVIOUS, PRESET_DECIDES, SHARED_FILE_NAMES } from "../tables/methods.ts";
import { claimUses } from "./claims.ts";
import { draftOf, type ProfileFault } from "./draft.ts";
import { losesPrevious, readFileLimits } from "./file-limits.ts";
import { isNamedByPreset, isSharedByFile } from "./file-name.ts";
import { PROFILE_RULES } from "./profile-rules.ts";
import { checkScope } from "./selectors.ts";

/** Checks one profile by meaning. `methods` holds every access method that the configuration knows. */
export function compileProfile(
  name: string,
  input: ProfileInput,
  methods: AccessMethods,
): Result<Profile, ProfileFault[]> {
  const [draft, faults] = draftOf(input, methods);
  for (const { find } of PROFILE_RULES) faults.push(...find(draft));
  const { method, access, ttl, file, notify, dropIn, set, accept, noDropIn } = draft;
  // All that is set is signed, whatever a client leaves out: one parameter, and the time.
  if (method.name === "upload" && set.size === 0 && faults.length === 0)
    faults.push({ at: "set", why: { reason: "nothing_set" } });
  if (faults.length > 0) return err(faults);
  const { optIns } = checkScope(draft);
  return ok({
    ...{ name, method, ttl, set, accept, notify, dropIn },
    resourceType: input.resourceType ?? "auto",
    access: [...access],
    claims: claimUses(draft),
    optIns: [
      ...optIns,
      ...(isSharedByFile(draft) ? [SHARED_FILE_NAMES] : []),
      ...(isNamedByPreset(draft) ? [PRESET_DECIDES] : []),
      ...(losesPrevious(draft) ? [LOSE_PREVIOUS] : []),
    ],
    ...(file && { file: readFileLimits(file) }),
    ...(noDropIn && { noDropIn }),
  });
}
