// docs/replays.md is in step, and what `check --print` says of other methods is what the SDK says of the signatures.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { replaysOf } from "../../src/cli/replay-words.ts";
import type { Profile, ProfileInput } from "../../src/policy/profile.ts";
import { configurations } from "../policy/configurations.ts";
import { scenarios } from "../policy/generators.ts";
import { compiled, SIGNER } from "../policy/property-trial.ts";
import { cases } from "../support/counts.ts";
import { configModule } from "../support/once.ts";
import { type Cell, DIGESTS, REPLAYED, replays } from "./replays.ts";
import { DOCUMENT, documented, withMatrix } from "./write-replays.ts";

const ROWS = await documented(await configModule());

it("docs/replays.md has the matrix of today: `npm run docs` writes it", () => {
  const document = readFileSync(DOCUMENT, "utf8");
  expect(document).toBe(withMatrix(document, ROWS));
});

it("and is empty but for what the profiles are for, what is the caller's own, and what was accepted by name", () => {
  expect(ROWS.length).toBeGreaterThan(15);
  for (const { name, cells } of ROWS) {
    expect(
      [...cells.values()].filter(({ reach }) => reach === undefined),
      name,
    ).toEqual([]);
    expect(
      DIGESTS.filter((digest) => cells.has(digest)),
      name,
    ).toEqual([]);
    expect(
      [...cells.values()].some(({ reach }) => reach === "for"),
      name,
    ).toBe(true);
  }
});

/** What the tables say, in the words of the matrix: of two ways to the same method, the one that reaches further. */
function told(profile: Profile): Record<string, string> {
  const rows = replaysOf(profile).toSorted((a, b) => Number(b.reach === "own") - Number(a.reach === "own"));
  return Object.fromEntries(rows.map(({ method, reach }) => [method, reach]));
}

const judged = (cells: ReadonlyMap<string, Cell>): Record<string, string | undefined> =>
  Object.fromEntries(
    [...cells].filter(([, { reach }]) => reach !== "for").map(([name, { reach }]) => [name, reach]),
  );

it.each(ROWS.map((row) => [`${row.name} (${row.from})`, row] as const))(
  "check --print tells the same of %s",
  (_, { name, config, cells }) => {
    expect(told(config.profiles.get(name)!)).toEqual(judged(cells));
  },
);

it("and of generated profiles of all methods", async () => {
  const met = new Set<string>();
  async function check(input: ProfileInput): Promise<void> {
    const profile = compiled(input);
    if (profile === undefined) return;
    const cells = await replays(profile, input.allow ?? [], SIGNER);
    // What is signed for nobody at all, since no choice fits, says nothing.
    if (cells.size === 0) return;
    met.add(profile.method.name);
    for (const [method, { reach }] of cells) if (reach !== "for") met.add(`${method} ${reach}`);
    expect(judged(cells), JSON.stringify(input)).toEqual(told(profile));
  }
  await fc.assert(
    fc.asyncProperty(configurations, ({ kept }) => Promise.all(kept.map(check)).then(() => {})),
    { numRuns: cases(200, 5_000), seed: 20261128 },
  );
  await fc.assert(
    fc.asyncProperty(scenarios, ({ asker: { profile } }) => check(profile)),
    { numRuns: cases(500, 20_000), seed: 20261129 },
  );
  for (const method of [
    "upload",
    "destroy",
    "rename",
    "explicit",
    "tags",
    "context",
    "metadata",
    "generate_archive",
  ])
    expect(met).toContain(method);
  for (const one of ["destroy own", "destroy destroy-by-public-id", "destroy others-assets", "upload own"])
    expect(met).toContain(one);
  expect(REPLAYED.length).toBeGreaterThan(20);
});
