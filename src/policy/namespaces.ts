// Two callers must never get the same names, whatever profiles and templates they come by: `users/42` of one
// issuer's 42 is not that of another's, and `users/{sub}` is not `users/{org}` (R3, R11, across profiles).

import type { WaysIn } from "./compile.ts";
import type { Complaint, Profile } from "./profile.ts";
import { eachItem } from "./selectors.ts";
import { endsClaim, placeKey, type Template } from "./template.ts";

/** A name that one caller's claim makes: the text before the claim, the claim, and what ends it. */
interface ClaimedName {
  readonly profile: string;
  readonly at: string;
  /** Paths are one space, and the items of each list another. */
  readonly space: string;
  readonly identity: string;
  readonly start: string;
  readonly key: string;
  readonly isHash: boolean;
  /** The character after the claim; `""` where the name ends. */
  readonly end: string;
}

type Found = Pick<ClaimedName, "start" | "key" | "isHash" | "end">;

/** What the first claim of a template makes, by one way in; nothing where a random value comes before it. */
function claimedBy(template: Template, way: string): Found | undefined {
  let start = "";
  for (const [i, part] of template.entries()) {
    if (typeof part === "string") start += part;
    else if (part.fill === "way") start += way;
    else if (part.fill === "claim") {
      const after = template[i + 1];
      const end = typeof after === "string" ? after[0]! : "";
      return { start, key: placeKey(part.claim, part.hash), isHash: part.hash, end };
    } else if (part.fill === "uuid") return undefined;
    else start += "{date}";
  }
  return undefined;
}

/** What a client may choose freely: a path below a prefix without a claim. */
function chosenBelow(at: string, template: Template): Found | undefined {
  const [prefix, ...more] = template;
  const isFree = at.startsWith("accept.") && typeof prefix === "string" && more.length === 0;
  return isFree ? { start: prefix, key: ANYTHING, isHash: false, end: "" } : undefined;
}

/** A template whose neighbouring texts are one text. */
function joined(template: Template): Template {
  const parts: (string | Template[number])[] = [];
  for (const part of template) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts;
}

/** A claim that stands for whatever a client likes: the rest of a path below a fixed prefix. */
const ANYTHING = "*";

/** Paths and tags are names; what `context` and `metadata` say of an asset chooses nothing. */
function claimedNames(profile: Profile, ways: WaysIn): ClaimedName[] {
  const templates: [at: string, space: string, template: Template][] = [];
  for (const [name, { parameter, template }] of profile.set) {
    const isList = parameter.kind === "csv";
    if (parameter.kind === "pipe-context") continue;
    for (const item of eachItem(template, isList))
      templates.push([`set.${name}`, isList ? name : "path", item]);
  }
  for (const [name, { parameter, limits }] of profile.accept) {
    templates.push([`accept.${name}`, parameter.kind === "csv" ? name : "path", limits.prefix ?? []]);
  }
  // Accounts with fixed folders make one name of the folder and the public ID.
  const publicId = profile.set.get("public_id")?.template ?? [];
  for (const folder of ["folder", "public_id_prefix"]) {
    const before = profile.set.get(folder)?.template;
    if (before !== undefined && publicId.length > 0) {
      templates.push(["set.public_id", "path", joined([...before, "/", ...publicId])]);
    }
  }
  return profile.access.flatMap((way) =>
    templates.flatMap(([at, space, template]) => {
      const found = claimedBy(template, way) ?? (space === "path" ? chosenBelow(at, template) : undefined);
      const identity = ways.get(way)?.identity ?? way;
      return found === undefined ? [] : [{ profile: profile.name, at, space, identity, ...found }];
    }),
  );
}

/** Whether two different callers could get the same name, or one a name under the other's. */
function canMeet(one: ClaimedName, other: ClaimedName): boolean {
  if (one.space !== other.space || (one.key === ANYTHING && other.key === ANYTHING)) return false;
  if (!one.start.startsWith(other.start) && !other.start.startsWith(one.start)) return false;
  if (one.start !== other.start) return true;
  // A hash holds the way in and has one length.
  if (one.isHash && other.isHash) return one.key !== other.key;
  if (one.identity !== other.identity || one.key !== other.key) return true;
  // One template may take a claim that holds the character which ends it in the other.
  return one.end !== other.end && (endsClaim(one.end) || endsClaim(other.end));
}

/** Complaints about names that two callers could both get, by profile. */
export function sharedNames(
  profiles: Iterable<Profile>,
  ways: WaysIn,
): [profile: string, complaint: Complaint][] {
  const names = [...profiles].flatMap((profile) => claimedNames(profile, ways));
  const complaints: [string, Complaint][] = [];
  for (const [i, one] of names.entries()) {
    const other = names.slice(0, i).find((before) => canMeet(before, one));
    if (other === undefined) continue;
    const where = other.profile === one.profile ? other.at : `${other.at} of the profile ${other.profile}`;
    const problem = `another caller could get the same names by ${where}: let each begin with a text of its own, or with {way}, or be written alike (R11)`;
    complaints.push([one.profile, { at: one.at, problem }]);
  }
  return complaints;
}
