// What a check of the doctor's answers, and how that is told.

import { styleText } from "node:util";
import { plain } from "./terminal.ts";

/** `warning` is for the owner to know, and `could not` no finding: neither changes the exit code to 1. */
export type Outcome =
  | { readonly state: "fine"; readonly note?: string }
  | { readonly state: "found" | "warning"; readonly problem: string; readonly fix?: string }
  | { readonly state: "could not"; readonly problem: string };

/** A row of the doctor's table. */
export interface Check {
  readonly name: string;
  /** Several findings, or one outcome. */
  run(): Promise<readonly Outcome[]>;
}

export const fine = (note?: string): readonly Outcome[] => [{ state: "fine", ...(note && { note }) }];
export const found = (problem: string, fix?: string): readonly Outcome[] => [
  { state: "found", problem, ...(fix && { fix }) },
];
export const couldNot = (problem: string): readonly Outcome[] => [{ state: "could not", problem }];

/** An outcome of the check of this name, as machines read it. */
export type Told = Outcome & { readonly name: string };

const MARKS = {
  fine: ["✓", "green"],
  found: ["✗", "red"],
  warning: ["!", "yellow"],
  "could not": ["·", "dim"],
} as const;

/** What people read of it. */
export function lineOf(told: Told): string {
  const [mark, style] = MARKS[told.state];
  const words = told.state === "fine" ? told.note : told.problem;
  const fix = "fix" in told && told.fix !== undefined ? `\n    ${plain(told.fix)}` : "";
  return `${styleText(style, mark)} ${styleText("bold", told.name)}${words === undefined ? "" : `: ${plain(words)}`}${fix}`;
}

/** Exit 0 nothing was found, 1 something, 2 where nothing could be checked. */
export const codeOf = (all: readonly Told[]): number => {
  if (all.some(({ state }) => state === "found")) return 1;
  return all.every(({ state }) => state === "could not") ? 2 : 0;
};
