// Templates in the values a profile sets: `users/{sub}`, `{uuid}`. What is filled in comes from the server or
// from a verified token, and never needs escaping: it is checked to be plain, never changed to be so (R10).

import { err, ok, type Result } from "../../result.ts";

/** A text with places to fill. */
export type Template = readonly (string | Place)[];

/**
 * A place to fill:
 * - `uuid`: a random name, new for each signature
 * - `date`: the day in UTC
 * - `access`: the name of the access method that the caller used
 * - `claim`: what a token says of the caller, as it stands or, with `hash`, as 32 hex digits that also depend
 *   on the access method
 */
export type Place =
  | { readonly fill: "uuid" | "date" | "access" }
  | { readonly fill: "claim"; readonly claim: string; readonly hash: boolean };

/** What places are filled with; claims are checked before. */
export interface Fill {
  /** A random UUID, new for each signature. */
  readonly uuid: string;
  /** Unix seconds. */
  readonly now: number;
  /** The name of the access method. */
  readonly access: string;
  /** By `placeKey`. */
  readonly claims: ReadonlyMap<string, string>;
}

/** What can be wrong with a template. */
export interface TemplateFlaw {
  readonly reason: "unpaired_brace" | "percent" | "unknown_place";
}

/** A claim's place by name: `sub`, `sub|hash`. */
export const placeKey = (claim: string, hash: boolean): string => (hash ? `${claim}|hash` : claim);

const CLAIM = /^([A-Za-z_][A-Za-z0-9_]{0,63})(\|hash)?$/;

function parsePlace(text: string): Place | undefined {
  if (text === "uuid" || text === "date" || text === "access") return { fill: text };
  const match = CLAIM.exec(text);
  return match === null ? undefined : { fill: "claim", claim: match[1]!, hash: match[2] !== undefined };
}

/** Reads a template; a brace without a meaning is an error, so that no typing mistake is signed. */
export function parseTemplate(text: string): Result<Template, TemplateFlaw> {
  const parts: (string | Place)[] = [];
  const pieces = text.split(/\{([^{}]*)\}/);
  for (const [i, part] of pieces.entries()) {
    if (i % 2 === 0) {
      if (/[{}]/.test(part)) return err({ reason: "unpaired_brace" });
      // What is filled in may begin with 26 or 6, and %26 is never signed.
      if (/%2?$/.test(part) && i + 1 < pieces.length) return err({ reason: "percent" });
      if (part !== "") parts.push(part);
      continue;
    }
    const place = parsePlace(part);
    if (place === undefined) return err({ reason: "unknown_place" });
    parts.push(place);
  }
  return ok(parts);
}

/** Whether a template holds a place of this sort. */
const hasPlace = (template: Template, fill: Place["fill"]): boolean =>
  template.some((part) => typeof part !== "string" && part.fill === fill);

/** Whether a template holds a value that only the server knows. */
export const isRandom = (template: Template): boolean => hasPlace(template, "uuid");

/** Whether a template holds the name of the access method. */
export const namesAccess = (template: Template): boolean => hasPlace(template, "access");

/** The claims of a template. */
export function claimsOf(template: Template): Extract<Place, { fill: "claim" }>[] {
  return template.filter((part) => typeof part !== "string" && part.fill === "claim") as never;
}

/** A list joined with commas as a template for each of its items; any other value as it is. */
export function eachItem(template: Template, isList: boolean | undefined): Template[] {
  if (!isList) return [template];
  const items: (string | Place)[][] = [[]];
  for (const part of template) {
    if (typeof part !== "string") items.at(-1)!.push(part);
    else {
      const [first, ...rest] = part.split(",");
      if (first !== "") items.at(-1)!.push(first!);
      for (const text of rest) items.push([text]);
    }
  }
  return items;
}

/** The text with all places filled. */
export function fillTemplate(template: Template, fill: Fill): string {
  let text = "";
  for (const part of template) text += typeof part === "string" ? part : fillPlace(part, fill);
  return text;
}

function fillPlace(place: Place, fill: Fill): string {
  if (place.fill === "date") return new Date(fill.now * 1000).toISOString().slice(0, 10);
  if (place.fill !== "claim") return fill[place.fill];
  const text = fill.claims.get(placeKey(place.claim, place.hash));
  if (text === undefined) throw new Error("a claim was not checked before it was filled in");
  return text;
}

/** A place by its name, without braces. */
export const placeName = (place: Place): string =>
  place.fill === "claim" ? placeKey(place.claim, place.hash) : place.fill;

/** A template as its owner wrote it. */
export function templateText(template: Template): string {
  return template.map((part) => (typeof part === "string" ? part : `{${placeName(part)}}`)).join("");
}
