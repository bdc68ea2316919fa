// The compiler over definition-types.ts: what it expects to be an error is one, and nothing else is.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";

const SOURCE = join(PROJECT, "test/config/definition-types.ts");
let folder: string;
let text: string;
beforeAll(async () => {
  text = await readFile(SOURCE, "utf8");
  folder = await mkdtemp(join(PROJECT, "test/config/.types-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the compiler says of a file. */
async function compile(file: string): Promise<string> {
  const tsc = join(PROJECT, "node_modules/.bin/tsc");
  const options = "--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck --module esnext";
  const more =
    "--moduleResolution bundler --target es2024 --lib es2024 --allowImportingTsExtensions --ignoreConfig";
  const types = ["--types", "@cloudflare/workers-types"];
  try {
    await promisify(execFile)(tsc, [...`${options} ${more}`.split(" "), ...types, file], { cwd: PROJECT });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

it("each of more than forty mistakes does not compile, and each of as many twins does", async () => {
  const mistakes = text.match(/^\/\/ @ts-expect-error/gm)!.length;
  const calls = text.match(/^[a-z0-9]+\w*\(.*\);$/gim)!.length;
  expect(mistakes).toBeGreaterThanOrEqual(40);
  expect(calls - mistakes).toBeGreaterThanOrEqual(mistakes);
  expect(await compile(SOURCE)).toBe("");
});

it("the compiler notices: without the expectations every mistake is an error", async () => {
  const bare = join(folder, "bare.ts");
  const kept = text
    .replaceAll("// @ts-expect-error", "//")
    .replace("../../src/config.ts", "../../../src/config.ts");
  await writeFile(bare, kept);
  const said = await compile(bare);
  // What it says names types that people can look up, and no tables.
  expect(said).toContain("'tags' does not exist in type 'SetDefinition<\"destroy\">'");
  expect(said).not.toContain("readonly [");
  const lines = new Set(said.match(/bare\.ts\(\d+/g));
  expect(lines.size).toBe(text.match(/^\/\/ @ts-expect-error/gm)!.length);
});
