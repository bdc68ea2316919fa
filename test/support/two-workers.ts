// Another Worker that binds the signer, and may be bound by it as its application: both in one miniflare, each with its
// own bindings, and the other without a secret.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { ACCOUNT, unseen } from "./account.ts";
import type { Plain } from "./definition.ts";
import { builtWorker, COMPATIBILITY, startWorkers, type WorkerOptions, type Workers } from "./workers.ts";

export interface TwoWorkers {
  /** The address of the other Worker, which has the bindings `SIGNER` (its method) and `SIGNER_HTTP`. */
  readonly url: string;
  /** What the signer logged. */
  readonly logs: string[];
  close(): Promise<void>;
}

/** The other Worker as the signer's application: its class, a database `DB` of its own, and for which day it was written. */
export interface AppWorker {
  readonly entrypoint: string;
  readonly compatibilityDate?: string;
}

/** Two Workers that belong together. */
export interface Pair {
  /** The other Worker's module. */
  readonly caller: string;
  readonly SIGNER: Plain;
  readonly uploadPrefix: string;
  /** The signer's. */
  readonly ratelimits?: object;
  /** The signer's bundle; default that of the tests. */
  readonly build?: string;
  readonly app?: AppWorker;
}

async function workersOf(name: string, pair: Pair): Promise<WorkerOptions[]> {
  const { caller, SIGNER, uploadPrefix, ratelimits = {}, build = inject("workerBuild"), app } = pair;
  // wrangler names the bundle after its main file.
  const bundle = (await readdir(build)).find((file) => file.endsWith(".js")) ?? "index.js";
  const signer = `signer of ${name}`;
  return [
    {
      name,
      modules: [{ type: "ESModule", path: "caller.js", contents: caller }],
      serviceBindings: { SIGNER: { name: signer, entrypoint: "Signer" }, SIGNER_HTTP: signer },
      ...(app && { d1Databases: { DB: name } }),
      ...COMPATIBILITY,
      ...(app?.compatibilityDate && { compatibilityDate: app.compatibilityDate, compatibilityFlags: [] }),
    },
    builtWorker(
      signer,
      { ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: uploadPrefix, SIGNER },
      {
        modules: [{ type: "ESModule", path: join(build, bundle) }],
        modulesRoot: build,
        rootPath: build,
        ratelimits,
        ...(app && { serviceBindings: { APP: { name, entrypoint: app.entrypoint } } }),
      },
    ),
  ];
}

/** Several pairs in one workerd, by the names of their other Workers. */
export async function startPairs(
  pairs: Readonly<Record<string, Pair>>,
  onLog?: (line: string) => void,
): Promise<Workers> {
  const all = await Promise.all(Object.entries(pairs).map(([name, pair]) => workersOf(name, pair)));
  return startWorkers(all.flat(), onLog);
}

/** One pair. */
export async function startTwoWorkers(pair: Pair): Promise<TwoWorkers> {
  const logs: string[] = [];
  const { urlOf, close } = await startPairs({ caller: pair }, (line) => void logs.push(unseen(line)));
  return { url: urlOf("caller"), logs, close };
}
