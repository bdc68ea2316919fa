// With any single rule switched off, some test fails. The mutants run in a copy of the sources and the fast tests,
// with a configuration of their own; that takes minutes, so most of them run with the full counts alone.

import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
const QUICK_STAGE = ["test/policy/compile/compile.test.ts"];
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
    include: ["test/**/*.test.ts"],
    exclude: ["test/policy/mutations.test.ts"],
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

describe("tests that notice", () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "edge-signer-mutants-"));
    for (const part of ["src", "test", "package.json", "tsconfig.json", "wrangler.toml"])
      cpSync(PROJECT + part, join(copy, part), {
        recursive: true,
        filter: (path) => basename(path) !== "node_modules",
      });
    for (const packages of ["node_modules", "test/node_modules"])
      symlinkSync(PROJECT + packages, join(copy, packages));
    writeFileSync(join(copy, "test/vitest.config.ts"), CONFIG);
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  /** Runs the tests of the copy, up to the first that fails. */
  async function run(tests: readonly string[]): Promise<Outcome> {
    const output = join(copy, "outcome.json");
    rmSync(output, { force: true });
    const options = [
      "--config=test/vitest.config.ts",
      "--bail=1",
      "--reporter=json",
      `--outputFile=${output}`,
    ];
    const args = ["test/node_modules/vitest/vitest.mjs", "run", ...options, ...tests];
    const env = { ...process.env, FULL: "", TIMES: "2", NO_COLOR: "1", VITEST: "", LC_ALL: "en_US.UTF-8" };
    await new Promise<void>((resolve) => {
      execFile(process.execPath, args, { cwd: copy, env, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 }, () =>
        resolve(),
      );
    });
    const report = JSON.parse(readFileSync(output, "utf8"));
    type File = { status: string; name: string; message: string; assertionResults: unknown[] };
    const isBroken = ({ status, assertionResults, message }: File) =>
      status === "failed" && assertionResults.length === 0 && message !== "";
    const broken = (report.testResults as File[]).filter(isBroken);
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      broken: broken.map(({ name, message }) => `${name}: ${message}`),
    };
  }

  async function runMutant({ file, find, replace }: Mutation, tests: readonly string[]): Promise<Outcome> {
    const path = join(copy, "src", file);
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    try {
      return await run(tests);
    } finally {
      writeFileSync(path, text);
    }
  }

  const stages = FULL ? STAGES : [QUICK_STAGE];
  const mutants = FULL ? MUTATIONS : MUTATIONS.filter(({ find }) => QUICK.includes(find));

  it(
    "pass without a mutation",
    async () => {
      for (const tests of stages) {
        const outcome = await run(tests);
        expect(outcome).toMatchObject({ failed: 0, broken: [] });
        expect(outcome.passed).toBeGreaterThan(4);
      }
    },
    TIMEOUT_MS * stages.length,
  );

  it.each(mutants.map((mutation) => [name(mutation), mutation] as const))(
    "fail with %s",
    async (_, mutation) => {
      let noticed = 0;
      for (const tests of stages) {
        const outcome = await runMutant(mutation, tests);
        expect(outcome.broken).toEqual([]);
        noticed += outcome.failed;
        if (noticed > 0) break;
      }
      expect(noticed).toBeGreaterThan(0);
    },
    TIMEOUT_MS * stages.length,
  );
});
