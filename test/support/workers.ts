// Workers beside each other in one workerd, each at an address of its own: one more costs a quarter of what another workerd
// does. Of the platform's headers they get none, as what comes to an address of its own has not passed its front.

import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { inject } from "vitest";
import { unseen } from "./account.ts";

export const COMPATIBILITY = {
  compatibilityDate: "2026-10-20",
  compatibilityFlags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
};

/** A Worker as miniflare takes it, and the name by which it is asked for. */
export interface WorkerOptions {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** The tests' Worker. */
export function builtWorker(name: string, bindings: object, more: object = {}): WorkerOptions {
  const build = inject("workerBuild");
  return {
    modules: [{ type: "ESModule", path: join(build, "worker.js") }],
    modulesRoot: build,
    rootPath: build,
    bindings: { ...bindings },
    ...COMPATIBILITY,
    ...more,
    name,
  };
}

export interface Workers {
  /** The address of one of them, without a slash at its end. */
  urlOf(name: string): string;
  readonly miniflare: Miniflare;
  close(): Promise<void>;
}

/** `onLog` takes each line that any of them logs. */
export async function startWorkers(
  workers: readonly WorkerOptions[],
  onLog: (line: string) => void = unseen,
): Promise<Workers> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: workers.map((worker) => ({
        ...worker,
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      })),
      // Without these two it would ask the internet for the request's `cf` object and send statistics.
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }: { message: string }) => onLog(message),
    } as unknown as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  await miniflare.ready;
  const urls = new Map<string, string>();
  for (const { name } of workers) urls.set(name, (await miniflare.unsafeGetDirectURL(name)).origin);
  return { urlOf: (name) => urls.get(name)!, miniflare, close: () => miniflare.dispose() };
}
