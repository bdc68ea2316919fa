// Two callers must never get the same names, whatever profiles and templates they come by: `users/42` of one
// issuer's 42 is not that of another's, and `users/{sub}` is not `users/{org}` (R3, R11, across profiles).

import type { AccessMethods, Profile } from "../profile.ts";
import type { Reason } from "../tables/reasons.ts";
import { endsClaim } from "./ambiguity.ts";
import type { ProfileFault } from "./draft.ts";
import { isFolder, type Name, namesOf, type Piece } from "./names.ts";
import { PERSONAL } from "./selectors.ts";

/** A piece whose text depends on who asks or when. */
type Place = Exclude<Piece, string>;

/** Whether a name ends with a random place, which holds no slash, and the other goes on below a claim there. */
const endsAbove = ({ pieces }: Name, place: Place, other: Place, i: number): boolean =>
  place.kind === "random" && pieces.length === i + 1 && other.kind === "claim" && other.end === "/";

/** `undefined`: the same so far, whoever asks. */
function comparePieces(one: Name, other: Name, i: number): "meet" | "part" | undefined {
  const [a, b] = [one.pieces[i], other.pieces[i]];
  if (a === undefined || b === undefined) {
    // A name that ends is another than one that goes on, unless what goes on is whatever a client likes.
    const rest = a ?? b;
    return typeof rest === "object" && rest.kind === "anything" ? "meet" : "part";
  }
  if (typeof a === "string" && typeof b === "string") {
    if (a === b) return undefined;
    // The shorter of two can grow into the longer only if more comes after it.
    if (a.startsWith(b)) return i === other.pieces.length - 1 ? "part" : "meet";
    if (b.startsWith(a)) return i === one.pieces.length - 1 ? "part" : "meet";
    return "part";
  }
  if (typeof a === "string" || typeof b === "string") {
    const place = typeof a === "string" ? b : a;
    return typeof place === "object" && place.kind === "random" ? "part" : "meet";
  }
  if (a.kind === "claim" && b.kind === "claim" && a.claim === b.claim && a.hash === b.hash) {
    const isPersonal = PERSONAL.has(a.claim);
    // A hash holds the access method, and has one length.
    if (a.hash) return isPersonal || one.method !== other.method ? "part" : undefined;
    // One template may take a claim that holds the character which ends it in the other.
    const isBounded = a.end === b.end || (!endsClaim(a.end) && !endsClaim(b.end));
    if (one.identity !== other.identity || !isBounded) return "meet";
    return isPersonal ? "part" : undefined;
  }
  if (a.kind === b.kind && a.kind === "date") return undefined;
  if (endsAbove(one, a, b, i) || endsAbove(other, b, a, i)) return "part";
  return a.kind === "random" && b.kind === "random" ? "part" : "meet";
}

/** Whether two different callers could get the same name, or one a name under the other's. */
function canMeet(one: Name, other: Name): boolean {
  if (one.space !== other.space) return false;
  const longest = Math.max(one.pieces.length, other.pieces.length);
  for (let i = 0; i < longest; i += 1) {
    const outcome = comparePieces(one, other, i);
    if (outcome !== undefined) return outcome === "meet";
  }
  return false;
}

const holds = ({ pieces }: Name, kind: "claim" | "random"): boolean =>
  pieces.some((piece) => typeof piece === "object" && piece.kind === kind);

/**
 * Beside a preset that decides the public ID and may overwrite. Random names are no help: whoever has seen one can have
 * the preset's upload take its place. What is left are names of the owner's own and those of the profile itself, which
 * the opt-in gives away.
 */
function mattersByPreset(one: Name, other: Name): boolean {
  if (one.profile === other.profile) return false;
  const known = one.by === "preset" ? other : one;
  if (known.by) return one.access !== other.access;
  // A folder that is random is its caller's alone; in every other, random is what Cloudinary makes of a name.
  const isOwn = holds(known, "claim") || (holds(known, "random") && !known.isInFolder);
  return isOwn || /public_ids?$/.test(known.at);
}

/**
 * Whether it matters that two names meet. Names that hold nobody's claim are the owner's own affair, but not those
 * that whoever uploads can pick: they could be a public ID that another profile fixes, or names by files of others.
 * Nobody can pick a random name before it is made, and afterwards what is there stays: names by files replace others
 * only in a folder of the caller's own (`namedByFile`), whose name is compared as well where it holds a claim; one that
 * is random can't be picked either.
 */
function matters(one: Name, other: Name): boolean {
  if (one.by === "preset" || other.by === "preset") return mattersByPreset(one, other);
  if ((one.isInFolder && isFolder(other)) || (other.isInFolder && isFolder(one))) return false;
  const [byFile, known] = one.by ? [one, other] : [other, one];
  if (byFile.by && holds(known, "random")) return false;
  if (holds(one, "claim") || holds(other, "claim")) return true;
  if (!byFile.by) return false;
  if (known.by) return byFile.access !== known.access;
  return known.at.endsWith(".public_id");
}

function reasonOf(one: Name, other: Name): Reason {
  const where = other.profile === one.profile ? other.at : `${other.at} of the profile ${other.profile}`;
  if (one.by === "preset") return { reason: "preset_takes", where };
  if (other.by === "preset") return { reason: "preset_taken", where };
  if (one.by) return { reason: "file_takes", where };
  if (other.by) return { reason: "file_taken", where };
  return { reason: "names_meet", where, profile: one.profile };
}

/** Faults about names that two callers could both get, by profile. */
export function sharedNames(
  profiles: Iterable<Profile>,
  methods: AccessMethods,
): [profile: string, fault: ProfileFault][] {
  const faults: [string, ProfileFault][] = [];
  const all: Name[] = [];
  /** Those that may matter to a name which is neither claimed nor by file: most are not compared at all. */
  const reaching: Name[] = [];
  for (const one of [...profiles].flatMap((profile) => namesOf(profile, methods))) {
    const isReaching = holds(one, "claim") || one.by !== undefined;
    const other = (isReaching ? all : reaching).find(
      (before) => matters(before, one) && canMeet(before, one),
    );
    all.push(one);
    if (isReaching) reaching.push(one);
    if (other === undefined) continue;
    const isTold = faults.some(([profile, { at }]) => profile === one.profile && at === one.at);
    if (!isTold) faults.push([one.profile, { at: one.at, why: reasonOf(one, other) }]);
  }
  return faults;
}
