// Which rows failed: those with one answer that was not good. Their figures are not shown.

import type { AllKept } from "../parts.ts";
import type { Measured } from "../rounds.ts";

/** What is wrong with a row; absent, nothing. */
export function failureOf({ good, bad }: Pick<Measured, "good" | "bad">): string | undefined {
  if (bad > 0) return `${bad} of ${good + bad} answers failed`;
  return good === 0 ? "there was no answer" : undefined;
}

/** Every failed row, as a line. */
export function failures({ requests, profile, growth, notifications, acts, million }: AllKept): string[] {
  const rows = [
    ...(requests?.rows ?? []),
    ...(profile?.rows ?? []).map((row) => ({ ...row, title: `the profile of ${row.title}` })),
    ...(growth?.kinds ?? []).flatMap(({ rows }) => rows),
    ...(growth?.bodies ?? []).flatMap(({ ours, bare }) => [ours, bare]),
    ...(notifications?.rows ?? []),
    ...(acts?.rows ?? []),
    ...(million ? [{ ...million, title: "the million" }] : []),
  ];
  return rows.flatMap((row) => {
    const failure = failureOf(row);
    return failure === undefined ? [] : [`${row.title}: ${failure}`];
  });
}
