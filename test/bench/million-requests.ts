// A million requests on one Worker: whether its memory stays, and whether any answer is wrong.

import { ask, judge } from "./contender.ts";
import { PUBLIC } from "./contenders.ts";
import type { Loader } from "./load.ts";
import { residentBytes } from "./process.ts";
import type { Progress } from "./progress.ts";

const REQUESTS = 1_000_000;
/** Requests between two looks at the memory. */
const STEP = 50_000;
/** Requests before the first look: until then code is compiled, and the heap takes its size. */
const WARM_UP = 100_000;

/** One look, after `requests` of them. */
export interface Sample {
  readonly requests: number;
  /** Bytes of memory that the process holds; absent where the system does not tell. */
  readonly resident?: number;
  /** Good answers a second since the look before. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

export interface Million {
  readonly warmUp: number;
  readonly samples: readonly Sample[];
  readonly good: number;
  readonly bad: number;
}

export async function measureMillion(progress: Progress, loader: Loader): Promise<Million> {
  const server = await PUBLIC.start();
  const send = (requests: number) =>
    loader.run({ url: server.url, pid: server.pid, asking: PUBLIC.asking(), until: { requests } });
  const look = (): Pick<Sample, "resident"> => {
    const resident = server.pid === undefined ? undefined : residentBytes(server.pid);
    return resident === undefined ? {} : { resident };
  };
  try {
    const check = async (): Promise<void> => {
      const asking = PUBLIC.asking();
      judge(PUBLIC, asking, await ask(server.url, asking));
    };
    await check();
    progress.say(`${WARM_UP} requests to warm up`);
    let { bad } = await send(WARM_UP);
    const samples: Sample[] = [{ requests: 0, perSecond: 0, p99: 0, ...look() }];
    let good = 0;
    for (let requests = STEP; requests <= REQUESTS; requests += STEP) {
      const load = await send(STEP);
      await check();
      good += load.good;
      bad += load.bad;
      const sample = { requests, perSecond: load.good / load.seconds, p99: load.p99, ...look() };
      samples.push(sample);
      const mebibytes = sample.resident === undefined ? "?" : (sample.resident / 2 ** 20).toFixed(1);
      progress.say(
        `${requests} requests, ${Math.round(sample.perSecond)}/s, ${mebibytes} MiB, ${bad} failed`,
      );
    }
    return { warmUp: WARM_UP, samples, good, bad };
  } finally {
    await server.close();
  }
}
