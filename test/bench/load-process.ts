// The process of the load generator: takes a job, answers what came of it.

import { performance } from "node:perf_hooks";
import autocannon, { type Options, type Request } from "autocannon";
import { type Asking, CONNECTIONS, type Job, type Load } from "./load.ts";
import { cpuSeconds } from "./process.ts";
import { percentile } from "./statistics.ts";

/** How often autocannon looks whether it is to stop, in milliseconds: a run is longer by this at most. */
const SAMPLE_MS = 50;

/** The requests of one of the connections: the tokens are dealt out, so that none is sent twice in a round. */
function requestsOf({ path, headers, body, tokens }: Asking, connection: number): Request[] {
  const plain = { method: "POST", path, headers, body };
  if (tokens === undefined) return [plain];
  const own = tokens.filter((_, i) => i % CONNECTIONS === connection % tokens.length);
  return own.map((token) => ({ ...plain, headers: { ...headers, authorization: `Bearer ${token}` } }));
}

function run({ url, pid, asking, until }: Job): Promise<Load> {
  return new Promise((resolve, reject) => {
    let connection = 0;
    const milliseconds: number[] = [];
    // The clock starts when the connections are made, for making many requests takes its time.
    let started = 0;
    let cpuAtStart: number | undefined;
    const options: Options = {
      url,
      connections: CONNECTIONS,
      ...("seconds" in until ? { duration: until.seconds } : { amount: until.requests }),
      sampleInt: SAMPLE_MS,
      setupClient: (client) => client.setRequests(requestsOf(asking, connection++)),
    };
    const events = autocannon(options, (error, result) => {
      if (error !== null) return reject(error);
      const seconds = (performance.now() - started) / 1000;
      // A connection that the server closes is opened anew in silence: what was sent on it has no answer.
      const lost = Math.max(0, result.requests.sent - milliseconds.length - CONNECTIONS);
      const cpuAtEnd = pid === undefined ? undefined : cpuSeconds(pid);
      milliseconds.sort((a, b) => a - b);
      resolve({
        good: result["2xx"],
        bad: result.non2xx + result.errors + lost,
        seconds,
        p50: percentile(milliseconds, 50),
        p99: percentile(milliseconds, 99),
        ...(cpuAtStart !== undefined && cpuAtEnd !== undefined && { cpuSeconds: cpuAtEnd - cpuAtStart }),
      });
    });
    events.once("start", () => {
      started = performance.now();
      cpuAtStart = pid === undefined ? undefined : cpuSeconds(pid);
    });
    // autocannon's own histogram counts whole milliseconds, and an answer takes one or two.
    events.on("response", (_client: unknown, _status: number, _bytes: number, time: number) => {
      milliseconds.push(time);
    });
  });
}

process.on("message", (job: Job) => {
  run(job).then(
    (load) => process.send!(load),
    (error: Error) => process.send!(error),
  );
});
process.once("disconnect", () => process.exit());
