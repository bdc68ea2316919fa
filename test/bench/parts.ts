// The parts of the bench, their data, and where it is kept: one file each, so that one part can be run alone. Of the same
// code the run before is kept too, so that a reader sees the noise.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { Acts } from "./acts.ts";
import type { Growth } from "./growth.ts";
import type { Machine } from "./machine.ts";
import type { Million } from "./million-requests.ts";
import type { NotificationsRow } from "./notifications.ts";
import type { Profiled } from "./profile/profile.ts";
import type { Measured } from "./rounds.ts";
import type { SigningCase } from "./signing.ts";
import type { SizeRow } from "./size.ts";
import type { Uploads } from "./uploads.ts";

/** What each part measures. */
export interface PartData {
  signing: { readonly cases: readonly SigningCase[] };
  requests: { readonly rows: readonly Measured[] };
  profile: { readonly rows: readonly Profiled[] };
  size: { readonly rows: readonly SizeRow[] };
  growth: Growth;
  uploads: Uploads;
  notifications: { readonly rows: readonly NotificationsRow[] };
  acts: Acts;
  million: Million;
}

export type PartName = keyof PartData;
export const PART_NAMES = [
  "signing",
  "requests",
  "profile",
  "size",
  "growth",
  "uploads",
  "notifications",
  "acts",
  "million",
] as const;

/** A part as it is kept. */
export type Kept<Name extends PartName> = {
  readonly machine: Machine;
  /** A hash of the code that was measured; files of before there was one have none. */
  readonly code?: string;
} & PartData[Name];

/** All parts that were ever run here. */
export type AllKept = { readonly [Name in PartName]?: Kept<Name> };

/** Where the parts are kept, and in a folder of it those of the run before. */
export const FOLDER = join(PROJECT, "docs/bench");
const BEFORE = "last-run";

const fileOf = (folder: string, name: PartName): string => join(folder, `${name}.json`);

/** What is measured: our sources, and the Workers that they are compared with. */
const MEASURED = ["src", "test/bench/workers"];

export async function codeHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of MEASURED) {
    const files = await readdir(join(PROJECT, folder), { recursive: true, withFileTypes: true });
    const paths = files.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    for (const path of paths.sort()) hash.update(path.slice(PROJECT.length)).update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Digits that a figure is kept with; more would be noise. */
const DIGITS = 5;

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

/** What stands in a file; `undefined` where there is none. */
async function read<Name extends PartName>(path: string): Promise<Kept<Name> | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Keeps a part in place of what was measured of it before, which is kept beside it where the code was the same. */
export async function keep<Name extends PartName>(
  name: Name,
  part: Kept<Name>,
  folder = FOLDER,
): Promise<void> {
  const [now, before] = [fileOf(folder, name), fileOf(join(folder, BEFORE), name)];
  await mkdir(join(folder, BEFORE), { recursive: true });
  const last = await read(now);
  // Other code is no noise, and other figures of other code would be read as such.
  if (last?.code !== undefined && last.code === part.code) await rename(now, before);
  else await rm(before, { force: true });
  await writeFile(now, `${JSON.stringify(part, rounded, 1)}\n`);
}

/** All parts that were kept in a folder. */
async function allIn(folder: string): Promise<AllKept> {
  const kept: Record<string, unknown> = {};
  for (const name of PART_NAMES) kept[name] = await read(fileOf(folder, name));
  return kept;
}

/** All parts of the last run of each, and of the run before. */
export const allKept = async (folder = FOLDER): Promise<{ kept: AllKept; before: AllKept }> => ({
  kept: await allIn(folder),
  before: await allIn(join(folder, BEFORE)),
});
