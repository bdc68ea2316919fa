// Each part's data as a chart. Pure.

import type { AllKept } from "../parts.ts";
import type { Measured } from "../rounds.ts";
import { spread } from "../statistics.ts";
import { costs } from "./goals.ts";
import { count, figure } from "./markdown.ts";
import { type Bar, barChart, curveChart } from "./svg.ts";
import { failureOf } from "./verdict.ts";

const NAMES = { sha1: "SHA-1", sha256: "SHA-256" } as const;

const signingChart = ({ cases }: NonNullable<AllKept["signing"]>): string =>
  barChart(
    "Microseconds a signature",
    cases.map(({ algorithm, parameters, rows }) => ({
      title: `${NAMES[algorithm]}, ${parameters} parameters: µs a signature`,
      bars: rows.map(({ title, name, micros }) => ({
        label: title,
        value: spread(micros),
        isOurs: name.startsWith("sign"),
      })),
    })),
    figure,
  );

function requestsChart({ rows }: NonNullable<AllKept["requests"]>): string {
  const isOthers = (name: string) => /^(bare|least|careful.*|sdk|recipe)$/.test(name);
  const bars = (chosen: readonly Measured[]): Bar[] =>
    chosen.map((row) => ({
      label: row.title,
      value: spread(row.perSecond),
      isOurs: !isOthers(row.name),
      failure: failureOf(row),
    }));
  const isLimiter = ({ name }: Measured) => name === "limited" || name === "unlimited";
  return barChart(
    "Requests a second",
    [
      { title: "Requests a second", bars: bars(rows.filter((row) => !isLimiter(row))) },
      { title: "Requests a second in miniflare", bars: bars(rows.filter(isLimiter)) },
    ],
    figure,
  );
}

function sizeChart({ rows }: NonNullable<AllKept["size"]>): string {
  const bars = (values: (row: (typeof rows)[number]) => readonly number[]): Bar[] =>
    rows.map((row) => ({
      label: row.title,
      value: spread(values(row)),
      isOurs: ["public", "smallest"].includes(row.name),
    }));
  return barChart(
    "Size and start",
    [
      { title: "KiB, minified and gzipped", bars: bars(({ gzipped }) => [gzipped / 1024]) },
      {
        title: "Milliseconds from the process's start to the first answer",
        bars: bars(({ start }) => start),
      },
    ],
    figure,
  );
}

function growthChart({ kinds, bodies }: NonNullable<AllKept["growth"]>): string {
  const bar = (row: Measured, label: string, isOurs = true): Bar => ({
    label,
    value: spread(costs(row)),
    isOurs,
    failure: failureOf(row),
  });
  const unit = kinds[0]?.rows[0]?.cpuMicros.length ? "µs of CPU a request" : "µs a request";
  return barChart(
    "The cost of a request as everything grows",
    [
      ...kinds.map(({ kind, rows }) => ({
        title: `By number of ${kind}: ${unit}`,
        bars: rows.map((row) => bar(row, row.title)),
      })),
      {
        title: `By bytes of the body: ${unit}`,
        bars: bodies.flatMap(({ bytes, ours, bare }) => [
          bar(ours, `ours, ${count(bytes)} bytes`),
          bar(bare, `bare Worker, ${count(bytes)} bytes`, false),
        ]),
      },
    ],
    figure,
  );
}

const millionChart = ({ samples }: NonNullable<AllKept["million"]>): string =>
  curveChart(
    "Memory of the process (RSS), in MiB, over a million requests",
    samples.flatMap(({ requests, resident }) =>
      resident === undefined ? [] : ([[requests, resident / 2 ** 20]] as const),
    ),
    { x: count, y: count },
  );

/** The charts of all parts that were measured, by name. */
export const charts = ({ signing, requests, size, growth, million }: AllKept): Map<string, string> =>
  new Map([
    ...(signing ? [["signing", signingChart(signing)] as const] : []),
    ...(requests ? [["requests", requestsChart(requests)] as const] : []),
    ...(size ? [["size", sizeChart(size)] as const] : []),
    ...(growth ? [["growth", growthChart(growth)] as const] : []),
    ...(million ? [["million", millionChart(million)] as const] : []),
  ]);
