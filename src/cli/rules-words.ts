// A refusal -> the rule behind it, in words.

import type { Refusal } from "../policy/decide/refusal.ts";
import { type Rule, ruleOf, sentenceOf } from "../policy/tables/reasons.ts";

/** The rules that can refuse a request, in a few words; `test/conformance/README.md` has them all. */
const RULES: Partial<Record<Rule, string>> = {
  R1: "only names of the method's parameters are signed",
  R2: "the time is the server's, or near it",
  R3: "a name or a tag begins as the profile says: as the caller's own, unless it accepts others-assets",
  R5: "no client can ever choose it",
  R6: "only whole values that the profile lists",
  R9: "values are of their kind, and hold nothing that can be read as something else",
  R10: "claims fill templates as they are, or not at all",
  R12: "the server sets it, so the client does not",
};

/** A rule's number and words. */
export const ruleText = (rule: Rule): string => `${rule}: ${RULES[rule] ?? ""}`;

/** What of the profile's own refused a parameter, where no rule did. */
function ownText({ why }: Refusal): string {
  if (why.of === "drop_in_request" || why.of === "ticket_request")
    return "the profile signs nothing that a client chose";
  if (why.reason === "selector_missing") return "its method needs to be told";
  if (why.reason === "file_name_missing") return "a profile with limits on files finds them by their names";
  return why.reason === "not_accepted" ? "the profile does not accept it" : "a limit that the profile sets";
}

/** What was wrong, and by which rule. */
export function refusalLines(refused: Refusal): [detail: string, rule: string] {
  const rule = ruleOf(refused.why);
  return [sentenceOf(refused.why), rule === undefined ? ownText(refused) : ruleText(rule)];
}
