// `npm run bench`.

import { Loader } from "./load.ts";
import { Progress } from "./progress.ts";
import { measureRequests } from "./requests.ts";
import { ratio, spread } from "./statistics.ts";

const loader = new Loader();
const measured = await measureRequests(loader, new Progress("requests"));
loader.close();
const bare = measured.find(({ name }) => name === "bare")!;
console.table(
  measured.map(({ title, perSecond, p50, p99, cpuMicros, bad }) => ({
    title,
    perSecond: Math.round(spread(perSecond).median),
    ratio: ratio(perSecond, bare.perSecond).median.toFixed(2),
    p50: spread(p50).median.toFixed(2),
    p99: spread(p99).median.toFixed(2),
    cpu: spread(cpuMicros).median.toFixed(1),
    bad,
  })),
);
