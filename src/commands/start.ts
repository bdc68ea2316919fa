// `npm start`: the Worker and a local Cloudinary on this machine, and a line to try them with.

import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { SignJWT } from "jose";
import { type Config, faultsText, type PublicFault } from "../config/config.ts";
import { startEmulator } from "../testing/emulator/index.ts";
import { buildWorker, newBuild, PROJECT, removeBuild, startWorker } from "../testing/local-worker.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";
import { banner, refusalLine, refusedUploadLine, uploadLine } from "./terminal.ts";
import { checkWranglerConfig, Mendable, namedSecrets, readOptions } from "./wrangler-config.ts";

/** Opens nothing but the emulator of this machine. */
const DEMO_SECRET = "demo-Secret_that-opens-nothing";
const DEFAULT_PORT = 8787;
const DEFAULT_EMULATOR_PORT = 8788;

function portFrom(env: Io["env"], variable: string, fallback: number): number {
  const text = env[variable];
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new Mendable(
    `${variable} must be a port from 1 to 65535, for example ${variable}=${fallback} npm start`,
  );
}

/** A token of somebody for the demo's profile `members`, if the profile is as it was delivered. */
async function demoToken(
  { profiles, ways }: Config,
  jwtSecret: string | undefined,
): Promise<string | undefined> {
  const way = ways.get(profiles.get("members")?.access[0] ?? "");
  if (way?.type !== "jwt" || way.secret === undefined || jwtSecret === undefined) return undefined;
  return new SignJWT({ sub: "42", iss: way.issuer, ...(way.audience && { aud: [...way.audience] }) })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("12h")
    .sign(new TextEncoder().encode(jwtSecret));
}

/** Why a port can't be listened on, or nothing. */
async function whyBusy(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "EADDRINUSE" ? "is in use by another program" : `can't be used (${code})`),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(undefined)));
  });
}

/** Fails with a clear message where something else listens already. */
async function needFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const busy: string[] = [];
  for (const port of Object.values(ports)) {
    const why = await whyBusy(port);
    if (why !== undefined) busy.push(`port ${port} ${why}`);
  }
  if (busy.length === 0) return;
  const others = Object.entries(ports).map(([variable, port]) => `${variable}=${port + 10}`);
  throw new Mendable(`${busy.join(", and ")}: stop it, or choose others: ${others.join(" ")} npm start`);
}

type Undo = () => Promise<void>;

/** What `/health` answers, as far as it is read. */
interface Health {
  readonly status: string;
  readonly faults: readonly PublicFault[];
}

/** `cleanup` is what to undo at the end, in the order in which it was done. */
async function start(
  args: readonly string[],
  { env, out }: Io,
  cleanup: Undo[],
  onWorker: () => void,
): Promise<void> {
  const { config: file } = readOptions(args, join(PROJECT, "wrangler.toml"));
  const port = portFrom(env, "PORT", DEFAULT_PORT);
  const emulatorPort = portFrom(env, "EMULATOR_PORT", DEFAULT_EMULATOR_PORT);
  if (port === emulatorPort) throw new Mendable("PORT and EMULATOR_PORT are the same: choose two");

  const { vars, faults, config } = checkWranglerConfig(file, "local", "here");
  if (!config.ok || faults.length > 0) {
    const lines = faults.map(({ binding, problem }) => `    ${binding}: ${problem}`);
    throw new Mendable(["misconfigured", ...lines].join("\n"));
  }
  await needFree({ PORT: port, EMULATOR_PORT: emulatorPort });

  out("  building the Worker …");
  const build = await newBuild();
  cleanup.push(() => removeBuild(build));
  await buildWorker(build);
  const { cloudName, apiKey } = config.value;
  const emulator = await startEmulator({
    cloudName,
    apiKey,
    apiSecret: DEMO_SECRET,
    port: emulatorPort,
    onUpload: (upload) => out(uploadLine(upload)),
    onRefusal: ({ status, message }) => out(refusedUploadLine(status, message)),
  });
  cleanup.push(() => emulator.close());
  // Secrets of the ways in, made anew for each start: what they verify is for this demo alone.
  const secrets = Object.fromEntries(
    namedSecrets(vars.SIGNER).map((name) => [name, randomBytes(32).toString("hex")]),
  );
  const worker = await startWorker({
    build,
    port,
    config: file,
    env: "local",
    bindings: {
      ...vars,
      SIGNER: onPort(vars.SIGNER, port),
      CLOUDINARY_API_SECRET: DEMO_SECRET,
      ...secrets,
      CLOUDINARY_UPLOAD_PREFIX: emulator.url,
    },
    onLog: (line) => {
      const shown = refusalLine(line);
      if (shown !== undefined) out(shown);
    },
  });
  cleanup.push(() => worker.close());
  onWorker();
  const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as Health;
  if (health.status !== "ok") throw new Mendable(`${health.status}: ${faultsText(health.faults)}`);
  const sample = join(PROJECT, "src/testing/sample.jpg");
  const token = await demoToken(config.value, secrets.JWT_SECRET);
  out(banner(`http://localhost:${port}`, emulator.url, config.value, sample, token));
}

/** The demo's own pages move with `PORT`: wrangler.toml lists them under the port they have by default. */
function onPort(settings: unknown, port: number): unknown {
  return JSON.parse(JSON.stringify(settings ?? {}).replaceAll(`:${DEFAULT_PORT}"`, `:${port}"`));
}

/**
 * Exit 1 where it can't start; otherwise there is none, and it runs. `onStop` is told how to stop it, before
 * anything is started, and again when the Worker is.
 */
export async function main(
  args: readonly string[],
  io: Io,
  onStop: (stop: Undo) => void = () => {},
): Promise<number | undefined> {
  const cleanup: Undo[] = [];
  const stop = async () => {
    for (const undo of cleanup.splice(0).reverse()) await undo();
  };
  onStop(stop);
  try {
    await start(args, io, cleanup, () => onStop(stop));
    return undefined;
  } catch (error) {
    await stop();
    if (!(error instanceof Mendable)) throw error;
    io.err(`\n  ✗ ${error.message}\n`);
    return 1;
  }
}

function stopOnSignals(stop: Undo): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Miniflare's own listener ends the process at once, before anything else is closed.
    process.removeAllListeners(signal);
    process.once(signal, async () => {
      await stop();
      PROCESS.out("  stopped");
      process.exit(0);
    });
  }
}

if (isStarted(import.meta)) {
  const code = await main(ARGS, PROCESS, stopOnSignals);
  if (code !== undefined) process.exit(code);
}
