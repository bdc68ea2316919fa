// Each part's data as a chart. Pure.

import type { AllKept } from "../parts.ts";
import type { Measured } from "../rounds.ts";
import { median, spread } from "../statistics.ts";
import { named } from "./cells.ts";
import {
  CPU_TO_CAREFUL,
  costs,
  FLAT,
  MAX_KIB,
  SAMPLED_SPEED_TO_BARE,
  SPEED_TO_LEAST,
  START_TO_BARE,
  TO_DIGEST,
  WARM_CPU_TO_CAREFUL,
} from "./goals.ts";
import { count, figure } from "./markdown.ts";
import { type Bar, barChart, curveChart, type Role } from "./svg.ts";
import { failureOf } from "./verdict.ts";

const NAMES = { sha1: "SHA-1", sha256: "SHA-256" } as const;

/** Whose a row is, by its name. */
function roleOf(name: string): Role {
  if (/^careful/.test(name)) return "peer";
  if (/^(bare|least|digest)$/.test(name)) return "limit";
  return /^(sdk|recipe|api_sign_request)$/.test(name) ? "other" : "ours";
}

/** What rows are to reach, by name: so many times another row's figure. */
type Goals = Readonly<Record<string, readonly [times: number, base: string]>>;

/** So many times another row's median, where that row was measured and is sound. */
function goalTo(times: number, row: Measured | undefined, of: (row: Measured) => readonly number[]) {
  return row === undefined || failureOf(row) !== undefined ? undefined : times * median(of(row));
}

const signingChart = ({ cases }: NonNullable<AllKept["signing"]>): string =>
  barChart(
    "Microseconds a signature",
    cases.map(({ algorithm, parameters, rows }) => {
      const digest = named(rows, "digest");
      return {
        title: `${NAMES[algorithm]}, ${parameters} parameters: µs a signature`,
        bars: rows.map(({ title, name, micros }) => ({
          label: title,
          value: spread(micros),
          of: roleOf(name),
          goal: name === "signParams" && digest ? TO_DIGEST[parameters]! * median(digest.micros) : undefined,
        })),
      };
    }),
    figure,
  );

const speedOf = ({ perSecond }: Measured): readonly number[] => perSecond;

/** What is to be seen at a glance stands first; the rows that no goal is about come last. */
function requestsChart({ rows }: NonNullable<AllKept["requests"]>): string {
  const bars = (
    names: readonly string[],
    of: (row: Measured) => readonly number[],
    goals: Goals = {},
  ): Bar[] =>
    names.flatMap((name) => {
      const row = named(rows, name);
      if (row === undefined) return [];
      const [times, base] = goals[name] ?? [];
      return {
        label: row.title,
        value: spread(of(row)),
        of: roleOf(name),
        goal: times === undefined ? undefined : goalTo(times, named(rows, base!), of),
        failure: failureOf(row),
      };
    });
  const algorithms = rows.flatMap(({ name }) => (name.endsWith("-warm") ? name.replace("-warm", "") : []));
  const warm = Object.fromEntries(
    algorithms.map((name) => [`${name}-warm`, [WARM_CPU_TO_CAREFUL, `careful-${name}`] as const]),
  );
  const unit = rows[0]?.cpuMicros.length ? "µs of CPU a request" : "µs a request";
  const panels = [
    {
      title: `A ticket for anybody: ${unit}`,
      bars: bars(["public", "careful", "least", "bare"], costs, { public: [CPU_TO_CAREFUL, "careful"] }),
    },
    {
      title: `A ticket for a token that is shown again: ${unit}`,
      bars: bars(
        algorithms.flatMap((name) => [`${name}-warm`, `careful-${name}`]),
        costs,
        warm,
      ),
    },
    {
      title: "Requests a second",
      bars: bars(["public", "sampled", "careful", "drop-in", "sdk", "recipe", "least", "bare"], speedOf, {
        public: [SPEED_TO_LEAST, "least"],
        sampled: [SAMPLED_SPEED_TO_BARE, "bare"],
      }),
    },
    {
      title: `A ticket for a token that was not seen before: ${unit}`,
      bars: bars(
        algorithms.flatMap((name) => [`${name}-cold`, `careful-${name}`]),
        costs,
      ),
    },
    { title: "Requests a second in miniflare", bars: bars(["unlimited", "limited"], speedOf) },
  ];
  return barChart(
    "Whole requests",
    panels.filter((panel) => panel.bars.length > 0),
    figure,
  );
}

function sizeChart({ rows }: NonNullable<AllKept["size"]>): string {
  const bare = named(rows, "bare");
  const start = bare && START_TO_BARE * median(bare.start);
  const most = (name: string) => MAX_KIB.find(([of]) => of === name)?.[2];
  const bars = (
    values: (row: (typeof rows)[number]) => readonly number[],
    goal: (name: string) => number | undefined,
  ): Bar[] =>
    rows.map((row) => ({
      label: row.title,
      value: spread(values(row)),
      of: roleOf(row.name),
      goal: goal(row.name),
    }));
  return barChart(
    "Size and start",
    [
      { title: "KiB, minified and gzipped", bars: bars(({ gzipped }) => [gzipped / 1024], most) },
      {
        title: "Milliseconds from the process's start to the first answer",
        bars: bars(
          ({ start }) => start,
          (name) => (name === "public" ? start : undefined),
        ),
      },
    ],
    figure,
  );
}

function growthChart({ kinds, bodies }: NonNullable<AllKept["growth"]>): string {
  const bar = (row: Measured, label: string, of: Role = "ours", goal?: number): Bar => ({
    label,
    value: spread(costs(row)),
    of,
    goal,
    failure: failureOf(row),
  });
  const unit = kinds[0]?.rows[0]?.cpuMicros.length ? "µs of CPU a request" : "µs a request";
  return barChart(
    "The cost of a request as everything grows",
    [
      ...kinds.map(({ kind, rows }) => ({
        title: `By number of ${kind}: ${unit}`,
        bars: rows.map((row, i) =>
          bar(row, row.title, "ours", i === 0 ? undefined : goalTo(FLAT, rows[0], costs)),
        ),
      })),
      {
        title: `By bytes of the body: ${unit}`,
        bars: bodies.flatMap(({ bytes, ours, bare }) => [
          bar(ours, `ours, ${count(bytes)} bytes`),
          bar(bare, `bare Worker, ${count(bytes)} bytes`, "limit"),
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
