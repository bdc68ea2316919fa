// The commands of the package as it is installed without its optional peers: neither the SDK nor wrangler is there.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { Ran } from "../support/command.ts";
import { unpack } from "../support/packed.ts";
import { type Stack, startStack } from "../support/stack.ts";

let folder: string;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ profiles: { default: { access: ["public"] } } });
  folder = await mkdtemp(join(tmpdir(), "packed-commands-"));
  const home = join(folder, "node_modules/cloudinary-edge-signer");
  await unpack(home);
  const { dependencies } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  for (const name of [...Object.keys(dependencies), "hono"])
    await symlink(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
  await writeFile(join(folder, "a.txt"), "one");
});
afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const cli = join(folder, "node_modules/cloudinary-edge-signer/dist/package/cli.js");
    execFile(process.execPath, [cli, ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

describe("without the SDK and wrangler", () => {
  it("says its version", async () => {
    const { version } = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8"));
    expect(await run("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("upload uploads", async () => {
    const { code, stdout } = await run("upload", "--signer", stack.signer, "a.txt");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^✓ a\.txt {2}3 B {2}http/)]);
  });

  it("doctor looks at a signer, and uploads", async () => {
    const { code, stdout } = await run("doctor", stack.signer, "--upload");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^✓ upload: stored as /m)]);
  });

  it("doctor says what it needs for a project", async () => {
    await writeFile(join(folder, "wrangler.toml"), 'name = "x"\n');
    const { code, stdout } = await run("doctor", "--json");
    expect([code, JSON.parse(stdout).ok]).toEqual([2, true]);
    expect(stdout).toContain("install wrangler first: npm install --save-dev wrangler");
  });

  it("audit says what it needs", async () => {
    const { code, stderr } = await run("audit", `${stack.signer}/sign`);
    expect([code, stderr]).toEqual([
      2,
      "✗ run `npm install --save-dev cloudinary`: audit needs the package cloudinary\n",
    ]);
  });
});
