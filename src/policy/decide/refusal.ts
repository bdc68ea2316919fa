// A refused parameter: as data, and as it is told over the wire.

import {
  type Reason,
  type RefusalCode,
  type Rule,
  refusalCodeOf,
  ruleOf,
  sentenceOf,
} from "../tables/reasons.ts";

/** One refused parameter, and why. */
export interface Refusal {
  readonly param: string;
  readonly why: Reason;
}

/** A refusal as it is answered. */
export interface RefusedParam {
  /** Its name, at most 64 characters of it. */
  readonly param: string;
  /** `forbidden`: leave it out; `missing`: send it; `different`: not the server's value; `invalid`: outside of the limits. */
  readonly code: RefusalCode;
  /** What is allowed, in a sentence. */
  readonly detail: string;
  /** The rule that it comes from; a limit of the profile comes from none. */
  readonly rule?: Rule;
}

/** Longest parameter name that an answer repeats, so that it stays smaller than its request. */
const MAX_SHOWN_NAME = 64;

/** A refusal as it is answered. */
export function tellRefusal({ param, why }: Refusal): RefusedParam {
  const shown = param.length > MAX_SHOWN_NAME ? `${param.slice(0, MAX_SHOWN_NAME)}…` : param;
  const rule = ruleOf(why);
  return {
    param: shown.toWellFormed(),
    code: refusalCodeOf(why),
    detail: sentenceOf(why),
    ...(rule && { rule }),
  };
}
