// The ways to ask for one thing: alone and with what the endpoint wants of every request, with a timestamp of
// the client's and without. An attack that is refused for want of a parameter has shown nothing.

import { randomBytes } from "node:crypto";
import type { Shape } from "./ask.ts";
import type { Attack } from "./attack.ts";
import type { Question } from "./judge.ts";
import type { Params } from "./sdk.ts";

/** Unix seconds. */
const unixNow = (): number => Math.floor(Date.now() / 1000);

/** What to ask for an attack, in order; its victim is made up, so that nothing real is named. */
export function questionsFor(attack: Attack, base: Params): Question[] {
  const now = unixNow();
  const victim = `audit-victim-${randomBytes(6).toString("hex")}`;
  const bases = attack.timestamp === "none" || Object.keys(base).length === 0 ? [{}] : [{}, base];
  const stamps = attack.timestamp === "any" ? [{ timestamp: now }, {}] : [{}];
  return bases.flatMap((base) =>
    stamps.map((stamp) => {
      const asked = { ...base, ...attack.ask(victim, now), ...stamp };
      return { attack, victim, now, asked, base };
    }),
  );
}

/** The harmless request, with the timestamp where clients of this shape send one, and then the other way. */
export function harmlessQuestions(harmless: Params, shape: Shape): Params[] {
  if (Object.hasOwn(harmless, "timestamp")) return [harmless];
  const stamped = { ...harmless, timestamp: unixNow() };
  return shape === "params" ? [harmless, stamped] : [stamped, harmless];
}

/** The harmless parameters that go along with an attack. */
export const baseOf = ({ timestamp: _, ...base }: Params): Params => base;
