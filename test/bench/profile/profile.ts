// What a Worker computes under load, function by function.

import { bundle } from "../bundles.ts";
import { ask, type Bundled, judge } from "../contender.ts";
import { PUBLIC } from "../contenders.ts";
import { identity, KeySets } from "../identities.ts";
import type { Loader } from "../load.ts";
import { warm } from "../members.ts";
import { threadSeconds } from "../process.ts";
import type { Progress } from "../progress.ts";
import { median } from "../statistics.ts";
import { compile, serve } from "../workerd.ts";
import { functionsOf, type ProfiledFunction } from "./functions.ts";
import { connect } from "./inspector.ts";
import { locator } from "./source-map.ts";

/** Seconds of load before the profile, in which code is compiled, and while it is taken. */
const WARM_UP = 1.5;
const SECONDS = 3;

/** The profile of one contender. */
export interface Profiled {
  readonly name: string;
  readonly title: string;
  readonly good: number;
  readonly bad: number;
  /** Good answers a second while the profile was taken. */
  readonly perSecond: number;
  /** Microseconds from one sample to the next. */
  readonly interval: number;
  /** Seconds that the Worker's thread computed meanwhile; absent where the system does not tell. */
  readonly threadSeconds?: number;
  readonly functions: readonly ProfiledFunction[];
}

async function measure(contender: Bundled, loader: Loader, progress: Progress): Promise<Profiled> {
  const { name, title, bindings } = contender;
  // The same Worker as is deployed, but for the names of its functions, which minifying takes.
  const built = await bundle("profiled");
  const server = await serve(await compile(built, bindings), { isInspected: true });
  const { url, pid } = server;
  const run = (seconds: number) => loader.run({ url, pid, asking: contender.asking(), until: { seconds } });
  const computed = () => (pid === undefined ? undefined : threadSeconds(pid));
  try {
    const asking = contender.asking();
    judge(contender, asking, await ask(url, asking));
    progress.say(`${title}: warms up`);
    const profiler = await connect(server.inspector!);
    // Under the profiler too, though this profile is thrown away: what V8 compiles while none runs calls native
    // functions in a way that samples do not see, and their time is found in their callers.
    const [, before] = await profiler.during(() => run(WARM_UP));
    progress.say(`${title}: is profiled`);
    const [profile, { load, seconds }] = await profiler.during(async () => {
      const start = computed();
      const load = await run(SECONDS);
      const end = computed();
      return { load, seconds: start !== undefined && end !== undefined ? end - start : undefined };
    });
    profiler.close();
    return {
      name,
      title,
      good: load.good,
      bad: before.bad + load.bad,
      perSecond: load.good / load.seconds,
      interval: median(profile.timeDeltas),
      ...(seconds !== undefined && { threadSeconds: seconds }),
      functions: functionsOf(profile, await locator(built)),
    };
  } finally {
    await server.close();
  }
}

export async function measureProfile(progress: Progress, loader: Loader): Promise<{ rows: Profiled[] }> {
  const keySets = await new KeySets().start();
  try {
    const rows: Profiled[] = [];
    for (const contender of [PUBLIC, warm("ES256", await identity("ES256", keySets, 1))]) {
      rows.push(await measure(contender, loader, progress));
    }
    return { rows };
  } finally {
    keySets.close();
  }
}
