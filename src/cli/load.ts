// A configuration file as a module: TypeScript is bundled by esbuild, so that any Node reads it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Message } from "esbuild";
import { Fixable } from "./fixable.ts";

const placeOf = ({ location, text }: Message): string =>
  location === null
    ? text
    : `${basename(location.file)}, line ${location.line}, column ${location.column}: ${text}`;

async function bundled(file: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0]!.text;
  } catch (error) {
    const { errors = [] } = error as { errors?: readonly Message[] };
    throw new Fixable(
      `${basename(file)} can't be read: ${errors.map(placeOf).join("; ") || "it is not there"}`,
    );
  }
}

/** What a configuration file exports. */
export async function loadDefinition(file: string): Promise<unknown> {
  const text = await bundled(file);
  const folder = await mkdtemp(join(tmpdir(), "edge-signer-config-"));
  try {
    const module = join(folder, "config.mjs");
    await writeFile(module, text);
    const loaded = (await import(pathToFileURL(module).href)) as { default?: unknown };
    if (loaded.default === undefined)
      throw new Fixable(`${basename(file)} exports nothing: write \`export default defineSigner({ … })\``);
    return loaded.default;
  } catch (error) {
    if (error instanceof Fixable) throw error;
    // Its message may hold a value of the file's.
    throw new Fixable(
      `${basename(file)} can't be read: it threw ${(error as Error).name ?? "something"} when it was loaded`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
