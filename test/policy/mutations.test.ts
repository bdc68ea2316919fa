// With any single rule switched off, some test fails. The mutants run in a copy of the sources and the fast tests,
// with a configuration of their own; that takes minutes, so most of them run with the full counts alone.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { FULL } from "../support/counts.ts";
import { MUTATIONS, type Mutation } from "./mutations.ts";

/** Longest run of a stage, in milliseconds; some take a minute where nothing else is done. */
const TIMEOUT_MS = 600_000;
/** Mutants of the quick run, one each of two files; and the one file of tests that notices both. */
const QUICK = ["if (CONTROL.test(text))", "fixed.items.every(isOwn)"];
const QUICK_TEST = "test/policy/compile/compile.test.ts";
/** Tests that need no Worker to be built, from fast to slow: most mutants are noticed by the first. */
const STAGES: readonly (readonly string[])[] = [
  [
    "test/policy/values",
    "test/policy/tables",
    "test/policy/compile",
    "test/policy/decide",
    "test/policy/property-names.test.ts",
    "test/policy/property-files.test.ts",
  ],
  [
    "test/access",
    "test/keys",
    "test/limits",
    "test/tickets",
    "test/http",
    "test/config",
    "test/signature/vectors.test.ts",
    "test/library/verify-receipt.test.ts",
    "test/notifications",
  ],
  ["test/policy/properties.test.ts", "test/policy/property-owners.test.ts"],
];

const CONFIG = `import { defineConfig } from "vitest/config";
export default defineConfig({
  test: {
    include: ["**/test/**/*.test.ts"],
    exclude: ["test/policy/mutations.test.ts", "**/node_modules/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What runs in workerd wants a Worker that was built.
    testNamePattern: /^(?!.*workerd)/,
  },
});
`;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Files that did not load, with the reason: a mutant of which this is all that happened proves nothing. */
  readonly broken: string[];
}

const name = ({ rule, file, find, replace }: Mutation): string =>
  [`${rule} ${file}: ${find}`, `-> ${replace || "(nothing)"}`].join(" ").replace(/\s+/g, " ");

const occurrences = (text: string, part: string): number => text.split(part).length - 1;

describe("every text that is replaced is found once", () => {
  it.each(MUTATIONS.map((mutation) => [name(mutation), mutation] as const))(
    "%s",
    (_, { file, find, replace }) => {
      expect(occurrences(readFileSync(`${PROJECT}src/${file}`, "utf8"), find)).toBe(1);
      expect(replace).not.toBe(find);
    },
  );

  it("and each rule has one", () => {
    const rules = MUTATIONS.map(({ rule }) => rule);
    for (let rule = 1; rule <= 14; rule += 1) expect(rules).toContain(`R${rule}`);
    for (const text of QUICK) expect(MUTATIONS.map(({ find }) => find)).toContain(text);
  });
});

/** Copies the sources, and tests with what they read: folders or files. */
function copyInto(folder: string, ...tests: readonly string[]): void {
  for (const part of ["src", ...tests, "package.json", "tsconfig.json", "wrangler.toml"])
    cpSync(PROJECT + part, join(folder, part), {
      recursive: true,
      filter: (path) => basename(path) !== "node_modules",
    });
}

/** Where Vitest runs, and all that it runs stands below. */
function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), "edge-signer-mutants-"));
  mkdirSync(join(root, "test"));
  for (const packages of ["node_modules", "test/node_modules"])
    symlinkSync(PROJECT + packages, join(root, packages));
  writeFileSync(join(root, "test/vitest.config.ts"), CONFIG);
  return root;
}

/** Runs tests below a root, and tells the outcome of those in each of these folders. */
async function run(root: string, folders: readonly string[], args: readonly string[]): Promise<Outcome[]> {
  const output = join(root, "outcome.json");
  rmSync(output, { force: true });
  const options = ["--config=test/vitest.config.ts", "--reporter=json", `--outputFile=${output}`];
  const all = ["test/node_modules/vitest/vitest.mjs", "run", ...options, ...args];
  const env = { ...process.env, FULL: "", TIMES: "4", NO_COLOR: "1", VITEST: "", LC_ALL: "en_US.UTF-8" };
  await new Promise<void>((resolve) => {
    execFile(process.execPath, all, { cwd: root, env, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 }, () =>
      resolve(),
    );
  });
  const report = JSON.parse(readFileSync(output, "utf8"));
  type File = {
    status: string;
    name: string;
    message: string;
    assertionResults: readonly { readonly status: string }[];
  };
  const isBroken = ({ status, assertionResults, message }: File) =>
    status === "failed" && assertionResults.length === 0 && message !== "";
  return folders.map((folder) => {
    const files = (report.testResults as File[]).filter((file) => file.name.startsWith(`${folder}/`));
    const results = files.flatMap(({ assertionResults }) => assertionResults);
    return {
      passed: results.filter(({ status }) => status === "passed").length,
      failed: results.filter(({ status }) => status === "failed").length,
      broken: files.filter(isBroken).map(({ name, message }) => `${name}: ${message}`),
    };
  });
}

/** Switches the rule off in a copy, and answers what switches it on again. */
function mutate(copy: string, { file, find, replace }: Mutation): () => void {
  const path = join(copy, "src", file);
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  return () => writeFileSync(path, text);
}

// One run over three copies in one process: each by itself would start Vitest, which takes a second.
it.skipIf(FULL)("tests pass without a mutation, and notice each of two", async () => {
  const root = newRoot();
  const mutants = MUTATIONS.filter(({ find }) => QUICK.includes(find));
  const copies = [undefined, ...mutants].map((mutant, i) => {
    const copy = join(root, `copy-${i}`);
    copyInto(copy, QUICK_TEST);
    if (mutant !== undefined) mutate(copy, mutant);
    return copy;
  });
  const [right, ...outcomes] = await run(root, copies, ["--maxWorkers=1", "--no-isolate"]).finally(() =>
    rmSync(root, { recursive: true, force: true }),
  );
  expect(right).toMatchObject({ failed: 0, broken: [] });
  expect(right!.passed).toBeGreaterThan(4);
  expect(outcomes).toHaveLength(QUICK.length);
  for (const [i, outcome] of outcomes.entries()) {
    expect(outcome.broken).toEqual([]);
    expect(outcome.failed, name(mutants[i]!)).toBeGreaterThan(0);
  }
});

describe.runIf(FULL)("tests that notice", () => {
  let copy: string;
  beforeAll(() => {
    copy = newRoot();
    copyInto(copy, "test", "docs/openapi.json");
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  /** Runs a stage, up to the first test that fails. */
  const runStage = async (tests: readonly string[]): Promise<Outcome> =>
    (await run(copy, [copy], ["--bail=1", ...tests]))[0]!;

  it(
    "pass without a mutation",
    async () => {
      for (const tests of STAGES) {
        const outcome = await runStage(tests);
        expect(outcome).toMatchObject({ failed: 0, broken: [] });
        expect(outcome.passed).toBeGreaterThan(4);
      }
    },
    TIMEOUT_MS * STAGES.length,
  );

  it.each(MUTATIONS.map((mutation) => [name(mutation), mutation] as const))(
    "fail with %s",
    async (_, mutation) => {
      let noticed = 0;
      for (const tests of STAGES) {
        const restore = mutate(copy, mutation);
        const outcome = await runStage(tests).finally(restore);
        expect(outcome.broken).toEqual([]);
        noticed += outcome.failed;
        if (noticed > 0) break;
      }
      expect(noticed).toBeGreaterThan(0);
    },
    TIMEOUT_MS * STAGES.length,
  );
});
