// Who brings what: `npm ci` of the root what the signer, the demo, a build and a deploy need; the folder of the tests
// the rest, with a lock of its own.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT } from "../src/testing/local-worker.ts";

const json = (path: string) => JSON.parse(readFileSync(join(PROJECT, path), "utf8"));
const declared = (path: string): string[] => {
  const { dependencies, devDependencies } = json(path);
  return Object.keys({ ...dependencies, ...devDependencies });
};
const ROOT = declared("package.json");
const TESTS = declared("test/package.json");

/** What no file of src imports, and who wants it in the root nevertheless. */
const TOOLS = {
  "@biomejs/biome": "editors, npm run format",
  "@cloudflare/workers-types": "editors, npm run check",
  "@types/node": "editors, npm run build",
  node: "every npm script",
  typescript: "editors, npm run build",
};

/** Of these Uppy, and a linter of packages, bring their own; no file of the tests imports those. */
const TWICE = ["commander", "fflate", "preact"];

describe("packages", () => {
  const imported = readdirSync(join(PROJECT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(join(PROJECT, "src", path), "utf8"))
    .join("\n");

  it.each(ROOT)("the root needs %s", (name) => {
    if (Object.hasOwn(TOOLS, name)) return;
    expect(imported).toMatch(new RegExp(`(?:from |import\\()"${name}[/"]`));
  });

  it("no package is asked for by both", () => {
    expect(TESTS.filter((name) => ROOT.includes(name))).toEqual([]);
  });

  it("tests see the root's one copy of what it has", () => {
    const { packages } = json("test/package-lock.json");
    expect(ROOT.filter((name) => Object.hasOwn(packages, `node_modules/${name}`))).toEqual(TWICE);
  });

  // Elsewhere programs have other sizes.
  it.runIf(`${process.platform} ${process.arch}` === "linux x64")("the root's are under 550 MB", () => {
    const home = join(PROJECT, "node_modules");
    const files = new Map<number, number>();
    for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
      // What begins with a dot was made by commands, such as `.cache`.
      if (!entry.isFile() || entry.parentPath.startsWith(`${home}/.`)) continue;
      const { ino, size } = statSync(join(entry.parentPath, entry.name));
      files.set(ino, size);
    }
    const megabytes = [...files.values()].reduce((sum, size) => sum + size, 0) / 1e6;
    expect(megabytes).toBeGreaterThan(300);
    expect(megabytes).toBeLessThan(550);
  });
});
