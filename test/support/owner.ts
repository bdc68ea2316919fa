// A folder of an owner's, in which the package is installed: for code that imports it by its name, as configurations,
// snippets and apps do. Its entries are the sources, and for the compiler what it makes of them, as packages have it.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadDefinition } from "../../src/cli/load.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { configModule, once } from "./once.ts";
import { tsc } from "./tsc.ts";

/** What the package exports, by where it stands in `src`. */
const ENTRIES = {
  ".": "library/library.ts",
  "./client": "client/client.ts",
  "./config": "config.ts",
  "./hono": "hono.ts",
  "./react": "react/react.ts",
  "./testing": "testing/testing.ts",
  "./worker": "worker.ts",
} as const;

/** `types` of a compiler run, beside those that the code imports. */
type Types = "node" | "@cloudflare/workers-types";

const LIB = ["ES2024", "DOM", "DOM.Iterable"];

/** The declarations of all entries: a compiler that reads sources checks them anew each time. */
const declarations = (): Promise<string> =>
  once("declarations", async (folder) => {
    const types = join(folder, "types");
    const compilerOptions = {
      ...{ lib: LIB, types: ["node"], typeRoots: [join(PROJECT, "node_modules/@types")], jsx: "react-jsx" },
      ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, noCheck: true },
      ...{ rootDir: join(PROJECT, "src"), outDir: types },
    };
    const files = Object.values(ENTRIES).map((file) => join(PROJECT, "src", file));
    const config = {
      extends: join(PROJECT, "tsconfig.json"),
      compilerOptions,
      files,
      include: [],
      exclude: [],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
    const said = await tsc(["-p", "."], folder);
    if (said !== "") throw new Error(said);
    return types;
  });

export interface OwnerFolder {
  readonly path: string;
  /** Writes a file, and answers its path. */
  write(name: string, text: string): Promise<string>;
  /** What a configuration file exports, read as the command line reads it. */
  load(text: string): Promise<unknown>;
  /** What strict TypeScript says of files, all in one run; nothing, where they are right. */
  tsc(names: readonly string[], types?: readonly Types[]): Promise<string>;
  close(): Promise<void>;
}

/** `config` is the module that loaded texts import for the package's: what this process has loaded of it, else. */
export async function newOwnerFolder(config?: string): Promise<OwnerFolder> {
  const path = await mkdtemp(join(tmpdir(), "edge-signer-owner-"));
  const modules = join(path, "node_modules");
  const own = join(modules, "cloudinary-edge-signer");
  await mkdir(own, { recursive: true });
  for (const name of await readdir(join(PROJECT, "node_modules")))
    if (name !== "cloudinary-edge-signer" && name !== ".bin")
      await symlink(join(PROJECT, "node_modules", name), join(modules, name));
  await symlink(join(PROJECT, "src"), join(own, "src"));
  const entry = (file: string) => ({
    types: `./types/${file.replace(/\.ts$/, ".d.ts")}`,
    default: `./src/${file}`,
  });
  const exports = Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, entry(file)]));
  const { name, type, sideEffects } = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8"));
  const manifest = { name, type, sideEffects, exports };
  await writeFile(join(own, "package.json"), JSON.stringify(manifest));
  await mkdir(join(modules, ".bin"));
  const command = `#!/bin/sh\nexec '${process.execPath}' '${join(PROJECT, "src/cli/cli.ts")}' "$@"\n`;
  await writeFile(join(modules, ".bin/cloudinary-edge-signer"), command, { mode: 0o755 });

  let loaded = 0;
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  return {
    path,
    write,
    load: async (text) => {
      const module = JSON.stringify(config ?? (await configModule()));
      const here = text.replaceAll('"cloudinary-edge-signer/config"', module);
      return loadDefinition(await write(`config-${++loaded}/signer.config.ts`, here));
    },
    tsc: async (names, types = ["node"]) => {
      if (!existsSync(join(own, "types"))) await symlink(await declarations(), join(own, "types"));
      const lib = types.includes("node") ? LIB : ["ES2024"];
      const compilerOptions = { lib, types, noUnusedLocals: false };
      const config = { extends: join(PROJECT, "tsconfig.json"), compilerOptions, files: names };
      const project = await write(
        `tsconfig-${types.length}.json`,
        JSON.stringify({ ...config, include: [], exclude: [] }),
      );
      return tsc(["-p", project], path);
    },
    close: () => rm(path, { recursive: true, force: true }),
  };
}
