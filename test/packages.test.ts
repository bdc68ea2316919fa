// Who brings what: `npm ci` of the root what the signer, the demo, a build and a deploy need; the folder of the tests
// the rest, with a lock of its own; and the package the pages to which its README and its messages lead.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
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
  "@types/react": "editors, npm run build",
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

/** What pages lead to that stands in the repository alone: pictures, sources and tests, and projects to look at. */
const NOT_PACKED = /^(docs\/images|docs\/bench|src|test|demo|examples)\//;

describe("the package's pages", async () => {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", args, { cwd: PROJECT });
  const [packed] = Object.values(JSON.parse(stdout)) as { files: { path: string }[] }[];
  const files = new Set(packed!.files.map(({ path }) => path));
  const pages = [...files].filter((path) => /^(docs\/|[A-Z]).*\.md$|^llms\.txt$/.test(path));

  it("are there, without pictures and measurements", () => {
    expect(pages).toEqual(
      expect.arrayContaining([
        ...["README.md", "CHANGELOG.md", "SECURITY.md", "docs/commands.md", "docs/troubleshooting.md"],
        ...["docs/components/widget.md", "docs/decisions/README.md", "docs/api/client.md", "llms.txt"],
      ]),
    );
    expect([...files].filter((path) => /^docs\/.*(?<!\.md)$/.test(path))).toEqual(["docs/openapi.json"]);
  });

  it.each(pages)("%s leads to pages that are there", (page) => {
    const prose = readFileSync(join(PROJECT, page), "utf8").replaceAll(/^( *)```[\s\S]*?^\1```$/gm, "");
    const links = [...prose.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = ""]) =>
      join(dirname(page), link),
    );
    expect(links.filter((link) => !files.has(link) && !NOT_PACKED.test(link))).toEqual([]);
  });

  it("are all that messages name", () => {
    const named = readdirSync(join(PROJECT, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path))
      .flatMap((path) => [
        ...readFileSync(join(PROJECT, "src", path), "utf8").matchAll(/^(?!\/\/).*?\b(docs\/[\w/-]+\.md)/gm),
      ])
      .map(([, path = ""]) => path);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((path) => !files.has(path))).toEqual([]);
  });
});
