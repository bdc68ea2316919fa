// Callers with a token: one that is shown again and again, and each request another.

import { forTicket } from "./asking.ts";
import { type Bundled, bundled, ticketFault } from "./contender.ts";
import type { Identity, TokenAlgorithm } from "./identities.ts";

const OURS = { bundle: "ours", fault: ticketFault } as const;

export const warm = (algorithm: TokenAlgorithm, { bindings, tokens }: Identity): Bundled =>
  bundled({
    ...OURS,
    name: `${algorithm}-warm`,
    title: `ours, JWT ${algorithm}, warm`,
    bindings,
    asking: () => ({ ...forTicket(), tokens: tokens.slice(0, 1) }),
  });

export function cold(algorithm: TokenAlgorithm, { bindings, tokens }: Identity): Bundled {
  // Each round goes on where the one before ended: a token comes back after all the others, and not sooner.
  let next = 0;
  return bundled({
    ...OURS,
    name: `${algorithm}-cold`,
    title: `ours, JWT ${algorithm}, cold`,
    bindings,
    asking: () => ({ ...forTicket(), tokens: [...tokens.slice(next), ...tokens.slice(0, next)] }),
    sent: (requests) => {
      next = (next + requests) % tokens.length;
    },
  });
}

/** The careful recipe remembers no token: one shown again costs it what any other does. */
export const careful = (algorithm: TokenAlgorithm, { careful, tokens }: Identity): Bundled =>
  bundled({
    bundle: algorithm === "HS256" ? "careful-jwt" : "careful-jwk",
    fault: ticketFault,
    name: `careful-${algorithm}`,
    title: `careful recipe, JWT ${algorithm}`,
    bindings: careful,
    asking: () => ({ ...forTicket(), tokens: tokens.slice(0, 1) }),
  });
