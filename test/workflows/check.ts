// `npm run check`: the workflows are what GitHub would take, by GitHub's own language service, and keep to our rules.
// Both need no network; so what an action's inputs are called is not known here.

import { readdir, readFile } from "node:fs/promises";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { TextDocument } from "vscode-languageserver-textdocument";
import { type Io, isStarted, PROCESS } from "../../src/cli/io.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { ruleFaults } from "./rules.ts";

export const WORKFLOWS = join(PROJECT, ".github/workflows");

/** The service imports its schema without saying that it is JSON, as bundlers take it, and Node does not. */
const hooks = registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});
const { validate } = await import("@actions/languageservice");
hooks.deregister();

/** It keeps what it has read by its address: another text needs another one. */
let read = 0;

/** What is wrong with a workflow, each with its line where one is known. */
export async function workflowFaults(name: string, text: string): Promise<string[]> {
  const found = await validate(TextDocument.create(`file:///${++read}/${name}`, "yaml", 1, text));
  const invalid = found.map(({ range, message }) => `${name}:${range.start.line + 1}: ${message}`);
  return [...new Set([...invalid, ...ruleFaults(text).map((fault) => `${name}: ${fault}`)])];
}

export async function main(_: readonly string[], io: Io): Promise<number> {
  const names = (await readdir(WORKFLOWS)).sort();
  const faults: string[] = [];
  for (const name of names)
    faults.push(...(await workflowFaults(name, await readFile(join(WORKFLOWS, name), "utf8"))));
  for (const fault of faults) io.err(`✗ .github/workflows/${fault}`);
  if (faults.length > 0) return 1;
  io.out(`✓ .github/workflows: ${names.join(", ")} could be run`);
  return 0;
}

if (isStarted(import.meta)) process.exitCode = await main([], PROCESS);
