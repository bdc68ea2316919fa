// What a method still has to be told, of what it needs to know what to work on.

import type { SignedMethod } from "./signed-methods.ts";

interface Names {
  has(name: string): boolean;
}

/** The names that are lacking: each a list that would do. `undefined` where nothing is. */
export function lackingOf({ needs }: SignedMethod, given: Names): string[][] | undefined {
  const lacking = needs.map((names) => names.filter((one) => !given.has(one)));
  return lacking.length === 0 || lacking.some((names) => names.length === 0) ? undefined : lacking;
}

/** As it is told: `command and public_ids`, `public_ids or tags`. */
export const lackingText = (lacking: readonly (readonly string[])[]): string =>
  lacking.map((names) => names.join(" and ")).join(" or ");
