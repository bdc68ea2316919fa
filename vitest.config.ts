import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    // Tests wait for programs, browsers and Workers more than they compute: two files at once, on two cores too.
    maxWorkers: 2,
    testTimeout: process.env.FULL === "1" ? 600_000 : 30_000,
    hookTimeout: 60_000,
  },
});
