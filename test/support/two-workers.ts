// Another Worker that binds the signer, and may be bound by it as its application: both in one miniflare, each with its
// own bindings, and the other without a secret.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { inject } from "vitest";
import { ACCOUNT, unseen } from "./account.ts";
import type { Plain } from "./definition.ts";

const COMPATIBILITY = {
  compatibilityDate: "2026-10-20",
  compatibilityFlags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
};

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

/** `caller` is the other Worker's module; `ratelimits` the signer's, and `build` its bundle: default that of the tests. */
export async function startTwoWorkers(
  caller: string,
  SIGNER: Plain,
  uploadPrefix: string,
  ratelimits: object = {},
  build = inject("workerBuild"),
  app?: AppWorker,
): Promise<TwoWorkers> {
  // wrangler names the bundle after its main file.
  const bundle = (await readdir(build)).find((name) => name.endsWith(".js")) ?? "index.js";
  const logs: string[] = [];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "caller",
          modules: [{ type: "ESModule", path: "caller.js", contents: caller }],
          serviceBindings: { SIGNER: { name: "signer", entrypoint: "Signer" }, SIGNER_HTTP: "signer" },
          ...(app && { d1Databases: { DB: "app" } }),
          ...COMPATIBILITY,
          ...(app?.compatibilityDate && { compatibilityDate: app.compatibilityDate, compatibilityFlags: [] }),
        },
        {
          name: "signer",
          modules: [{ type: "ESModule", path: join(build, bundle) }],
          modulesRoot: build,
          rootPath: build,
          bindings: { ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: uploadPrefix, SIGNER },
          ratelimits,
          ...(app && { serviceBindings: { APP: { name: "caller", entrypoint: app.entrypoint } } }),
          ...COMPATIBILITY,
        },
      ],
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }: { message: string }) => void logs.push(unseen(message)),
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  return { url: (await miniflare.ready).origin, logs, close: () => miniflare.dispose() };
}
