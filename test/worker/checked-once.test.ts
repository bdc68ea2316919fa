// HTTP and the binding in workerd: one check of the configuration for both, as counted by what reads the environment.

import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { ACCOUNT, unseen } from "../support/account.ts";
import { builtWorker, COMPATIBILITY, startWorkers, type Workers } from "../support/workers.ts";

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

const CASES: readonly [name: string, paths: readonly string[]][] = [
  ["HTTP first", ["/sign", "/bound", "/sign", "/bound", "/health"]],
  ["the binding first", ["/bound", "/bound", "/sign"]],
];

/** A signer and who calls it, for each case. */
function pairOf(name: string) {
  const build = inject("workerBuild");
  const SIGNER = {
    access: { backend: { type: "service" } },
    profiles: { default: { access: ["backend"], set: { public_id: "users/{sub}/{uuid}" } } },
  };
  const signer = `signer, ${name}`;
  return [
    {
      name,
      modules: [{ type: "ESModule", path: "caller.js", contents: CALLER }],
      serviceBindings: { SIGNER: { name: signer, entrypoint: "Signer" }, SIGNER_HTTP: signer },
      ...COMPATIBILITY,
    },
    builtWorker(
      signer,
      { ...ACCOUNT, SIGNER },
      {
        modules: [
          { type: "ESModule", path: join(build, "counting.js"), contents: COUNTING },
          { type: "ESModule", path: join(build, "worker.js") },
        ],
      },
    ),
  ];
}

let workers: Workers;
beforeAll(async () => {
  workers = await startWorkers(CASES.flatMap(([name]) => pairOf(name)));
});
afterAll(() => workers.close());

it.each(CASES)("%s", async (name, paths) => {
  const ask = async (path: string): Promise<string> => {
    const method = path === "/health" ? "GET" : "POST";
    return unseen(await (await fetch(workers.urlOf(name) + path, { method })).text());
  };
  expect(await ask("/reads")).toBe("0");
  for (const path of paths)
    expect(await ask(path)).toContain(
      { "/bound": '"signature"', "/sign": "profile_not_allowed" }[path] ?? '"ok"',
    );
  expect(await ask("/reads")).toBe("1");
});
