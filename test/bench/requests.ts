// Whole requests: from the client's connection to the end of the answer.

import { forTicket } from "./asking.ts";
import { bundled, type Contender, ticketFault } from "./contender.ts";
import { BARE, DROP_IN, LEAST, PUBLIC, RECIPE, SDK } from "./contenders.ts";
import { type Identity, identity, KeySets, TOKEN_ALGORITHMS, type TokenAlgorithm } from "./identities.ts";
import { LIMITED } from "./limited.ts";
import type { Loader } from "./load.ts";
import type { Progress } from "./progress.ts";
import { type Measured, measure, type Plan } from "./rounds.ts";

const PLAN: Plan = { rounds: 5, seconds: 1.2, warmUp: 0.7 };

/** Callers with a token: one that is shown again and again, and each request another. */
function members(algorithm: TokenAlgorithm, { bindings, tokens }: Identity): Contender[] {
  // Each round goes on where the one before ended: a token comes back after all the others, and not sooner.
  let next = 0;
  const turned = () => [...tokens.slice(next), ...tokens.slice(0, next)];
  const sent = (requests: number) => {
    next = (next + requests) % tokens.length;
  };
  const ours = { bundle: "ours", bindings, fault: ticketFault } as const;
  return [
    bundled({
      ...ours,
      name: `${algorithm}-warm`,
      title: `ours, JWT ${algorithm}, warm`,
      asking: () => ({ ...forTicket(), tokens: tokens.slice(0, 1) }),
    }),
    bundled({
      ...ours,
      name: `${algorithm}-cold`,
      title: `ours, JWT ${algorithm}, cold`,
      asking: () => ({ ...forTicket(), tokens: turned() }),
      sent,
    }),
  ];
}

export async function measureRequests(progress: Progress, loader: Loader): Promise<{ rows: Measured[] }> {
  const keySets = await new KeySets().start();
  try {
    const contenders: Contender[] = [BARE, LEAST, PUBLIC, DROP_IN, SDK, RECIPE];
    for (const algorithm of TOKEN_ALGORITHMS) {
      progress.say(`makes tokens of ${algorithm}`);
      contenders.push(...members(algorithm, await identity(algorithm, keySets)));
    }
    return { rows: await measure([...contenders, ...LIMITED], PLAN, loader, progress) };
  } finally {
    keySets.close();
  }
}
