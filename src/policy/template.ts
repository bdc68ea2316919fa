// Templates in the values a profile sets: `users/{sub}`, `{uuid}`. What is filled in comes from the server or
// from a verified token, and never needs escaping: it is checked to be plain, never changed to be so (R10).

import { err, ok, type Result } from "../result.ts";
import type { Parameter } from "./tables/parameters.ts";

/** A text with places to fill. */
export type Template = readonly (string | Place)[];

/**
 * A place to fill:
 * - `uuid`: a random name, new for each signature
 * - `date`: the day in UTC
 * - `way`: the name of the way in by which the caller came
 * - `claim`: what a token says of the caller, as it stands or, with `hash`, as 32 hex digits that also depend
 *   on the way in
 */
export type Place =
  | { readonly fill: "uuid" | "date" | "way" }
  | { readonly fill: "claim"; readonly claim: string; readonly hash: boolean };

/** What places are filled with; claims are checked before. */
export interface Fill {
  /** A random UUID, new for each signature. */
  readonly uuid: string;
  /** Unix seconds. */
  readonly now: number;
  /** The name of the way in. */
  readonly way: string;
  /** By `placeKey`. */
  readonly claims: ReadonlyMap<string, string>;
}

/** A claim's place by name: `sub`, `sub|hash`. */
export const placeKey = (claim: string, hash: boolean): string => (hash ? `${claim}|hash` : claim);

const CLAIM = /^([A-Za-z_][A-Za-z0-9_]{0,63})(\|hash)?$/;

function parsePlace(text: string): Place | undefined {
  if (text === "uuid" || text === "date" || text === "way") return { fill: text };
  const match = CLAIM.exec(text);
  return match === null ? undefined : { fill: "claim", claim: match[1]!, hash: match[2] !== undefined };
}

/** Reads a template; a brace without a meaning is an error, so that no typing mistake is signed. */
function parseTemplate(text: string): Result<Template, string> {
  const parts: (string | Place)[] = [];
  const pieces = text.split(/\{([^{}]*)\}/);
  for (const [i, part] of pieces.entries()) {
    if (i % 2 === 0) {
      if (/[{}]/.test(part)) return err("has a brace without its pair");
      // What is filled in may begin with 26 or 6, and %26 is never signed.
      if (/%2?$/.test(part) && i + 1 < pieces.length) return err("has a % directly before a place to fill");
      if (part !== "") parts.push(part);
      continue;
    }
    const place = parsePlace(part);
    if (place === undefined)
      return err("has braces without a meaning: write {uuid}, {date}, {way}, {claim} or {claim|hash}");
    parts.push(place);
  }
  return ok(parts);
}

/** A parameter's text as a template, where it is one; elsewhere braces stand for themselves. */
export function readTemplate(parameter: Parameter, text: string): Result<Template, string> {
  // The text of a context has its | escaped already, that of {claim|hash} too.
  const unescaped =
    parameter.kind === "pipe-context" ? text.replace(/\{(\w+)\\\|hash\}/g, "{$1|hash}") : text;
  return parameter.templated ? parseTemplate(unescaped) : ok([text]);
}

/** Whether a template holds a value that only the server knows. */
export function isRandom(template: Template): boolean {
  return template.some((part) => typeof part !== "string" && part.fill === "uuid");
}

/** The claims of a template. */
export function claimsOf(template: Template): Extract<Place, { fill: "claim" }>[] {
  return template.filter((part) => typeof part !== "string" && part.fill === "claim") as never;
}

/** Whether a template holds the name of the way in. */
export function namesWay(template: Template): boolean {
  return template.some((part) => typeof part !== "string" && part.fill === "way");
}

/** Places whose text has no fixed length, so that what follows decides where it ends. */
const isVariable = (part: string | Place | undefined): boolean =>
  typeof part === "object" && (part.fill === "way" || (part.fill === "claim" && !part.hash));

/** Whether a character could stand in a claim or a way's name, and so ends one only where none holds it. */
export const endsClaim = (character: string): boolean => /^[A-Za-z0-9_-]$/.test(character);

/**
 * Why two callers could get the same text from a template. `u-{sub}-` is one text for `a` and another for
 * `a-b`, but what begins with the first can begin with the second: so a place of variable length is followed
 * by a separator, which then may not stand in the claim (`separators`).
 */
export function ambiguity(
  template: Template,
  use: "whole" | "prefix",
  { kind }: Parameter,
): string | undefined {
  const first = template[0];
  if (kind !== "pipe-context" && typeof first === "object" && first.fill === "claim" && !first.hash) {
    return `{${first.claim}} stands first, so a caller could be called like anything there is: begin with a text, such as users/{${first.claim}}`;
  }
  for (const [i, part] of template.entries()) {
    if (typeof part === "string" || !isVariable(part)) continue;
    const [before, after] = [template[i - 1], template[i + 1]];
    const name = part.fill === "claim" ? part.claim : part.fill;
    if (typeof after === "object" || typeof before === "object") {
      return `{${name}} stands directly beside another place: put a separator between them`;
    }
    if (after === undefined && use === "prefix")
      return `a prefix may not end with {${name}}: add a separator`;
    const bounded =
      (before === undefined || before.endsWith("/")) && (after === undefined || after.startsWith("/"));
    if (kind === "string" && !bounded) {
      return `{${name}} must fill a whole path segment, or be written {${name}|hash}`;
    }
  }
  return undefined;
}

/** The character that ends each claim of variable length, where a claim could hold it: `sub` → `-`. */
export function separators(template: Template): [place: string, separator: string][] {
  const found: [string, string][] = [];
  for (const [i, part] of template.entries()) {
    const after = template[i + 1];
    if (typeof part === "string" || !isVariable(part) || typeof after !== "string" || !endsClaim(after[0]!))
      continue;
    found.push([part.fill === "claim" ? placeKey(part.claim, false) : "way", after[0]!]);
  }
  return found;
}

/** The text with all places filled. */
export function fillTemplate(template: Template, fill: Fill): string {
  return template.map((part) => (typeof part === "string" ? part : fillPlace(part, fill))).join("");
}

function fillPlace(place: Place, fill: Fill): string {
  switch (place.fill) {
    case "uuid":
      return fill.uuid;
    case "date":
      return new Date(fill.now * 1000).toISOString().slice(0, 10);
    case "way":
      return fill.way;
    case "claim": {
      const text = fill.claims.get(placeKey(place.claim, place.hash));
      if (text === undefined) throw new Error("a claim was not checked before it was filled in");
      return text;
    }
  }
}

/** A template as its owner wrote it. */
export function templateText(template: Template): string {
  return template
    .map((part) => {
      if (typeof part === "string") return part;
      return `{${part.fill === "claim" ? placeKey(part.claim, part.hash) : part.fill}}`;
    })
    .join("");
}
