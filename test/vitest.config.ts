import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    // Tests wait for programs, browsers and Workers more than they compute: two files at once, on two cores too.
    maxWorkers: 2,
    // What hangs ends some day; a machine that is busy with other things ends nothing.
    testTimeout: process.env.FULL === "1" ? 900_000 : 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
