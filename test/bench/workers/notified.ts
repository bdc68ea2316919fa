// Our Worker between a queue and an application that take everything at once: what is measured is ours alone, and how often
// each is called, and what is logged, is counted. `/consume` hands a message to the consumer as the queue does, `/calls`
// tells the counts.

import type { Bindings } from "../../../src/config/bindings.ts";
import { createWorker } from "../../../src/worker.ts";
import { definitionOf } from "../../support/definition.ts";

const calls = { queue: 0, service: 0, lines: 0, bytes: 0 };
const NOTIFICATIONS = {
  send: async () => {
    calls.queue++;
  },
};
const APP = {
  fetch: () => Promise.reject(new Error("nobody fetches")),
  onUploaded: async () => {
    calls.service++;
  },
  onNotification: async () => {
    calls.service++;
  },
};
const { log } = console;
console.log = (line: string) => {
  calls.lines++;
  calls.bytes += line.length;
  log(line);
};

let made: { readonly worker: ReturnType<typeof createWorker>; readonly bindings: Bindings } | undefined;

async function consume(request: Request, { worker, bindings }: NonNullable<typeof made>): Promise<Response> {
  let acknowledged = 0;
  const message = {
    body: await request.json(),
    attempts: 1,
    ack: () => {
      acknowledged++;
    },
    retry: () => {},
  };
  await worker.queue({ messages: [message] } as unknown as MessageBatch, bindings);
  return Response.json({ acknowledged });
}

export default {
  fetch(request: Request, env: Bindings & { readonly SIGNER?: unknown }): Response | Promise<Response> {
    made ??= { worker: createWorker(definitionOf(env.SIGNER)), bindings: { ...env, NOTIFICATIONS, APP } };
    const { pathname } = new URL(request.url);
    if (pathname === "/calls") return Response.json(calls);
    return pathname === "/consume" ? consume(request, made) : made.worker.fetch(request, made.bindings);
  },
};
