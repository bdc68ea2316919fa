// Signing alone: loops inside workerd, timed from outside.

import { performance } from "node:perf_hooks";
import { sdkSignature } from "../support/sdk.ts";
import { API_SECRET } from "./account.ts";
import { type BundleName, bundle } from "./bundles.ts";
import { parameterSets, SETS } from "./parameter-sets.ts";
import type { Progress } from "./progress.ts";
import { median } from "./statistics.ts";
import { compile, type Server, serve } from "./workerd.ts";
import type { LoopJob } from "./workers/signing-loop.ts";

/** How often each loop is measured. */
const ROUNDS = 7;
/** How long one request signs, in milliseconds: so long that the request's own time is small beside it. */
const LOOP_MS = 150;
/** Signatures a request in the first try. */
const FIRST_COUNT = 500;
/** Empty requests a measurement, whose middle time is taken off. */
const EMPTY = 3;

export const ALGORITHMS = ["sha1", "sha256"] as const;
export const PARAMETER_COUNTS = [5, 25] as const;

const LOOPS = [
  ["digest", "bare `crypto.subtle.digest` of the same bytes", "signing-digest"],
  ["signParams", "ours, as the Worker signs", "signing-ours"],
  ["signUpload", "ours, the library's `signUpload`", "signing-ours"],
  ["api_sign_request", "official SDK, `api_sign_request`", "signing-sdk"],
] as const satisfies readonly (readonly [string, string, BundleName])[];

/** One contender's loop. */
export interface SigningRow {
  readonly name: string;
  readonly title: string;
  /** Microseconds a signature, in each round. */
  readonly micros: readonly number[];
}

/** One algorithm and number of parameters. */
export interface SigningCase {
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly parameters: number;
  readonly rows: readonly SigningRow[];
}

async function timed(url: string, job: LoopJob): Promise<{ ms: number; signatures: string[] }> {
  const started = performance.now();
  const response = await fetch(url, { method: "POST", body: JSON.stringify(job) });
  const text = await response.text();
  const ms = performance.now() - started;
  if (!response.ok) throw new Error(`${job.loop}: status ${response.status}: ${text.slice(0, 500)}`);
  return { ms, signatures: JSON.parse(text) };
}

/** Signs each set once, and compares with the official SDK. */
async function check(url: string, job: LoopJob): Promise<void> {
  const { signatures } = await timed(url, { ...job, count: SETS });
  parameterSets(job.parameters).forEach((params, set) => {
    if (signatures[set] !== sdkSignature(params, API_SECRET, job.algorithm))
      throw new Error(`${job.loop}: not the SDK's signature of set ${set}`);
  });
}

/** How many signatures take about as long as wanted; compiles the loop's code on the way. */
async function calibrate(url: string, job: LoopJob): Promise<LoopJob> {
  let count = FIRST_COUNT;
  for (;;) {
    const { ms } = await timed(url, { ...job, count });
    if (ms > LOOP_MS / 2) return { ...job, count: Math.ceil((count * LOOP_MS) / ms) };
    count *= 2;
  }
}

async function microsEach(url: string, job: LoopJob): Promise<number> {
  const empty: number[] = [];
  for (let i = 0; i < EMPTY; i++) empty.push((await timed(url, { ...job, count: 0 })).ms);
  const { ms } = await timed(url, job);
  return ((ms - median(empty)) * 1000) / job.count;
}

/** One case, in processes of its own: what the code was compiled for before would change what it costs now. */
async function measureCase(kind: Omit<LoopJob, "loop" | "count">): Promise<SigningRow[]> {
  const servers: Server[] = [];
  const loops: { name: string; title: string; url: string; job: LoopJob; micros: number[] }[] = [];
  try {
    for (const [name, title, worker] of LOOPS) {
      const server = await serve(await compile(await bundle(worker), {}));
      servers.push(server);
      const job = { ...kind, loop: name, count: 0 };
      await check(server.url, job);
      loops.push({ name, title, url: server.url, job: await calibrate(server.url, job), micros: [] });
    }
    for (let round = 0; round < ROUNDS; round++)
      for (const { url, job, micros } of loops) micros.push(await microsEach(url, job));
    return loops.map(({ name, title, micros }) => ({ name, title, micros }));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

export async function measureSigning(progress: Progress): Promise<{ cases: SigningCase[] }> {
  const cases: SigningCase[] = [];
  for (const algorithm of ALGORITHMS) {
    for (const parameters of PARAMETER_COUNTS) {
      progress.say(`${algorithm}, ${parameters} parameters, ${ROUNDS} rounds`);
      const rows = await measureCase({ algorithm, parameters });
      for (const { title, micros } of rows) progress.say(`${title}: ${median(micros).toFixed(2)} µs`);
      cases.push({ algorithm, parameters, rows });
    }
  }
  return { cases };
}
