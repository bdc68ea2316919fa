// What can be wrong with a configuration. A fault never holds a value.

import type { Rule } from "./policy/tables/reasons.ts";

/** One thing that is wrong. */
export interface Fault {
  /** What has it: a binding, an option, or the file of the definition. */
  readonly binding: string;
  /** The path inside of it: `profiles.avatars.ttl`. */
  readonly at?: string;
  /** What is wrong, and what to do about it. */
  readonly problem: string;
  /** The rule of the policy that it breaks, where it breaks one. */
  readonly rule?: Rule;
  /** The secret that is wrong, where the path leads to its name; `problem` names nothing else then. */
  readonly secret?: string;
}

/** A fault as strangers may hear it: the binding, and nothing that stands inside of it. */
export type PublicFault = Pick<Fault, "binding" | "problem">;

export function publicFaults(faults: readonly Fault[]): PublicFault[] {
  const told = faults.map(({ binding, at, problem, secret }): PublicFault => {
    if (secret !== undefined) return { binding: secret, problem };
    if (at === undefined) return { binding, problem };
    const check = "run `cloudinary-edge-signer check`, or read the Worker's log: a setting in it is wrong";
    return { binding, problem: check };
  });
  return [...new Map(told.map((fault) => [`${fault.binding} ${fault.problem}`, fault])).values()];
}

/** Where a fault is. */
export const faultPlace = ({ binding, at }: Pick<Fault, "binding" | "at">): string =>
  [binding, at].filter((part) => part).join(", ");

/** Most faults that one message lists. */
const MAX_LISTED = 5;

/** Faults as one text for an answer, the log and the terminal. */
export function faultsText(faults: readonly Fault[]): string {
  const listed = faults.slice(0, MAX_LISTED).map((fault) => `${faultPlace(fault)}: ${fault.problem}`);
  const more = faults.length - listed.length;
  return listed.join("; ") + (more > 0 ? `; and ${more} more` : "");
}
