// A claim means something only in the access method that gave it (R10, R11).

import type { ClaimUse } from "../profile.ts";
import { claimsOf, namesAccess, placeKey } from "../values/template.ts";
import { separators } from "./ambiguity.ts";
import type { Draft, ProfileFault } from "./draft.ts";

/** Claims that callers by some access method do not have. */
export const unknownClaims = ({ method, access, methods, templates }: Draft): ProfileFault[] =>
  templates.flatMap(([at, template]) =>
    claimsOf(template).flatMap(({ claim }): ProfileFault[] => {
      // A method that is not declared has a fault of its own.
      const without = access.find((name) => methods.get(name)?.claims.has(claim) === false);
      if (without === undefined) return [];
      // Nor is it a claim that callers lack who have to be someone, and are not.
      if (method.name !== "upload" && methods.get(without)!.anonymous) return [];
      const claims = [...methods.get(without)!.claims].join(", ") || "none";
      return [{ at, why: { reason: "claim_unknown", access: without, claim, claims } }];
    }),
  );

/** Claims that could equal those of another party. A hash holds the access method. */
export function meetingClaims({ access, methods, templates }: Draft): ProfileFault[] {
  const identities = new Set(access.map((name) => methods.get(name)?.identity ?? name));
  const meet = templates.filter(
    ([, template]) =>
      identities.size > 1 && !namesAccess(template) && claimsOf(template).some(({ hash }) => !hash),
  );
  return meet.map(([at]) => ({ at, why: { reason: "claims_meet" } }));
}

/** Names of access methods are claims of the server's own, and end at their separator too. */
export const separatedNames = ({ access, templates }: Draft): ProfileFault[] =>
  templates.flatMap(([at, template]) =>
    separators(template)
      .filter(([place, separator]) => place === "access" && access.some((name) => name.includes(separator)))
      .map(([, separator]): ProfileFault => ({ at, why: { reason: "access_separator", separator } })),
  );

/** The claims that the templates need, and the characters that may not stand in each. */
export function claimUses({ templates }: Draft): ClaimUse[] {
  const uses = new Map<string, ClaimUse & { separators: string[] }>();
  for (const [, template] of templates) {
    for (const { claim, hash } of claimsOf(template)) {
      const key = placeKey(claim, hash);
      if (!uses.has(key)) uses.set(key, { claim, hash, separators: [] });
    }
    for (const [place, separator] of separators(template)) uses.get(place)?.separators.push(separator);
  }
  return [...uses.values()];
}
