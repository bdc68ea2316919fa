// Ten changes that a maintainer will want, kept as patches: each fits the sources as they are, and touches few of their
// files, which CONTRIBUTING.md names. With the full counts each is applied to a copy, type-checked and tested, by the
// tests that it brings and those that its first lines name.

import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { FULL } from "../support/counts.ts";

const run = promisify(execFile);
/** Most files of `src` that one change may touch. */
const MOST = 5;
/** Longest step, in milliseconds. */
const TIMEOUT_MS = 600_000;

interface Change {
  readonly name: string;
  readonly files: readonly StructuredPatch[];
  /** Test files beside those that the change brings. */
  readonly tests: readonly string[];
}

const at = (path: string | undefined): string => (path ?? "").replace(/^[ab]\//, "");
const isNew = ({ oldFileName }: StructuredPatch): boolean => oldFileName === "/dev/null";

const CHANGES: readonly Change[] = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".patch"))
  .sort()
  .map((file) => {
    const text = readFileSync(join(import.meta.dirname, file), "utf8");
    const files = parsePatch(text).filter(({ hunks }) => hunks.length > 0);
    const named = [...text.matchAll(/^Test: (.*)$/gm)].map(([, path]) => path!);
    return { name: file.replace(/\.patch$/, ""), files, tests: named };
  });

/** A file after the change; `undefined`: the patch does not fit. */
function changed(folder: string, patch: StructuredPatch): string | undefined {
  const before = isNew(patch) ? "" : readFileSync(join(folder, at(patch.oldFileName)), "utf8");
  return applyPatch(before, patch) || undefined;
}

const touched = ({ files }: Change): string[] => files.map(({ newFileName }) => at(newFileName));

it("there are ten", () => {
  expect(CHANGES.length).toBe(10);
});

describe.each(CHANGES)("$name", (change) => {
  it("fits the sources as they are", () => {
    for (const patch of change.files) expect(changed(PROJECT, patch), at(patch.newFileName)).toBeDefined();
  });

  it("touches few files of src, which CONTRIBUTING.md names, and brings a test", () => {
    const sources = touched(change).filter((path) => path.startsWith("src/"));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.length).toBeLessThanOrEqual(MOST);
    const table = readFileSync(join(PROJECT, "CONTRIBUTING.md"), "utf8");
    const row = table.split("\n").find((line) => line.includes(`(test/changes/${change.name}.patch)`)) ?? "";
    const named = [...row.matchAll(/`(src\/[^`]+)`/g)].map(([, path]) => path!);
    expect(named.sort()).toEqual(sources.sort());
    expect([...touched(change), ...change.tests].some((path) => path.endsWith(".test.ts"))).toBe(true);
  });
});

describe.runIf(FULL)("applied to a copy, type-checked and tested", () => {
  let copy: string;
  /** What is not copied: the packages are linked, and the rest is made anew. */
  const NOT_COPIED = new Set(["node_modules", ".git", "dist", ".wrangler"]);
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "edge-signer-changes-"));
    cpSync(PROJECT, copy, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
    for (const packages of ["node_modules", "test/node_modules"])
      symlinkSync(PROJECT + packages, join(copy, packages));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const node = (...args: string[]): Promise<unknown> => {
    const env = { ...process.env, FULL: "", NO_COLOR: "1", VITEST: "", LC_ALL: "en_US.UTF-8" };
    const options = { cwd: copy, env, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 };
    return run(process.execPath, args, options).catch((error) => {
      throw new Error(`${args.join(" ")}\n${error.stdout}\n${error.stderr}`);
    });
  };

  it.each(CHANGES)("$name", async (change) => {
    const before = new Map<string, string | undefined>();
    try {
      for (const patch of change.files) {
        const path = join(copy, at(patch.newFileName));
        before.set(path, isNew(patch) ? undefined : readFileSync(path, "utf8"));
        const after = changed(copy, patch)!;
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, after);
      }
      for (const project of [[], ["-p", "test"]]) await node("node_modules/typescript/bin/tsc", ...project);
      const tests = [...new Set([...touched(change), ...change.tests])].filter((path) =>
        path.endsWith(".test.ts"),
      );
      await node("test/node_modules/vitest/vitest.mjs", "run", "--config=test/vitest.config.ts", ...tests);
    } finally {
      for (const [path, text] of before)
        if (text === undefined) rmSync(path);
        else writeFileSync(path, text);
    }
  });
});
