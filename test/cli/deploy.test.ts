// `npm run deploy`, as dry runs: the check of the environment comes first, and wrangler is told which one it is. It is
// a process once, over this repository's own root; else the command runs here, and wrangler alone is a process (FULL=1), or
// nobody where only its arguments count.

import { execFile } from "node:child_process";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main, type RunNode } from "../../src/cli/deploy.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Ran, runHere, runProcess } from "../support/command.ts";
import { FULL } from "../support/counts.ts";
import { configModule } from "../support/once.ts";
import { CONFIG_MODULE, DEFINITION, deployment, WRANGLER } from "./deployment.ts";

const QUIET = { WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", NO_COLOR: "1" };
const INDEX = `import { createWorker } from ${JSON.stringify(`${PROJECT}src/worker.ts`)};
import config from "./signer.config.ts";
const worker = createWorker(config);
export default worker;
export const { Signer } = worker;
`;

let made: Awaited<ReturnType<typeof deployment>>;
beforeAll(async () => {
  made = await deployment({
    "wrangler.toml": `${WRANGLER}\n[env.broken.vars]\nSIGNER_ENV = "staging"\n`,
    "signer.config.ts": DEFINITION.replace(CONFIG_MODULE, FULL ? CONFIG_MODULE : await configModule()),
    "index.ts": INDEX,
    ".secrets": "CLOUDINARY_API_SECRET=abcdefgh-12345678\nJWT_SECRET=0123456789abcdef0123456789abcdef\n",
  });
});
afterAll(() => made.remove());

/** The command in this process; what `run` is asked to run is `asked`. */
async function deploy(args: readonly string[], run: RunNode = async () => 0) {
  const asked: (readonly string[])[] = [];
  const noting: RunNode = (command, cwd) => {
    asked.push(command);
    return run(command, cwd);
  };
  const ran = await runHere(
    (typed, io) => main(typed, io, noting),
    [...args, "--dry-run", "--config", made.config],
  );
  return { ...ran, asked };
}

/** The same with a real wrangler, and what both of them said. */
async function deployForReal(args: readonly string[]): Promise<Ran> {
  const said: string[] = [];
  const wrangler: RunNode = (command, cwd) =>
    new Promise((resolve) => {
      const options = { cwd, env: { ...process.env, ...QUIET } };
      execFile(process.execPath, command, options, (error, ...output) => {
        said.push(...output);
        resolve(error === null ? 0 : Number(error.code));
      });
    });
  const { code, stdout, stderr } = await deploy(args, wrangler);
  return { code, stdout: [stdout, ...said].join("\n"), stderr };
}

/** What a dry run says that was checked first, and bundled with this account. */
function expectBundled({ code, stdout, stderr }: Ran, cloud: string): void {
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("profiles avatars, form; policy ");
  expect(stdout).toContain("env.LIMIT_BY_IP");
  expect(stdout).toContain(`"${cloud}"`);
  expect(stdout).toContain("--dry-run: exiting now.");
  // wrangler warns where several environments are there and none was named.
  expect(stdout).not.toContain("Multiple environments are defined");
}

describe("npm run deploy", () => {
  it("bundles this repository's own root and the page's files, as a process; the secrets of its first deploy come from a file, and none is shown", async () => {
    const out = join(made.folder, "out");
    await mkdir(out);
    const args = ["--dry-run", "--outdir", out, "--secrets-file", join(made.folder, ".secrets")];
    const { code, stdout, stderr } = await runProcess("deploy.ts", args, { env: QUIET });
    expect([code, stdout]).toEqual([0, expect.stringContaining("--dry-run: exiting now.")]);
    expect(stdout + stderr).not.toMatch(/abcdefgh-12345678|0123456789abcdef/);
    expect(await readdir(out)).toContain("index.js");
  });

  it.runIf(FULL).each([
    ["my-cloud", []],
    ["my-staging-cloud", ["--env", "staging"]],
  ])("checks and bundles the environment of %s", async (cloud, args) => {
    const ran = await deployForReal([...args, "--secrets-file", ".secrets"]);
    expectBundled(ran, cloud);
    expect(ran.stdout).not.toContain("abcdefgh-12345678");
  });

  it.each([
    ["the environment without a name", [], ""],
    ["staging", ["--env", "staging"], "staging"],
    ["staging, with =", ["--env=staging"], "staging"],
    ["staging, in short", ["-e", "staging"], "staging"],
  ])("tells wrangler of %s", async (_, args, env) => {
    const { code, stdout, asked } = await deploy(args);
    expect(code).toBe(0);
    expect(stdout).toContain("profiles avatars, form; policy ");
    const [[script, ...command] = []] = asked;
    expect(script).toMatch(/wrangler\.js$/);
    expect(command).toEqual(["deploy", "--config", made.config, "--env", env, "--dry-run"]);
  });

  it("ends as wrangler does", async () => {
    expect((await deploy([], async () => 7)).code).toBe(1);
    expect((await deploy([], async () => null)).code).toBe(1);
  });

  it("refuses an environment that lacks something, before wrangler is asked", async () => {
    const ran = await deploy(["--env", "broken"]);
    expect(ran).toMatchObject({ code: 1, asked: [] });
    expect(ran.stderr).toContain("--env broken: LIMIT_BY_IP: add it under [[env.broken.ratelimits]]");
  });

  it("knows which environments there are", async () => {
    const ran = await deploy(["--env", "production"]);
    expect(ran).toMatchObject({ code: 2, asked: [] });
    expect(ran.stderr).toContain('staging, broken; there is no "production"');
    expect((await runHere(main, ["--env"])).stderr).toContain("give --env a value");
  });
});
