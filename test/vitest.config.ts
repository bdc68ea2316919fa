import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests wait for programs, browsers and Workers more than they compute: three files at once, on two cores too. */
const WORKERS = 3;

/** Replaces a module, which no other file may get; all others share a process with what it has loaded. */
const REPLACES_A_MODULE = ["test/testing/emulator/chunks.test.ts"];

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
      { root, test: { ...common, name: "alone", include: REPLACES_A_MODULE } },
      {
        root,
        test: {
          ...common,
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...REPLACES_A_MODULE, "**/node_modules/**"],
          isolate: false,
        },
      },
    ],
  },
});
