// Where several ways in read the same place, a credential goes to the one that it fits. Two that the same credential
// would fit are refused, for one of them would never be asked.

import type { Way } from "./config.ts";

/** Where a way in reads its credential; absent, it reads none. Names of headers have no case, and cookies' have. */
function placeOf(way: Way): string | undefined {
  if (way.type === "token") return "authorization";
  if (way.type === "turnstile") return "cf-turnstile-response";
  if (way.type !== "jwt") return undefined;
  const { cookie, header } = way.from;
  return cookie === undefined ? (header ?? "authorization").toLowerCase() : `cookie ${cookie}`;
}

/** Whether both are there and have nothing in common. */
const areApart = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  one !== undefined && other !== undefined && !one.some((value) => other.includes(value));

/** What would tell the credentials of two ways apart, as the end of a message; absent, something does. */
function missingDifference(one: Way, other: Way): string | undefined {
  if (one.type === "turnstile" && other.type === "turnstile") return "let in by one of them";
  if (one.type === "token" && other.type === "token") {
    const isShared = [...one.hashes.keys()].some((hash) => other.hashes.has(hash));
    return isShared ? "list each token in one of them" : undefined;
  }
  // A JSON Web Token tells by its form that it is one.
  if (one.type !== "jwt" || other.type !== "jwt" || one.issuer !== other.issuer) return undefined;
  const isToldApart =
    areApart(one.audience, other.audience) || areApart(one.authorizedParties, other.authorizedParties);
  return isToldApart
    ? undefined
    : "give both an `audience`, or both `authorizedParties`, with nothing in common, or a header of its own to one";
}

/** What is wrong with ways in that one profile names, if a credential could be for two of them. */
export function sameTokens(ways: readonly Way[]): string | undefined {
  for (const [i, one] of ways.entries()) {
    const place = placeOf(one);
    for (const other of ways.slice(i + 1)) {
      if (place === undefined || place !== placeOf(other) || one.name === other.name) continue;
      const difference = missingDifference(one, other);
      if (difference !== undefined)
        return `names ${one.name} and ${other.name}, which read the same place (${place}), and nothing tells their tokens apart: ${difference}`;
    }
  }
  return undefined;
}
