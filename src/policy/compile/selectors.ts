// What a profile signs must choose nothing in another method but the caller's own new asset (R3). Derived
// from the table of methods: one added there makes the profiles it endangers fail.

import { OPT_INS, SELECTIONS, type Selection } from "../tables/methods.ts";
import type { Part, Reason } from "../tables/reasons.ts";
import { claimsOf, isRandom, type Template } from "../values/template.ts";
import type { Draft, ProfileFault } from "./draft.ts";

/** What is looked at. */
export type Signable = Pick<Draft, "set" | "accept" | "allow" | "anonymous">;

/** What the check found: what is wrong, and which accepted risks the profile really takes. */
export interface Scope {
  readonly faults: readonly ProfileFault[];
  readonly optIns: readonly string[];
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
  // Of a list, every item must be.
  if (fixed !== undefined && !fixed.items.every(isOwn)) return false;
  if (chosen !== undefined && !isOwn(chosen.limits.prefix ?? [])) return false;
  return fixed !== undefined || chosen !== undefined;
}

/** Every other method that a profile would sign for. */
export function checkScope(signable: Signable, selections: readonly Selection[] = SELECTIONS): Scope {
  const { set, accept, allow, anonymous } = signable;
  const faults: ProfileFault[] = [];
  const optIns = new Set<string>();
  for (const optIn of allow) {
    if (!OPT_INS.includes(optIn))
      faults.push({ at: "allow", why: { reason: "unknown_risk", known: OPT_INS.join(", ") } });
  }
  for (const selection of selections) {
    const { selectors, optIn } = selection;
    if (!selectors.every((name) => set.has(name) || accept.has(name))) continue;
    if (selectors.some((name) => isScoped(name, signable))) continue;
    const chosen = selectors.find((name) => accept.has(name));
    if (optIn !== undefined && allow.includes(optIn) && !(anonymous && chosen !== undefined)) {
      optIns.add(optIn);
      continue;
    }
    const at = chosen === undefined ? `set.${selectors[0]}` : `accept.${chosen}`;
    faults.push({ at, why: whyNot(selection, anonymous, chosen !== undefined) });
  }
  return { faults, optIns: [...optIns] };
}

/** What would make it the caller's own, or accept the risk. */
function whyNot({ method, optIn, risk }: Selection, anonymous: boolean, isChosen: boolean): Reason {
  if (anonymous && isChosen) return { reason: "no_one", method };
  const of: Part = anonymous ? "uuid" : isChosen ? "own_prefix" : "claim";
  if (optIn === undefined || risk === undefined) return { reason: "other_method", method, of };
  return { reason: "opt_in", method, risk, optIn, of };
}
