// Asking for one thing in all its ways, and what the answers together mean.

import { ask, type Endpoint } from "./ask.ts";
import type { Attack } from "./attack.ts";
import { isForgery, judge, VERDICTS, type Verdict } from "./judge.ts";
import { harmlessQuestions, questionsFor } from "./questions.ts";
import type { Params } from "./sdk.ts";
import { readAnswer, type SignedAnswer } from "./signed-answer.ts";
import { ownWay, type Way } from "./ways.ts";

/** What came of one attack. */
export interface Trial {
  readonly verdict: Verdict;
  readonly signature?: string;
  /** In which way it was asked, where that was not the endpoint's own shape. */
  readonly by?: string;
}

export const NOT_ASKED: Trial = { verdict: "could not ask" };

/** The worst of what the questions of one attack bring, in every way that they can be asked. */
export async function tryAttack(
  endpoint: Endpoint,
  attack: Attack,
  ways: readonly Way[],
  secret: string | undefined,
): Promise<Trial> {
  let worst: Trial | undefined;
  for (const { by, base, body } of ways)
    for (const question of questionsFor(attack, base)) {
      const raw = await ask(endpoint, body(question.asked));
      // One that was not answered could have been the one that is signed.
      if (!raw.ok) return NOT_ASKED;
      const answer = readAnswer(raw.value.text);
      const trial: Trial =
        answer === undefined
          ? { verdict: "refused" }
          : {
              verdict: judge(question, answer, secret),
              signature: answer.signature,
              ...(by !== undefined && { by }),
            };
      if (isForgery(trial.verdict)) return trial;
      if (worst === undefined || rank(trial) < rank(worst)) worst = trial;
    }
  return worst ?? NOT_ASKED;
}

const rank = ({ verdict }: Trial): number => VERDICTS.indexOf(verdict);

/** The harmless request and its signed answer, or why there is none: what signs nothing at all would look safe. */
export async function askHarmless(
  endpoint: Endpoint,
  harmless: Params,
): Promise<{ asked: Params; answer: SignedAnswer } | { why: string }> {
  let why = "";
  for (const asked of harmlessQuestions(harmless, endpoint.shape)) {
    const raw = await ask(endpoint, ownWay(endpoint.shape, {}).body(asked));
    if (!raw.ok) return { why: raw.error };
    const answer = readAnswer(raw.value.text);
    if (answer !== undefined) return { asked, answer };
    why ||= `it does not sign even the harmless request ${JSON.stringify(harmless)}: ${status(raw.value.status)}; or it may want another shape of body (params, paramsToSign, plain)`;
  }
  return { why };
}

function status(code: number): string {
  if (code >= 300 && code < 400) return `status ${code}, and redirects are not followed`;
  if (code === 401 || code === 403) return `status ${code}, so it may want a header with credentials`;
  return `status ${code}, without a signature of 40 or 64 hex digits in JSON or alone`;
}

/**
 * The verdicts, once all answers are known: a signature that came back for different questions depends on none
 * of them, so the endpoint signs something of its own.
 */
export function settle(trials: readonly Trial[], harmless: SignedAnswer): Verdict[] {
  const signatures = [harmless.signature, ...trials.map(({ signature }) => signature)];
  return trials.map(({ verdict, signature }) =>
    verdict === "signed, unproven" && signatures.filter((other) => other === signature).length > 1
      ? "signed something else"
      : verdict,
  );
}
