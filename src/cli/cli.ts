#!/usr/bin/env node
// `cloudinary-edge-signer`: the package's commands. Exit 0 fine, 1 it found something, 2 it could not.

import { styleText } from "node:util";
import { Command, CommanderError } from "commander";
import { COMMANDS } from "./commands.ts";
import { Fixable } from "./fixable.ts";
import { ownVersion } from "./init-files.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";
import { jsonText } from "./json-text.ts";

/** Widest line of the help, in columns; narrower where the terminal is. */
const MAX_WIDTH = 96;

/** A command and its arguments in the list of all, without the options that each has. */
const termOf = (command: Command): string =>
  command.registeredArguments.reduce((term, one) => {
    const name = one.name() + (one.variadic ? "..." : "");
    return `${term} ${one.required ? `<${name}>` : `[${name}]`}`;
  }, command.name());

/** The commands; `done` is told the exit code of the one that ran. */
export function programOf(
  io: Io,
  version: string,
  isForMachines: boolean,
  done: (code: number | undefined) => void,
): Command {
  const program = new Command("cloudinary-edge-signer");
  const bold = (text: string): string => styleText("bold", text, { validateStream: false });
  program
    .description("Signed Cloudinary uploads under a declared policy.")
    .version(version)
    .exitOverride()
    // Commander takes the colors off again where no terminal shows them.
    .configureHelp({ styleTitle: bold, styleSubcommandTerm: bold, subcommandTerm: termOf })
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => {
        if (!isForMachines) io.err(text.trimEnd());
      },
      getOutHelpWidth: () => Math.min(io.terminal?.columns() ?? MAX_WIDTH, MAX_WIDTH),
    })
    .addHelpText("after", "\nExit codes: 0 fine, 1 it found something, 2 it could not.");
  for (const [title, commands] of COMMANDS)
    for (const add of commands) add((name) => program.command(name).helpGroup(title), io, done);
  return program
    .commandsGroup("Help:")
    .helpCommand("help [command]", "the options of a command, with examples");
}

/** Runs a command, and answers its exit code; `undefined`: it goes on running. */
export async function main(args: readonly string[], io: Io): Promise<number | undefined> {
  let code: number | undefined = 0;
  const isForMachines = args.includes("--json");
  const couldNot = (error: string, told: () => void): number => {
    if (isForMachines) io.out(jsonText({ ok: false, error }));
    else told();
    return 2;
  };
  try {
    await programOf(io, await ownVersion(), isForMachines, (ended) => {
      code = ended;
    }).parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are not errors; of those commander has told people already.
      return error.exitCode === 0 ? 0 : couldNot(error.message, () => {});
    }
    if (!(error instanceof Fixable)) throw error;
    return couldNot(error.message, () => io.err(`✗ ${error.message}`));
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
