// A rate limiter of another kind than the platform's, in workerd: one that hangs, throws or answers nonsense.

import { afterAll, beforeAll, expect, it } from "vitest";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { bearer } from "../access/signer.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { post } from "../support/targets.ts";
import { builtWorker, COMPATIBILITY, startWorkers, type Workers } from "../support/workers.ts";

const LIMITERS = `
  import { WorkerEntrypoint } from "cloudflare:workers";
  export class Hanging extends WorkerEntrypoint {
    limit() {
      return scheduler.wait(60_000);
    }
  }
  export class Throwing extends WorkerEntrypoint {
    limit() {
      throw new Error("down");
    }
  }
  export class Nonsense extends WorkerEntrypoint {
    limit() {
      return {};
    }
  }
  export class Passing extends WorkerEntrypoint {
    limit() {
      return { success: true };
    }
  }
  export default { fetch: () => new Response() };`;

const CASES = [
  ["Hanging", "limiter_unavailable", "failed"],
  ["Throwing", "limiter_unavailable", "failed"],
  ["Nonsense", "limiter_unavailable", "failed"],
  ["Passing", undefined, undefined],
] as const;

const SIGNER = {
  access: { members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } },
  profiles: {
    default: { access: ["public"] },
    members: { access: ["members"], set: { folder: "users/{sub}" } },
  },
};

let workers: Workers;
const logs: string[] = [];
beforeAll(async () => {
  const bindings = { ...ACCOUNT, JWT_SECRET: SHARED_SECRET, SIGNER };
  workers = await startWorkers(
    [
      ...CASES.map(([entrypoint]) =>
        builtWorker(entrypoint, bindings, {
          serviceBindings: { LIMIT_BY_IP: { name: "limiters", entrypoint } },
        }),
      ),
      {
        name: "limiters",
        modules: [{ type: "ESModule", path: "limiters.js", contents: LIMITERS }],
        ...COMPATIBILITY,
      },
    ],
    (line) => void logs.push(unseen(line)),
  );
});
afterAll(() => workers.close());

it.each(CASES)("%s: %s for anybody, and callers who are someone go on", async (entrypoint, code, limiter) => {
  const from = logs.length;
  const origin = workers.urlOf(entrypoint);
  // What the platform says of who asks.
  const address = { "cf-connecting-ip": "192.0.2.1" };
  const anybody = await (await fetch(`${origin}/sign`, post({}, address))).json();
  expect((anybody as { code?: string }).code).toBe(code);
  const authorization = bearer(await signShared());
  const member = await fetch(`${origin}/sign/members`, post({}, { ...address, ...authorization }));
  expect(await member.json()).toMatchObject({ fields: { folder: "users/42" } });
  await expect.poll(() => logs.length - from).toBe(2);
  for (const line of logs.slice(from)) expect(JSON.parse(line).limiter).toBe(limiter);
});
