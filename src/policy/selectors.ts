// What a profile signs must choose nothing in another method but the caller's own new asset (R3). Derived
// from the table of methods: one added there makes the profiles it endangers fail.

import { OPT_INS, SELECTIONS, type Selection } from "./methods.ts";
import type { AcceptParam, Complaint, SetParam } from "./profile.ts";
import { isRandom, type Template } from "./template.ts";

type Sets = ReadonlyMap<string, SetParam>;
type Accepts = ReadonlyMap<string, AcceptParam>;

/** A list joined with commas holds one value for each item, and every one of them must be scoped. */
function eachItem(template: Template, isList: boolean): Template[] {
  if (!isList) return [template];
  const items: (string | Template[number])[][] = [[]];
  for (const part of template) {
    if (typeof part !== "string") items.at(-1)!.push(part);
    else {
      const [first, ...rest] = part.split(",");
      items.at(-1)!.push(first!);
      for (const text of rest) items.push([text]);
    }
  }
  return items;
}

/** Whether every value the profile can sign for this name lies in the caller's own namespace. */
function isScoped(name: string, sets: Sets): boolean {
  const fixed = sets.get(name);
  if (fixed === undefined) return false; // No way in of today tells callers apart, so no prefix is the caller's own.
  return eachItem(fixed.template, fixed.parameter.kind === "csv").every(isRandom);
}

/** The complaints about every other method that a profile would sign for. */
export function unscopedSelectors(
  sets: Sets,
  accepts: Accepts,
  allow: readonly string[],
  anonymous: boolean,
  selections: readonly Selection[] = SELECTIONS,
): Complaint[] {
  const complaints: Complaint[] = [];
  for (const optIn of allow) {
    if (!OPT_INS.includes(optIn))
      complaints.push({ at: "allow", problem: `knows only ${OPT_INS.join(", ")}` });
  }
  for (const { method, selectors, optIn, risk } of selections) {
    if (!selectors.every((name) => sets.has(name) || accepts.has(name))) continue;
    if (selectors.some((name) => isScoped(name, sets))) continue;
    const chosen = selectors.find((name) => accepts.has(name));
    const accepted = optIn !== undefined && allow.includes(optIn);
    if (accepted && !(anonymous && chosen !== undefined)) continue;
    const name = chosen ?? selectors[0]!;
    const mend =
      chosen !== undefined && anonymous
        ? "callers here are no one in particular, so no value they choose is their own: remove it"
        : `let it hold {uuid}${optIn === undefined ? ", or remove it" : `, or write allow = ["${optIn}"]`}`;
    complaints.push({
      at: `${chosen === undefined ? "set" : "accept"}.${name}`,
      problem: `the same signature is valid for ${method}: whoever holds it can ${risk}; ${mend}`,
    });
  }
  return complaints;
}
