// A rate limiter of another kind than the platform's, in workerd: one that hangs, throws or answers nonsense.

import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { expect, inject, it } from "vitest";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { bearer } from "../access/signer.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { post } from "../support/targets.ts";

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

const COMPATIBILITY = {
  compatibilityDate: "2026-10-20",
  compatibilityFlags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
};

it.each([
  ["Hanging", "limiter_unavailable", "failed"],
  ["Throwing", "limiter_unavailable", "failed"],
  ["Nonsense", "limiter_unavailable", "failed"],
  ["Passing", undefined, undefined],
])("%s: %s for anybody, and callers who are someone go on", async (entrypoint, code, limiter) => {
  const build = inject("workerBuild");
  const logs: string[] = [];
  const SIGNER = {
    access: { members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } },
    profiles: {
      default: { access: ["public"] },
      members: { access: ["members"], set: { folder: "users/{sub}" } },
    },
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "signer",
          modules: [{ type: "ESModule", path: join(build, "worker.js") }],
          modulesRoot: build,
          rootPath: build,
          bindings: { ...ACCOUNT, JWT_SECRET: SHARED_SECRET, SIGNER },
          serviceBindings: { LIMIT_BY_IP: { name: "limiters", entrypoint } },
          ...COMPATIBILITY,
        },
        {
          name: "limiters",
          modules: [{ type: "ESModule", path: "limiters.js", contents: LIMITERS }],
          ...COMPATIBILITY,
        },
      ],
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }: { message: string }) => void logs.push(unseen(message)),
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  const { origin } = await miniflare.ready;
  const anybody = await (await fetch(`${origin}/sign`, post({}))).json();
  expect((anybody as { code?: string }).code).toBe(code);
  const member = await fetch(`${origin}/sign/members`, post({}, bearer(await signShared())));
  expect(await member.json()).toMatchObject({ fields: { folder: "users/42" } });
  await expect.poll(() => logs.length).toBe(2);
  for (const line of logs) expect(JSON.parse(line).limiter).toBe(limiter);
  await miniflare.dispose();
});
