// Growth and the million requests as sections: how each was measured, and its table. Pure.

import type { AllKept } from "../parts.ts";
import { ratio } from "../statistics.ts";
import { cells, of, picture, section, throughputTo } from "./cells.ts";
import { costs, memoryGrowth } from "./goals.ts";
import { machineText } from "./machine-text.ts";
import { count, table, times, withSpread } from "./markdown.ts";
import { failureOf } from "./verdict.ts";

export function growthSection({ kinds, bodies, machine }: NonNullable<AllKept["growth"]>): string {
  const cost = kinds[0]?.rows[0]?.cpuMicros.length ? "CPU, µs a request" : "µs a request";
  const tables = kinds.map(({ kind, rows }) =>
    table([
      [kind, cost, "to one", "requests/s", "start, ms"],
      ...rows.map((row) => [
        count(row.count),
        ...cells(row, () => [
          of(costs(row)),
          row === rows[0] ? "1" : withSpread(ratio(costs(row), costs(rows[0]!)), times),
          of(row.perSecond),
          of(row.start),
        ]),
      ]),
    ]),
  );
  return section(
    "Growth",
    machineText(machine),
    "More profiles, origins and tokens of back ends; the last one listed is asked for. The start holds the check of the configuration, which is done once.",
    ...tables,
    "Larger bodies, filled up with white space, beside the bare Worker's reading of the same:",
    table([
      ["bytes", cost, "bare Worker's", "requests/s", "to the bare Worker"],
      ...bodies.map(({ bytes, ours, bare }) => [
        count(bytes),
        ...cells(ours, () => [
          of(costs(ours)),
          of(costs(bare)),
          of(ours.perSecond),
          throughputTo(ours, bare),
        ]),
      ]),
    ]),
    picture("growth", "The cost of a request as everything grows"),
  );
}

export function millionSection(million: NonNullable<AllKept["million"]>): string {
  const { samples, warmUp, machine } = million;
  const mebibytes = samples.map(({ resident }) => (resident ?? Number.NaN) / 2 ** 20);
  const [, ...looked] = samples;
  return section(
    "A million requests",
    machineText(machine),
    `One Worker with a public profile, after ${count(warmUp)} requests to warm up; its memory (RSS) is looked at every ${count(samples[1]?.requests ?? 0)} requests.`,
    table([
      ["", ""],
      ["failed answers", failureOf(million) ?? "none"],
      ["requests/s", of(looked.map(({ perSecond }) => perSecond))],
      ["p99, ms", of(looked.map(({ p99 }) => p99))],
      ["memory, MiB", of(mebibytes)],
      ["memory, last quarter to first", times(memoryGrowth(million))],
    ]),
    picture("million", "Memory over a million requests"),
  );
}
