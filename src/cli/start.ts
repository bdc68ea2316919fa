// `cloudinary-edge-signer start`, and `npm start` over the demo: the Worker and a local Cloudinary on this machine, and a
// line to try them with.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Config } from "../config/checked.ts";
import type { Effective } from "../config/environment.ts";
import { faultPlace, faultsText, type PublicFault } from "../fault.ts";
import {
  BuildError,
  buildWorker,
  newBuild,
  PROJECT,
  removeBuild,
  startWorker,
} from "../testing/local-worker.ts";
import { MissingTool } from "../testing/tools.ts";
import { banner } from "./banner.ts";
import { ACCOUNT_VARIABLES } from "./binding-names.ts";
import { type CheckedEnvironment, checkProject, DEFINITION_FILE, environmentNamed } from "./environments.ts";
import { Fixable } from "./fixable.ts";
import { needFree, portFrom } from "./free-ports.ts";
import { type Io, PROCESS } from "./io.ts";
import { needPackages } from "./needed-packages.ts";
import { sampleToken } from "./sample-token.ts";
import { namedSecrets } from "./stand-ins.ts";
import { actLine, logLine, notificationLine, refusedByCloudinary, uploadLine } from "./terminal.ts";
import { readWrangler, type WranglerConfig } from "./wrangler-toml.ts";

/** The demo's account; its secret opens nothing but the emulator of this machine. */
const DEMO = {
  cloudName: "demo",
  apiKey: "874837483274837",
  apiSecret: "demo-Secret_that-opens-nothing",
} as const;
/** Where development servers are. */
const DEVELOPMENT_ORIGINS = [1313, 3000, 4321, 5173, 8000, 8080, 8888].map(
  (port) => `http://localhost:${port}`,
);
/** A picture to upload. */
const SAMPLE = join(PROJECT, "src/testing/sample.jpg");
/** What `npm start` runs. */
const DEMO_CONFIG = join(PROJECT, "demo/wrangler.toml");

const DEFAULT_PORT = 8787;
const DEFAULT_EMULATOR_PORT = 8788;

/** What is typed for a command where the deployment is: in this repository npm has each as a script. */
const commandOf = (file: string, name: "start" | "explain"): string => {
  if (resolve(file) !== DEMO_CONFIG) return `npx cloudinary-edge-signer ${name}`;
  return name === "start" ? "npm start" : `npm run ${name}`;
};

type Undo = () => Promise<void>;

/** What `/health` answers, as far as it is read. */
interface Health {
  readonly status: string;
  readonly faults: readonly PublicFault[];
}

/** Which deployment is run, and with what of its surroundings. */
export interface StartOptions {
  /** The wrangler.toml. */
  readonly config: string;
  /** The environment of it. */
  readonly env?: string;
}

/** What is run: the Worker by its name, or else its folder's. */
async function titleOf(file: string, env: string | undefined): Promise<string> {
  if (resolve(file) === DEMO_CONFIG) return "local demo";
  const { name = basename(dirname(resolve(file))) }: WranglerConfig & { readonly name?: string } =
    await readWrangler(file, env);
  return `${name} on this machine`;
}

/** What pages find here, and not where it is deployed. */
export function originNote(
  file: string,
  { allowedOrigins: { exact, patterns }, page }: Config,
): string | undefined {
  if (resolve(file) === DEMO_CONFIG || exact.size > 0 || patterns.length > 0) return undefined;
  const nobody = page === undefined ? "no page" : "no other page than its own";
  return `Pages of ${DEVELOPMENT_ORIGINS[0]} and other development servers can use this signer. The deployed Worker admits ${nobody} until ALLOWED_ORIGINS lists an origin.`;
}

/** Who hears of uploads here, and not where it is deployed. */
const applicationNote = (name: string | undefined): string | undefined =>
  name &&
  `In the place of your Worker ${name} (APP) one stands here that takes whatever it is told. To run both, see docs/queue.md, “On this machine”.`;

/** Variables of the account, in whose place the demo's stands. */
const ACCOUNT = [...ACCOUNT_VARIABLES, "CLOUDINARY_UPLOAD_PREFIX"];

/** What is run and where, before anything is. */
interface Plan {
  /** The wrangler.toml. */
  readonly file: string;
  /** The environment of it, `""` the one without a name. */
  readonly env: string;
  readonly port: number;
  readonly emulatorPort: number;
  readonly vars: CheckedEnvironment["vars"];
  readonly config: Config;
  readonly settings: Effective;
  /** The Worker that APP binds. */
  readonly application: string | undefined;
}

/** Fails with what to do first, where nothing could run. */
async function plan({ config: file, env: environment }: StartOptions, env: Io["env"]): Promise<Plan> {
  const port = portFrom(env, "PORT", DEFAULT_PORT);
  const emulatorPort = portFrom(env, "EMULATOR_PORT", DEFAULT_EMULATOR_PORT);
  if (port === emulatorPort) throw new Fixable("choose two ports: PORT and EMULATOR_PORT are the same");

  // Where the file is missing, that is what is said.
  if (existsSync(file)) needPackages("start", ["cloudinary", "wrangler"], file);
  const { name, vars, faults, config, settings } = environmentNamed(
    await checkProject(file),
    environment,
    file,
  );
  if (!config.ok || settings === undefined || faults.length > 0) {
    const lines = faults.map((fault) => `    ${faultPlace(fault)}: ${fault.problem}`);
    throw new Fixable(["misconfigured", ...lines].join("\n"));
  }
  await needFree({ PORT: port, EMULATOR_PORT: emulatorPort }, commandOf(file, "start"));
  const { services } = await readWrangler(file, name);
  const application = services?.find(({ binding }) => binding === "APP")?.service;
  return { file, env: name ?? "", port, emulatorPort, vars, config: config.value, settings, application };
}

/** Starts both, and answers the emulator's address; `cleanup` is what to undo at the end, in the order in which it was done. */
async function launch(
  { file: config, env, port, emulatorPort, vars, config: { publicUrl }, application }: Plan,
  secrets: Readonly<Record<string, string>>,
  out: Io["out"],
  cleanup: Undo[],
): Promise<string> {
  out("  building the Worker …");
  const build = await newBuild();
  cleanup.push(() => removeBuild(build));
  await buildWorker(build, { config, env });
  // It imports the SDK, so not before it is known to be there.
  const { startEmulator } = await import("../testing/emulator/emulator.ts");
  const emulator = await startEmulator({
    ...DEMO,
    port: emulatorPort,
    onUpload: (upload) => out(uploadLine(upload)),
    onAct: (act) => out(actLine(act)),
    onRefusal: (refusal) => out(refusedByCloudinary(refusal, commandOf(config, "explain"))),
    onNotification: (notified) => out(notificationLine(notified)),
    // The deployed Worker's address is this one's here.
    ...(publicUrl && { forward: { [publicUrl]: `http://127.0.0.1:${port}` } }),
  });
  cleanup.push(() => emulator.close());
  const own = Object.entries(vars).filter(([name]) => !ACCOUNT.includes(name));
  const worker = await startWorker({
    build,
    port,
    config,
    env,
    application: application !== undefined,
    bindings: {
      ...Object.fromEntries(own),
      ...secrets,
      CLOUDINARY_URL: `cloudinary://${DEMO.apiKey}:${DEMO.apiSecret}@${DEMO.cloudName}`,
      CLOUDINARY_UPLOAD_PREFIX: emulator.url,
      ALLOWED_ORIGINS: [vars.ALLOWED_ORIGINS, ...DEVELOPMENT_ORIGINS].filter((part) => part).join(),
    },
    onLog: (line) => {
      const shown = logLine(line);
      if (shown !== undefined) out(shown);
    },
  });
  cleanup.push(() => worker.close());
  return emulator.url;
}

async function run(
  options: StartOptions,
  { env, out }: Io,
  cleanup: Undo[],
  onWorker: () => void,
): Promise<void> {
  const planned = await plan(options, env);
  const { file, port, config, settings } = planned;
  // Secrets of the access methods, made anew for each start: what they verify is for this demo alone.
  const secrets = Object.fromEntries(
    namedSecrets(settings.access).map((name) => [name, randomBytes(32).toString("hex")]),
  );
  const emulator = await launch(planned, secrets, out, cleanup);
  onWorker();
  const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as Health;
  if (health.status !== "ok") throw new Fixable(`${health.status}: ${faultsText(health.faults)}`);
  out(
    banner({
      title: await titleOf(file, planned.env),
      definition: join(relative(process.cwd(), dirname(resolve(file))), DEFINITION_FILE),
      worker: `http://localhost:${port}`,
      emulator,
      config,
      settings,
      sample: SAMPLE,
      origin: DEVELOPMENT_ORIGINS[0]!,
      token: await sampleToken(config, settings, secrets),
      notes: [originNote(file, config), applicationNote(planned.application)],
    }),
  );
}

/**
 * Starts a deployment beside the emulator. It throws where it can't; `onStop` is told how to stop it, before anything is
 * started, and again when the Worker is.
 */
export async function start(
  options: StartOptions,
  io: Io,
  onStop: (stop: Undo) => void = stopOnSignals,
): Promise<void> {
  const cleanup: Undo[] = [];
  const stop = async () => {
    for (const undo of cleanup.splice(0).reverse()) await undo();
  };
  onStop(stop);
  try {
    await run(options, io, cleanup, () => onStop(stop));
  } catch (error) {
    await stop();
    if (error instanceof BuildError || error instanceof MissingTool) throw new Fixable(error.message);
    throw error;
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
