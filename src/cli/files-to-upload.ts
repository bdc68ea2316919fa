// Which files are meant by what was typed: files as they are named, folders with all that is in them, but hidden files
// and links, and addresses where Cloudinary is to fetch them.

import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileFault, isAddress } from "../tickets/curl.ts";
import { Fixable } from "./fixable.ts";

/** Most files of one run: more are a mistake, or want a script. */
const MAX_FILES = 10_000;

const unreadable = (path: string | undefined, code: string | undefined): string =>
  `make it readable: ${path} can't be read (${code})`;

async function* inFolder(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* inFolder(path);
    else if (entry.isFile()) yield path;
  }
}

async function* meantBy(path: string): AsyncGenerator<string> {
  const there = await stat(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new Fixable(code === "ENOENT" ? `name what is there: ${path} is not` : unreadable(path, code));
  });
  if (there.isDirectory()) yield* inFolder(path);
  else if (there.isFile()) yield path;
  else throw new Fixable(`write it into a file first: ${path} is neither a file nor a folder`);
}

/** An address as it was typed: it is in the command alone, for Cloudinary to fetch. */
function checkAddress(address: string, print: boolean): void {
  if (fileFault(address) !== undefined)
    throw new Fixable(
      `correct the address ${address}: it must begin with https:// or http://, percent-encoded and without user and password`,
    );
  if (!print)
    throw new Fixable(
      `add --print, whose command lets Cloudinary fetch ${address}: upload sends files of this machine`,
    );
}

/** Each file once, in the order in which they were named; addresses are for commands that are printed. */
export async function filesToUpload(paths: readonly string[], print: boolean): Promise<readonly string[]> {
  const found = new Map<string, string>();
  try {
    for (const path of paths) {
      if (isAddress(path)) {
        checkAddress(path, print);
        found.set(path, path);
        continue;
      }
      for await (const file of meantBy(path)) {
        if (!found.has(resolve(file))) found.set(resolve(file), file);
        if (found.size > MAX_FILES) throw new Fixable(`name fewer: there are more than ${MAX_FILES} files`);
      }
    }
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new Fixable(unreadable(path, code));
  }
  if (found.size === 0)
    throw new Fixable(
      `name files, or a folder with some: there are none in ${paths.join(", ")} but hidden ones, if any`,
    );
  return [...found.values()];
}
