// A profile as written -> a profile checked by meaning, or every complaint about it.

import { err, ok, type Result } from "../../result.ts";
import type { AccessMethods, Profile, ProfileInput } from "../profile.ts";
import { SHARED_FILE_NAMES } from "../tables/methods.ts";
import { claimUses } from "./claims.ts";
import { type Complaint, draftOf } from "./draft.ts";
import { isSharedByFile } from "./file-name.ts";
import { PROFILE_RULES } from "./profile-rules.ts";
import { checkScope } from "./selectors.ts";

/** Checks one profile by meaning. `methods` holds every access method that the configuration knows. */
export function compileProfile(
  name: string,
  input: ProfileInput,
  methods: AccessMethods,
): Result<Profile, Complaint[]> {
  const [draft, complaints] = draftOf(input, methods);
  for (const { find } of PROFILE_RULES) complaints.push(...find(draft));
  const { access, ttl, dropIn, set, accept, noDropIn } = draft;
  // All that is set is signed, whatever a client leaves out: one parameter, and the time.
  if (set.size === 0 && complaints.length === 0)
    complaints.push({ at: "set", why: { reason: "nothing_set" } });
  if (complaints.length > 0) return err(complaints);
  const { optIns } = checkScope(draft);
  return ok({
    ...{ name, ttl, set, accept, dropIn },
    resourceType: input.resourceType ?? "auto",
    access: [...access],
    claims: claimUses(draft),
    optIns: isSharedByFile(draft) ? [...optIns, SHARED_FILE_NAMES] : optIns,
    ...(noDropIn && { noDropIn }),
  });
}
