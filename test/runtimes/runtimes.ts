// The runtimes that are tried: what brings each, and how it serves the probe. Versions are exact.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Result } from "../../src/result.ts";
import { type Running, startProgram, startWorkerd } from "./start.ts";

/** A runtime to try. */
export interface Runtime {
  /** What the command line calls it, and its folder. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** The package that brings it, and by what name it is installed; absent, this project's own `npm ci` does. */
  readonly package?: { readonly as: string; readonly spec: string };
  /** Serves the probe. `home` is where its package is installed, `build` holds the bundles. The error says why not. */
  start(home: string, build: string): Promise<Result<Running, string>>;
}

const require = createRequire(import.meta.url);
const ownVersion = (name: string, from = require): string =>
  (from(`${name}/package.json`) as { version: string }).version;

const node = (major: number, version: string): Runtime => ({
  name: `node${major}`,
  title: "Node",
  version,
  package: { as: `node${major}`, spec: `npm:node@${version}` },
  start: (home, build) =>
    startProgram(join(home, `node_modules/node${major}/bin/node`), [join(build, "node.mjs")]),
});

export const RUNTIMES: readonly Runtime[] = [
  {
    name: "workerd",
    title: "workerd",
    version: ownVersion("workerd", createRequire(require.resolve("miniflare"))),
    start: (_, build) => startWorkerd(build),
  },
  node(20, "20.20.2"),
  node(22, "22.23.3"),
  {
    name: "node24",
    title: "Node",
    version: ownVersion("node"),
    start: (_, build) =>
      startProgram(join(dirname(require.resolve("node/package.json")), "bin/node"), [
        join(build, "node.mjs"),
      ]),
  },
  {
    name: "deno",
    title: "Deno",
    version: "2.9.6",
    package: { as: "deno", spec: "2.9.6" },
    start: (home, build) =>
      startProgram(join(home, "node_modules/.bin/deno"), [
        ...["run", "--no-prompt", "--no-config", "--no-remote", "--allow-net=127.0.0.1", "--allow-read"],
        join(build, "deno.mjs"),
      ]),
  },
  {
    name: "bun",
    title: "Bun",
    version: "1.4.5",
    package: { as: "bun", spec: "1.4.5" },
    start: (home, build) =>
      startProgram(join(home, "node_modules/.bin/bun"), ["--no-install", join(build, "bun.mjs")]),
  },
  {
    name: "edge-runtime",
    title: "Edge Runtime",
    version: "4.0.1",
    package: { as: "edge-runtime", spec: "4.0.1" },
    // A sandbox inside Node, and so no program of its own.
    start: (home, build) => startProgram(process.execPath, [join(build, "edge.mjs"), home]),
  },
];
