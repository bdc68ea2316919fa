// All attacks of the audit, as data.

import { ABUSES } from "./abuses.ts";
import type { Attack } from "./attack.ts";
import { FORGED_TEXTS } from "./forged-texts.ts";
import { FORGERIES } from "./forgeries.ts";

export type { Attack } from "./attack.ts";

export const ATTACKS: readonly Attack[] = [...FORGERIES, ...FORGED_TEXTS, ...ABUSES];
