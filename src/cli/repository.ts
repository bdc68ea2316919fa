// `npm run repository [-- OWNER/NAME @USER …]`: where this project lives on GitHub, which `repository` of package.json
// alone says. npm makes `bugs`, `homepage` and the links of the published README from it, and proves by it where a
// package was built. The users or teams are those who review: `.github/CODEOWNERS`.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../testing/local-worker.ts";
import { ARGS, type Io, isStarted, PROCESS } from "./io.ts";

/** Until the owner fills it in, an address at `repository.invalid` stands there: such names are nobody's (RFC 2606). */
const GITHUB = /^git\+https:\/\/github\.com\/([^/]+\/[^/]+)\.git$/;
const NAME = /^[a-z\d]+(-[a-z\d]+)*\/[\w.-]+$/i;
/** What the documentation writes for a name. */
const NO_NAME = "OWNER/NAME";
const REVIEWER = /^@[\w-]+(\/[\w.-]+)?$/;

/** What to do where it is not filled in. */
export const FILL_IN = "fill in repository in package.json: npm run repository -- OWNER/NAME @USER";

export interface Home {
  /** OWNER/NAME; absent where nobody filled it in. */
  readonly repository: string | undefined;
  /** Whether somebody reviews what comes in. */
  readonly isReviewed: boolean;
}

const codeowners = (project: string): string => join(project, ".github/CODEOWNERS");

export async function readHome(project: string): Promise<Home> {
  const { repository } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  const owners = await readFile(codeowners(project), "utf8").catch(() => "");
  return { repository: GITHUB.exec(repository?.url ?? "")?.[1], isReviewed: /^\* @/m.test(owners) };
}

async function fill(project: string, repository: string, reviewers: readonly string[]): Promise<void> {
  const path = join(project, "package.json");
  const text = await readFile(path, "utf8");
  const url = JSON.stringify(`git+https://github.com/${repository}.git`);
  // As text: all else in it stays as somebody wrote it.
  await writeFile(
    path,
    text.replace(/("repository": \{[^}]*"url": )"[^"]*"/, (_, before) => before + url),
  );
  const owners = await readFile(codeowners(project), "utf8");
  const comments = owners.split("\n").filter((line) => line.startsWith("#"));
  await writeFile(codeowners(project), `${[...comments, `* ${reviewers.join(" ")}`].join("\n")}\n`);
}

/** `project` is the folder with package.json. */
export async function main(args: readonly string[], io: Io, project = PROJECT): Promise<number> {
  const [repository, ...reviewers] = args;
  if (repository === undefined) {
    const home = await readHome(project);
    if (home.repository !== undefined) io.out(`✓ github.com/${home.repository}`);
    else io.err(`✗ ${FILL_IN}`);
    return home.repository === undefined ? 1 : 0;
  }
  const hasReviewers = reviewers.length > 0 && reviewers.every((one) => REVIEWER.test(one));
  if (!NAME.test(repository) || repository === NO_NAME || !hasReviewers) {
    io.err(
      "✗ give OWNER/NAME as in the repository's address, and who reviews: npm run repository -- OWNER/NAME @USER",
    );
    return 2;
  }
  await fill(project, repository, reviewers);
  io.out(`✓ package.json, .github/CODEOWNERS: github.com/${repository}, reviewed by ${reviewers.join(", ")}`);
  return 0;
}

if (isStarted(import.meta)) process.exitCode = await main(ARGS, PROCESS);
