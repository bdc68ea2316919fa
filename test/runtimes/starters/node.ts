// Serves the probe in Node, as Hono apps are served there.

import { serve } from "@hono/node-server";

const { default: probe } = (await import(
  new URL("probe.mjs", import.meta.url).href
)) as typeof import("../probe.ts");

serve({ fetch: probe.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
  console.log(`listening ${port} ${process.versions.node}`),
);
