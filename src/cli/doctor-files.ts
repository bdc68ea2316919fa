// The doctor's checks of files: the built front end, and what git tracks.

import { execFile } from "node:child_process";
import { realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { shellQuote } from "../tickets/curl.ts";
import { couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import { filesBelow, type Needle, type Scanned, scanFiles } from "./doctor-scan.ts";
import { Fixable } from "./fixable.ts";

/** How long git may take, in milliseconds; and the longest list of files, in bytes. */
const GIT_TIMEOUT_MS = 30_000;
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/** What wrangler reads secrets from, and examples for it do not hold. */
const isSecretFile = (path: string): boolean =>
  /^\.(dev\.vars|secrets)(\.|$)/.test(basename(path)) && !/\.(example|sample|template)$/.test(path);

/** A path as a word of a command line, of which no folder's name makes two, or a command. */
const asWord = (path: string): string => (/^[\w./@+-]+$/.test(path) ? path : shellQuote(path));

/** What was looked for, where the account's own secret is not at hand. */
const extent = (files: number, needles: readonly Needle[]): string =>
  `${files} ${files === 1 ? "file" : "files"}${needles.length === 0 ? ", searched for cloudinary:// addresses only: there is no secret here to look for" : ""}`;

const outcomes = (
  { leaks, files, unread }: Scanned,
  needles: readonly Needle[],
  place: (path: string) => string,
  fix: string,
): readonly Outcome[] => {
  const told = [
    ...leaks.flatMap(({ path, what }) => found(`${place(path)} holds ${what}`, fix)),
    ...unread.flatMap((why) => couldNot(why)),
  ];
  return told.length > 0 ? told : fine(extent(files, needles));
};

export async function needFolder(folder: string): Promise<void> {
  const there = await stat(folder).catch(() => undefined);
  if (!there?.isDirectory())
    throw new Fixable(`No such folder: ${folder}. Name a folder by --scan, such as dist`);
}

/** Secrets in what is served to browsers. */
export async function checkBuilt(folder: string, needles: readonly Needle[]): Promise<readonly Outcome[]> {
  const unread: string[] = [];
  const scanned = await scanFiles(
    folder,
    filesBelow(folder, (why) => unread.push(why)),
    needles,
  );
  return outcomes(
    { ...scanned, unread: [...scanned.unread, ...unread] },
    needles,
    (path) => join(folder, path),
    "take it out of the front end's code and build variables (VITE_…, NEXT_PUBLIC_…), and change it where it was made",
  );
}

/** All that the repository of a folder tracks, as paths from the folder. */
async function trackedFrom(folder: string): Promise<string[]> {
  // `:/` is the top of the repository.
  const args = ["-C", folder, "-c", "core.fsmonitor=false", "ls-files", "-z", "--", ":/"];
  const env = { ...process.env, GIT_LITERAL_PATHSPECS: "0" };
  const options = { env, timeout: GIT_TIMEOUT_MS, maxBuffer: MAX_LIST_BYTES };
  const { stdout } = await promisify(execFile)("git", args, options);
  return stdout.split("\0").filter((path) => path !== "");
}

/** Secrets in what git tracks, of the whole repository that the folder is in; paths are told as seen from the folder. */
export async function checkTracked(place: string, needles: readonly Needle[]): Promise<readonly Outcome[]> {
  // Where links lead to the folder, `..` is not what is above the link.
  const folder = await realpath(place).catch(() => place);
  let paths: string[];
  try {
    paths = await trackedFrom(folder);
  } catch (error) {
    const { code } = error as { code?: unknown };
    return couldNot(code === "ENOENT" ? "git is not installed" : "this is not in a git repository");
  }
  const scanned = await scanFiles(folder, paths, needles);
  const kept = paths
    .filter(isSecretFile)
    .flatMap((path) =>
      found(
        `git tracks ${path}, which is for secrets`,
        `run \`git rm --cached -- ${asWord(path)}\`, list it in .gitignore, and change what stood in it: its history keeps that`,
      ),
    );
  const told = outcomes(
    { ...scanned, leaks: scanned.leaks.filter(({ path }) => !isSecretFile(path)) },
    needles,
    (path) => `${path}, which git tracks,`,
    "remove it, and change it where it was made: git's history keeps the old one",
  );
  return kept.length > 0 ? [...kept, ...told.filter(({ state }) => state !== "fine")] : told;
}
