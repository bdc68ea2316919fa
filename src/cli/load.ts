// A configuration file as a module: TypeScript is bundled by esbuild, so that any Node reads it.

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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
    .replace(/^Unexpected (?!end of file).*$/s, "something unexpected stands here");

const locationText = ({ location, text }: Message): string =>
  location === null
    ? reasonOf(text)
    : `${basename(location.file)}, line ${location.line}, column ${location.column}: ${reasonOf(text)}`;

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
      entryPoints: [file],
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
    throw new Fixable(
      `${basename(file)} can't be read: ${errors.map(locationText).join("; ") || "it can't be bundled"}`,
    );
  }
}

/** What a configuration file exports. `flags` are the compatibility flags of its Worker. */
export async function loadDefinition(file: string, flags: readonly string[] = []): Promise<unknown> {
  if (!existsSync(file))
    throw new Fixable(
      `${basename(file)} is not there: it stands beside wrangler.toml, and \`cloudinary-edge-signer init\` writes one`,
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
        `${basename(file)} has no default export: write \`export default defineSigner({ … })\``,
      );
    return loaded.default;
  } catch (error) {
    if (error instanceof Fixable) throw error;
    // Its message may hold a value of the file's.
    const name = error instanceof Error ? error.name : "something that is not an error";
    throw new Fixable(
      `${basename(file)} can't be read: it threw ${name} when it was loaded${name === "TypeError" ? ": does it use what Workers have not, such as process?" : ""}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
