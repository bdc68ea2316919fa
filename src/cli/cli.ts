#!/usr/bin/env node
// `cloudinary-edge-signer`: the package's commands. Exit 0 fine, 1 it found something, 2 it could not.

import { Command, CommanderError } from "commander";
import { check } from "./check.ts";
import { Fixable } from "./fixable.ts";
import { init } from "./init.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";
import { tryRequest } from "./try.ts";
import { wranglerFile } from "./wrangler-toml.ts";

const CONFIG = [
  "--config <file>",
  "the wrangler.toml, beside which signer.config.ts stands (default: the file that wrangler reads here)",
] as const;
/** With the file that is meant where none was given. */
const found = <T extends { readonly config?: string }>(options: T) => ({
  ...options,
  config: options.config ?? wranglerFile(),
});

/** The commands; `done` is told the exit code of the one that ran. */
function commands(io: Io, done: (code: number | undefined) => void): Command {
  const program = new Command("cloudinary-edge-signer");
  program
    .description("Signed Cloudinary uploads under a declared policy.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    });

  program
    .command("check")
    .description("checks every environment of a deployment: policy, account, secrets, bindings")
    .option(...CONFIG)
    .option("--env <name>", 'one environment alone; "" is the one without a name')
    .option("--print", "writes the effective policy of each in words")
    .option("--json", "for machines")
    .action(async (options) => done(await check(found(options), io)));

  program
    .command("init")
    .description("writes the files of a new deployment; overwrites nothing")
    .argument("[folder]", "where to", ".")
    .option("--name <name>", "the Worker's name")
    .option("--origin <origins>", "the origins of your pages, with commas between")
    .option("--access <who>", "who may upload: origin, jwt or public")
    .option("--type <type>", "what may be uploaded: image, video, raw or auto")
    .option("--yes", "asks nothing")
    .action(async (folder, options) => done(await init(folder, options, io)));

  program
    .command("start")
    .description("runs the deployment beside a local Cloudinary (PORT, EMULATOR_PORT)")
    .option(...CONFIG)
    .option("--env <name>", "the environment of wrangler.toml")
    .action(async (options) => {
      const { start } = await import("./start.ts");
      await start(found(options), io);
      done(undefined);
    });

  program
    .command("try")
    .description("what would be signed or refused, and why; nothing is started or signed")
    .argument("<profile>", "the name of a profile")
    .argument("[claims]", "who asks, as JSON", "{}")
    .argument("[params]", "the parameters, as JSON", "{}")
    .option(...CONFIG)
    .option("--env <name>", "the environment of wrangler.toml")
    .option("--access <name>", "the access method by which the caller comes")
    .option("--drop-in", "asks as a component does that chose the parameters", false)
    .action(async (profile, claims, params, options) =>
      done(await tryRequest({ profile, claims, params, ...found(options) }, io)),
    );
  return program;
}

/** Runs a command, and answers its exit code; `undefined`: it goes on running. */
export async function main(args: readonly string[], io: Io): Promise<number | undefined> {
  let code: number | undefined = 0;
  try {
    await commands(io, (ended) => {
      code = ended;
    }).parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Commander has said already what is wrong; help and version are not errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Fixable)) throw error;
    io.err(`✗ ${error.message}`);
    return 2;
  }
}

if (isStarted(import.meta)) {
  // Nothing that a configuration calls can end it as if all were right.
  let isDone = false;
  process.once("exit", () => {
    if (!isDone) process.exitCode = 2;
  });
  const code = await main(ARGS, PROCESS);
  isDone = true;
  process.exitCode = code;
  // A configuration may have started a timer, which nobody waits for.
  if (code !== undefined) setTimeout(() => process.exit(), 500).unref();
}
