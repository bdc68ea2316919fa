// Two callers must never get the same names, whatever profiles and templates they come by: `users/42` of one
// issuer's 42 is not that of another's, and `users/{sub}` is not `users/{org}` (R3, R11, across profiles).

import type { Complaint, Profile } from "../profile.ts";
import { foldKey } from "../tables/limits.ts";
import { endsClaim, type Template } from "../template.ts";
import type { WaysIn } from "./compile.ts";
import { folderOfFiles, isKept, isNamedByFile } from "./file-name.ts";
import { eachItem, PERSONAL } from "./selectors.ts";

/** A piece of a name: a text, or a place whose text depends on who asks or when. */
type Piece =
  | string
  | { readonly kind: "random" | "date" | "anything" }
  | { readonly kind: "claim"; readonly claim: string; readonly hash: boolean; readonly end: string };

/** A name that callers by one way in can get. */
interface Name {
  readonly profile: string;
  readonly at: string;
  /** Paths are one space, and the items of each list another. */
  readonly space: string;
  readonly way: string;
  readonly identity: string;
  readonly pieces: readonly Piece[];
  /** Who may get it, as a text. */
  readonly access: string;
  /** Whether whoever uploads picks its end, by the name of the file (R7). */
  readonly isByFile: boolean;
  /** Whether what is stored under it already stays. */
  readonly isKept: boolean;
}

function piecesOf(template: Template, way: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [i, part] of template.entries()) {
    const text = typeof part === "string" ? part : part.fill === "way" ? way : undefined;
    const last = pieces.at(-1);
    if (text !== undefined) {
      // Servers may fold the case and the forms of letters.
      if (typeof last === "string") pieces[pieces.length - 1] = last + foldKey(text);
      else pieces.push(foldKey(text));
    } else if (typeof part === "object" && part.fill === "claim") {
      const after = template[i + 1];
      pieces.push({
        kind: "claim",
        claim: part.claim,
        hash: part.hash,
        end: typeof after === "string" ? after[0]! : "",
      });
    } else if (typeof part === "object") pieces.push({ kind: part.fill === "uuid" ? "random" : "date" });
  }
  return pieces;
}

/** Where a profile says that its public IDs are the names of the files. */
const BY_FILE = "set.use_filename";

/** Paths and tags are names; what `context` and `metadata` say of an asset chooses nothing. */
function namesOf(profile: Profile, ways: WaysIn): Name[] {
  const templates: [at: string, space: string, template: Template, isPrefix: boolean][] = [];
  for (const [name, { parameter, template }] of profile.set) {
    const isList = parameter.kind === "csv";
    if (!parameter.templated || parameter.kind === "pipe-context") continue;
    for (const item of eachItem(template, isList))
      templates.push([`set.${name}`, isList ? name : "path", item, false]);
  }
  for (const [name, { parameter, limits }] of profile.accept) {
    if (!parameter.templated || parameter.kind === "pipe-context") continue;
    const space = parameter.kind === "csv" ? name : "path";
    if (limits.enum === undefined) templates.push([`accept.${name}`, space, limits.prefix ?? [], true]);
    else for (const text of limits.enum) templates.push([`accept.${name}`, space, [text], false]);
  }
  if (isNamedByFile(profile.set)) templates.push([BY_FILE, "path", folderOfFiles(profile.set), true]);
  return profile.access.flatMap((way) =>
    templates.map(([at, space, template, isPrefix]) => ({
      profile: profile.name,
      at,
      space,
      way,
      identity: ways.get(way)?.identity ?? way,
      pieces: [...piecesOf(template, way), ...(isPrefix ? [{ kind: "anything" } as const] : [])],
      access: [...profile.access].sort().join(),
      isByFile: at === BY_FILE,
      isKept: isKept(profile.set),
    })),
  );
}

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
    // A hash holds the way in, and has one length.
    if (a.hash) return isPersonal || one.way !== other.way ? "part" : undefined;
    // One template may take a claim that holds the character which ends it in the other.
    const isBounded = a.end === b.end || (!endsClaim(a.end) && !endsClaim(b.end));
    if (one.identity !== other.identity || !isBounded) return "meet";
    return isPersonal ? "part" : undefined;
  }
  if (a.kind === b.kind && a.kind === "date") return undefined;
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
 * Whether it matters that two names meet. Names that hold nobody's claim are the owner's own affair, but not those
 * that whoever uploads can pick: they could be a public ID that another profile fixes, or names by files of others.
 * Nobody can pick a random name before it is made, and afterwards what is there stays.
 */
function matters(one: Name, other: Name): boolean {
  const [byFile, known] = one.isByFile ? [one, other] : [other, one];
  if (byFile.isByFile && byFile.isKept && holds(known, "random")) return false;
  if (holds(one, "claim") || holds(other, "claim")) return true;
  if (!byFile.isByFile) return false;
  if (known.isByFile) return byFile.access !== known.access;
  return known.at.endsWith(".public_id") && !holds(known, "random");
}

function problemOf(one: Name, other: Name): string {
  const where = other.profile === one.profile ? other.at : `${other.at} of the profile ${other.profile}`;
  if (one.isByFile || other.isByFile) {
    return one.isByFile
      ? `the name of the file picks the public ID, so whoever uploads could take the names of ${where}: set unique_filename: true, or a folder where no other profile's names are (R7)`
      : `whoever uploads by ${where} could take these names, for there the name of the file picks the public ID: set unique_filename: true there, or a folder where no other profile's names are (R7)`;
  }
  return `another caller could get the same names by ${where}: let this one begin with a text of its own, such as ${one.profile}/ (R11)`;
}

/** Complaints about names that two callers could both get, by profile. */
export function sharedNames(
  profiles: Iterable<Profile>,
  ways: WaysIn,
): [profile: string, complaint: Complaint][] {
  const complaints: [string, Complaint][] = [];
  const all: Name[] = [];
  /** Those that may matter to a name which is neither claimed nor by file: most are not compared at all. */
  const reaching: Name[] = [];
  for (const one of [...profiles].flatMap((profile) => namesOf(profile, ways))) {
    const isReaching = holds(one, "claim") || one.isByFile;
    const other = (isReaching ? all : reaching).find(
      (before) => matters(before, one) && canMeet(before, one),
    );
    all.push(one);
    if (isReaching) reaching.push(one);
    if (other === undefined) continue;
    const isTold = complaints.some(([profile, { at }]) => profile === one.profile && at === one.at);
    if (!isTold) complaints.push([one.profile, { at: one.at, problem: problemOf(one, other) }]);
  }
  return complaints;
}
