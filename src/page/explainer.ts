// Why an upload was refused: a script of its own, `explainer.js`, as large as the rest of the page, which loads it when
// somebody was refused or wants to paste. It asks nobody anything.

import { CAUSES } from "../explain/causes.ts";
import type { Evidence } from "../explain/evidence.ts";
import { explain } from "../explain/explain.ts";
import type { Cause, Explanation } from "../explain/explanation.ts";

/** What a pasted text tells. */
const readPaste = (text: string): Evidence => ({ message: text });

export interface TitledCause extends Cause {
  readonly title: string;
}

export interface TitledExplanation extends Explanation {
  readonly causes: readonly TitledCause[];
}

export function explainEvidence(evidence: Evidence): TitledExplanation {
  const { causes, ...rest } = explain(evidence);
  return { ...rest, causes: causes.map((cause) => ({ ...cause, title: CAUSES[cause.code].title })) };
}

export const explainText = (text: string): TitledExplanation => explainEvidence(readPaste(text));
