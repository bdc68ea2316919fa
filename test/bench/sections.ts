// Each part's data as a section of Markdown: how it was measured, and its table. Pure.

import { costs, memoryGrowth } from "./goals.ts";
import { machineText } from "./machine-text.ts";
import { count, figure, table, times, withSpread } from "./markdown.ts";
import type { AllKept } from "./parts.ts";
import type { Measured } from "./rounds.ts";
import { ratio, spread } from "./statistics.ts";
import { failureOf } from "./verdict.ts";

const NAMES = { sha1: "SHA-1", sha256: "SHA-256" } as const;

const of = (values: readonly number[], write?: (value: number) => string): string =>
  withSpread(spread(values), write);

const section = (heading: string, ...paragraphs: readonly string[]): string =>
  [`## ${heading}`, ...paragraphs].join("\n\n");

const picture = (name: string, what: string): string => `![${what}](images/bench-${name}.svg)`;

/** A row's cells, or what is wrong with it in place of all figures. */
function cells(row: Measured, figures: () => readonly string[]): readonly string[] {
  const failure = failureOf(row);
  return failure === undefined
    ? figures()
    : [
        `**failed: ${failure}**`,
        ...figures()
          .slice(1)
          .map(() => "—"),
      ];
}

const named = <Row extends { readonly name: string }>(rows: readonly Row[], name: string): Row | undefined =>
  rows.find((row) => row.name === name);

/** Ours to theirs, round by round; of what all are compared with, a plain 1. */
function ratioText(ours: readonly number[], theirs: readonly number[] | undefined): string {
  if (theirs === undefined) return "—";
  return ours === theirs ? "1" : withSpread(ratio(ours, theirs), times);
}

/** Throughput to that of another row, if that one is sound. */
const throughputTo = (row: Measured, base: Measured | undefined): string =>
  ratioText(row.perSecond, base && failureOf(base) === undefined ? base.perSecond : undefined);

export function signingSection({ cases, machine }: NonNullable<AllKept["signing"]>): string {
  const rows = cases.flatMap(({ algorithm, parameters, rows }) =>
    rows.map(({ title, micros }) => {
      const to = (name: string) => ratioText(micros, named(rows, name)?.micros);
      const what = `${NAMES[algorithm]}, ${parameters} parameters: ${title}`;
      return [what, of(micros), to("digest"), to("api_sign_request")];
    }),
  );
  return section(
    "Signing alone",
    machineText(machine),
    "A loop inside workerd signs 16 sets of parameters in turn, thousands of times a request. Clocks stand still inside a Worker, so the request is timed from outside, and the time of an empty one is taken off. The bare digest is given the bytes that ours makes of the parameters; each case runs in fresh processes.",
    table([["", "µs a signature", "to the digest", "to the SDK"], ...rows]),
    picture("signing", "Microseconds a signature"),
  );
}

/** How much of the time the server's process computed: well under 1, the load generator was the limit. */
const busy = ({ cpuMicros, perSecond }: Measured): readonly number[] =>
  cpuMicros.map((micros, round) => (micros * perSecond[round]!) / 1e6);

export function requestsSection({ rows, machine }: NonNullable<AllKept["requests"]>): string {
  const line = (base: string) => (row: Measured) => [
    row.title,
    ...cells(row, () => [
      of(row.perSecond),
      throughputTo(row, named(rows, base)),
      of(row.p50),
      of(row.p99),
      of(row.cpuMicros),
      of(busy(row), (value) => value.toFixed(2)),
    ]),
  ];
  const isLimiter = ({ name }: Measured) => name === "limited" || name === "unlimited";
  const head = ["p50, ms", "p99, ms", "CPU, µs a request", "cores busy"];
  return section(
    "Whole requests",
    machineText(machine),
    "Each contender runs in a workerd of its own, behind its raw server; autocannon keeps 32 connections busy over loopback. Ours checks origin, caller and policy, and writes its line of log for each request (here to nowhere); the others do neither. A ticket is a longer answer than the bare Worker's, which is what it was sent. Ours signs with SHA-256, the SDK and the recipe with their default, SHA-1. The SDK's Worker and the recipe are sent what our drop-in is sent. *Warm* is one token shown again and again, *cold* another token with each request (8,000 of RS256 and 20,000 of the others, in turn); keys are known in both. *Cores busy* well under 1 means that something else than the Worker was the limit.",
    table([
      ["", "requests/s", "to the bare Worker", ...head],
      ...rows.filter((row) => !isLimiter(row)).map(line("bare")),
    ]),
    picture("requests", "Requests a second"),
    "No limiter is bound above. What one costs can be tried in miniflare's simulator alone, which counts in another Worker; on Cloudflare it is the platform's. Both of these rows run in miniflare, and compare with each other only:",
    table([["", "requests/s", "to no limiter", ...head], ...rows.filter(isLimiter).map(line("unlimited"))]),
  );
}

export function sizeSection({ rows, machine }: NonNullable<AllKept["size"]>): string {
  const to = (start: readonly number[], name: string) => ratioText(start, named(rows, name)?.start);
  const kib = (bytes: number) => figure(bytes / 1024);
  return section(
    "Size and start",
    machineText(machine),
    "The bundle as wrangler deploys it, minified, then gzipped. A start is from the start of the process to the end of the first answer, which checks our configuration too.",
    table([
      ["", "minified, KiB", "gzipped, KiB", "start, ms", "to the bare Worker", "to the SDK"],
      ...rows.map(({ title, minified, gzipped, start }) => [
        title,
        kib(minified),
        kib(gzipped),
        of(start),
        to(start, "bare"),
        to(start, "sdk"),
      ]),
    ]),
    picture("size", "Size and start"),
  );
}

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
