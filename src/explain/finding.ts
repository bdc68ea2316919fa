// What a detector finds: a cause with what it is said of.

import type { CauseCode } from "./causes.ts";
import type { Certainty } from "./explanation.ts";

export interface Finding {
  readonly code: CauseCode;
  readonly certainty: Certainty;
  readonly fields?: readonly string[];
  readonly signed?: string;
  readonly sent?: string;
  readonly detail?: string;
}
