// package.json of a new deployment: one that is there already is completed, for `npm install` writes one by itself. And
// from where the deployment takes this package.

import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { PROJECT } from "../testing/local-worker.ts";
import { Fixable } from "./fixable.ts";

const NAME = "cloudinary-edge-signer";

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Tables of package.json by which packages are installed. */
const INSTALLED = ["dependencies", "devDependencies", "optionalDependencies"];

const specIn = (manifest: Table, name: string): unknown =>
  INSTALLED.map((table) => manifest[table])
    .filter(isTable)
    .map((table) => table[name])
    .find((spec) => spec !== undefined);

/** A package.json, or an error that says what else it is. */
export function readManifest(text: string, path: string): Table {
  try {
    const manifest = JSON.parse(text);
    if (isTable(manifest)) return manifest;
  } catch {
    // Said below.
  }
  throw new Fixable(`fix ${path} first: it is not a JSON object`);
}

/** What is there, with what it lacks of another one. No value that is there is changed. */
function completed(there: Table, lacking: Table): Table {
  const added = Object.entries(lacking).map(([name, value]) => {
    const own = there[name];
    return [name, isTable(own) && isTable(value) ? completed(own, value) : (own ?? value)];
  });
  return { ...there, ...Object.fromEntries(added) };
}

/** The text of a package.json that is there, with what a deployment needs beside it. */
export function completedManifest(text: string, wanted: string, path: string): string {
  const there = readManifest(text, path);
  const lacking = JSON.parse(wanted) as Table;
  const needed = INSTALLED.filter((table) => isTable(lacking[table])).map((table) => {
    // Each package stands in one table.
    const packages = Object.entries(lacking[table] as Table);
    return [table, Object.fromEntries(packages.filter(([name]) => specIn(there, name) === undefined))];
  });
  const [, indent = "  "] = /^\{\r?\n([ \t]+)/.exec(text) ?? [];
  return `${JSON.stringify(completed(there, { ...lacking, ...Object.fromEntries(needed) }), null, indent)}\n`;
}

/** A file of some folder's, which is not this command's to judge: what can't be read is empty. */
async function readTable(path: string): Promise<Table> {
  try {
    return readManifest(await readFile(path, "utf8"), path);
  } catch {
    return {};
  }
}

/** By what this package is installed in a folder: as its package.json says, or else npm's own list. */
async function installedBy(folder: string): Promise<string | undefined> {
  const spec = specIn(await readTable(join(folder, "package.json")), NAME);
  if (typeof spec === "string" && spec !== "") return spec;
  const { packages } = await readTable(join(folder, "node_modules/.package-lock.json"));
  const listed = isTable(packages) ? packages[`node_modules/${NAME}`] : undefined;
  const resolved = isTable(listed) ? listed.resolved : undefined;
  // Of a registry's package it is the registry's address.
  return typeof resolved === "string" && resolved.startsWith("file:") ? resolved : undefined;
}

/** Folders in which this package may be installed: where it runs from, and those from here upwards. */
function homes(): string[] {
  const modules = dirname(PROJECT);
  const found = basename(modules) === "node_modules" ? [dirname(modules)] : [];
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    found.push(folder);
    if (dirname(folder) === folder) return found;
  }
}

/**
 * The spec of this package for a new folder: what it was installed from, as seen from there, where that is a file or an
 * address, for the registry may not have that version; else the version.
 */
export async function ownSpec(folder: string, version: string, from = homes()): Promise<string> {
  for (const home of from) {
    const spec = await installedBy(home);
    if (spec === undefined) continue;
    if (/^(https?|git)/.test(spec)) return spec;
    if (!spec.startsWith("file:")) break;
    const path = relative(folder, resolve(home, spec.slice("file:".length)));
    return `file:${path.split(sep).join("/")}`;
  }
  return `^${version}`;
}
