// Suggestions for misspelled names.

import { closestMatch } from "leven";

/** Most letters that may differ. */
const MAX_DISTANCE = 3;

/** ` (did you mean …?)`, or nothing where no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = closestMatch(name, [...known], {
    maxDistance: Math.min(MAX_DISTANCE, Math.floor(name.length / 2)),
  });
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}
