// The package's entries for browsers, one file each: the client, and React's part beside it.

import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const BROWSER_ENTRIES = { client: at("client/client.ts"), react: at("react/react.ts") } as const;

/** The store is the client's own: a page that has both has it once, and what it knows of profiles. */
const ofTheClient: Plugin = {
  name: "of the client",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/client\/client\.ts$/ }, ({ kind }) =>
      kind === "entry-point" ? undefined : { path: "./client.js", external: true },
    ),
};

export async function buildForBrowsers(outdir: string): Promise<void> {
  const options = { bundle: true, format: "esm", target: "es2022", outdir, logLevel: "warning" } as const;
  await build({ ...options, entryPoints: { client: BROWSER_ENTRIES.client } });
  await build({
    ...options,
    entryPoints: { react: BROWSER_ENTRIES.react },
    external: ["react"],
    plugins: [ofTheClient],
    // For frameworks that render on a server by themselves: these are components with a state.
    banner: { js: '"use client";' },
  });
}
