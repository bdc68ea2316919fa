// The policy as a text: what is hashed, so that a link made under another one is void, and a reviewer can compare.

import type { Effective } from "./environment.ts";

/** Each profile and its access methods, as they were written. */
export function policyTexts({
  profiles,
  access,
  signatureAlgorithm,
}: Effective): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(profiles).map(([name, profile]) => {
      const methods = profile.access.map((name) => (Object.hasOwn(access, name) ? access[name] : name));
      return [name, JSON.stringify([signatureAlgorithm, profile, methods])];
    }),
  );
}

/** A value as JSON in one spelling, whatever the order in which its members were written. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** What decides what is signed and for whom, in one spelling: what `/health` hashes. All of the settings but these. */
export const policyText = ({ publicUrl: _, log: __, accessAt: ___, ...policy }: Effective): string =>
  canonicalJson(policy);
