// `npm run build:twice [-- FOLDER]`: the last commit is built twice, in clean copies at places of other lengths, and both
// are equal to the byte: the package, and the Worker's bundle with its source map. FOLDER gets the package.
//
// Equal builds let anybody find out whether a published package is what this source makes.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { buildWorker, PROJECT } from "../testing/local-worker.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";

const run = promisify(execFile);

/** The same files under another folder, without a copy of what is in them. */
async function linkAll(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // What commands keep there is of this place.
    if (entry.name === ".cache") continue;
    if (entry.isDirectory()) await linkAll(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target);
  }
}

/** Builds a clean copy, and answers where its package is. */
async function buildAt(folder: string, project: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await run("git", ["clone", "--quiet", project, folder]);
  await linkAll(join(project, "node_modules"), join(folder, "node_modules"));
  // By a name without its place, which wrangler writes into the source map.
  await buildWorker("made", { config: join(folder, "wrangler.toml") });
  // It holds the time.
  await rm(join(folder, "made/README.md"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", join(folder, "made")], {
    cwd: folder,
  });
  const [packed] = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m)))) as { filename: string }[];
  return join(folder, "made", packed!.filename);
}

/** The SHA-256 of each file below a folder, in hexadecimal. */
async function hashesOf(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashes = files.sort().map(async (file) => {
    const hash = createHash("sha256").update(await readFile(file));
    return [file.slice(folder.length + 1), hash.digest("hex")] as const;
  });
  return new Map(await Promise.all(hashes));
}

/** Files that are not the same in both, or in one alone. */
export async function differing(one: string, other: string): Promise<string[]> {
  const [first, second] = await Promise.all([hashesOf(one), hashesOf(other)]);
  return [...new Set([...first.keys(), ...second.keys()])].filter(
    (name) => first.get(name) !== second.get(name),
  );
}

/** `project` is what is built. */
export async function main([into]: readonly string[], io: Io, project = PROJECT): Promise<number> {
  await mkdir(join(project, "dist"), { recursive: true });
  // Below the project, where links can be made; git ignores it.
  const folder = await mkdtemp(join(project, "dist/twice-"));
  // A package keeps who may read its files.
  const before = process.umask(0o022);
  try {
    const [one, other] = [join(folder, "a"), join(folder, "another/place")];
    const packed = await buildAt(one, project);
    await buildAt(other, project);
    const unequal: string[] = [];
    for (const part of ["made", "dist"])
      for (const name of await differing(join(one, part), join(other, part))) unequal.push(`${part}/${name}`);
    if (unequal.length > 0) {
      io.err(`✗ find out what two builds do differently: ${unequal.join(", ")}`);
      return 1;
    }
    const { stdout: commit } = await run("git", ["rev-parse", "--short", "HEAD"], { cwd: project });
    io.out(`✓ two builds of ${commit.trim()} are equal:`);
    for (const [name, hash] of await hashesOf(join(one, "made"))) io.out(`  ${hash}  ${name}`);
    if (into !== undefined) await copyFile(packed, join(into, basename(packed)));
    return 0;
  } finally {
    process.umask(before);
    await rm(folder, { recursive: true });
  }
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);
