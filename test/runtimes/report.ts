// What became of each runtime, as a table in Markdown: counts, or why there are none.

import type { GroupCount } from "./count-reporter.ts";
import { GROUP_NAMES } from "./groups.ts";
import type { Tried } from "./try.ts";

/** `12/12`, or what else it was: a group of which nothing was counted has not passed. */
export function cell({ passed, failed }: Pick<GroupCount, "passed" | "failed">): string {
  const total = passed + failed.length;
  if (total === 0) return "not run";
  return failed.length === 0 ? `${passed}/${total}` : `**${passed}/${total}, ${failed.length} failed**`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The table. */
export function table(tried: readonly Tried[]): string {
  const head = ["runtime", "version", ...GROUP_NAMES, "questions"];
  const rows = tried.map(({ title, version, result }) => {
    if (!result.ok) return [title, version, `**not run: ${result.error}**`, ...GROUP_NAMES.map(() => "")];
    const counts = GROUP_NAMES.map((group) => result.value[group]);
    const questions = counts.reduce((sum, { asked }) => sum + asked, 0);
    return [title, version, ...counts.map(cell), questions.toLocaleString("en-US")];
  });
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

const START = "<!-- runtimes:start -->";
const END = "<!-- runtimes:end -->";

/** A text with the table between its two marks. Throws where they are not there. */
export function withTable(text: string, made: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`no ${START} with ${END} after it`);
  return `${text.slice(0, start)}${START}\n${made}\n${text.slice(end)}`;
}
