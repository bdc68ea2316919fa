// The step before the tests: npm itself, in a small folder with a lock of its own, and registries that are not there.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "./install.ts";
import { runHere } from "./support/command.ts";
import { FULL, sampled } from "./support/counts.ts";

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "edge-signer-install-"));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** A lock of packages that stand in the folder itself, so that no registry is asked. */
async function lock(...names: readonly string[]): Promise<void> {
  const dependencies = Object.fromEntries(names.map((name) => [name, `file:${name}`]));
  for (const name of names) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
  }
  await write(
    dependencies,
    Object.fromEntries(
      names.flatMap((name) => [
        [name, { version: "1.0.0" }],
        [`node_modules/${name}`, { resolved: name, link: true }],
      ]),
    ),
  );
}

/** A lock of one package that only a registry has. */
const lockOfRegistry = () =>
  write(
    { away: "1.0.0" },
    { "node_modules/away": { version: "1.0.0", integrity: `sha512-${"A".repeat(86)}==` } },
  );

async function write(dependencies: object, packages: object): Promise<void> {
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "t", dependencies }));
  const all = { "": { name: "t", dependencies }, ...packages };
  await writeFile(
    join(folder, "package-lock.json"),
    JSON.stringify({ name: "t", lockfileVersion: 3, requires: true, packages: all }),
  );
}

const install = (env: Record<string, string> = {}) =>
  runHere(main, [folder], { ...process.env, npm_config_cache: join(folder, "cache"), ...env });

const installed = (name: string) =>
  readFile(join(folder, "node_modules", name, "package.json"), "utf8").then(
    () => true,
    () => false,
  );

const SAID = /^Installing what only tests need into \S+\/node_modules/;

describe("what tests need is installed", () => {
  it("once, into its own folder; anew where the lock is another, and where an install failed meanwhile", async () => {
    await lock("one");
    // Whatever npm was started with.
    const other = join(folder, "other");
    await mkdir(other);
    const first = await install({ npm_config_prefix: other, npm_config_local_prefix: other });
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toMatch(SAID);
    expect(await installed("one")).toBe(true);
    // What stands there now would not outlive a second install.
    const stay = async () => {
      await mkdir(join(folder, "node_modules/stays"));
      await writeFile(join(folder, "node_modules/stays/package.json"), "{}");
    };
    await stay();
    expect(await install()).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await installed("stays")).toBe(true);

    // The lock alone.
    const path = join(folder, "package-lock.json");
    await writeFile(path, `${await readFile(path, "utf8")}\n`);
    expect((await install()).stdout).toMatch(SAID);
    expect([await installed("one"), await installed("stays")]).toEqual([true, false]);
    await stay();
    expect((await install()).stdout).toBe("");

    await lockOfRegistry();
    const env = { npm_config_registry: await registry("closed"), npm_config_fetch_retries: "0" };
    expect((await install(env)).code).toBe(1);
    await lock("one");
    await writeFile(path, `${await readFile(path, "utf8")}\n`);
    expect(await install()).toMatchObject({ code: 0, stdout: expect.stringMatching(SAID), stderr: "" });
    expect(await installed("one")).toBe(true);
  });

  it.runIf(FULL)("anew where node_modules was removed", async () => {
    await lock("one");
    await install();
    await rm(join(folder, "node_modules"), { recursive: true });
    expect((await install()).stdout).toMatch(SAID);
    expect(await installed("one")).toBe(true);
  });
});

/** A registry that nobody runs, one that never answers, or one that lacks the package; its address. */
async function registry(which: "closed" | "hanging" | "lacking"): Promise<string> {
  const started = createServer((_, response) => {
    if (which !== "hanging") response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const { port } = started.address() as AddressInfo;
  if (which === "closed") await new Promise((resolve) => started.close(resolve));
  else server = started;
  return `http://127.0.0.1:${port}/`;
}

const CONNECT = "✗ Connect to the network and try again: npm can't reach its registry.";

describe("what can't be had is told, and tried again the next time", () => {
  const REGISTRIES = [
    ["closed", CONNECT],
    ["hanging", CONNECT],
    ["lacking", "✗ See what npm says, and try again."],
  ] as const;
  it.each(sampled(REGISTRIES, 3))("a registry that is %s", async (which, words) => {
    await lockOfRegistry();
    const env = {
      npm_config_registry: await registry(which),
      npm_config_fetch_retries: "0",
      npm_config_fetch_timeout: "2000",
    };
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await install(env);
      expect(stderr).toContain(words);
      expect(stderr).toContain("npm error");
      expect(code).toBe(1);
      expect(stdout).toMatch(SAID);
    }
  });

  it("a lock that is not package.json's", async () => {
    await lock("one");
    const wanted = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    wanted.dependencies.two = "1.0.0";
    await writeFile(join(folder, "package.json"), JSON.stringify(wanted));
    const { code, stderr } = await install({ npm_config_registry: await registry("lacking") });
    expect(code).toBe(1);
    expect(stderr).toContain("See what npm says");
  });

  it("a machine without npm", async () => {
    await lock("one");
    const { code, stderr } = await install({ PATH: join(folder, "nothing") });
    expect(code).toBe(1);
    expect(stderr).toContain("npm ENOENT");
  });
});
