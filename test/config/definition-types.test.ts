// The compiler over definition-types.ts: what it expects to be an error is one, and nothing else is.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { apart, tsc } from "../support/tsc.ts";

const SOURCE = join(PROJECT, "test/config/definition-types.ts");
let text: string;
/** What the compiler says of that file, and of a copy of which no mistake is expected. */
let said: { readonly about: string; readonly others: string };

beforeAll(async () => {
  text = await readFile(SOURCE, "utf8");
  const folder = await mkdtemp(join(PROJECT, "test/config/.types-"));
  const bare = join(folder, "bare.ts");
  const kept = text
    .replaceAll("// @ts-expect-error", "//")
    .replace("../../src/config.ts", "../../../src/config.ts");
  await writeFile(bare, kept);
  const options = "--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck --module esnext";
  const more =
    "--moduleResolution bundler --target es2024 --lib es2024 --allowImportingTsExtensions --ignoreConfig";
  const types = ["--types", "@cloudflare/workers-types"];
  const args = [...`${options} ${more}`.split(" "), ...types, SOURCE, bare];
  said = apart(await tsc(args, PROJECT), relative(PROJECT, bare));
  await rm(folder, { recursive: true });
});

it("each of more than forty mistakes does not compile, and each of as many twins does", () => {
  const mistakes = text.match(/^\/\/ @ts-expect-error/gm)!.length;
  const calls = text.match(/^[a-z0-9]+\w*\(.*\);$/gim)!.length;
  expect(mistakes).toBeGreaterThanOrEqual(40);
  expect(calls - mistakes).toBeGreaterThanOrEqual(mistakes);
  expect(said.others).toBe("");
});

it("the compiler notices: without the expectations every mistake is an error", () => {
  // What it says names types that people can look up, and no tables.
  expect(said.about).toContain("'tags' does not exist in type 'SetDefinition<\"destroy\">'");
  expect(said.about).not.toContain("readonly [");
  const lines = new Set(said.about.match(/bare\.ts\(\d+/g));
  expect(lines.size).toBe(text.match(/^\/\/ @ts-expect-error/gm)!.length);
});
