// What stands before a release: the one place of the repository's address, which everyday work does not miss; what must
// be right to publish; and two builds that are equal to the byte.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { main as buildTwice, differing } from "../../src/cli/build-twice.ts";
import { main as checkRelease } from "../../src/cli/check-release.ts";
import { main as repository } from "../../src/cli/repository.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Ran, runHere } from "../support/command.ts";
import { FULL } from "../support/counts.ts";

const run = promisify(execFile);

/** A repository of what a release looks at: this project's own files, before anybody filled them in, in one commit. */
let project: string;
const git = (...args: string[]) =>
  run("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], { cwd: project });
const commit = async (): Promise<void> => {
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "a");
};
const read = (path: string): Promise<string> => readFile(join(project, path), "utf8");
const write = (path: string, text: string): Promise<void> => writeFile(join(project, path), text);

let scene: string;
beforeAll(async () => {
  scene = project = await mkdtemp(join(tmpdir(), "edge-signer-release-"));
  for (const path of ["package.json", "CHANGELOG.md", ".github", ".changeset"])
    await cp(join(PROJECT, path), join(project, path), { recursive: true });
  for (const name of await readdir(join(project, ".changeset")))
    if (name.endsWith(".md") && name !== "README.md") await rm(join(project, ".changeset", name));
  const manifest = (await read("package.json")).replace(/git\+https:[^"]*/, UNFILLED);
  await write("package.json", manifest.replace(/"version": "[^"]*"/, '"version": "0.1.0"'));
  await write("CHANGELOG.md", CHANGELOG);
  await write(".github/CODEOWNERS", "# Who reviews.\n");
  await git("init", "--quiet");
  await commit();
});
afterAll(() => rm(scene, { recursive: true }));
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "edge-signer-release-"));
  await cp(scene, project, { recursive: true });
});
afterEach(() => rm(project, { recursive: true }));

const CHANGELOG = "# Changelog\n\n## 0.1.0\n\n### Added\n\n- All of it.\n\n## 0.0.9\n\n- Before.\n";
const UNFILLED = "git+https://repository.invalid/OWNER/NAME.git";
const FILL_IN = "✗ fill in repository in package.json: npm run repository -- OWNER/NAME @USER\n";

const fill = (...args: string[]): Promise<Ran> => runHere((all, io) => repository(all, io, project), args);
const check = (env: Record<string, string> = {}, ...args: string[]): Promise<Ran> =>
  runHere((all, io) => checkRelease(all, io, project), args, env);

describe("npm run repository", () => {
  it("says that nobody filled it in", async () => {
    expect(await fill()).toEqual({ code: 1, stdout: "", stderr: FILL_IN });
  });

  it("writes one address into package.json, and who reviews into CODEOWNERS; and again", async () => {
    for (const [name, ...reviewers] of [
      ["octo-org/my.signer", "@octo-org/uploads", "@mona"],
      ["mona/signer", "@mona"],
    ] as const) {
      const before = JSON.parse(await read("package.json"));
      expect(await fill(name, ...reviewers)).toMatchObject({ code: 0, stderr: "" });
      const url = `git+https://github.com/${name}.git`;
      expect(JSON.parse(await read("package.json"))).toEqual({ ...before, repository: { type: "git", url } });
      expect(await read(".github/CODEOWNERS")).toBe(`# Who reviews.\n* ${reviewers.join(" ")}\n`);
      expect(await fill()).toEqual({ code: 0, stdout: `✓ github.com/${name}\n`, stderr: "" });
    }
  });

  it.each([
    ["a whole address", ["https://github.com/mona/signer", "@mona"]],
    ["a name alone", ["signer", "@mona"]],
    ["what the documentation has", ["OWNER/NAME", "@mona"]],
    ["nobody who reviews", ["mona/signer"]],
    ["somebody without an @", ["mona/signer", "mona"]],
    ["what would be more than a name", ['mona/a"b', "@mona"]],
  ])("writes nothing for %s", async (_, args) => {
    const before = [await read("package.json"), await read(".github/CODEOWNERS")];
    const { code, stderr } = await fill(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^✗ give OWNER\/NAME/)]);
    expect([await read("package.json"), await read(".github/CODEOWNERS")]).toEqual(before);
  });

  it("is not missed by everyday work, and npm runs the check before it publishes", async () => {
    const { scripts } = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8"));
    expect(scripts.check).not.toMatch(/release|repository/);
    expect(scripts.prepublishOnly).toBe(scripts["check:release"]);
  });
});

describe("npm run check:release", () => {
  const ready = async (): Promise<void> => {
    await fill("mona/signer", "@mona");
    await commit();
  };

  it("lets pass what is ready, and writes what CHANGELOG.md says of the version", async () => {
    await ready();
    const env = { GITHUB_REPOSITORY: "mona/signer", GITHUB_REF_TYPE: "tag", GITHUB_REF_NAME: "v0.1.0" };
    const notes = join(project, "..", `${project.split("/").pop()}.md`);
    expect(await check(env, "--notes", notes)).toEqual({
      code: 0,
      stdout: `✓ version 0.1.0 could be released from github.com/mona/signer\n`,
      stderr: "",
    });
    const text = await readFile(notes, "utf8");
    await rm(notes);
    expect(text).toBe("### Added\n\n- All of it.\n");
  });

  it("names all that is not filled in", async () => {
    const { code, stderr } = await check();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${FILL_IN}✗ say in .github/CODEOWNERS who reviews: npm run repository -- OWNER/NAME @USER\n`,
    );
  });

  const TAG = { GITHUB_REF_TYPE: "tag" };
  it.each<[what: string, change: () => Promise<void>, env: Record<string, string>, words: string]>([
    [
      "another repository",
      async () => {},
      { GITHUB_REPOSITORY: "eve/signer" },
      "write eve/signer into repository",
    ],
    [
      "a tag of another version",
      async () => {},
      { ...TAG, GITHUB_REF_NAME: "v0.2.0" },
      "as v0.1.0: this is v0.2.0",
    ],
    ["a tag without its v", async () => {}, { ...TAG, GITHUB_REF_NAME: "0.1.0" }, "as v0.1.0: this is 0.1.0"],
    [
      "a version that CHANGELOG.md does not know",
      async () => write("CHANGELOG.md", "# Changelog\n\n## 0.1.00\n\nA\n"),
      {},
      "under `## 0.1.0`",
    ],
    [
      "a version of which CHANGELOG.md says nothing",
      async () => write("CHANGELOG.md", "# Changelog\n\n## 0.1.0\n\n## 0.0.9\n\nA\n"),
      {},
      "under `## 0.1.0`",
    ],
    [
      "a change that no version has",
      async () => write(".changeset/a.md", "---\n---\n"),
      {},
      "npm run release:version: a.md is in no version",
    ],
  ])("refuses %s", async (_, change, env, words) => {
    await ready();
    await change();
    await commit().catch(() => {});
    const { code, stderr } = await check(env);
    expect(code).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining(words)]);
  });

  it("refuses what is in no commit", async () => {
    await ready();
    await write("new.ts", "");
    const { code, stderr } = await check();
    expect([code, stderr]).toEqual([1, "✗ commit or undo what is in no commit:\n    ?? new.ts\n"]);
  });
});

describe("npm run release:version", () => {
  it("writes what changes say into CHANGELOG.md, over what is there, and counts the version", async () => {
    await write(".changeset/nice.md", '---\n"cloudinary-edge-signer": minor\n---\n\nA thing that is new.\n');
    await commit();
    const tool = join(PROJECT, "test/node_modules/@changesets/cli/bin.js");
    await run(process.execPath, [tool, "version"], { cwd: project });
    expect(JSON.parse(await read("package.json")).version).toBe("0.2.0");
    const changelog = await read("CHANGELOG.md");
    expect(changelog).toMatch(
      /^# Changelog\n\n## 0\.2\.0\n\n### Minor Changes\n\n- (?:[0-9a-f]+: )?A thing that is new\.\n\n## 0\.1\.0\n/,
    );
    expect(await readdir(join(project, ".changeset"))).toEqual(["README.md", "config.json"]);
  });
});

describe("two builds", () => {
  it("that differ in a byte, or in a file, are told apart", async () => {
    const [one, other] = [join(project, "one"), join(project, "other")];
    for (const folder of [one, other]) {
      await mkdir(join(folder, "deep"), { recursive: true });
      await writeFile(join(folder, "deep/same.js"), "a");
      await writeFile(join(folder, "deep/byte.js"), "a");
    }
    expect(await differing(one, other)).toEqual([]);
    await writeFile(join(other, "deep/byte.js"), "b");
    await writeFile(join(one, "gone.js"), "");
    await writeFile(join(other, "new.js"), "");
    expect((await differing(one, other)).sort()).toEqual(["deep/byte.js", "gone.js", "new.js"]);
  });

  it.runIf(FULL)("of the last commit are equal", async () => {
    const { code, stdout, stderr } = await runHere(buildTwice, [project]);
    expect([code, stderr]).toEqual([0, ""]);
    const [name = ""] = (await readdir(project)).filter((file) => file.endsWith(".tgz"));
    const hash = createHash("sha256").update(await readFile(join(project, name)));
    expect(stdout).toContain(`  ${hash.digest("hex")}  ${name}`);
    expect(stdout).toMatch(/^ {2}[0-9a-f]{64} {2}index\.js$/m);
  });
});
