// The Worker as it is deployed (wrangler's own bundle), running in workerd on this machine.

import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadMiniflare, loadWrangler, wranglerScript } from "./tools.ts";

/** The folder with wrangler.toml. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** A new temporary folder for a bundle; whoever makes it removes it, with `removeBuild`. */
export const newBuild = (): Promise<string> => mkdtemp(join(tmpdir(), "edge-signer-build-"));

export interface BuildOptions {
  /** The wrangler.toml; default the project's. */
  readonly config?: string;
  /** The main file; default the one that it names. */
  readonly entry?: string;
  /** The environment of the wrangler.toml; default the one without a name. */
  readonly env?: string;
}

/** What wrangler said where it made no bundle. */
export class BuildError extends Error {}

/** Bundles a Worker into `outdir`, with the settings of a deploy. */
export async function buildWorker(
  outdir: string,
  { config = join(PROJECT, "wrangler.toml"), entry, env: environment = "" }: BuildOptions = {},
): Promise<void> {
  const file = resolve(config);
  const main = entry === undefined ? [] : [resolve(PROJECT, entry)];
  const flags = ["--config", file, "--dry-run", "--env", environment, "--outdir", outdir];
  const args = [wranglerScript(file), "deploy", ...main, ...flags];
  // wrangler runs the build command by `node`: the one that runs this.
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  try {
    await promisify(execFile)(process.execPath, args, { cwd: dirname(file), env });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new BuildError(`wrangler can't bundle it:\n${(stdout + stderr).trim()}`);
  }
}

/** A Worker that runs. */
export interface LocalWorker {
  /** Its address, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface LocalWorkerOptions {
  /** The folder that `buildWorker` filled. */
  readonly build: string;
  /** TCP port on 127.0.0.1; 0 or absent picks a free one. */
  readonly port?: number;
  /** Variables and secrets; none come from files. */
  readonly bindings?: Readonly<Record<string, unknown>>;
  /** The environment of wrangler.toml whose rate limiters it has, `""` the one without a name; absent, it has none. */
  readonly env?: string;
  /** The wrangler.toml to read; default the project's. */
  readonly config?: string;
  /** Stands in for the Worker that APP binds: it takes whatever it is told, and logs it. */
  readonly application?: boolean;
  /** Stands in for every other server that the Worker asks. */
  readonly outbound?: (request: Request) => Promise<Response>;
  /** Takes each line that the Worker logs. */
  readonly onLog?: (line: string) => void;
}

/** The Worker that stands in for APP. What it logs has the member `told`. */
const APPLICATION = `import { WorkerEntrypoint } from "cloudflare:workers";
export class Application extends WorkerEntrypoint {
  onUploaded({ profile, asset }) {
    console.log(JSON.stringify({ told: "onUploaded", profile, name: asset.public_id }));
    return null;
  }
  onNotification({ type, profile, enforced, broke, body }) {
    const name = typeof body.public_id === "string" ? body.public_id : undefined;
    console.log(JSON.stringify({ told: "onNotification", type, profile, enforced, broke, name }));
  }
}
export default { fetch: () => new Response(null, { status: 404 }) };
`;
const STAND_IN = "stand-in-for-app";

/** Starts the bundle in workerd. */
export async function startWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  const config = options.config ?? join(PROJECT, "wrangler.toml");
  const [{ unstable_getMiniflareWorkerOptions }, { convertV4MiniflareOptions, Log, LogLevel, Miniflare }] =
    await Promise.all([loadWrangler(config), loadMiniflare(config)]);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(
    config,
    options.env === "" ? undefined : options.env,
  );
  const worker = {
    ...workerOptions,
    modules: [{ type: "ESModule", path: join(options.build, await bundleName(options.build)) }],
    modulesRoot: options.build,
    rootPath: options.build,
    // Not the file's own: wrangler would add what stands in .dev.vars and .env.
    bindings: { ...options.bindings },
    ratelimits: options.env === undefined ? {} : workerOptions.ratelimits,
    ...(options.outbound && { outboundService: options.outbound }),
    ...(options.application && {
      serviceBindings: {
        ...(workerOptions.serviceBindings as object | undefined),
        APP: { name: STAND_IN, entrypoint: "Application" },
      },
    }),
  };
  const application = {
    name: STAND_IN,
    compatibilityDate: workerOptions.compatibilityDate,
    modules: [{ type: "ESModule", path: "application.js", contents: APPLICATION }],
  };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [worker, ...(options.application ? [application] : [])],
      host: "127.0.0.1",
      port: options.port ?? 0,
      // Without these two it would ask the internet for the request's `cf` object and send statistics.
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }) => options.onLog?.(message),
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  const url = await miniflare.ready;
  return { url: url.origin, close: () => miniflare.dispose() };
}

/** wrangler names the bundle after its main file. */
async function bundleName(build: string): Promise<string> {
  return (await readdir(build)).find((name) => name.endsWith(".js")) ?? "index.js";
}

/** Removes what `buildWorker` made. */
export const removeBuild = (build: string): Promise<void> => rm(build, { recursive: true, force: true });
