import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Files that wait for most of their time, for what is slow or hangs, the longest first. */
const WAITING = ["worker/queue", "worker/application", "browser/explained", "http/waiting"];

/** How many files compute, beside each of those, until it is at its end. */
const BESIDE = 5;

/** The longest first, and one that waits at a time: several would leave the processor idle. */
class OneWaiting extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      WAITING.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
    const sorted = (await super.sort(files)).filter((file) => place(file) === -1);
    const waiting = files.filter((file) => place(file) !== -1).sort((a, b) => place(a) - place(b));
    for (const [i, file] of waiting.entries()) sorted.splice(i * (BESIDE + 1), 0, file);
    return sorted;
  }
}

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
    // Tests wait for programs, browsers and Workers more than they compute: four files at once, on two cores too.
    maxWorkers: 4,
    sequence: { sequencer: OneWaiting },
    // They share a process and what it has loaded: each file puts back what it changes, and replaces no module.
    isolate: false,
    // What tests make lives shortly: with more room for the young it is looked through less often. Nor do threads of the
    // collector help where every core has a file of its own.
    execArgv: ["--max-semi-space-size=32", "--single-threaded-gc"],
    // What hangs ends some day; a machine that is busy with other things ends nothing.
    testTimeout: process.env.FULL === "1" ? 900_000 : 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
