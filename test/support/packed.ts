// The package as `npm pack` makes it, and a folder in which it is installed: by links to what this project has, or, as
// FULL=1 says, by npm from its registry.

import { execFile } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { FULL } from "./counts.ts";
import { once } from "./once.ts";

const run = promisify(execFile);
const NAME = "cloudinary-edge-signer";

/** What `npm pack` made. */
export interface Packed {
  readonly tarball: string;
  /** Paths of its files. */
  readonly files: readonly string[];
}

/** Packs this project, once for all: two at once would build into each other's files. */
export const pack = (): Promise<Packed> =>
  once("packed", async (folder) => {
    const args = ["pack", "--json", "--pack-destination", folder];
    const { stdout } = await run("npm", args, { cwd: PROJECT });
    const [packed] = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m)))) as {
      filename: string;
      files: { path: string }[];
    }[];
    return { tarball: join(folder, packed!.filename), files: packed!.files.map(({ path }) => path) };
  });

/** Makes a folder of what was packed, as npm would: unpacked once, and linked from there, for nobody writes into its files. */
export async function unpack(home: string): Promise<void> {
  const { tarball } = await pack();
  const unpacked = await once("unpacked", async (folder) => {
    await run("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
    return folder;
  });
  mkdirSync(home, { recursive: true });
  for (const entry of readdirSync(unpacked, { recursive: true, withFileTypes: true })) {
    const to = join(home, relative(unpacked, entry.parentPath), entry.name);
    if (entry.isDirectory()) mkdirSync(to, { recursive: true });
    else linkSync(join(entry.parentPath, entry.name), to);
  }
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const readManifest = async (path: string): Promise<Manifest> => JSON.parse(await readFile(path, "utf8"));

/** What npm installs for a package: not its optional peers, and of optional ones what there is for this machine. */
const needs = (manifest: Manifest): string[] => [
  ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
  ...Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
  ),
];

/** Installs the package and what a deployment's package.json names. */
export async function install(folder: string, tarball: string): Promise<void> {
  const manifest = join(folder, "package.json");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replace(/("cloudinary-edge-signer": )"[^"]*"/, `$1"file:${tarball}"`));
  if (FULL) {
    await run("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder });
    return;
  }
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  await unpack(join(modules, NAME));
  const own = await readManifest(join(modules, NAME, "package.json"));
  const { devDependencies = {} } = await readManifest(manifest);
  for (const name of new Set([...needs(own), ...Object.keys(devDependencies)]))
    await symlink(join(PROJECT, "node_modules", name), join(modules, name));
  await symlink(`../${NAME}/dist/package/cli.js`, join(modules, ".bin", NAME));
  for (const bin of ["wrangler", "node"])
    await symlink(join(PROJECT, "node_modules/.bin", bin), join(modules, ".bin", bin));
}

/** The packages that these names bring, by where they are installed. */
async function closure(
  modules: string,
  names: readonly string[],
  found = new Set<string>(),
): Promise<Set<string>> {
  for (const name of names) {
    const manifest = join(modules, name, "package.json");
    if (found.has(name) || !existsSync(manifest)) continue;
    found.add(name);
    await closure(modules, needs(await readManifest(manifest)), found);
  }
  return found;
}

/** What a deployment installs beside wrangler and all that it brings. */
export async function besideWrangler(folder: string): Promise<string[]> {
  const { dependencies = {}, devDependencies = {} } = await readManifest(join(folder, "package.json"));
  // Where all of it is: links lead out of the folder.
  const modules = join(folder, "node_modules");
  const all = new Set<string>();
  const names = Object.keys({ ...dependencies, ...devDependencies });
  for (const name of names) {
    all.add(name);
    const manifest = await readManifest(join(modules, name, "package.json"));
    const home = FULL ? modules : join(PROJECT, "node_modules");
    for (const one of await closure(home, needs(manifest))) all.add(one);
  }
  const home = FULL ? modules : join(PROJECT, "node_modules");
  const wrangler = await closure(home, ["wrangler"]);
  return [...all].filter((name) => !wrangler.has(name)).sort();
}

/** The folder of Node that runs this, for commands that look for one. */
export const NODE_FOLDER = dirname(process.execPath);
