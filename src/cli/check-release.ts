// `npm run check:release [-- --notes FILE]`, and what npm runs before it publishes: whether what is here could be
// released. FILE gets what CHANGELOG.md says of the version.

import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROJECT } from "../testing/local-worker.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";
import { FILL_IN, readHome } from "./repository.ts";

/** The text below a version's heading, up to the next one. */
function notesOf(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.split("\n", 1)[0]?.trim() === version);
  return section?.slice(version.length).trim() ?? "";
}

/** Changes that no version has yet. */
async function pendingChanges(project: string): Promise<string[]> {
  const names = await readdir(join(project, ".changeset"));
  return names.filter((name) => name.endsWith(".md") && name !== "README.md");
}

/** What stands in no commit. */
async function uncommitted(project: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("git", ["status", "--porcelain"], { cwd: project });
  return stdout.split("\n").filter(Boolean);
}

/** What GitHub says of a run of its own, against what is here. */
function mismatches(env: Io["env"], repository: string | undefined, version: string): string[] {
  const { GITHUB_REPOSITORY: here = repository, GITHUB_REF_TYPE: type, GITHUB_REF_NAME: tag } = env;
  return [
    ...(repository !== undefined && here !== repository
      ? [
          `write ${here} into repository of package.json, not ${repository}: npm refuses what another repository built`,
        ]
      : []),
    ...(type === "tag" && tag !== `v${version}`
      ? [`tag the commit of version ${version} as v${version}: this is ${tag}`]
      : []),
  ];
}

/** `project` is the folder with package.json. */
export async function main(args: readonly string[], io: Io, project = PROJECT): Promise<number> {
  const { version } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  const { repository, isReviewed } = await readHome(project);
  const notes = notesOf(await readFile(join(project, "CHANGELOG.md"), "utf8"), version);
  const [pending, changed] = await Promise.all([pendingChanges(project), uncommitted(project)]);
  const faults = [
    ...(repository === undefined ? [FILL_IN] : []),
    ...(isReviewed ? [] : ["say in .github/CODEOWNERS who reviews: npm run repository -- OWNER/NAME @USER"]),
    ...mismatches(io.env, repository, version),
    ...(notes === "" ? [`say in CHANGELOG.md, under \`## ${version}\`, what is new`] : []),
    ...(pending.length > 0
      ? [`run npm run release:version: ${pending.join(", ")} is in no version yet`]
      : []),
    ...(changed.length > 0 ? [`commit or undo what is in no commit:\n    ${changed.join("\n    ")}`] : []),
  ];
  for (const fault of faults) io.err(`✗ ${fault}`);
  if (faults.length > 0) return 1;
  const [option, file] = args;
  if (option === "--notes" && file !== undefined) await writeFile(file, `${notes}\n`);
  io.out(`✓ version ${version} could be released from github.com/${repository}`);
  return 0;
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);
