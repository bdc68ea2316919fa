// The signers of one definition: one for each environment object, checked once, for HTTP, for other Workers and for
// the queue.

import { createService, type Service } from "./binding/binding.ts";
import { type Bindings, readBindings } from "./config/bindings.ts";
import { createApp } from "./http/app.ts";
import { type Consumer, createConsumer } from "./notifications/consume.ts";

/** One signer, over all ways to reach it. */
export interface Signing extends Service {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly queue: Consumer;
}

/** Finds the signer of an environment object, or makes it. */
export function signersOf(definition: unknown): (bindings: Bindings) => Signing {
  const known = new WeakMap<Bindings, Signing>();
  return (bindings) => {
    let signing = known.get(bindings);
    if (signing === undefined) {
      const configured = readBindings(definition, bindings);
      // Cloudflare sets this header itself, whatever the caller sent.
      const address = (request: Request) => request.headers.get("cf-connecting-ip") ?? undefined;
      const app = createApp(configured, { address });
      signing = {
        fetch: (request) => app.fetch(request, bindings),
        queue: createConsumer(configured),
        ...createService(configured),
      };
      known.set(bindings, signing);
    }
    return signing;
  };
}
