// The parts of the bench, their data, and where it is kept: one file each, so that one part can be run alone.

import { mkdir, readFile, writeFile } from "node:fs/promises";
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
export type Kept<Name extends PartName> = { readonly machine: Machine } & PartData[Name];

/** All parts that were ever run here. */
export type AllKept = { readonly [Name in PartName]?: Kept<Name> };

const FOLDER = join(PROJECT, "docs/bench");
const fileOf = (name: PartName): string => join(FOLDER, `${name}.json`);

/** Digits that a figure is kept with; more would be noise. */
const DIGITS = 5;

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

export async function keep<Name extends PartName>(name: Name, part: Kept<Name>): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(fileOf(name), `${JSON.stringify(part, rounded, 1)}\n`);
}

export async function allKept(): Promise<AllKept> {
  const kept: Record<string, unknown> = {};
  for (const name of PART_NAMES) {
    try {
      kept[name] = JSON.parse(await readFile(fileOf(name), "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return kept;
}
