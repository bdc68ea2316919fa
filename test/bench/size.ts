// How large a Worker is, and how soon it answers.

import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { bundle } from "./bundles.ts";
import { BARE, CAREFUL, PUBLIC, RECIPE, SDK, SMALLEST } from "./contenders.ts";
import type { Progress } from "./progress.ts";
import { startMilliseconds } from "./start.ts";
import { median } from "./statistics.ts";
import { compile } from "./workerd.ts";

/** How often each is started, in turn. */
const ROUNDS = 15;

export interface SizeRow {
  readonly name: string;
  readonly title: string;
  /** Bytes of the bundle as wrangler minifies it, and gzipped. */
  readonly minified: number;
  readonly gzipped: number;
  /** Milliseconds from the process's start to the first answer, in each round. */
  readonly start: readonly number[];
}

export async function measureSize(progress: Progress): Promise<{ rows: SizeRow[] }> {
  const rows: (SizeRow & { start: number[]; once: () => Promise<number> })[] = [];
  for (const contender of [BARE, SMALLEST, PUBLIC, CAREFUL, SDK, RECIPE]) {
    const { name, title, bindings } = contender;
    const built = await bundle(contender.bundle);
    const bytes = await readFile(built.file);
    const binary = await compile(built, bindings);
    const once = () => startMilliseconds(contender, binary);
    // The first start reads the files from the disk.
    await once();
    const gzipped = gzipSync(bytes, { level: 9 }).length;
    rows.push({ name, title, minified: bytes.length, gzipped, start: [], once });
  }
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { once, start } of rows) start.push(await once());
    const times = rows.map(({ name, start }) => `${name} ${median(start).toFixed(0)} ms`);
    progress.say(`round ${round} of ${ROUNDS}: ${times.join(", ")}`);
  }
  return { rows: rows.map(({ once: _, ...row }) => row) };
}
