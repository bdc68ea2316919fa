// The rules over a whole profile, one row each: whatever its values are by themselves.

import { type AcceptParam, MAX_TTL, MIN_TTL, type SetParam, SIGNATURE_LIFE } from "../profile.ts";
import { lackingOf, lackingText } from "../tables/needs.ts";
import type { Reason, Rule } from "../tables/reasons.ts";
import { foldKey } from "../values/pairs.ts";
import { isRandom } from "../values/template.ts";
import { meetingClaims, separatedNames, unknownClaims } from "./claims.ts";
import type { Draft, ProfileFault } from "./draft.ts";
import { fileFaults } from "./file-limits.ts";
import { hiddenByPreset, namedByFile } from "./file-name.ts";
import { checkScope, isScoped } from "./selectors.ts";

/** A rule, and every place in a profile that breaks it. */
interface ProfileRule {
  /** Its number; a form that a profile has to have comes from none. */
  readonly rule?: Rule;
  find(draft: Draft): readonly ProfileFault[];
}

/** A fault where something is wrong. */
const faultAt = (at: string, why: Reason | false | undefined): ProfileFault[] => (why ? [{ at, why }] : []);

/** Names that would come before a public ID that a client chooses, or may not: other methods could ignore them. */
const FOLDERS = ["folder", "asset_folder", "public_id_prefix"];

const folderOf = ({ set, accept }: Draft): string | undefined =>
  FOLDERS.find((name) => set.has(name) || accept.has(name));

function declaredAccess({ access, methods }: Draft): ProfileFault[] {
  const known = [...methods.keys()].join(", ");
  return [
    ...faultAt("access", access.length === 0 && { reason: "no_access" }),
    ...access.flatMap((name) => faultAt("access", !methods.has(name) && { reason: "undeclared", known })),
  ];
}

/** `context` and `metadata` may be shared between server and client, key by key. */
function sharedKey(set: SetParam, accept: AcceptParam): boolean {
  const folded = new Set([...(set.keys ?? [])].map(foldKey));
  return [...(accept.limits.keys ?? [])].some((key) => folded.has(foldKey(key)));
}

/** Callers who are no one in particular own nothing that another method could work on. */
const someone = ({ method, anonymous }: Draft): ProfileFault[] =>
  faultAt("access", method.name !== "upload" && anonymous && { reason: "no_owner", method: method.name });

/** What a method needs to know what to work on. */
const selectorsOf = ({ method, written }: Draft): ProfileFault[] => {
  const lacking = lackingOf(method, written);
  return faultAt("set", lacking && { reason: "needs", method: method.name, names: lackingText(lacking) });
};

/** What is there already has no name that is drawn for a ticket; the new name of a rename may be. */
const knownSelectors = ({ method, set }: Draft): ProfileFault[] =>
  [...set]
    .filter(
      ([name, { parameter, items }]) =>
        parameter.names !== undefined &&
        name !== "to_public_id" &&
        method.needs.some((names) => names.includes(name)) &&
        items.some(isRandom),
    )
    .flatMap(([name]) => faultAt(`set.${name}`, { reason: "random_selector", method: method.name }));

/** The resource type stands in the address, and tells other methods than upload what they work on. */
const addressed = ({ method: { name }, resourceType = "auto" }: Draft): ProfileFault[] =>
  faultAt(
    "resourceType",
    name !== "upload" && resourceType === "auto" && { reason: "resource_type", method: name },
  );

/** What nobody may fetch is not made by a profile, and not changed. */
const isPublished = ({ method, set, file }: Draft): ProfileFault[] =>
  faultAt(
    "set.type",
    method.name !== "destroy" &&
      !file?.quarantine &&
      foldKey(set.get("type")?.template.join("") ?? "").trim() === "authenticated" && {
        reason: method.name === "upload" ? "authenticated" : "authenticated_kept",
      },
  );

const setAndAccepted = ({ set, accept }: Draft): ProfileFault[] =>
  [...accept].flatMap(([name, accepted]) => {
    const fixed = set.get(name);
    if (fixed === undefined) return [];
    if (!accepted.parameter.kind.hasKeys) return faultAt(`accept.${name}`, { reason: "set_and_accept" });
    return faultAt(`accept.${name}`, sharedKey(fixed, accepted) && { reason: "shared_key" });
  });

/** Folders beside a public ID that is known before it is signed, or that a client chooses. */
function foldersBesideName(draft: Draft): ProfileFault[] {
  const folder = folderOf(draft);
  const fixed = draft.set.get("public_id");
  if (folder === undefined) return [];
  return [
    ...faultAt("accept.public_id", draft.accept.has("public_id") && { reason: "folder_ignored", folder }),
    ...faultAt(
      "set.public_id",
      fixed !== undefined && !isRandom(fixed.template) && { reason: "folder_joined", folder },
    ),
  ];
}

function freeFolder({ accept }: Draft): ProfileFault[] {
  const limits = accept.get("folder")?.limits;
  const isFree = limits !== undefined && limits.enum === undefined && limits.prefix === undefined;
  return faultAt("accept.folder", isFree && { reason: "any_folder" });
}

/** Other methods than upload are done at once: nothing of theirs is renewed. */
function lifeOfTicket({ method, ttl, access, methods }: Draft): ProfileFault[] {
  const max = method.name === "upload" ? MAX_TTL : SIGNATURE_LIFE;
  const isFine = Number.isInteger(ttl) && ttl >= MIN_TTL && ttl <= max;
  const once = ttl > SIGNATURE_LIFE ? access.find((name) => methods.get(name)?.once) : undefined;
  return [
    ...faultAt("ttl", !isFine && { reason: "ttl_range", min: MIN_TTL, max }),
    ...faultAt(
      "ttl",
      isFine && once !== undefined && { reason: "ttl_once", access: once, max: SIGNATURE_LIFE },
    ),
  ];
}

/** What Cloudinary reports is matched by an upload ID, judged by `file`, and sent to an address that is ours to set. */
function notifiable({ method, notify, file, owners }: Draft): ProfileFault[] {
  if (!notify) return [];
  if (method.name !== "upload") return faultAt("notify", { reason: "file_method", method: method.name });
  return [
    ...faultAt("notify", file === undefined && { reason: "notify_file" }),
    ...faultAt("set.notification_url", owners.has("notification_url") && { reason: "notify_twice" }),
  ];
}

/** A component chooses the value, so it may only be one of the names of whoever asks, who then is someone. */
function nameInDropIn({ method, dropIn, set, accept }: Draft): ProfileFault[] {
  const part = set.has("public_id") ? "set" : "accept";
  const hasName = set.has("public_id") || accept.has("public_id");
  const isFine = isScoped("public_id", { set, accept });
  return faultAt(
    `${part}.public_id`,
    method.name === "upload" && dropIn && hasName && !isFine && { reason: "drop_in_name" },
  );
}

/** What a client can't know, in a profile for clients that choose the parameters. */
const knowableInDropIn = (draft: Draft): ProfileFault[] =>
  faultAt(
    "dropIn",
    draft.dropIn &&
      draft.noDropIn &&
      nameInDropIn(draft).length === 0 && { ...draft.noDropIn.why, of: "drop_in" },
  );

export const PROFILE_RULES: readonly ProfileRule[] = [
  { find: declaredAccess },
  { rule: "R3", find: someone },
  { find: selectorsOf },
  { rule: "R3", find: knownSelectors },
  { find: addressed },
  { rule: "R5", find: isPublished },
  { rule: "R2", find: lifeOfTicket },
  { rule: "R12", find: setAndAccepted },
  { find: fileFaults },
  { find: notifiable },
  { find: nameInDropIn },
  { rule: "R3", find: foldersBesideName },
  { find: freeFolder },
  { find: knowableInDropIn },
  { rule: "R10", find: unknownClaims },
  { rule: "R11", find: meetingClaims },
  { rule: "R11", find: separatedNames },
  { rule: "R7", find: namedByFile },
  { rule: "R8", find: hiddenByPreset },
  // Callers who are no one are told so once, and not name by name.
  { rule: "R3", find: (draft) => (someone(draft).length > 0 ? [] : checkScope(draft).faults) },
];
