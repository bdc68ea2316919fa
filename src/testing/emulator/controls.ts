// What tests do to the emulator while it runs: its clock is moved, and methods meet outages.

import type { HttpBindings } from "@hono/node-server";
import type { Context, Hono } from "hono";
import { type Clock, canAdvance } from "./clock.ts";
import { answerOf, type Hit, type Outages } from "./outages.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

export interface Controls {
  readonly clock?: Clock;
  readonly outages?: Outages;
}

/** Adds the clock's route, and the outages before the routes of methods. */
export function addControls(
  app: Hono,
  { clock, outages }: Controls,
  refuse: (refusal: Refusal) => Response,
): void {
  app.post("/_clock", async (c) => {
    const { advance } = (await c.req.json().catch(() => ({}))) ?? {};
    if (!clock || !canAdvance(advance)) return refuse(REFUSALS.badAdvance());
    clock.advance(advance);
    return c.json({ now: clock.now() / 1000 });
  });

  const meet = (method: string, c: Context, next: () => Promise<void>): Promise<void> => {
    const hit = outages?.meet(method);
    return hit ? disturbed(c, next, hit) : next();
  };
  app.use("/v1_1/:cloud/upload", (c, next) => meet("upload", c, next));
  app.use("/v1_1/:cloud/:resource_type/:method", (c, next) => meet(c.req.param("method"), c, next));
}

/** A request that meets an outage. */
async function disturbed(c: Context, next: () => Promise<void>, { as, done, over }: Hit): Promise<void> {
  if (as === "hang") {
    if (done) await next();
    await over;
    if (!done) await next();
    return;
  }
  if (done) await next();
  // Who is answered while still sending might not read the answer.
  else await c.req.raw.arrayBuffer().catch(() => {});
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  c.res = answerOf(as, () => incoming?.socket.destroy());
}
