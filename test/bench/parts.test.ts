// What a run leaves of the one before it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allKept, codeHash, keep } from "./parts.ts";
import { MACHINE, SAMPLE } from "./report/sample.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edge-signer-bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A run on a day, of some code. */
const size = (date: string, code?: string) => ({
  machine: { ...MACHINE, date },
  ...(code !== undefined && { code }),
  rows: SAMPLE.size.rows,
});

it.each<[what: string, now: ReturnType<typeof size>, before: string | undefined]>([
  ["the first run has none before it", size("day 1"), undefined],
  ["a run whose code nobody knows is no run of the same", size("day 2"), undefined],
  ["and not of known code either", size("day 3", "a"), undefined],
  ["the same code: the run before is kept", size("day 4", "a"), "day 3"],
  ["again: only one is kept", size("day 5", "a"), "day 4"],
  ["other code: what was kept of the old is no noise of it", size("day 6", "b"), undefined],
])("%s", async (_, now, expected) => {
  await keep("size", now, folder);
  const { kept, before } = await allKept(folder);
  expect([kept.size?.machine.date, before.size?.machine.date]).toEqual([now.machine.date, expected]);
});

it("parts are kept each for itself", async () => {
  await keep("signing", { ...SAMPLE.signing, code: "b" }, folder);
  await keep("signing", { ...SAMPLE.signing, code: "b" }, folder);
  const { kept, before } = await allKept(folder);
  const there = (parts: object) => Object.entries(parts).flatMap(([name, part]) => (part ? [name] : []));
  expect([there(kept), there(before)]).toEqual([["signing", "size"], ["signing"]]);
});

it("the same code has the same hash", async () => {
  expect(await codeHash()).toBe(await codeHash());
});
