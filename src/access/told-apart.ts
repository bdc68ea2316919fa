// Where several access methods read the same place, a credential goes to the one that it fits. Two that the same
// credential would fit are refused, for one of them would never be asked.

import type { CheckedMethod } from "./method.ts";

/** What is wrong with methods that one profile names, if a credential could be for two of them. */
export function sameTokens(ways: readonly CheckedMethod[]): string | undefined {
  for (const [i, one] of ways.entries()) {
    for (const other of ways.slice(i + 1)) {
      if (one.place === undefined || one.place !== other.place || one.name === other.name) continue;
      const difference = one.missingDifference?.(other) ?? other.missingDifference?.(one);
      if (difference !== undefined)
        return `names ${one.name} and ${other.name}, which read the same place (${one.place}), and nothing tells their tokens apart: ${difference}`;
    }
  }
  return undefined;
}
