// Signing, whole requests, size and start as sections: how each was measured, and its table. Pure.

import type { AllKept } from "../parts.ts";
import type { Measured } from "../rounds.ts";
import { cells, cpuTo, named, of, picture, ratioText, section, throughputTo } from "./cells.ts";
import { machineText } from "./machine-text.ts";
import { figure, table } from "./markdown.ts";

const NAMES = { sha1: "SHA-1", sha256: "SHA-256" } as const;

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

/** The careful recipe of the same callers: with tokens, that of the same algorithm. */
function peerOf({ name }: Measured): string {
  const algorithm = /^(?:careful-)?([A-Z]+\d+)/.exec(name)?.[1];
  return algorithm === undefined ? "careful" : `careful-${algorithm}`;
}

export function requestsSection({ rows, machine }: NonNullable<AllKept["requests"]>): string {
  const line = (base: string) => (row: Measured) => [
    row.title,
    ...cells(row, () => [
      of(row.perSecond),
      throughputTo(row, named(rows, base)),
      ...(base === "bare" ? [cpuTo(row, named(rows, peerOf(row)))] : []),
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
    "Each contender runs in a workerd of its own, behind its raw server; autocannon keeps 32 connections busy over loopback. Ours checks origin, caller and policy, and writes its line of log for each request (here to nowhere); so does the careful recipe; the others do neither, but for the least signer's line of log. A ticket is a longer answer than the bare Worker's, which is what it was sent. Ours signs with SHA-256, the SDK and the recipe with their default, SHA-1. The SDK's Worker and the recipe are sent what our drop-in is sent. *The careful recipe* is what a person would write who cares for what ours does: Hono with its own middleware for request IDs, CORS, security headers and sizes of bodies, a line of log, valibot, the official SDK to sign with SHA-256, and `hono/jwt` or `hono/jwk` for tokens; a test holds that its answer, its headers and its line are those of ours. *Warm* is one token shown again and again, *cold* another token with each request (8,000 of RS256 and 20,000 of the others, in turn); keys are known in both. *Cores busy* well under 1 means that something else than the Worker was the limit.",
    table([
      ["", "requests/s", "to the bare Worker", "CPU to the careful recipe's", ...head],
      ...rows.filter((row) => !isLimiter(row)).map(line("bare")),
    ]),
    "*The least that a signer does* is a Worker with neither router nor policy, callers nor configuration, which reads the JSON, makes a public ID, signs once with SHA-256, logs a line and answers a ticket of our length under our headers: it shows how near to the bare Worker a signer of this kind can come, and what lies between it and ours is the cost of router, callers and policy.",
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
