import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests wait for programs, browsers and Workers more than they compute: three files at once, on two cores too. */
const WORKERS = 3;

/**
 * Files that start nothing and leave nothing behind: they share a process and the modules in it, which saves a third of
 * their time. A file that replaces a module, or the environment for good, is none of them.
 */
const PURE = [
  ...["access", "client", "limits", "keys", "tickets"].map((folder) => `test/${folder}/*.test.ts`),
  "test/bench/{least,statistics,report/report}.test.ts",
  "test/cli/{public-suffix,terminal}.test.ts",
  "test/config/{environment,told-apart}.test.ts",
  "test/explain/*.test.ts",
  "test/hono/hono.test.ts",
  "test/library/{differential,refused,vectors}.test.ts",
  "test/policy/!(mutations).test.ts",
  "test/policy/{values,tables,compile,decide}/*.test.ts",
  "test/explain/*.test.ts",
  "test/signature/vectors.test.ts",
  "test/testing/emulator/*.test.ts",
  "test/{observe,http/wire}/*.test.ts",
  "test/{methods-doc,within}.test.ts",
];

const root = fileURLToPath(new URL("..", import.meta.url));
const common = {
  root,
  maxWorkers: WORKERS,
  // What hangs ends some day; a machine that is busy with other things ends nothing.
  testTimeout: process.env.FULL === "1" ? 900_000 : 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  root,
  test: {
    globalSetup: ["test/support/setup.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    maxWorkers: WORKERS,
    projects: [
      {
        root,
        test: {
          ...common,
          name: "alone",
          include: ["test/**/*.test.ts"],
          exclude: [...PURE, "**/node_modules/**"],
        },
      },
      { root, test: { ...common, name: "together", include: PURE, isolate: false } },
    ],
  },
});
