// HTTP and the binding in workerd: one check of the configuration for both, as counted by what reads the environment.

import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { expect, inject, it } from "vitest";
import { ACCOUNT, unseen } from "../support/account.ts";

/** The built Worker over an environment that counts how often its settings are read; one for each object. */
const COUNTING = `
  import worker, { Signer as Built } from "./worker.js";
  let reads = 0;
  const counting = new WeakMap();
  const counted = (env) => {
    if (!counting.has(env)) counting.set(env, new Proxy(env, {
      get(target, name) {
        if (name === "CLOUDINARY_UPLOAD_PREFIX") reads += 1;
        return target[name];
      },
    }));
    return counting.get(env);
  };
  export class Signer extends Built {
    constructor(ctx, env) {
      super(ctx, counted(env));
    }
  }
  export default {
    fetch: (request, env) =>
      request.url.endsWith("/reads") ? new Response(String(reads)) : worker.fetch(request, counted(env)),
  };`;

const CALLER = `
  export default {
    fetch: async (request, env) =>
      request.url.endsWith("/bound")
        ? Response.json(await env.SIGNER.sign({ claims: { sub: "42" } }))
        : env.SIGNER_HTTP.fetch(request),
  };`;

it.each([
  ["HTTP first", ["/sign", "/bound", "/sign", "/bound", "/health"]],
  ["the binding first", ["/bound", "/bound", "/sign"]],
])("%s", async (_, paths) => {
  const build = inject("workerBuild");
  const compatibility = {
    compatibilityDate: "2026-10-20",
    compatibilityFlags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
  };
  const SIGNER = {
    access: { backend: { type: "service" } },
    profiles: { default: { access: ["backend"], set: { public_id: "users/{sub}/{uuid}" } } },
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "caller",
          modules: [{ type: "ESModule", path: "caller.js", contents: CALLER }],
          serviceBindings: { SIGNER: { name: "signer", entrypoint: "Signer" }, SIGNER_HTTP: "signer" },
          ...compatibility,
        },
        {
          name: "signer",
          modules: [
            { type: "ESModule", path: join(build, "counting.js"), contents: COUNTING },
            { type: "ESModule", path: join(build, "worker.js") },
          ],
          modulesRoot: build,
          rootPath: build,
          bindings: { ...ACCOUNT, SIGNER },
          ...compatibility,
        },
      ],
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  const url = await miniflare.ready;
  const ask = async (path: string): Promise<string> =>
    unseen(await (await fetch(new URL(path, url), { method: path === "/health" ? "GET" : "POST" })).text());
  expect(await ask("/reads")).toBe("0");
  for (const path of paths)
    expect(await ask(path)).toContain(
      { "/bound": '"signature"', "/sign": "profile_not_allowed" }[path] ?? '"ok"',
    );
  expect(await ask("/reads")).toBe("1");
  await miniflare.dispose();
});
