// `npm run test:examples [-- NAME …]`: the examples install, type-check and build. Each is tried in a copy, beside a
// copy of what the package publishes, so that nothing of this project's own node_modules is in reach.

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NO_NETWORK, QUIETLY } from "./npm.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLES = join(PROJECT, "examples");
/** Longest step, in milliseconds. */
const STEP_TIMEOUT = 5 * 60_000;
/** Lines of a failed step's output that are shown. */
const SHOWN_LINES = 40;
/** What is made, and stays behind where somebody tried an example in its place. */
const MADE = /^(node_modules|dist|build|\.astro|\.next|\.svelte-kit|package-lock\.json|\.env.*)$/;
/** The one address that a page may name: the demo's signer. */
const SIGNER = "http://localhost:8787";

const ENV: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: dirname(process.execPath) + delimiter + process.env.PATH,
  CI: "1",
  NO_COLOR: "1",
  ASTRO_TELEMETRY_DISABLED: "1",
  NEXT_TELEMETRY_DISABLED: "1",
};

/** How a step ended, and what it printed. */
interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

type Result = "passed" | "FAILED" | "not run: no network";

function run(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  const options = { cwd, env: ENV, timeout: STEP_TIMEOUT, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const late = error?.killed ? `\nstopped after ${STEP_TIMEOUT / 1000} s` : "";
      resolve({ ok: error === null, output: stdout + stderr + late });
    });
  });
}

/** Runs a step, in one line that ends with its seconds; then the output, where it failed. */
async function step(name: string, what: string, work: () => Promise<Ran>): Promise<Ran> {
  process.stdout.write(`  ${name}: ${what} … `);
  const start = performance.now();
  const ran = await work();
  console.log(`${ran.ok ? "✓" : "✗"} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (!ran.ok)
    console.log(ran.output.trim().split("\n").slice(-SHOWN_LINES).join("\n").replace(/^/gm, "    "));
  return ran;
}

const install = (folder: string): Promise<Ran> =>
  run("npm", ["install", "--no-package-lock", ...QUIETLY], folder);

const buildIn = (folder: string): Promise<Ran> => run("npm", ["run", "build"], folder);

/** Elements without an end. */
const VOID = new Set(["br", "hr", "img", "input", "link", "meta"]);

/** What is wrong with the markup: elements that are not closed, or not in their order. */
function unbalanced(html: string): string[] {
  const markup = html.replace(/<!--.*?-->/gs, "").replace(/(<(script|style)\b[^>]*>).*?(<\/\2>)/gs, "$1$3");
  const open: string[] = [];
  for (const [tag, end, name = ""] of markup.matchAll(/<(\/?)([a-z][\w-]*)(?:"[^"]*"|'[^']*'|[^'">])*>/gi)) {
    if (end === "") {
      if (!VOID.has(name)) open.push(name);
    } else if (open.pop() !== name) return [`${tag} closes another element`];
  }
  return open.map((name) => `<${name}> is not closed`);
}

/** A page without a build: its markup is closed, its scripts parse, and it asks nobody but the signer. */
async function checkPage(file: string): Promise<Ran> {
  const html = await readFile(file, "utf8");
  const problems = html.startsWith("<!doctype html>") ? unbalanced(html) : ["begins without <!doctype html>"];
  for (const [address] of html.matchAll(
    /\b(?:https?|wss?):\/\/[^\s"'`<>)]*|(?<=["'(])\/\/[\w[][^\s"'`<>)]*/gi,
  ))
    if (address !== SIGNER) problems.push(`names another address: ${address}`);
  for (const [, attributes = "", source = ""] of html.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gs)) {
    if (/\bsrc=/.test(attributes)) continue;
    const script = `${file}.${/\btype="module"/.test(attributes) ? "mjs" : "cjs"}`;
    await writeFile(script, source);
    const { ok, output } = await run(process.execPath, ["--check", script], dirname(file));
    if (!ok) problems.push(output.trim());
  }
  return { ok: problems.length === 0, output: problems.join("\n") };
}

/** Tries the example whose copy is in `folder`. */
async function check(name: string, folder: string): Promise<Result> {
  const files = await readdir(folder);
  if (!files.includes("package.json")) {
    const pages = files.filter((file) => file.endsWith(".html"));
    const results = [];
    for (const page of pages)
      results.push(await step(name, `check ${page}`, () => checkPage(join(folder, page))));
    return results.length > 0 && results.every(({ ok }) => ok) ? "passed" : "FAILED";
  }
  const installed = await step(name, "install", () => install(folder));
  if (!installed.ok) return NO_NETWORK.test(installed.output) ? "not run: no network" : "FAILED";
  const built = await step(name, "type-check and build", () => buildIn(folder));
  return built.ok ? "passed" : "FAILED";
}

const folders = (await readdir(EXAMPLES, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const all = folders.map(({ name }) => name).sort();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`✗ no example ${unknown.join(", ")}: there are ${all.join(", ")}`);
  process.exit(1);
}

if (!(await step("the package", "build", () => buildIn(PROJECT))).ok) process.exit(1);
const copy = await mkdtemp(join(tmpdir(), "edge-signer-examples-"));
for (const [signal, code] of [["SIGINT", 130] as const, ["SIGTERM", 143] as const]) {
  process.once(signal, () => {
    rmSync(copy, { recursive: true, force: true });
    process.exit(code);
  });
}
const results = new Map<string, Result>();
try {
  await cp(join(PROJECT, "package.json"), join(copy, "package.json"));
  await cp(join(PROJECT, "dist/package"), join(copy, "dist/package"), { recursive: true });
  for (const name of asked.length > 0 ? asked : all) {
    const folder = join(copy, "examples", name);
    const source = join(EXAMPLES, name);
    await cp(source, folder, {
      recursive: true,
      filter: (path) =>
        !path
          .slice(source.length)
          .split("/")
          .some((part) => MADE.test(part)),
    });
    results.set(name, await check(name, folder));
    await rm(folder, { recursive: true, force: true });
  }
} finally {
  await rm(copy, { recursive: true, force: true });
}

const width = Math.max("example".length, ...all.map(({ length }) => length));
console.log(`\n  ${"example".padEnd(width)} | result`);
for (const [name, result] of results) console.log(`  ${name.padEnd(width)} | ${result}`);
// What was not tried is not passed either.
if ([...results.values()].some((result) => result !== "passed")) process.exitCode = 1;
