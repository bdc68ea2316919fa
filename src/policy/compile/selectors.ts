// What a profile signs must choose nothing in another method but the caller's own new asset (R3). Derived
// from the table of methods: one added there makes the profiles it endangers fail.

import { OPT_INS, OTHERS_ASSETS, SELECTIONS, type Selection } from "../tables/methods.ts";
import type { Part, Reason } from "../tables/reasons.ts";
import { claimsOf, isRandom, type Template } from "../values/template.ts";
import type { Draft, ProfileFault } from "./draft.ts";

/** What is looked at. */
export type Signable = Pick<
  Draft,
  "method" | "access" | "methods" | "set" | "accept" | "allow" | "anonymous"
>;

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
export function isScoped(name: string, { set, accept }: Pick<Signable, "set" | "accept">): boolean {
  const fixed = set.get(name);
  const chosen = accept.get(name);
  // Of a list, every item must be.
  if (fixed !== undefined && !fixed.items.every(isOwn)) return false;
  if (chosen !== undefined && !isOwn(chosen.limits.prefix ?? [])) return false;
  return fixed !== undefined || chosen !== undefined;
}

/** Names of assets and tags that a method other than upload would reach, and that are not the caller's own. */
const foreignNames = (signable: Signable): [at: string, name: string][] => {
  const { method, set, accept } = signable;
  if (method.name === "upload") return [];
  const named = [...method.parameters].filter(
    ([name, { names }]) => names !== undefined && (set.has(name) || accept.has(name)),
  );
  return named
    .filter(([name]) => !isScoped(name, signable))
    .map(([name]) => [`${accept.has(name) ? "accept" : "set"}.${name}`, name]);
};

/** Whether all callers are the owner's own back ends. */
const isForBackEnds = ({ access, methods }: Signable): boolean =>
  access.every((name) => methods.get(name)?.backEnd === true);

/** Whether the owner lets back ends work on anybody's assets, and they would. */
const isOverOthers = (signable: Signable): boolean =>
  signable.allow.includes(OTHERS_ASSETS) && isForBackEnds(signable) && foreignNames(signable).length > 0;

function notOwn(signable: Signable): ProfileFault[] {
  if (isOverOthers(signable)) return [];
  const { name: method, parameters } = signable.method;
  const optIn = OTHERS_ASSETS;
  return foreignNames(signable).map(([at, name]): ProfileFault => {
    const example = parameters.get(name)?.names === "tags" ? "u-{sub}-" : "users/{sub}/";
    if (isForBackEnds(signable)) return { at, why: { reason: "others_assets", method, optIn, example } };
    if (signable.allow.includes(optIn)) return { at, why: { reason: "not_back_end", optIn, example } };
    return { at, why: { reason: "not_owner", method, example } };
  });
}

/** Every other method that a profile would sign for. */
export function checkScope(signable: Signable, selections: readonly Selection[] = SELECTIONS): Scope {
  const { method, set, accept, allow, anonymous } = signable;
  const faults: ProfileFault[] = [...notOwn(signable)];
  const optIns = new Set<string>(isOverOthers(signable) ? [OTHERS_ASSETS] : []);
  for (const optIn of allow) {
    if (!OPT_INS.includes(optIn))
      faults.push({ at: "allow", why: { reason: "unknown_risk", known: OPT_INS.join(", ") } });
  }
  // Where names are not the caller's own, that is what is wrong, and not what else the signature is good for.
  if (method.name !== "upload" && faults.length > 0) return { faults, optIns: [] };
  for (const selection of selections) {
    const { selectors, optIn } = selection;
    // What the profile is for is judged name by name; and whoever may do it to all assets may do the rest.
    if (selection.method === method.name || optIns.has(OTHERS_ASSETS)) continue;
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
