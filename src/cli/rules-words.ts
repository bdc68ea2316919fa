// A refusal -> the rule behind it: the number that the policy gives, or the one that the tables tell. It decides
// nothing, and is asked about what was refused already.

import type { ClientParams } from "../policy/decide/client-params.ts";
import type { Profile } from "../policy/profile.ts";
import type { Refusal } from "../policy/refusal.ts";
import { SELECTIONS } from "../policy/tables/methods.ts";
import { PARAMETERS } from "../policy/tables/parameters.ts";
import { type Fill, fillTemplate } from "../policy/template.ts";
import { readValue } from "../policy/value.ts";

/** The rules that can refuse a request, in a few words; `test/conformance/README.md` has them all. */
export const RULES = {
  R1: "only names of upload parameters are signed",
  R2: "the time is the server's, or near it",
  R3: "a name or a tag lies in the caller's own namespace",
  R5: "no client can ever choose it",
  R6: "only whole values that the profile lists",
  R9: "values are of their kind, and hold nothing that can be read as something else",
  R10: "claims fill templates as they are, or not at all",
  R12: "the server sets it, so the client does not",
  limit: "a limit that the profile sets",
  profile: "the profile does not accept it",
  "drop-in": "the profile signs nothing that a client chose",
} as const;

export type Rule = keyof typeof RULES;

/** A rule's number and words, or the words alone where it is the profile's own. */
export const ruleText = (rule: Rule): string => (/^R\d/.test(rule) ? `${rule}: ${RULES[rule]}` : RULES[rule]);

/** The numbers that the policy writes into its refusals. */
const NUMBER = / \((R\d+)\)/;

/** A refusal's detail without the number, which is told beside it. */
export const detailText = ({ detail }: Refusal): string => detail.replace(NUMBER, "");

/** Names that tell another method what to work on. */
const SELECTORS = new Set(SELECTIONS.flatMap(({ selectors }) => selectors));

/** Whether a client's value leaves the prefix that makes it the caller's own. */
function leavesPrefix(name: string, raw: unknown, profile: Profile, fill: Fill): boolean {
  const { parameter, limits } = profile.accept.get(name)!;
  const value = readValue(name, parameter, raw, "client");
  const prefix = fillTemplate(limits.prefix ?? [], fill);
  return value.ok && value.value.items.some((item) => !item.startsWith(prefix));
}

/** The rule by which a parameter was refused. */
export function ruleOf(refused: Refusal, profile: Profile, sent: ClientParams, fill: Fill): Rule {
  const { param, code, detail } = refused;
  if (code === "forbidden" && profile.set.has(param)) return "R12";
  if (param === "timestamp") return "R2";
  if (code === "missing" || code === "different") return "R12";
  const number = NUMBER.exec(detail)?.[1];
  if (number !== undefined && number in RULES) return number as Rule;
  const wholeValues = PARAMETERS.get(param)?.client === "enum";
  if (code === "forbidden") return wholeValues ? "R6" : "profile";
  if (wholeValues) return "R6";
  return SELECTORS.has(param) && leavesPrefix(param, sent[param], profile, fill) ? "R3" : "limit";
}
