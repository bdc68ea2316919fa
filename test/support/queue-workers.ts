// The signer with its queue, and the Worker of the application, in one miniflare: what the Worker is told it passes on to
// a process, and the dead letters to whoever listens. The pauses between retries are a second each, whatever the signer
// asks for: test/notifications/queue.test.ts has those.

import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
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

/** The retries of wrangler.toml. */
export const MAX_RETRIES = 7;

const APP = `
  import { WorkerEntrypoint } from "cloudflare:workers";
  export class Uploads extends WorkerEntrypoint {
    async onNotification(notification) {
      const { status } = await fetch(this.env.APPLICATION, { method: "POST", body: JSON.stringify(notification) });
      if (status !== 204) throw new Error("the application answers " + status);
    }
  }
  export default {
    async queue({ messages }, { DEAD }) {
      for (const { body } of messages) await fetch(DEAD, { method: "POST", body: JSON.stringify(body) });
    },
  };`;

const signerModule = (bundle: string): string => `
  import worker, { Signer } from "./${bundle}";
  export { Signer };
  export default {
    fetch: worker.fetch,
    queue: ({ messages }, env) =>
      worker.queue(
        {
          messages: messages.map((message) => ({
            body: message.body,
            attempts: message.attempts,
            ack: () => message.ack(),
            retry: () => message.retry({ delaySeconds: 1 }),
          })),
        },
        env,
      ),
  };`;

export interface QueueWorkers {
  readonly logs: string[];
  /** Ends workerd as a failing machine would: nothing is answered, and what is in its memory is gone. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueWorkersOptions {
  readonly SIGNER: Plain;
  readonly port: number;
  readonly uploadPrefix: string;
  /** Addresses of the application, and of who hears of dead letters. */
  readonly application: string;
  readonly dead: string;
}

/** Starts both; the signer is at the port. */
export async function startQueueWorkers(options: QueueWorkersOptions): Promise<QueueWorkers> {
  const { SIGNER, port, uploadPrefix, application, dead } = options;
  const build = inject("workerBuild");
  const bundle = (await readdir(build)).find((name) => name.endsWith(".js")) ?? "index.js";
  const logs: string[] = [];
  const started: ChildProcess[] = [];
  const note = (message: unknown) => void started.push((message as { process: ChildProcess }).process);
  subscribe("child_process", note);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "signer",
          modules: [
            { type: "ESModule", path: join(build, "short-pauses.mjs"), contents: signerModule(bundle) },
            { type: "ESModule", path: join(build, bundle) },
          ],
          modulesRoot: build,
          rootPath: build,
          bindings: { ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: uploadPrefix, SIGNER },
          serviceBindings: { APP: { name: "application", entrypoint: "Uploads" } },
          queueProducers: { NOTIFICATIONS: { queueName: "notes" } },
          queueConsumers: {
            notes: {
              ...{ maxBatchSize: 10, maxBatchTimeout: 0, maxRetries: MAX_RETRIES },
              deadLetterQueue: "dead",
            },
          },
          ...COMPATIBILITY,
        },
        {
          name: "application",
          modules: [{ type: "ESModule", path: "application.js", contents: APP }],
          bindings: { APPLICATION: application, DEAD: dead },
          queueConsumers: { dead: { maxBatchTimeout: 0 } },
          ...COMPATIBILITY,
        },
      ],
      host: "127.0.0.1",
      port,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }: { message: string }) => void logs.push(unseen(message)),
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  await miniflare.ready;
  unsubscribe("child_process", note);
  return {
    logs,
    close: () => miniflare.dispose(),
    kill: async () => {
      for (const child of started) child.kill("SIGKILL");
      await miniflare.dispose();
    },
  };
}
