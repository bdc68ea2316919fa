// A question that only Cloudinary's own servers can answer, as data.

import type { Answer, Cloud } from "./cloud.ts";

/** What was learnt: what the code relies on in a few words, and what else was seen. */
export interface Learnt {
  readonly answer: string;
  readonly detail?: string;
}

export interface Question {
  readonly id: string;
  readonly question: string;
  /** What relies on the answer, or why nothing does: a sentence. */
  readonly relied: string;
  /** Asks; `undefined` where nothing was learnt. */
  readonly ask: (cloud: Cloud) => Promise<Learnt | undefined>;
}

/** A refusal: its status, and Cloudinary's words. */
export const refusal = ({ status, message }: Answer): Learnt => ({
  answer: String(status),
  ...(message !== "" && { detail: message }),
});
