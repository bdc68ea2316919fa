// All attacks of the audit.

import { ABUSES } from "./abuses.ts";
import type { Attack } from "./attack.ts";
import { FORGED_TEXTS } from "./forged-texts.ts";
import { FORGERIES } from "./forgeries.ts";

export type { Attack } from "./attack.ts";

/**
 * All attacks, as data: for a report of one's own, or to try some of them.
 *
 * @example
 * const attacks = ATTACKS.filter(({ kind }) => kind === "forgery");
 * const report = await audit({ url: "http://localhost:8787/sign", attacks });
 */
export const ATTACKS: readonly Attack[] = [...FORGERIES, ...FORGED_TEXTS, ...ABUSES];
