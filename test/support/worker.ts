// The Worker that tests build: the package's, over a definition that comes as the variable `SIGNER`, so that one bundle
// serves every test.

import { WorkerEntrypoint } from "cloudflare:workers";
import type { ServiceRequest } from "../../src/binding/binding.ts";
import type { Bindings } from "../../src/config/bindings.ts";
import { createWorker } from "../../src/worker.ts";
import { definitionOf } from "./definition.ts";

type TestBindings = Bindings & { readonly SIGNER?: unknown };

const workers = new WeakMap<TestBindings, ReturnType<typeof createWorker>>();

function workerOf(bindings: TestBindings): ReturnType<typeof createWorker> {
  const worker = workers.get(bindings) ?? createWorker(definitionOf(bindings.SIGNER));
  workers.set(bindings, worker);
  return worker;
}

export default {
  fetch: (request: Request, bindings: TestBindings) => workerOf(bindings).fetch(request, bindings),
  queue: (batch: MessageBatch, bindings: TestBindings) => workerOf(bindings).queue(batch, bindings),
};

export class Signer extends WorkerEntrypoint<TestBindings> {
  sign(request: ServiceRequest) {
    return new (workerOf(this.env).Signer)(this.ctx, this.env).sign(request);
  }
}
