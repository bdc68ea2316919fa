// Whole requests: from the client's connection to the end of the answer.

import { ACCOUNT } from "./account.ts";
import { COMPONENT_PROFILE, forComponent, forTicket, ORIGIN, PROFILE } from "./asking.ts";
import { type Contender, dropInFault, echoFault, inWorkerd, ticketFault } from "./contender.ts";
import { type Identity, identity, KeySets, TOKEN_ALGORITHMS, type TokenAlgorithm } from "./identities.ts";
import type { Loader } from "./load.ts";
import type { Progress } from "./progress.ts";
import { type Measured, measure, type Plan } from "./rounds.ts";

const PLAN: Plan = { rounds: 5, seconds: 1.5, warmUp: 1 };

const ours = (profile: object) =>
  inWorkerd("ours", { ...ACCOUNT, SIGNER: { allowedOrigins: [ORIGIN], profiles: { default: profile } } });

const FIXED: readonly Contender[] = [
  {
    name: "bare",
    title: "bare Worker: reads JSON, answers JSON",
    start: inWorkerd("bare", {}),
    asking: forTicket,
    fault: echoFault,
  },
  {
    name: "public",
    title: "ours, public profile",
    start: ours(PROFILE),
    asking: forTicket,
    fault: ticketFault,
  },
  {
    name: "drop-in",
    title: "ours, drop-in",
    start: ours(COMPONENT_PROFILE),
    asking: forComponent,
    fault: dropInFault("sha256"),
  },
  {
    name: "sdk",
    title: "official SDK in a Worker",
    start: inWorkerd("sdk", ACCOUNT),
    asking: forComponent,
    fault: dropInFault("sha1"),
  },
  {
    name: "recipe",
    title: "copied recipe in Hono",
    start: inWorkerd("recipe", ACCOUNT),
    asking: forComponent,
    fault: dropInFault("sha1"),
  },
];

/** Callers with a token: one that is shown again and again, and each request another. */
function members(algorithm: TokenAlgorithm, { bindings, tokens }: Identity): Contender[] {
  const start = inWorkerd("ours", {
    ...ACCOUNT,
    ...bindings,
    SIGNER: { ...(bindings.SIGNER as object), allowedOrigins: [ORIGIN] },
  });
  let next = 0;
  const cold = () => {
    // Each round goes on where the one before may have ended, so that no token comes back soon.
    const turned = [...tokens.slice(next), ...tokens.slice(0, next)];
    next = (next + Math.ceil(tokens.length / 2)) % tokens.length;
    return turned;
  };
  return [
    {
      name: `${algorithm}-warm`,
      title: `ours, JWT ${algorithm}, one token`,
      start,
      asking: () => ({ ...forTicket(), tokens: tokens.slice(0, 1) }),
      fault: ticketFault,
    },
    {
      name: `${algorithm}-cold`,
      title: `ours, JWT ${algorithm}, each time another token`,
      start,
      asking: () => ({ ...forTicket(), tokens: cold() }),
      fault: ticketFault,
    },
  ];
}

export async function measureRequests(loader: Loader, progress: Progress): Promise<Measured[]> {
  const keySets = await new KeySets().start();
  try {
    const contenders = [...FIXED];
    for (const algorithm of TOKEN_ALGORITHMS) {
      progress.say(`tokens of ${algorithm} are made`);
      contenders.push(...members(algorithm, await identity(algorithm, keySets)));
    }
    return await measure(contenders, PLAN, loader, progress);
  } finally {
    keySets.close();
  }
}
