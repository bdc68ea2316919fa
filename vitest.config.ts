import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/setup.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    testTimeout: process.env.FULL === "1" ? 600_000 : 30_000,
    hookTimeout: 60_000,
  },
});
