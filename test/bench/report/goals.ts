// What we set out to reach, beside what was measured. Nothing fails for being slow: a machine may be. Pure.

import type { GrowthRow } from "../growth.ts";
import type { Million } from "../million-requests.ts";
import type { AllKept } from "../parts.ts";
import type { Measured } from "../rounds.ts";
import { median, ratio, type Spread, spread } from "../statistics.ts";
import { count, figure, times, withSpread } from "./markdown.ts";
import { failureOf } from "./verdict.ts";

export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean;
  /** Present where some rounds were on the one side of the limit and some on the other: it is not decided. */
  readonly isClose?: true;
}

/** Largest bundles, in KiB gzipped, by their row's name. */
export const MAX_KIB = [
  ["smallest", "The Worker of the smallest configuration", 32],
  ["public", "The Worker with every access method", 52],
] as const;
/** How much dearer than a bare digest a signature may be, by its number of parameters. */
export const TO_DIGEST: Readonly<Record<number, number>> = { 5: 1.3, 25: 1.7 };
/** Processor time of a ticket to the careful recipe's: for anybody, and for who shows a token again. */
export const CPU_TO_CAREFUL = 0.58;
export const WARM_CPU_TO_CAREFUL = 0.5;
/** Throughput to that of the least signer, and with 1 % logged to the bare Worker's. */
export const SPEED_TO_LEAST = 0.95;
export const SAMPLED_SPEED_TO_BARE = 0.65;
export const START_TO_BARE = 1.2;
/** How much dearer a thousand may be than one, and how much larger the memory after a million requests. */
export const FLAT = 1.05;

const found = <Row extends { readonly name: string }>(rows: readonly Row[], name: string): Row | undefined =>
  rows.find((row) => row.name === name);
const named = <Row extends { readonly name: string }>(rows: readonly Row[], name: string): Row =>
  found(rows, name)!;

const closeness = (limit: number, { low, high }: Spread): Pick<Goal, "isClose"> =>
  low < limit && limit < high ? { isClose: true } : {};

const atMost = (goal: string, limit: number, found: Spread): Goal => ({
  goal: `${goal}: at most ${times(limit)}`,
  measured: withSpread(found, times),
  isMet: found.median <= limit,
  ...closeness(limit, found),
});

const atLeast = (goal: string, limit: number, found: Spread): Goal => ({
  goal: `${goal}: at least ${times(limit)}`,
  measured: withSpread(found, times),
  isMet: found.median >= limit,
  ...closeness(limit, found),
});

/** Of what failed there is no figure. */
const NONE = spread([Number.NaN]);

const largest = (spreads: readonly Spread[]): Spread =>
  spreads.reduce((worst, one) => (one.median > worst.median ? one : worst));

function signingGoals({ cases }: NonNullable<AllKept["signing"]>): Goal[] {
  const against = (name: string, some = cases) =>
    largest(some.map(({ rows }) => ratio(named(rows, "signParams").micros, named(rows, name).micros)));
  const counts = [...new Set(cases.map(({ parameters }) => parameters))];
  return [
    ...counts.map((parameters) =>
      atMost(
        `A signature of ${parameters} parameters, to a bare digest, worst algorithm`,
        TO_DIGEST[parameters]!,
        against(
          "digest",
          cases.filter((one) => one.parameters === parameters),
        ),
      ),
    ),
    atMost("A signature, to the SDK's, in the worst case", 0.6, against("api_sign_request")),
  ];
}

function requestGoals({ rows }: NonNullable<AllKept["requests"]>): Goal[] {
  const to = (of: (row: Measured) => readonly number[], name: string, base: string) => {
    const [ours, theirs] = [found(rows, name), found(rows, base)];
    // What was kept by an earlier run may lack a row.
    if (ours === undefined || theirs === undefined) return NONE;
    const isFailed = failureOf(ours) !== undefined || failureOf(theirs) !== undefined;
    return isFailed ? NONE : ratio(of(ours), of(theirs));
  };
  const speed = ({ perSecond }: Measured) => perSecond;
  const warm = rows.flatMap(({ name }) => (name.endsWith("-warm") ? name.replace("-warm", "") : []));
  return [
    atMost("CPU of a public ticket, to the careful recipe's", CPU_TO_CAREFUL, to(costs, "public", "careful")),
    atMost(
      "CPU of a ticket for a warm JWT, to the careful recipe's, worst algorithm",
      WARM_CPU_TO_CAREFUL,
      largest(warm.map((name) => to(costs, `${name}-warm`, `careful-${name}`))),
    ),
    atLeast("Public requests a second, to the least signer's", SPEED_TO_LEAST, to(speed, "public", "least")),
    atLeast(
      "Public requests a second with 1 % logged, to the bare Worker's",
      SAMPLED_SPEED_TO_BARE,
      to(speed, "sampled", "bare"),
    ),
  ];
}

function sizeGoals({ rows }: NonNullable<AllKept["size"]>): Goal[] {
  const ours = named(rows, "public");
  return [
    ...MAX_KIB.map(([name, what, most]) => {
      const kib = (found(rows, name)?.gzipped ?? Number.NaN) / 1024;
      return {
        goal: `${what}, gzipped: at most ${most} KiB`,
        measured: Number.isNaN(kib) ? "not measured" : `${figure(kib)} KiB`,
        isMet: kib <= most,
      };
    }),
    atMost("Start, to the bare Worker's", START_TO_BARE, ratio(ours.start, named(rows, "bare").start)),
    atMost("Start, to the SDK's", 0.5, ratio(ours.start, named(rows, "sdk").start)),
  ];
}

/** What a request costs, by round: processor time, or where that is not told, time. */
export const costs = ({ cpuMicros, perSecond }: Measured): readonly number[] =>
  cpuMicros.length > 0 ? cpuMicros : perSecond.map((value) => 1e6 / value);

function growthGoals({ kinds }: NonNullable<AllKept["growth"]>): Goal[] {
  return kinds.map(({ kind, rows }) => {
    const [one, ...more] = rows as readonly [GrowthRow, ...GrowthRow[]];
    const last = more.at(-1)?.count ?? one.count;
    const isFailed = rows.some((row) => failureOf(row) !== undefined);
    const worst = isFailed ? NONE : largest(more.map((row) => ratio(costs(row), costs(one))));
    return atMost(`The cost of a request with up to ${count(last)} ${kind}, to one`, FLAT, worst);
  });
}

/** The memory of the last quarter of a million requests to that of the first. */
export function memoryGrowth({ samples }: Million): number {
  const resident = samples.map((sample) => sample.resident ?? Number.NaN);
  const quarter = Math.max(1, Math.floor(resident.length / 4));
  return median(resident.slice(-quarter)) / median(resident.slice(0, quarter));
}

function millionGoals(million: Million): Goal[] {
  const grown = memoryGrowth(million);
  const failure = failureOf(million);
  return [
    {
      goal: `Memory over a million requests, last quarter to first: at most ${times(FLAT)}`,
      measured: Number.isNaN(grown) ? "not measured" : times(grown),
      isMet: grown <= FLAT,
    },
    {
      goal: "Errors in a million requests: none",
      measured: failure ?? "none",
      isMet: failure === undefined,
    },
  ];
}

/** The goals of all parts that were measured. */
export const goals = ({ signing, requests, size, growth, million }: AllKept): Goal[] => [
  ...(signing ? signingGoals(signing) : []),
  ...(requests ? requestGoals(requests) : []),
  ...(size ? sizeGoals(size) : []),
  ...(growth ? growthGoals(growth) : []),
  ...(million ? millionGoals(million) : []),
];
