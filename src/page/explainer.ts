// Why an upload was refused: a script of its own, `explainer.js`, as large as the rest of the page, which loads it when
// somebody was refused or wants to paste. It asks nobody anything.

import { CAUSES } from "../explain/causes.ts";
import type { Evidence } from "../explain/evidence.ts";
import { explain } from "../explain/explain.ts";
import type { Cause, Explanation } from "../explain/explanation.ts";
import { explainPaste } from "../explain/read/explain-paste.ts";

export interface TitledCause extends Cause {
  readonly title: string;
}

export interface TitledExplanation extends Explanation {
  readonly causes: readonly TitledCause[];
}

const titled = ({ causes, ...rest }: Explanation): TitledExplanation => ({
  ...rest,
  causes: causes.map((cause) => ({ ...cause, title: CAUSES[cause.code].title })),
});

export const explainEvidence = (evidence: Evidence): TitledExplanation => titled(explain(evidence));

/** Of a text that is no evidence of anything, nothing is said. */
export function explainText(text: string): TitledExplanation | undefined {
  const explanation = explainPaste(text);
  return explanation && titled(explanation);
}
