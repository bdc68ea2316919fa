// An empty folder becomes a deployment: `init`, install, `start`, whose build command is `check`, and one upload, all with
// the package as it is published; `check` alone and a dry run of the deploy are FULL=1's. And the template is what `init`
// writes.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../src/cli/cli.ts";
import { init } from "../../src/cli/init.ts";
import { ACCESS, filesOf, GITIGNORE, TYPES } from "../../src/cli/init-files.ts";
import { ownSpec } from "../../src/cli/manifest.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { runHere } from "../support/command.ts";
import { FULL } from "../support/counts.ts";
import { configModule } from "../support/once.ts";
import { besideWrangler, install, NODE_FOLDER, pack } from "../support/packed.ts";
import { freePort } from "../support/ports.ts";
import { HAS_CURL } from "../support/programs.ts";
import { post } from "../support/targets.ts";
import { tsc } from "../support/tsc.ts";
import { wranglerWarnings } from "../support/wrangler-warnings.ts";
import { deployment } from "./deployment.ts";

const run = promisify(execFile);
const QUIET = {
  ...process.env,
  PATH: [NODE_FOLDER, process.env.PATH].join(delimiter),
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NO_COLOR: "1",
};
/** Most packages beside wrangler and what it brings. */
const MOST_PACKAGES = 15;

const SILENT = { env: {}, out: () => {}, err: () => {} };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edge-signer-init-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("an empty folder, with the published package", () => {
  it.skipIf(!HAS_CURL)("init, install, check, start, one upload", async () => {
    const packed = (await pack()).tarball;
    const tarball = join(folder, basename(packed));
    await copyFile(packed, tarball);
    // As `npx cloudinary-edge-signer init` runs it: from the package, of which nothing is installed here.
    const home = join(folder, "uploads");
    await mkdir(home);
    await mkdir(join(folder, "npx"));
    await writeFile(join(folder, "npx/package.json"), '{ "dependencies": { "cloudinary-edge-signer": "" } }');
    await install(join(folder, "npx"), tarball);
    const npx = join(folder, "npx/node_modules/.bin/cloudinary-edge-signer");
    const options = { cwd: home, env: QUIET };
    const made = await run(npx, ["init", "--yes", "--origin", "https://www.example.com"], options);
    expect(made.stdout).toContain("Next: npm install && npm start");
    // The file that it was installed from, and no version that the registry may not have.
    const { dependencies } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
    expect(dependencies).toEqual({ "cloudinary-edge-signer": `file:../${basename(tarball)}` });

    // Nothing is installed yet: a sentence says what to do.
    const early = await run(npx, ["check"], options).catch((error) => error);
    expect([early.code, early.stderr]).toEqual([
      2,
      expect.stringMatching(/^✗ install wrangler first: npm install/),
    ]);

    for (const [cwd, words] of [
      [
        home,
        "✗ run `npm install --save-dev cloudinary wrangler`: start needs the packages cloudinary and wrangler\n",
      ],
      [folder, "✗ run this where your wrangler.toml is, or give --config: wrangler.toml is not there\n"],
    ] as const) {
      const started = await run(npx, ["start"], { ...options, cwd }).catch((error) => error);
      expect([started.code, started.stderr]).toEqual([2, words]);
    }

    await install(home, tarball);
    const beside = await besideWrangler(home);
    expect(beside).toContain("cloudinary-edge-signer");
    expect(beside.length, beside.join()).toBeLessThan(MOST_PACKAGES);

    // What `npm run` gets of these; the build below fails where the check does.
    const { scripts } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
    const commands = {
      check: "cloudinary-edge-signer check",
      deploy: "wrangler deploy",
      types: "wrangler types",
    };
    expect(scripts).toMatchObject(commands);
    expect(await readFile(join(home, "wrangler.toml"), "utf8")).toMatch(
      /^command = "npx cloudinary-edge-signer check"$/m,
    );

    // Right before the types of the Workers runtime are written, and with them, which wrangler takes its time for.
    expect(await tsc(["-p", "."], home)).toBe("");
    if (FULL) {
      const checked = await run("npm", ["run", "-s", "check"], options);
      expect(checked.stdout).toMatch(/^✓ wrangler\.toml: profiles default; policy [0-9a-f]{64}\n$/);
      const dry = await run("npm", ["run", "-s", "deploy", "--", "--dry-run", "--outdir", "out"], options);
      expect(dry.stdout).toContain(checked.stdout.trim());
      expect(dry.stdout).toContain("--dry-run: exiting now.");
      const bundle = await readFile(join(home, "out/index.js"), "utf8");
      expect(bundle).not.toMatch(/JWSInvalid|ERR_JWT|jose/);
      expect(bundle).not.toMatch(/\bnode:|\bBuffer\b/);
      await run("npm", ["run", "-s", "types"], options);
      expect(await tsc(["-p", "."], home)).toBe("");
    }

    // With the page, whose files the package brings.
    const toml = await readFile(join(home, "wrangler.toml"), "utf8");
    await writeFile(
      join(home, "wrangler.toml"),
      toml.replace(/^# (?=\[assets\]|directory|binding = "ASSETS"|run_)/gm, ""),
    );
    const definition = await readFile(join(home, "signer.config.ts"), "utf8");
    await writeFile(
      join(home, "signer.config.ts"),
      definition.replace("defineSigner({", "defineSigner({ page: true,"),
    );

    const [PORT, EMULATOR_PORT] = [String(await freePort()), String(await freePort())];
    const start = spawn("npm", ["start"], {
      cwd: home,
      env: { ...QUIET, PORT, EMULATOR_PORT },
      detached: true,
    });
    try {
      let output = "";
      const line = await new Promise<string>((resolve, reject) => {
        const read = (data: Buffer) => {
          output += data;
          const [found] = /curl -sS --fail-with-body .*\| sh/.exec(output) ?? [];
          if (found !== undefined && output.includes("Ctrl-C")) resolve(found);
        };
        start.stdout.on("data", read);
        start.stderr.on("data", read);
        start.once("close", () => reject(new Error(output)));
      });
      const { stdout } = await run("sh", ["-c", line], { cwd: tmpdir() });
      expect(JSON.parse(stdout)).toMatchObject({ width: 1200, height: 800, format: "jpg" });
      const asked = await fetch(
        `http://localhost:${PORT}/sign`,
        post({}, { origin: "https://www.example.com" }),
      );
      expect(asked.status).toBe(200);
      expect((await fetch(`http://localhost:${PORT}/sign`, post({}))).status).toBe(403);
      const page = await fetch(`http://localhost:${PORT}/`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("page.js")]);
    } finally {
      process.kill(-start.pid!, "SIGINT");
      await once(start, "close");
    }
  });
});

describe("template/", () => {
  it("holds nothing that wrangler does not know", async () => {
    expect(await wranglerWarnings(join(PROJECT, "template/wrangler.toml"))).toEqual([]);
  });

  it("is what init writes for its first answers", async () => {
    const answers = { name: "my-signer", origin: "", access: "origin", type: "image" } as const;
    const files = await filesOf(answers);
    for (const [path, text] of Object.entries(files))
      expect(await readFile(join(PROJECT, "template", path), "utf8"), path).toBe(text);
    const there = await readdir(join(PROJECT, "template"), { recursive: true, withFileTypes: true });
    expect(there.filter((entry) => entry.isFile())).toHaveLength(Object.keys(files).length);
    expect(files[".gitignore"]).toBe(GITIGNORE);
  });

  it("holds no demo value, and describes what the deploy button asks for", async () => {
    const read = (path: string) => readFile(join(PROJECT, "template", path), "utf8");
    const lines = (await read(".dev.vars.example")).split("\n").filter((line) => /^[^#]/.test(line));
    expect(lines).toEqual(["CLOUDINARY_URL="]);
    const { cloudflare } = JSON.parse(await read("package.json"));
    expect(Object.keys(cloudflare.bindings)).toEqual(["CLOUDINARY_URL", "ALLOWED_ORIGINS", "LIMIT_BY_IP"]);
    expect(await read("src/index.ts")).toContain("export const { Signer } = worker;");
    expect(await read("README.md")).toMatch(/`\[\[services\]\]` binds \*\*`APP`\*\*.*\*\*queue\*\*/s);
  });
});

/** Checks what was written, with this project's modules in the place of the package. */
async function checkWritten(files: Readonly<Record<string, string>>) {
  const modules = await configModule();
  const made = await deployment({
    "wrangler.toml": files["wrangler.toml"]!,
    "signer.config.ts": files["signer.config.ts"]!.replace("cloudinary-edge-signer/config", modules),
  });
  const ran = await runHere(main, ["check", "--config", made.config]);
  await made.remove();
  return ran;
}

describe("init", () => {
  it.each(ACCESS.flatMap((access) => TYPES.map((type) => [access, type] as const)))(
    "writes a right configuration for %s and %s",
    async (access, type) => {
      const files = await filesOf({ name: "a", origin: "https://www.example.com", access, type });
      const ran = await checkWritten(files);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(ran.stdout).not.toContain("! ");
    },
  );

  it("names the queues after the Worker", async () => {
    const answers = { name: "photos", origin: "", access: "origin", type: "image" } as const;
    const { "wrangler.toml": text = "" } = await filesOf(answers);
    expect(text).toContain('queue = "photos-notifications"');
    expect(text).toContain('dead_letter_queue = "photos-dead-letters"');
    expect(text).not.toContain("my-signer");
  });

  it("names the secret of jwt wherever the account's is named", async () => {
    const lines = (text = "") => text.split("\n").filter((line) => /^\s*[A-Z_]+=/.test(line));
    const answers = { name: "a", origin: "", type: "image" } as const;
    const jwt = await filesOf({ ...answers, access: "jwt" });
    expect(lines(jwt[".dev.vars.example"])).toEqual(["CLOUDINARY_URL=", "JWT_SECRET="]);
    expect(lines(jwt["README.md"])).toEqual([
      "   CLOUDINARY_URL=cloudinary://API_KEY:API_SECRET@CLOUD_NAME",
      "   JWT_SECRET=",
    ]);
    for (const path of [".dev.vars.example", "README.md"])
      expect(jwt[path]).toContain("openssl rand -hex 32");
    for (const access of ["origin", "public"] as const)
      expect(JSON.stringify(await filesOf({ ...answers, access }))).not.toContain("JWT_SECRET");
  });

  it("signs for nobody while no origin is listed, and the check passes with a warning", async () => {
    const ran = await checkWritten(await filesOf({ name: "a", origin: "", access: "origin", type: "image" }));
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("! ");
    expect(ran.stdout).toContain(
      "access.site: list an origin in allowedOrigins, or in the variable ALLOWED_ORIGINS",
    );
  });

  it("asks four questions, again where an answer won't do, and takes flags for answers", async () => {
    const home = join(folder, "asked");
    const answers = ["My Signer", "my-uploads", "www.example.com", "https://www.example.com/", "jwt", ""];
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return answers.shift()!;
    };
    expect(await init(home, {}, SILENT, ask)).toBe(0);
    expect(asked.map((question) => question.replace(/[(?[].*/, ""))).toEqual([
      "What is the Worker called",
      "It must be at most 63 lower-case letters, digits and -, with no - at either end. What is the Worker called",
      "Which origin are your pages served from",
      "It must be written with https:// before it: https://www.example.com. Which origin are your pages served from",
      "Who may upload",
      "What may be uploaded",
    ]);
    const toml = await readFile(join(home, "wrangler.toml"), "utf8");
    expect(toml).toContain('name = "my-uploads"');
    expect(toml).toContain('ALLOWED_ORIGINS = "https://www.example.com"');
    expect(await readFile(join(home, "signer.config.ts"), "utf8")).toContain("jwt({");
  });

  it("overwrites nothing, and says so before it asks", async () => {
    const home = join(folder, "taken");
    await mkdir(home);
    await writeFile(join(home, "wrangler.toml"), "mine");
    const words = "move these files away, for nothing is overwritten: wrangler.toml";
    const ran = await runHere(main, ["init", home, "--yes"]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(words);
    const ask = () => Promise.reject(new Error("asked"));
    await expect(init(home, {}, SILENT, ask)).rejects.toThrow(words);
    expect(await readdir(home)).toEqual(["wrangler.toml"]);
    expect(await readFile(join(home, "wrangler.toml"), "utf8")).toBe("mine");
  });

  it("completes the package.json that npm install wrote, and changes nothing that stands there", async () => {
    const home = join(folder, "installed");
    await mkdir(join(home, "node_modules"), { recursive: true });
    await writeFile(join(home, "package-lock.json"), "{}");
    const own = {
      version: "3.2.1",
      type: "commonjs",
      scripts: { start: "mine", test: "mine" },
      dependencies: { "cloudinary-edge-signer": "file:../signer.tgz", hono: "^4.0.0", wrangler: "4.0.0" },
    };
    await writeFile(join(home, "package.json"), JSON.stringify(own, null, "\t"));
    const ran = await runHere(main, ["init", home, "--yes", "--name", "a"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("package.json (it was there: what it lacked was added)");
    expect(ran.stdout).toContain("npm install && npx cloudinary-edge-signer start");
    const text = await readFile(join(home, "package.json"), "utf8");
    expect(text).toMatch(/^\{\n\t"version"/);
    const wanted = JSON.parse(await readFile(join(PROJECT, "template/package.json"), "utf8"));
    const { wrangler: _, ...devDependencies } = wanted.devDependencies;
    expect(JSON.parse(text)).toEqual({
      ...wanted,
      ...own,
      name: "a",
      scripts: { ...wanted.scripts, ...own.scripts },
      devDependencies,
    });
  });

  it("leaves a package.json alone that is none", async () => {
    const home = join(folder, "no-manifest");
    await mkdir(home);
    await writeFile(join(home, "package.json"), "[]");
    const ask = () => Promise.reject(new Error("asked"));
    await expect(init(home, {}, SILENT, ask)).rejects.toThrow("package.json first: it is not a JSON object");
    expect(await readdir(home)).toEqual(["package.json"]);
  });

  it.each([
    [{ dependencies: { "cloudinary-edge-signer": "file:../packed/a.tgz" } }, {}, "file:../packed/a.tgz"],
    [
      { devDependencies: { "cloudinary-edge-signer": "https://a.example/a.tgz" } },
      {},
      "https://a.example/a.tgz",
    ],
    [{}, { resolved: "file:a.tgz" }, "file:../home/a.tgz"],
    [{}, { resolved: "https://registry.example/a.tgz" }, "^1.2.3"],
    [{ dependencies: { "cloudinary-edge-signer": "^1.0.0" } }, { resolved: "file:a.tgz" }, "^1.2.3"],
    [{}, {}, "^1.2.3"],
  ])("installed by %j and %j, a new folder beside it names %s", async (manifest, listed, spec) => {
    const home = await mkdtemp(join(folder, "spec-"));
    const lock = { packages: { "node_modules/cloudinary-edge-signer": listed } };
    await mkdir(join(home, "home/node_modules"), { recursive: true });
    await writeFile(join(home, "home/package.json"), JSON.stringify(manifest));
    await writeFile(join(home, "home/node_modules/.package-lock.json"), JSON.stringify(lock));
    expect(await ownSpec(join(home, "new"), "1.2.3", [join(home, "home")])).toBe(spec);
  });

  it.each([
    [["--name", "A b", "--yes"], "--name must be at most 63 lower-case letters"],
    [
      ["--origin", "example.com", "--yes"],
      "--origin must be written with https:// before it: https://example.com",
    ],
    [["--origin", "localhost:3000", "--yes"], "with http:// before it: http://localhost:3000"],
    [
      ["--origin", "https://a.example/, https://www.example.com/shop/", "--yes"],
      "--origin must be written without the path: https://www.example.com",
    ],
    [["--origin", "https://A.example", "--yes"], "as browsers send it: https://a.example"],
    [
      ["--origin", "https://*.example.com", "--yes"],
      "--origin must be an origin such as https://www.example.com",
    ],
    [["--access", "everybody", "--yes"], "--access must be one of origin, jwt, public"],
    [["--type", "film", "--yes"], "--type must be one of image, video, raw, auto"],
    [["--nmae", "a"], "unknown option '--nmae'"],
  ])("%j is a sentence", async (args, words) => {
    const home = join(folder, "wrong");
    const ran = await runHere(main, ["init", home, ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(words);
    await expect(readdir(home)).rejects.toThrow();
  });
});
