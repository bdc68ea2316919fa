// Why Cloudinary refused a request: the evidence against what is known of signatures, as causes in words. It needs no
// secret, and repeats nothing but what it was given.

import { CAUSES } from "./causes.ts";
import { findInCode, isBySdk } from "./code-signs.ts";
import { compareFields, findDifferences } from "./compare.ts";
import { findInDestination } from "./destination.ts";
import type { Evidence } from "./evidence.ts";
import type { Cause, Certainty, Explanation } from "./explanation.ts";
import { type Facts, readFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { findInText, isOldAmpersand } from "./hashed-text.ts";
import { findInAnswer } from "./other-answers.ts";
import { findUnderSecret, findWhereSame } from "./same-text.ts";
import { findInSignature } from "./signature-forms.ts";
import { findSigns } from "./signs.ts";
import { findInTimes } from "./times.ts";

function findAll(facts: Facts): Finding[] {
  const { signed, received, isCopy } = facts;
  const shown = [
    ...findInAnswer(facts),
    ...findInDestination(facts),
    ...findInSignature(facts),
    ...findInText(facts),
    ...(isOldAmpersand(facts) ? [] : findDifferences(facts)),
    ...findInTimes(facts),
  ];
  const isKnown = signed !== undefined && received !== undefined;
  const isSame = isKnown && signed.text === received.text;
  if (shown.some(({ certainty }) => certainty === "certain")) return shown;
  const inCode = findInCode(facts);
  if (isSame && !isCopy) return [...shown, ...findWhereSame(facts, inCode)];
  const underSecret = findUnderSecret(facts, "possible");
  const signs = findSigns(facts);
  // Where nothing shows that a form was filled by hand, the secret is what it mostly was.
  const { sent, signed: made } = facts.evidence;
  const isByHand = (sent ?? made) !== undefined && !isBySdk(facts);
  return [...shown, ...inCode, ...(isByHand ? [...signs, ...underSecret] : [...underSecret, ...signs])];
}

/** Names as words: "`a`, `b` and `c`". */
function asWords(names: readonly string[]): string {
  const marked = names.map((name) => `\`${name}\``);
  const last = marked.pop() ?? "a field";
  return marked.length === 0 ? last : `${marked.join(", ")} and ${last}`;
}

function causeOf({ code, certainty, fields = [], ...of }: Finding): Cause {
  const { sentence, fix } = CAUSES[code];
  const said = { ...of, names: asWords(fields), many: fields.length > 1 };
  return { code, certainty, sentence: sentence(said), fix, fields };
}

const CERTAINTIES: readonly Certainty[] = ["certain", "likely", "possible"];

/** Findings of one cause as one, at the place of the surest. What it says of a value it says where it is one field's. */
function merged(findings: readonly Finding[]): Finding[] {
  const ranked = [...findings].sort(
    (a, b) => CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty),
  );
  const codes = [...new Set(ranked.map(({ code }) => code))];
  return codes.map((code) => {
    // What is less sure of the same cause adds nothing to it.
    const { certainty } = ranked.find((finding) => finding.code === code)!;
    const same = ranked.filter((finding) => finding.code === code && finding.certainty === certainty);
    const fields = [...new Set(same.flatMap((finding) => finding.fields ?? []))];
    const { signed: _, sent: __, ...rest } = same[0]!;
    return same.length === 1 ? same[0]! : { ...rest, fields };
  });
}

function wantedOf({ signed, received, answer, isTold, isCopy }: Facts): string[] {
  if (answer !== undefined && answer.said !== "invalid signature") return [];
  return [
    ...(isTold ? [] : ["Cloudinary's whole answer: `Invalid Signature … String to sign - '…'`"]),
    ...(received !== undefined && (signed === undefined || isCopy)
      ? [
          "what your code signed: its string to sign, or the parameters that it gave to the function that signs",
        ]
      : []),
  ];
}

/**
 * Explains a refusal. Two mistakes at once are two causes; a request that is right, as far as is known, has none.
 *
 * @example
 * explain({ message: answer.error.message, signed: { fields: Object.entries(ticket.fields) } }).causes[0]?.fix;
 */
export function explain(evidence: Evidence): Explanation {
  const facts = readFacts(evidence);
  const { signed, received, secretPlace } = facts;
  const causes = merged(findAll(facts)).map(causeOf);
  return {
    causes,
    fields: compareFields(facts),
    strings: {
      ...(signed !== undefined && secretPlace === undefined && { signed: signed.text }),
      ...(received !== undefined && { cloudinary: received.text }),
    },
    wanted: wantedOf(facts),
  };
}
