// Two profiles whose callers are told apart by different parties must not give them the same names: `users/42`
// of one issuer's 42 is not that of another's (R11, across profiles).

import type { WaysIn } from "./compile.ts";
import type { Complaint, Profile } from "./profile.ts";
import { eachItem } from "./selectors.ts";
import { isRandom, namesWay, type Template } from "./template.ts";

/** A name that holds a caller's claim as it stands: what comes before the claim, and where it is written. */
interface Claimed {
  readonly profile: Profile;
  readonly at: string;
  readonly start: string;
}

/** The text before the first claim; nothing where no plain claim makes the name. */
function startOf(template: Template): string | undefined {
  if (isRandom(template) || namesWay(template)) return undefined;
  const first = template.findIndex((part) => typeof part !== "string" && part.fill === "claim");
  const place = template[first];
  // A hashed claim holds the way in already.
  if (typeof place !== "object" || place.fill !== "claim" || place.hash) return undefined;
  return template.slice(0, first).join("");
}

/** Paths and tags are names; what `context` and `metadata` say of an asset chooses nothing. */
function claimedNames(profile: Profile): Claimed[] {
  const found: Claimed[] = [];
  const add = (at: string, template: Template) => {
    const start = startOf(template);
    if (start !== undefined) found.push({ profile, at, start });
  };
  for (const [name, { parameter, template }] of profile.set) {
    if (parameter.kind === "pipe-context") continue;
    for (const item of eachItem(template, parameter.kind === "csv")) add(`set.${name}`, item);
  }
  for (const [name, { limits }] of profile.accept) add(`accept.${name}`, limits.prefix ?? []);
  return found;
}

/** Complaints about profiles that share names with one whose callers are others, by profile. */
export function sharedNames(
  profiles: Iterable<Profile>,
  ways: WaysIn,
): [profile: string, complaint: Complaint][] {
  const identities = (profile: Profile) =>
    [...new Set(profile.access.map((way) => ways.get(way)?.identity ?? way))].sort().join(" ");
  const names = [...profiles].flatMap(claimedNames);
  const complaints: [string, Complaint][] = [];
  for (const [i, one] of names.entries()) {
    const other = names.slice(0, i).find((before) => {
      const overlap = before.start.startsWith(one.start) || one.start.startsWith(before.start);
      return overlap && identities(before.profile) !== identities(one.profile);
    });
    if (other === undefined) continue;
    const problem = `callers of the profile ${other.profile.name} come by another way in and could get the same names: begin with {way}, or with a text of its own (R11)`;
    complaints.push([one.profile.name, { at: one.at, problem }]);
  }
  return complaints;
}
