import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  // How long each file took, by which the longest begin first: in the root's node_modules `npm ci` would forget it.
  cacheDir: fileURLToPath(new URL("node_modules/.vite", import.meta.url)),
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    globalSetup: ["test/support/setup.ts"],
    setupFiles: ["test/support/put-back.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    // Tests wait for programs, browsers and Workers more than they compute: three files at once, on two cores too.
    maxWorkers: 3,
    // They share a process and what it has loaded: each file puts back what it changes, and replaces no module.
    isolate: false,
    // What tests make lives shortly: with more room for the young it is looked through less often.
    execArgv: ["--max-semi-space-size=32"],
    // What hangs ends some day; a machine that is busy with other things ends nothing.
    testTimeout: process.env.FULL === "1" ? 900_000 : 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
