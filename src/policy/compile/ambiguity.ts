// Two callers must not get the same text from one template. `u-{sub}-` is one text for `a` and another for `a-b`, but
// what begins with the first can begin with the second: so a place of variable length is followed by a separator,
// which then may not stand in the claim.

import type { Kind } from "../tables/kinds.ts";
import type { Reason } from "../tables/reasons.ts";
import { type Place, placeName, type Template, templateText } from "../values/template.ts";

/** Places whose text has no fixed length, so that what follows decides where it ends. */
const isVariable = (part: string | Place | undefined): part is Place =>
  typeof part === "object" && (part.fill === "access" || (part.fill === "claim" && !part.hash));

/** Whether a character could stand in a claim or an access method's name, and so ends one only where none holds it. */
export const endsClaim = (character: string): boolean => /^[A-Za-z0-9_-]$/.test(character);

/** What begins with text of its own, and ends as it has to. */
function exampleFor(claim: string, template: Template, use: "whole" | "prefix", { isPath }: Kind): string {
  const last = template.at(-1);
  const isOpen = use === "prefix" || (typeof last === "string" && last.endsWith("/"));
  return isPath ? `users/{${claim}}${isOpen ? "/" : ""}` : `u-{${claim}}${isOpen ? "-" : ""}`;
}

/** Why two callers could get the same text. */
export function ambiguity(template: Template, use: "whole" | "prefix", kind: Kind): Reason | undefined {
  const first = template[0];
  if (!kind.hasKeys && typeof first === "object" && first.fill === "claim" && !first.hash)
    return { reason: "claim_first", example: exampleFor(first.claim, template, use, kind) };
  for (const [i, part] of template.entries()) {
    if (!isVariable(part)) continue;
    const [before, after] = [template[i - 1], template[i + 1]];
    const place = placeName(part);
    if (typeof after === "object" || typeof before === "object") return { reason: "places_touch", place };
    if (after === undefined && use === "prefix")
      return { reason: "open_prefix", place, example: templateText(template) + (kind.isPath ? "/" : "-") };
    const isWhole = (before ?? "/").endsWith("/") && (after ?? "/").startsWith("/");
    if (kind.isPath && !isWhole) return { reason: "part_of_segment", place };
  }
  return undefined;
}

/** The character that ends each place of variable length, where its text could hold it: `sub` → `-`. */
export function separators(template: Template): [place: string, separator: string][] {
  return template.flatMap((part, i): [string, string][] => {
    const after = template[i + 1];
    const isOpen = isVariable(part) && typeof after === "string" && endsClaim(after[0]!);
    return isOpen ? [[placeName(part), after[0]!]] : [];
  });
}
