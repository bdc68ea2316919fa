// Where several access methods read the same place, a credential goes to the one that it fits. Two that the same
// credential would fit are refused, for one of them would never be asked.

import type { CheckedMethod } from "./method.ts";

/** What would tell the credentials of two methods apart; `undefined` where something does. */
function missingDifference(one: CheckedMethod, other: CheckedMethod): string | undefined {
  const opaque = [one, other].find((method) => method.opaque);
  return opaque === undefined
    ? one.missingDifference(other)
    : `give ${opaque.name} a header or a cookie of its own`;
}

/** What is wrong with methods that one profile names, if a credential could be for two of them. */
export function sameTokens(methods: readonly CheckedMethod[]): string | undefined {
  for (const [i, one] of methods.entries()) {
    for (const other of methods.slice(i + 1)) {
      if (one.place === undefined || one.place !== other.place || one.name === other.name) continue;
      const difference = missingDifference(one, other);
      if (difference !== undefined)
        return `${difference}: ${one.name} and ${other.name} read the same place (${one.place}), and nothing tells their tokens apart`;
    }
  }
  return undefined;
}
