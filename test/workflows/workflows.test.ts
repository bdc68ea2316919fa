// The linter of workflows finds what is planted in this project's own; and what else stands in .github fits the project:
// scripts and files that are named are there, and every folder with a lock is kept fresh.

import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { main as cli } from "../../src/cli/cli.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { runHere } from "../support/command.ts";
import { main, WORKFLOWS, workflowFaults } from "./check.ts";

const read = (path: string): string => readFileSync(join(PROJECT, path), "utf8");
const NAMES = readdirSync(WORKFLOWS);
const WORKFLOW = Object.fromEntries(NAMES.map((name) => [name, read(`.github/workflows/${name}`)]));

it("the project's own pass", async () => {
  expect(await runHere(main, [])).toMatchObject({ code: 0, stderr: "" });
});

/** GitHub's expressions, which are no template literals. */
const $ = (expression: string): string => `\${{ ${expression} }}`;
const SHA = "3d3c42e5aac5ba805825da76410c181273ba90b1";

/** What the job that publishes does before it has the files. */
const PUBLISHING = /^ {2}publish:\n[\s\S]*sha256sum --check/m.exec(WORKFLOW["release.yml"]!)![0];

type Mistake = readonly [what: string, from: string, to: string, words: string];
const MISTAKES: Readonly<Record<string, readonly Mistake[]>> = {
  "ci.yml": [
    [
      "an action by its tag",
      `checkout@${SHA} # v7.0.1`,
      "checkout@v7",
      "pin actions/checkout@v7 by the full SHA",
    ],
    ["an action by a short SHA", SHA, SHA.slice(0, 12), "by the full SHA"],
    ["a pin that says no version", `${SHA} # v7.0.1`, SHA, "say the version after actions/checkout"],
    ["a pin that says a branch", "# v7.0.1", "# main", "say the version after actions/checkout"],
    [
      "an action in a flow mapping",
      `- uses: actions/checkout@${SHA} # v7.0.1`,
      "- { uses: actions/checkout@v7 }\n      - uses: ./a",
      "pin actions/checkout@v7",
    ],
    ["credentials that stay", "persist-credentials: false", "fetch-depth: 1", "`persist-credentials: false`"],
    ["permissions for all jobs", "permissions: {}", "permissions: write-all", "begin with `permissions: {}`"],
    ["no permissions at the top", "permissions: {}\n", "", "begin with `permissions: {}`"],
    [
      "no permissions of a job",
      "    permissions:\n      contents: read\n",
      "",
      "job check: write out its `permissions`",
    ],
    [
      "all permissions of a job",
      "    permissions:\n      contents: read\n",
      "    permissions: read-all\n",
      "job check: name its permissions one by one",
    ],
    [
      "a permission too many",
      "contents: read\n    steps",
      "contents: write\n    steps",
      "job check: run nothing of the repository",
    ],
    ["a permission that there is not", "contents: read", "content: read", "Unexpected value 'content'"],
    ["no limit on the time", "    timeout-minutes: 15\n", "", "job check: give it `timeout-minutes`"],
    ["a system that moves", "runs-on: ubuntu-24.04", "runs-on: ubuntu-latest", "and not ubuntu-latest"],
    [
      "a system of the matrix that moves",
      "[ubuntu-24.04, macos-15]",
      "[ubuntu-24.04, macos-latest]",
      "and not macos-latest",
    ],
    ["no concurrency", /^concurrency:\n( .*\n)+/m.exec(WORKFLOW["ci.yml"]!)![0], "", "give it `concurrency`"],
    [
      "strangers let in",
      "  pull_request:",
      "  pull_request_target:",
      "take another event than pull_request_target",
    ],
    [
      "strangers let in by a list",
      /^on:\n( .*\n)+/m.exec(WORKFLOW["ci.yml"]!)![0],
      "on: [push, pull_request_target]\n",
      "take another event than pull_request_target",
    ],
    [
      "a title as a script",
      "- run: npm run check",
      `- uses: actions/github-script@${SHA} # v7.0.1\n        with:\n          script: f(${$("github.event.pull_request.title")})`,
      "hand values to `script` by `env`",
    ],
    [
      "a branch's name as a command",
      "- run: npm run check",
      `- run: echo ${$("github.head_ref")}`,
      "hand values to `run` by `env`",
    ],
    ["an unknown key of a workflow", "jobs:", "job: {}\njobs:", "Unexpected value 'job'"],
    [
      "an unknown key of a job",
      "    runs-on: ubuntu",
      "    run-on: x\n    runs-on: ubuntu",
      "Unexpected value 'run-on'",
    ],
    [
      "an unknown key of a step",
      "- run: npm ci",
      "- run: npm ci\n        shel: sh",
      "Unexpected value 'shel'",
    ],
    ["an unknown event", "pull_request:", "pull_requests:", "Unexpected value 'pull_requests'"],
    ["an unknown filter", "branches:", "branch:", "Unexpected value 'branch'"],
    ["an expression without its end", $("matrix.os"), $("format('a'"), "Unexpected symbol: 'EOF'"],
    [
      "a function that there is not",
      "cancel-in-progress: ",
      `cancel-in-progress: ${$("lenght(github.ref)")} #`,
      "Unrecognized function: 'lenght'",
    ],
    [
      "a context that there is not",
      `ci-${$("github.ref")}`,
      `ci-${$("git.ref")}`,
      "Unrecognized named-value: 'git'",
    ],
    [
      "a member of the matrix that there is not",
      `node-version: ${$("matrix.node")}`,
      `node-version: ${$("matrix.nod")}`,
      "Context access might be invalid: nod",
    ],
    ["no YAML", "jobs:", "jobs: [", "ci.yml:"],
    ["nothing", WORKFLOW["ci.yml"]!, "", "write a workflow"],
  ],
  "nightly.yml": [["a time that there is not", "17 3 * * *", "17 25 * * *", "Invalid cron"]],
  "release.yml": [
    ["a job that nobody has", "needs: publish", "needs: publisher", "unknown job 'publisher'"],
    [
      "a checkout beside the identity",
      "      - run: sha256sum --check",
      `      - uses: actions/checkout@${SHA} # v7.0.1\n        with:\n          persist-credentials: false\n      - run: sha256sum --check`,
      "job publish: run nothing of the repository",
    ],
    [
      "an install beside the identity",
      "- run: sha256sum --check SHA256SUMS",
      "- run: npm ci",
      "job publish: run nothing of the repository or of a registry",
    ],
    [
      "a cache beside the identity",
      PUBLISHING,
      PUBLISHING.replace("package-manager-cache: false", "cache: npm"),
      "job publish: give actions/setup-node `package-manager-cache: false`",
    ],
    [
      "a cache before what is published",
      "package-manager-cache: false",
      "cache: npm",
      "job build: give actions/setup-node `package-manager-cache: false`",
    ],
  ],
};

describe.each(Object.entries(MISTAKES))("mistakes in %s are found", (name, mistakes) => {
  it.each(mistakes)("%s", async (_, from, to, words) => {
    const text = WORKFLOW[name]!;
    expect(text).toContain(from);
    const faults = await workflowFaults(
      name,
      text.replace(from, () => to),
    );
    expect(faults.join("\n")).toContain(words);
  });
});

it("a release that is started by hand publishes nothing, whatever it is started from", () => {
  const { jobs } = parse(WORKFLOW["release.yml"]!);
  expect(jobs.publish.if).toBe("github.event_name == 'push' && github.ref_type == 'tag'");
  expect(jobs.announce.needs).toBe("publish");
});

describe("what .github names is there", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const steps = Object.values(WORKFLOW)
    .flatMap((text) => Object.values(parse(text).jobs as Record<string, { steps: { run?: string }[] }>))
    .flatMap((job) => job.steps);
  const lines = steps.flatMap(({ run = "" }) => run.split("\n"));

  it("scripts of npm, those of the matrix and of docs/releasing.md too", () => {
    const called = lines.flatMap((line) => /\bnpm run ([a-z:]+)/.exec(line)?.[1] ?? []);
    const nightly: string[] = parse(WORKFLOW["nightly.yml"]!).jobs.run.strategy.matrix.script;
    expect(called).toEqual(expect.arrayContaining(["check", "check:release", "build:twice"]));
    const told = [...read("docs/releasing.md").matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!);
    expect([...called, ...nightly, ...told].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("files that are run", () => {
    const files = lines.flatMap((line) => /(?:^|sh )((?:test|src)\/[\w./-]+)/.exec(line)?.[1] ?? []);
    expect(files).toHaveLength(3);
    expect(files.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });

  it("an action in one version", () => {
    const uses = Object.values(WORKFLOW).flatMap((text) => [...text.matchAll(/uses: ([^@\s]+)@(.*)$/gm)]);
    const versions = new Map(uses.map(([, action, version]) => [action, version]));
    expect(uses.filter(([, action, version]) => versions.get(action) !== version)).toEqual([]);
  });

  it("each folder that installs something gets new versions", () => {
    const { updates } = parse(read(".github/dependabot.yml"));
    const places: string[] = updates
      .filter((one: { "package-ecosystem": string }) => one["package-ecosystem"] === "npm")
      .flatMap((one: { directories: string[] }) => one.directories);
    const found = places
      .flatMap((place) => globSync(`.${place}/package.json`, { cwd: PROJECT }))
      .map(dirname);
    const all = ["", "test", "template", "test/clients", ...globSync("examples/*", { cwd: PROJECT })];
    const installing = all.filter((place) => existsSync(join(PROJECT, place, "package.json")));
    expect(found.map((place) => (place === "." ? "" : place)).sort()).toEqual(installing.sort());
    for (const one of updates) expect(one.cooldown["default-days"]).toBeGreaterThan(6);
  });
});

/** Kinds of a form's parts, by GitHub's documentation of issue forms. */
const KINDS = ["markdown", "textarea", "input", "dropdown", "checkboxes"];

describe("a form for an issue", () => {
  const forms = globSync(".github/ISSUE_TEMPLATE/[0-9]*.yml", { cwd: PROJECT }).sort();

  it.each(forms)("%s is one that GitHub shows", (path) => {
    const form = parse(read(path));
    expect(Object.keys(form)).toEqual(["name", "description", "labels", "body"]);
    const ids: string[] = [];
    for (const { type, id, attributes } of form.body) {
      expect(KINDS).toContain(type);
      expect(attributes[type === "markdown" ? "value" : "label"], id).toEqual(expect.any(String));
      if (type !== "markdown") ids.push(id);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(read(path)).toMatch(/[Nn]ever paste|page that says so/);
  });

  it("asks of a bug what commands of the package print", async () => {
    const text = read(".github/ISSUE_TEMPLATE/1-bug.yml");
    const commands = [...text.matchAll(/npx cloudinary-edge-signer (\w+)/g)].map(([, name]) => name);
    expect(commands).toEqual(["doctor", "explain", "check"]);
    const { stdout } = await runHere(cli, ["--help"]);
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^ +${name}\\b`, "m"));
  });
});
