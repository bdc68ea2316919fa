// The suite against one runtime, which the environment names: the same test files as ever, but what they import of
// `src` is the runtime's, and so is the signer that they ask over HTTP.

import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vitest/config";
import { defineConfig } from "vitest/config";
import { FILES, NOT_OURS } from "./groups.ts";
import { SUBJECTS } from "./subjects.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SRC = at("../../src");
const HERE = at(".");
const SUBJECT = "\0subject:";

/** The module whose exports are the runtime's. */
function remoteModule(module: string): string {
  const lines = Object.entries(SUBJECTS[module] ?? {}).map(([name, value]) => {
    const isClass = typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
    const kind = isClass ? "Class" : typeof value === "function" ? "Function" : "Value";
    return `export const ${name} = remote${kind}(${JSON.stringify(module)}, ${JSON.stringify(name)});`;
  });
  const channel = JSON.stringify(at("channel.ts"));
  return [`import { remoteClass, remoteFunction, remoteValue } from ${channel};`, ...lines].join("\n");
}

const inTheRuntime: Plugin = {
  name: "in-the-runtime",
  enforce: "pre",
  resolveId(source, importer) {
    if (!source.startsWith(".") || importer === undefined || importer.startsWith(HERE)) return undefined;
    const path = resolve(dirname(importer), source);
    if (path === at("../support/targets.ts")) return at("targets.ts");
    const module = relative(SRC, path);
    // What `src` imports of itself stays as it is: some tests use parts of it that they do not judge.
    const isTests = !importer.startsWith(SRC);
    return isTests && Object.hasOwn(SUBJECTS, module) ? SUBJECT + module : undefined;
  },
  load: (id) => (id.startsWith(SUBJECT) ? remoteModule(id.slice(SUBJECT.length)) : undefined),
};

export default defineConfig({
  plugins: [inTheRuntime],
  root: at("../.."),
  test: {
    include: FILES,
    provide: { runtime: JSON.parse(process.env.TEST_RUNTIME ?? "null") },
    setupFiles: [at("count-asked.ts")],
    reporters: ["default", at("count-reporter.ts")],
    testNamePattern: NOT_OURS,
    // The app that is mounted in the runtime is one: files take turns.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: process.env.FULL === "1" ? 3_600_000 : 300_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
