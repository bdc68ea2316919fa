// The Worker over HTTP: bindings in, app out.

import { createApp } from "./app.ts";
import { type Bindings, checkedBindings } from "./config/bindings.ts";

/** One app for each environment object: key sets and verified tokens are remembered in it. */
const apps = new WeakMap<Bindings, ReturnType<typeof createApp>>();

export default {
  fetch(request: Request, bindings: Bindings): Response | Promise<Response> {
    let app = apps.get(bindings);
    if (app === undefined) {
      app = createApp(checkedBindings(bindings), {
        // Cloudflare sets this header itself, whatever the caller sent.
        address: (request) => request.headers.get("cf-connecting-ip") ?? undefined,
      });
      apps.set(bindings, app);
    }
    return app.fetch(request);
  },
};
