// What an answer means: by the official SDK where the secret is known, by what the answer tells where it is not.

import type { Attack } from "./attack.ts";
import { isProven } from "./proofs.ts";
import { isSignatureOf, type Params } from "./sdk.ts";
import type { SignedAnswer } from "./signed-answer.ts";

/** From worst to best, and last what tells nothing. */
export const VERDICTS = [
  "proven",
  "signed, unproven",
  "signed something else",
  "refused",
  "could not ask",
] as const;
/** What came of an attack: `proven` and `signed, unproven` are forgeries. */
export type Verdict = (typeof VERDICTS)[number];

/** Those that count as forgeries. */
export const isForgery = (verdict: Verdict): boolean =>
  verdict === "proven" || verdict === "signed, unproven";

/** What was asked to be signed, and why. */
export interface Question {
  readonly attack: Attack;
  readonly victim: string;
  readonly now: number;
  /** The parameters as they were sent. */
  readonly asked: Params;
  /** Those among them that the endpoint wants of every request. */
  readonly base: Params;
}

/**
 * The question with what the endpoint says it signed besides. An extra signed name is never counted as
 * protection: that the other method refuses it is documented nowhere.
 */
function withTold(question: Question, { fields }: SignedAnswer): Question {
  const { attack, asked, base } = question;
  // A forged text without a timestamp must be exact.
  if (fields === undefined || attack.timestamp === "none") return question;
  const isAllTold = Object.entries(asked).every(
    ([name, value]) => name === "timestamp" || String(fields[name]) === String(value),
  );
  if (!isAllTold) return question;
  const added = Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(asked, name)));
  return { ...question, asked: { ...asked, ...added }, base: { ...base, ...added } };
}

/** What a signed answer to an attack means. */
export function judge(asQuestioned: Question, answer: SignedAnswer, secret: string | undefined): Verdict {
  const question = withTold(asQuestioned, answer);
  const { attack } = question;
  if (attack.algorithm !== undefined && attack.algorithm !== answer.algorithm) return "signed something else";
  if (secret === undefined)
    return tellsOtherwise(question, answer) ? "signed something else" : "signed, unproven";
  const { signature, algorithm } = answer;
  const texts = attack.timestamp === "any" ? possibleTexts(question.asked, answer) : [question.asked];
  const proven = texts.some((signed) =>
    isProven(attack.proof, { ...question, signed, signature, account: { secret, algorithm } }),
  );
  return proven ? "proven" : "signed something else";
}

/** Whether the signature of a harmless answer is made with this secret, as far as the answer lets it be seen. */
export function fitsSecret(asked: Params, answer: SignedAnswer, secret: string): boolean {
  const { signature, algorithm, fields } = answer;
  return [asked, fields ?? asked]
    .flatMap((params) => possibleTexts(params, answer))
    .some((signed) => isSignatureOf(signed, signature, { secret, algorithm }));
}

/** The timestamp that was signed may be the client's or the server's. */
const possibleTexts = (asked: Params, { timestamps }: SignedAnswer): Params[] => [
  asked,
  ...timestamps.map((timestamp) => ({ ...asked, timestamp })),
];

/** Whether the answer itself tells that something else was signed. */
function tellsOtherwise({ attack, asked }: Question, { fields, timestamps }: SignedAnswer): boolean {
  if (attack.timestamp === "own" && timestamps.length > 0) {
    if (!timestamps.some((timestamp) => String(timestamp) === String(asked.timestamp))) return true;
  }
  return fields !== undefined && written(fields) !== written(asked);
}

/** Parameters as comparable text, without the timestamp; the SDK writes lists with commas. */
const written = (params: Params): string =>
  JSON.stringify(
    Object.entries(params)
      .filter(([name]) => name !== "timestamp")
      .map(([name, value]) => [name, String(value)])
      .sort(([a], [b]) => (a! < b! ? -1 : 1)),
  );
