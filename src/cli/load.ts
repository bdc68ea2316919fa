// A configuration file as a module: TypeScript is bundled by esbuild, so that any Node reads it.

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build, type Message, type Plugin } from "esbuild";
import { within } from "../within.ts";
import { Fixable } from "./fixable.ts";

/** How long a configuration may take to load, in milliseconds. */
const LOAD_TIMEOUT_MS = 10_000;

/** What esbuild says, without what it found: that may be a value. */
const reasonOf = (text: string): string =>
  text
    .replace(/ but found .*$/s, "")
    .replace(/^Unexpected (?!end of file).*$/s, "something unexpected is here");

/** Where esbuild found it, seen from the folder of the configuration. */
const placeOf = ({ location }: Message, file: string): string =>
  location === null ? basename(file) : `${location.file}:${location.line}:${location.column}`;

/** The module that an import names and that is not there, if that is what is wrong. */
const unresolved = ({ text }: Message): string | undefined => /^Could not resolve "(.*)"$/s.exec(text)?.[1];

/** The package that has a module; paths, modules of Node's and names inside of a package are in none. */
const packageOf = (module: string): string | undefined =>
  isBuiltin(module) ? undefined : /^(@[\w.-]+\/)?[\w-][\w.-]*(?=\/|$)/.exec(module)?.[0];

/** What to do about one thing that esbuild found, and where. */
function adviceOn(message: Message, file: string): string {
  const place = placeOf(message, file);
  const module = unresolved(message);
  if (module === undefined) return `fix ${place}: ${reasonOf(message.text)}`;
  const name = packageOf(module);
  if (name !== undefined)
    return `run \`npm install\` first, or correct ${place}: the package ${name}, which it imports, is not installed`;
  return isBuiltin(module)
    ? `remove the import at ${place}, or write compatibility_flags = ["nodejs_compat"] in wrangler.toml: Workers have ${module} by that flag alone`
    : `correct the import at ${place}: there is no ${module}`;
}

/** Modules of the Workers runtime, which Node has not; a configuration may import them for its `custom` methods. */
const RUNTIME: Plugin = {
  name: "workers-runtime",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: "workers-runtime" }));
    onLoad({ filter: /./, namespace: "workers-runtime" }, () => ({
      contents: "module.exports = { env: {}, exports: {} };",
      loader: "js",
    }));
  },
};

/** The runtime that the configuration will have: Node's modules and names are there by a flag alone. */
const runtimeOf = (flags: readonly string[]): BuildOptions =>
  flags.some((flag) => /^nodejs_compat(_v2)?$/.test(flag))
    ? { platform: "node" }
    : {
        platform: "browser",
        conditions: ["workerd", "worker", "browser"],
        define: {
          process: "undefined",
          Buffer: "undefined",
          __dirname: "undefined",
          __filename: "undefined",
        },
      };

async function bundled(file: string, flags: readonly string[]): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [resolve(file)],
      absWorkingDir: dirname(resolve(file)),
      bundle: true,
      format: "esm",
      ...runtimeOf(flags),
      target: "node20",
      write: false,
      logLevel: "silent",
      plugins: [RUNTIME],
    });
    return outputFiles![0]!.text;
  } catch (error) {
    const { errors = [] } = error as { errors?: readonly Message[] };
    const advice = errors.map((message) => adviceOn(message, file));
    throw new Fixable([...new Set(advice)].join("; ") || `fix ${basename(file)}: it can't be bundled`);
  }
}

/** What a configuration file exports. `flags` are the compatibility flags of its Worker. */
export async function loadDefinition(file: string, flags: readonly string[] = []): Promise<unknown> {
  if (!existsSync(file))
    throw new Fixable(
      `write ${basename(file)} beside wrangler.toml, or run \`cloudinary-edge-signer init\` in an empty folder: it is not there`,
    );
  const text = await bundled(file, flags);
  const folder = await mkdtemp(join(tmpdir(), "edge-signer-config-"));
  try {
    const module = join(folder, "config.mjs");
    await writeFile(module, text);
    const loaded = await within(
      LOAD_TIMEOUT_MS,
      import(pathToFileURL(module).href) as Promise<{ default?: unknown }>,
    );
    if (loaded.default === undefined)
      throw new Fixable(
        `write \`export default defineSigner({ … })\` in ${basename(file)}: it has no default export`,
      );
    return loaded.default;
  } catch (error) {
    if (error instanceof Fixable) throw error;
    // Its message may hold a value of the file's.
    const name = error instanceof Error ? error.name : "something that is not an error";
    throw new Fixable(
      `fix ${basename(file)}: it threw ${name} when it was loaded${name === "TypeError" ? " (does it use something that Workers don't have, such as process?)" : ""}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
