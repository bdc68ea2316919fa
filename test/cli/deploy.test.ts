// `npm run deploy`, as dry runs: the check of the environment comes first, and wrangler is told which one it is.

import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Ran, runProcess } from "../support/command.ts";
import { DEFINITION, deployment, WRANGLER } from "./deployment.ts";

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
    "signer.config.ts": DEFINITION,
    "index.ts": INDEX,
    ".secrets": "CLOUDINARY_API_SECRET=abcdefgh-12345678\nJWT_SECRET=0123456789abcdef0123456789abcdef\n",
  });
});
afterAll(() => made.remove());

const deploy = (...args: string[]): Promise<Ran> =>
  runProcess("deploy.ts", [...args, "--dry-run"], { cwd: made.folder, env: QUIET });

describe("npm run deploy", () => {
  it.each([
    ["the environment without a name", [], '"my-cloud"'],
    ["staging", ["--env", "staging"], '"my-staging-cloud"'],
    ["staging, with =", ["--env=staging"], '"my-staging-cloud"'],
  ])("checks and bundles %s, with its own bindings", async (_, args, cloud) => {
    const ran = await deploy(...args);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain("profiles avatars, form; policy ");
    expect(ran.stdout).toContain("env.LIMIT_BY_IP");
    expect(ran.stdout).toContain(cloud);
    expect(ran.stdout).toContain("--dry-run: exiting now.");
    // wrangler warns where several environments are there and none was named.
    expect(ran.stdout + ran.stderr).not.toContain("Multiple environments are defined");
  });

  it("takes the secrets of a first deploy from a file, and shows none", async () => {
    const ran = await deploy("--secrets-file", ".secrets");
    expect(ran.code).toBe(0);
    expect(ran.stdout + ran.stderr).not.toContain("abcdefgh-12345678");
  });

  it("refuses an environment that lacks something, before wrangler is asked", async () => {
    const ran = await deploy("--env", "broken");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("--env broken: LIMIT_BY_IP: is bound in another environment and not here");
    expect(ran.stdout).not.toContain("dry-run");
  });

  it("knows which environments there are", async () => {
    const ran = await deploy("--env", "production");
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('no environment "production": those there are: staging, broken');
    expect((await runProcess("deploy.ts", ["--env"], { cwd: made.folder })).stderr).toContain(
      "--env needs a value",
    );
  });

  it("deploys this repository's own root: its bundle and the page's files", async () => {
    await mkdir(join(made.folder, "out"));
    const ran = await runProcess("deploy.ts", ["--dry-run", "--outdir", join(made.folder, "out")], {
      env: QUIET,
    });
    expect(ran.code).toBe(0);
    expect(await readdir(join(made.folder, "out"))).toContain("index.js");
  });
});
