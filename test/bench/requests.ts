// Whole requests: from the client's connection to the end of the answer.

import type { Contender } from "./contender.ts";
import { BARE, CAREFUL, DROP_IN, LEAST, PUBLIC, RECIPE, SAMPLED, SDK } from "./contenders.ts";
import { identity, KeySets, TOKEN_ALGORITHMS } from "./identities.ts";
import { LIMITED } from "./limited.ts";
import type { Loader } from "./load.ts";
import { careful, cold, warm } from "./members.ts";
import type { Progress } from "./progress.ts";
import { type Measured, measure, type Plan } from "./rounds.ts";

const PLAN: Plan = { rounds: 5, seconds: 1.2, warmUp: 0.7 };

export async function measureRequests(progress: Progress, loader: Loader): Promise<{ rows: Measured[] }> {
  const keySets = await new KeySets().start();
  try {
    const contenders: Contender[] = [BARE, LEAST, PUBLIC, SAMPLED, CAREFUL, DROP_IN, SDK, RECIPE];
    for (const algorithm of TOKEN_ALGORITHMS) {
      progress.say(`makes tokens of ${algorithm}`);
      const members = await identity(algorithm, keySets);
      contenders.push(warm(algorithm, members), cold(algorithm, members), careful(algorithm, members));
    }
    return { rows: await measure([...contenders, ...LIMITED], PLAN, loader, progress) };
  } finally {
    keySets.close();
  }
}
