// What a message must say, in tables of cases.

import { expect } from "vitest";

/** That a text holds these words; none are refused, for every text holds those. */
export function expectWords(text: string, words: string): void {
  expect(words, "the words that are expected").not.toBe("");
  expect(text).toContain(words);
}
