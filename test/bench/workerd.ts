// A Worker's bundle in a workerd of its own, behind nothing but its raw server. One process each, so that CPU
// time and memory of the process are the contender's alone.

import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import type { Bundle } from "./bundles.ts";
import { owned } from "./cleanup.ts";

/** The binary that miniflare and wrangler run, and its version. */
export const WORKERD = createRequire(createRequire(import.meta.url).resolve("miniflare"))("workerd") as {
  readonly default: string;
  readonly version: string;
};

/** Variables and secrets: texts, and anything else as JSON. */
export type Bindings = Readonly<Record<string, unknown>>;

/** A Worker that runs. */
export interface Server {
  /** Its address, without a slash at its end. */
  readonly url: string;
  /** Its process; absent where the system does not tell. */
  readonly pid: number | undefined;
  /** The address of its inspector, where it was asked for. */
  readonly inspector?: string;
  close(): Promise<void>;
}

/** The name of a Worker's one module, which profiles tell. */
export const MODULE = "index.js";

/** A text in Cap'n Proto's own notation, which has no `\u`. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r");
  return `"${escaped.replace(/\t/g, "\\t")}"`;
}

const bindingText = ([name, value]: [string, unknown]): string =>
  typeof value === "string"
    ? `(name = ${quoted(name)}, text = ${quoted(value)})`
    : `(name = ${quoted(name)}, json = ${quoted(JSON.stringify(value))})`;

/** The binding ANALYTICS, of whose data points workerd tells a server of this machine. */
const ANALYTICS = '(name = "ANALYTICS", analyticsEngine = "analytics")';
const analyticsService = (address: string) =>
  `(name = "analytics", external = (address = ${quoted(address)}, http = ()))`;

/** The configuration; key sets are fetched from this machine alone. */
const configText = (
  { file, compatibilityDate, flags }: Bundle,
  bindings: Bindings,
  analytics: string | undefined,
): string => `
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [${[
    '(name = "main", worker = .worker)',
    '(name = "internet", network = (allow = ["local"]))',
    ...(analytics === undefined ? [] : [analyticsService(analytics)]),
  ].join(", ")}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = ${quoted(MODULE)}, esModule = embed ${quoted(basename(file))})],
  compatibilityDate = ${quoted(compatibilityDate)},
  compatibilityFlags = [${flags.map(quoted).join(", ")}],
  bindings = [${[
    ...Object.entries(bindings).map(bindingText),
    ...(analytics === undefined ? [] : [ANALYTICS]),
  ].join(", ")}],
);
`;

/**
 * Bundle and bindings as one binary file, so that no start pays for reading a text. `analytics` is the address of a server
 * that is told of data points.
 */
export async function compile(bundle: Bundle, bindings: Bindings, analytics?: string): Promise<string> {
  // Beside the bundle, for what it embeds is named from where it stands.
  const text = join(bundle.folder, `${randomUUID()}.capnp`);
  const binary = text.replace(/capnp$/, "bin");
  await writeFile(text, configText(bundle, bindings, analytics));
  const args = ["compile", "--config-only", text];
  const options = { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout } = await promisify(execFile)(WORKERD.default, args, options);
  await writeFile(binary, stdout);
  return binary;
}

/** Starts a compiled Worker, which is experimental with data points. What it logs goes nowhere, and is written all the same. */
export async function serve(
  binary: string,
  { isInspected = false, isExperimental = false } = {},
): Promise<Server> {
  const args = ["serve", "--binary", binary, "--control-fd=3"];
  if (isExperimental) args.push("--experimental");
  if (isInspected) args.push("--inspector-addr=127.0.0.1:0");
  const child = owned(spawn(WORKERD.default, args, { stdio: ["ignore", "ignore", "pipe", "pipe"] }));
  let complaint = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = once(child, "exit");
  const addresses = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdio[3] as Readable).on("line", (line) => {
      const { event, port } = JSON.parse(line) as { event: string; port: number };
      addresses.set(event, `http://127.0.0.1:${port}`);
      if (addresses.has("listen") && (!isInspected || addresses.has("listen-inspector"))) resolve();
    });
    ended.then(() => reject(new Error(`workerd did not start: ${complaint}`)), reject);
  });
  return {
    url: addresses.get("listen")!,
    pid: child.pid,
    ...(isInspected && { inspector: addresses.get("listen-inspector")! }),
    close: async () => {
      child.kill();
      await ended;
    },
  };
}
