// Contenders measured in turn, A B C A B C …, so that what happens to the machine happens to all of them.

import { ask, type Contender, judge } from "./contender.ts";
import type { Asking, Load, Loader } from "./load.ts";
import type { Progress } from "./progress.ts";
import type { Server } from "./workerd.ts";

/** What one contender did in each round. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  /** Good answers a second. */
  readonly perSecond: readonly number[];
  /** Milliseconds. */
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  /** Microseconds of the server's processor time a request; empty where the system does not tell. */
  readonly cpuMicros: readonly number[];
  readonly good: number;
  /** Answers other than 2xx, and broken connections; one is enough to fail the row. */
  readonly bad: number;
}

export interface Plan {
  readonly rounds: number;
  /** Seconds of load on each contender in each round. */
  readonly seconds: number;
  /** Seconds of load on each before the first round, not counted: the Worker's code is compiled meanwhile. */
  readonly warmUp: number;
}

interface Running {
  readonly contender: Contender;
  readonly server: Server;
  readonly loads: Load[];
  /** What failed before the first round; it counts too. */
  failedBefore: number;
}

/** Starts all, checks one answer of each, warms them, and measures them in turn. */
export async function measure(
  contenders: readonly Contender[],
  { rounds, seconds, warmUp }: Plan,
  loader: Loader,
  progress: Progress,
): Promise<Measured[]> {
  const running: Running[] = [];
  const run = ({ server: { url, pid } }: Running, asking: Asking, seconds: number) =>
    loader.run({ url, pid, asking, until: { seconds } });
  try {
    for (const contender of contenders) {
      progress.say(`${contender.title}: starts`);
      const one = { contender, server: await contender.start(), loads: [], failedBefore: 0 };
      running.push(one);
      const asking = contender.asking();
      await askAndJudge(one, asking);
      const { good, bad } = await run(one, asking, warmUp);
      one.failedBefore = bad;
      contender.sent?.(good + bad);
    }
    for (let round = 1; round <= rounds; round++) {
      for (const one of running) {
        const asking = one.contender.asking();
        const load = await run(one, asking, seconds);
        // Under load only the status is looked at.
        await askAndJudge(one, asking);
        one.contender.sent?.(load.good + load.bad);
        one.loads.push(load);
        progress.say(`round ${round} of ${rounds}, ${one.contender.title}: ${inShort(load)}`);
      }
    }
    return running.map(summed);
  } finally {
    await Promise.all(running.map(({ server }) => server.close()));
  }
}

async function askAndJudge({ contender, server }: Running, asking: Asking): Promise<void> {
  const received = await ask(server.url, asking).catch((error: Error) => {
    throw new Error(`${contender.title}: no answer: ${error.message}`);
  });
  judge(contender, asking, received);
}

function inShort({ good, bad, seconds }: Load): string {
  return `${Math.round(good / seconds)} requests/s${bad > 0 ? `, ${bad} FAILED` : ""}`;
}

function summed({ contender: { name, title }, loads, failedBefore }: Running): Measured {
  return {
    name,
    title,
    perSecond: loads.map(({ good, seconds }) => good / seconds),
    p50: loads.map(({ p50 }) => p50),
    p99: loads.map(({ p99 }) => p99),
    cpuMicros: loads.flatMap(({ cpuSeconds, good, bad }) =>
      cpuSeconds === undefined ? [] : (cpuSeconds * 1e6) / (good + bad),
    ),
    good: loads.reduce((sum, { good }) => sum + good, 0),
    // A round without an answer has failed too.
    bad: loads.reduce((sum, { good, bad }) => sum + (good === 0 ? Math.max(1, bad) : bad), failedBefore),
  };
}
