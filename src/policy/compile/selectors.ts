// What a profile signs must choose nothing in another method but the caller's own new asset (R3). Derived
// from the table of methods: one added there makes the profiles it endangers fail.

import type { AcceptParam, Complaint, SetParam } from "../profile.ts";
import { OPT_INS, SELECTIONS, type Selection } from "../tables/methods.ts";
import { claimsOf, isRandom, type Template } from "../template.ts";

/** What is looked at. */
export interface Signable {
  readonly set: ReadonlyMap<string, SetParam>;
  readonly accept: ReadonlyMap<string, AcceptParam>;
  /** The risks that the owner accepts by name. */
  readonly allow: readonly string[];
  /** Whether callers are no one in particular. */
  readonly anonymous: boolean;
}

/** What the check found: what is wrong, and which accepted risks the profile really takes. */
export interface Scope {
  readonly complaints: readonly Complaint[];
  readonly optIns: readonly string[];
}

/** A list joined with commas holds one value for each item, and every one of them must be scoped. */
export function eachItem(template: Template, isList: boolean): Template[] {
  if (!isList) return [template];
  const items: (string | Template[number])[][] = [[]];
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

/** Claims that no two people of one issuer share. */
export const PERSONAL: ReadonlySet<string> = new Set(["sub", "email"]);

/** A value that only this caller's signatures hold: a random one, or one with the caller's own claim in it. */
export const isOwn = (template: Template): boolean =>
  isRandom(template) || claimsOf(template).some(({ claim }) => PERSONAL.has(claim));

/** Whether every value the profile can sign for this name lies in the caller's own namespace. */
function isScoped(name: string, { set, accept }: Signable): boolean {
  const fixed = set.get(name);
  const chosen = accept.get(name);
  if (fixed !== undefined && !eachItem(fixed.template, fixed.parameter.kind === "csv").every(isOwn))
    return false;
  if (chosen !== undefined && !isOwn(chosen.limits.prefix ?? [])) return false;
  return fixed !== undefined || chosen !== undefined;
}

/** Every other method that a profile would sign for. */
export function checkScope(signable: Signable, selections: readonly Selection[] = SELECTIONS): Scope {
  const { set, accept, allow, anonymous } = signable;
  const complaints: Complaint[] = [];
  const optIns = new Set<string>();
  for (const optIn of allow) {
    if (!OPT_INS.includes(optIn))
      complaints.push({ at: "allow", problem: `knows only ${OPT_INS.join(", ")}` });
  }
  for (const { method, selectors, optIn, risk } of selections) {
    if (!selectors.every((name) => set.has(name) || accept.has(name))) continue;
    if (selectors.some((name) => isScoped(name, signable))) continue;
    const chosen = selectors.find((name) => accept.has(name));
    if (optIn !== undefined && allow.includes(optIn) && !(anonymous && chosen !== undefined)) {
      optIns.add(optIn);
      continue;
    }
    const name = chosen ?? selectors[0]!;
    complaints.push({
      at: `${chosen === undefined ? "set" : "accept"}.${name}`,
      problem: `the same signature is valid (R3) for ${method}: whoever holds it can ${risk}; ${mend(signable, chosen, optIn)}`,
    });
  }
  return { complaints, optIns: [...optIns] };
}

function mend({ anonymous }: Signable, chosen: string | undefined, optIn: string | undefined): string {
  if (anonymous && chosen !== undefined) {
    return "callers here are no one in particular, so no value they choose is their own: remove it";
  }
  const own = anonymous
    ? "let it hold {uuid}"
    : chosen === undefined
      ? "let it hold {uuid} or a claim such as {sub}"
      : "give it a prefix with a claim, such as u-{sub}-";
  return `${own}, or ${optIn === undefined ? "remove it" : `write allow: ["${optIn}"]`}`;
}
