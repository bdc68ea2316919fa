// `npm start`, as a person uses it: what it prints, the line to try it with, Ctrl-C, and what can go wrong. The first
// is a process; what ends before anything is started runs here.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { main as check } from "../../src/cli/check-config.ts";
import { main as start } from "../../src/cli/start.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Ran, runHere, runProcess } from "../support/command.ts";
import { HAS_CURL } from "../support/programs.ts";
import { post } from "../support/targets.ts";
import { expectWords } from "../support/words.ts";

const DEMO_SECRET = "demo-Secret_that-opens-nothing";

/** A free port below those that systems deal out, so that nobody is given it before it is used. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
}

interface Run {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until the output holds this. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ctrl-C: a signal to the whole group, as a terminal sends it. */
  interrupt(): Promise<number | null>;
  readonly exit: Promise<number | null>;
}

const running = new Set<Run>();

function npmStart(env: Record<string, string>): Run {
  const child = spawn("npm", ["start"], {
    cwd: PROJECT,
    env: { ...process.env, ...env, NO_COLOR: "1" },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) stream.on("data", (data) => (output += data));
  const exit = once(child, "close").then(([code]) => code as number | null);
  const run: Run = {
    child,
    exit,
    output: () => output,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          if (match !== null) resolve(match);
        };
        look();
        for (const stream of streams) stream.on("data", look);
        exit.then(() => reject(new Error(`ended without ${pattern}: ${output}`)));
      }),
    interrupt: async () => {
      // Ended by a signal, it has no exit code, and its group is gone.
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGINT");
      return exit;
    },
  };
  running.add(run);
  return run;
}

afterEach(async () => {
  for (const run of running) await run.interrupt();
  running.clear();
});

function isFree(port: number): Promise<boolean> {
  const server: Server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** No stack trace, and no secret. */
function expectReadable(output: string): void {
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(output).not.toContain(DEMO_SECRET);
}

/** Refused by these words, and by nothing else. */
function expectRefused({ code, stdout, stderr }: Ran, words: string): void {
  expect(code).toBe(1);
  expectWords(stderr, words);
  expect(stdout + stderr).not.toContain("abcdefgh-12345678");
  expectReadable(stdout + stderr);
}

describe("npm start", () => {
  it.skipIf(!HAS_CURL)(
    "prints a line that uploads the sample picture, shows what arrives, and ends on Ctrl-C",
    async () => {
      const [port, emulatorPort] = [await freePort(), await freePort()];
      const run = npmStart({ PORT: String(port), EMULATOR_PORT: String(emulatorPort) });
      const [line] = await run.until(/curl -fsS .*\| sh/);
      await run.until(/Ctrl-C/);
      const printed = run.output();
      expect(printed).toContain(`http://localhost:${port}`);
      expect(printed).toContain(`http://127.0.0.1:${emulatorPort}`);
      expect(printed).toMatch(
        /default\s+tickets, for anybody\n\s+sets public_id, overwrite\n\s+accepts context\n/,
      );
      expect(printed).toMatch(
        /widget\s+tickets and drop-in, for site\n\s+sets folder\n\s+accepts source, custom_coordinates, context\n/,
      );

      // From another folder, as another terminal would.
      const { stdout } = await promisify(execFile)("sh", ["-c", line], { cwd: tmpdir() });
      const answer = JSON.parse(stdout);
      const sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
      expect(answer).toMatchObject({ width: 1200, height: 800, format: "jpg", bytes: sample.length });
      const stored = await fetch(answer.secure_url);
      expect(Buffer.from(await stored.arrayBuffer()).equals(sample)).toBe(true);
      await run.until(new RegExp(`uploaded image ${answer.public_id}`));

      const uploads = await (await fetch(`http://127.0.0.1:${emulatorPort}/_uploads`)).json();
      expect(uploads).toMatchObject([
        { public_id: answer.public_id, bytes: sample.length, resource_type: "image" },
      ]);

      // The page origin of the widget profile moves with PORT.
      const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), folder: "widget", source: "uw" };
      const widget = (origin: string) =>
        fetch(`http://localhost:${port}/sign/widget`, post({ paramsToSign }, { origin })).then(
          ({ status }) => status,
        );
      expect(await widget(`http://localhost:${port}`)).toBe(200);
      expect(await widget("https://evil.example")).toBe(403);
      await run.until(/refused 403 origin_not_allowed https:\/\/evil\.example: list the page's origin/);

      // The printed token lets in, and nothing else does.
      const [, token = ""] = /Authorization: Bearer (\S+)/.exec(printed) ?? [];
      const members = (headers: Record<string, string>) =>
        fetch(`http://localhost:${port}/sign/members`, post({}, headers)).then((response) => response.json());
      expect(await members({ authorization: `Bearer ${token}` })).toMatchObject({
        fields: { folder: "users/42" },
      });
      expect(await members({})).toMatchObject({ code: "unauthenticated" });
      expect(await members({ authorization: `Bearer ${token}x` })).toMatchObject({ code: "invalid_token" });

      // A refusal is shown too.
      await fetch(`http://localhost:${port}/sign`, post({ params: { folder: "x" } }));
      await run.until(/refused 422 params_refused default: folder/);

      // npm passes the signal on to itself when its script has ended, so there is no exit code.
      await run.interrupt();
      expect(run.output()).toContain("stopped");
      expectReadable(run.output());
      expect(await isFree(port)).toBe(true);
      expect(await isFree(emulatorPort)).toBe(true);
    },
  );

  describe.each(["PORT", "EMULATOR_PORT"])("%s", (variable) => {
    it("in use: a clear message", async () => {
      const busy = createServer().listen(0, "127.0.0.1");
      await once(busy, "listening");
      const { port } = busy.address() as { port: number };
      const other = variable === "PORT" ? "EMULATOR_PORT" : "PORT";
      const ran = await runHere(start, [], { [variable]: String(port), [other]: String(await freePort()) });
      busy.close();
      expect(ran).toMatchObject({ code: 1, stdout: "" });
      expect(ran.stderr).toMatch(new RegExp(`port ${port} is in use .*${variable}=\\d+.* npm start`));
      expectReadable(ran.stderr);
    });

    it("no port: a clear message", async () => {
      const ran = await runHere(start, [], { [variable]: "eighty" });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain(`${variable} must be a port from 1 to 65535`);
      expectReadable(ran.stderr);
    });
  });

  describe("misconfigured", () => {
    let folder: string;
    let toml: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "edge-signer-start-"));
      toml = await readFile(join(PROJECT, "wrangler.toml"), "utf8");
      await cp(join(PROJECT, "src"), join(folder, "src"), { recursive: true });
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each([
      [
        "a missing key",
        (text: string) => text.replace(/^CLOUDINARY_API_KEY = "8.*\n/m, ""),
        "CLOUDINARY_API_KEY: is missing",
      ],
      [
        "a quoted key",
        (text: string) => text.replace('"874837483274837"', "\"'874837483274837'\""),
        "CLOUDINARY_API_KEY: is wrapped in quotes",
      ],
      [
        "a bad prefix",
        (text: string) => text.replace('"http://127.0.0.1:8788"', '"127.0.0.1:8788"'),
        "CLOUDINARY_UPLOAD_PREFIX: ",
      ],
      [
        "an unknown key",
        (text: string) =>
          text.replace("[env.local.vars.SIGNER]\n", "[env.local.vars.SIGNER]\nallowOrigins = []\n"),
        "SIGNER.allowOrigins: is no setting",
      ],
      [
        "a bad profile",
        (text: string) => text.replace("dropIn = true", "dropIn = true\nttl = 5"),
        "SIGNER.profiles.widget.ttl: must be whole seconds",
      ],
      [
        "a table outside of [vars]",
        (text: string) => text.replace("[env.local.vars.SIGNER]", "[env.local.SIGNER]"),
        "SIGNER: [env.local.SIGNER] stands outside of vars, where nothing reads it: write [env.local.vars.SIGNER]",
      ],
      [
        "a secret in [vars]",
        (text: string) =>
          text.replace(
            'CLOUDINARY_CLOUD_NAME = "demo"',
            'CLOUDINARY_CLOUD_NAME = "demo"\nCLOUDINARY_API_SECRET = "abcdefgh-12345678"',
          ),
        "CLOUDINARY_API_SECRET: is a secret and stands in [env.local.vars]",
      ],
      [
        "a secret of a way in, in [vars]",
        (text: string) =>
          text.replace(
            'CLOUDINARY_CLOUD_NAME = "demo"',
            'CLOUDINARY_CLOUD_NAME = "demo"\nJWT_SECRET = "abcdefgh-12345678-abcdefgh-12345678"',
          ),
        "JWT_SECRET: is a secret and stands in [env.local.vars]",
      ],
      ["broken TOML", (text: string) => `${text}\n[[[`, "wrangler.toml"],
    ])("%s", async (_, change, words) => {
      const path = join(folder, "wrangler.toml");
      const changed = change(toml);
      expect(changed).not.toBe(toml);
      await writeFile(path, changed);
      expectRefused(await runHere(start, ["--config", path]), words);
      expectRefused(await runHere(check, ["--config", path]), words);
    });

    it("is exit code 1 of both processes, so that nothing is deployed", async () => {
      const path = join(folder, "wrangler.toml");
      await writeFile(path, toml.replace("dropIn = true", "dropIn = true\nttl = 5"));
      for (const file of ["start.ts", "check-config.ts"])
        expectRefused(await runProcess(file, ["--config", path]), "SIGNER.profiles.widget.ttl: must be");
    });
  });
});

it("a wrangler.toml without profiles signs for nobody, and the check says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "edge-signer-check-"));
  const toml = await readFile(join(PROJECT, "wrangler.toml"), "utf8");
  const path = join(folder, "wrangler.toml");
  // As it is delivered: what an owner adds stands before the demo, and is left out here.
  await writeFile(
    path,
    `name = "x"\nmain = "x.ts"\n[assets]\ndirectory = "x"\nbinding = "ASSETS"\n${toml.slice(toml.indexOf("[env.local]"))}`,
  );
  await writeFile(join(folder, "x.ts"), "");
  const { code, stdout } = await runHere(check, ["--config", path]);
  expect(code).toBe(0);
  expect(stdout).toContain("no profile yet, so it signs for nobody");
  expect(stdout).toContain("(--env local): profiles default, widget, members, member-widget");
  await rm(folder, { recursive: true });
});
