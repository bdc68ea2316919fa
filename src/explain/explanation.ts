// What an explanation consists of.

import type { CauseCode } from "./causes.ts";

/** How sure a cause is: the evidence shows it, it is what people mostly did, or it can't be ruled out. */
export type Certainty = "certain" | "likely" | "possible";

export interface Cause {
  readonly code: CauseCode;
  readonly certainty: Certainty;
  /** What went wrong, with the names that it went wrong for. */
  readonly sentence: string;
  /** What to do about it. */
  readonly fix: string;
  /** The fields that it is about. */
  readonly fields: readonly string[];
}

/** One field, on both sides. */
export interface ComparedField {
  readonly name: string;
  /** As one's own code signed it; absent where it did not, or where that is not known. */
  readonly signed?: string;
  /** As Cloudinary read it out of what was sent. */
  readonly sent?: string;
  readonly verdict: "same" | "different" | "only signed" | "only sent" | "never signed";
}

export interface Explanation {
  /** The likeliest first; none where nothing is wrong with what is known. */
  readonly causes: readonly Cause[];
  /** Field by field, by name; empty where only one side is known. */
  readonly fields: readonly ComparedField[];
  /** The string to sign on both sides, where it is known. */
  readonly strings: { readonly signed?: string; readonly cloudinary?: string };
  /** What else to paste, for a surer answer. */
  readonly wanted: readonly string[];
}
