// `npm start`, as a person uses it: what it prints, the line to try it with, Ctrl-C, and what can go wrong. The first
// is a process; all else runs here.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { banner } from "../../src/cli/banner.ts";
import { main } from "../../src/cli/cli.ts";
import { checkProject } from "../../src/cli/environments.ts";
import { originNote, start } from "../../src/cli/start.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Ran, runHere } from "../support/command.ts";
import { configModule } from "../support/once.ts";
import { freePort, isFree } from "../support/ports.ts";
import { HAS_CURL } from "../support/programs.ts";
import { post } from "../support/targets.ts";
import { expectWords } from "../support/words.ts";
import { deployment } from "./deployment.ts";

const DEMO_SECRET = "demo-Secret_that-opens-nothing";

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

/** No stack trace, and no secret. */
function expectReadable(output: string): void {
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(output).not.toContain(DEMO_SECRET);
}

const DEMO = ["--config", join(PROJECT, "demo/wrangler.toml")];

/** Refused by these words, and by nothing else. */
function expectRefused({ code, stdout, stderr }: Ran, words: string, expected: number): void {
  expect(code).toBe(expected);
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
      const [line] = await run.until(/curl -sS --fail-with-body .*\| sh/);
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
      expect(printed).toMatch(/bare\s+tickets and drop-in, for site\n\s+sets source\n\s+accepts nothing\n/);

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

      const bare = await fetch(
        `http://localhost:${port}/sign/bare`,
        post(
          { paramsToSign: { timestamp: paramsToSign.timestamp, source: "uw" } },
          { origin: "http://localhost:5173" },
        ),
      );
      expect(bare.status).toBe(200);

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

      // Notifications to the definition's publicUrl come to this Worker, whatever PORT is.
      const hook = { type: "nobody_knows", url: "http://localhost:8787/notifications" };
      await fetch(`http://127.0.0.1:${emulatorPort}/_notifications`, post(hook));
      await run.until(/✓ notified nobody_knows/);

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
      const ports = { [variable]: String(port), [other]: String(await freePort()) };
      const ran = await runHere(main, ["start", ...DEMO], ports);
      busy.close();
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toMatch(new RegExp(`${variable}=\\d+.* npm start.*: port ${port} is in use`));
      expectReadable(ran.stderr);
    });

    it("no port: a clear message", async () => {
      const ran = await runHere(main, ["start", ...DEMO], { [variable]: "eighty" });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain(`${variable} must be a port from 1 to 65535`);
      expectReadable(ran.stderr);
    });
  });

  it("misconfigured: every fault, and nothing is started", async () => {
    const folder = await mkdtemp(join(tmpdir(), "edge-signer-start-"));
    const path = join(folder, "wrangler.toml");
    await writeFile(path, 'name = "x"\n[vars]\nCLOUDINARY_API_SECRET = "abcdefgh-12345678"\n');
    await writeFile(
      join(folder, "signer.config.ts"),
      'export default { profiles: { widget: { access: ["public"], ttl: 5 } } };',
    );
    const ran = await runHere(main, ["start", "--config", path]);
    expectRefused(ran, "signer.config.ts, profiles.widget.ttl: must be whole seconds", 2);
    expectRefused(ran, "CLOUDINARY_API_SECRET: remove it from [vars]", 2);
    await rm(folder, { recursive: true });
  });
});

describe("a folder of one's own starts in the same way", () => {
  /** As many as no variable of a Worker would hold. */
  const INBOXES = 1000;
  const inbox = (n: number) =>
    `"inbox-${n}": { access: ["public"], ttl: 300, set: { folder: "inbox/${n}" }, accept: { context: { keys: ["alt"], maxLength: 200 } } },`;
  const FILES = {
    "wrangler.toml": `name = "my-signer"
main = "index.ts"
compatibility_date = "2026-10-20"
[env.staging]
[env.staging.vars]
SIGNER_ENV = "staging"
[[env.staging.services]]
binding = "APP"
service = "shop"
entrypoint = "Uploads"
[[env.staging.queues.producers]]
binding = "NOTIFICATIONS"
queue = "notes"
[[env.staging.queues.consumers]]
queue = "notes"
max_batch_timeout = 0
`,
    "index.ts": `import { createWorker } from "../../src/worker.ts";
import config from "./signer.config.ts";
export default createWorker(config);
`,
    "signer.config.ts": `import { jwt, origin } from "../../src/config.ts";
export default {
  publicUrl: "https://uploads.example.com",
  access: {
    site: origin(),
    staff: jwt({ secret: "STAFF_SECRET", issuer: "i", authorizedParties: "a" }),
  },
  profiles: {
    photos: { access: ["site"], resourceType: "image" },
    files: { access: ["staff"], set: { folder: "staff/{sub}" } },
    told: { access: ["public"], resourceType: "image", file: { maxBytes: 1000 }, notify: true },
    ${Array.from({ length: INBOXES }, (_, i) => inbox(i + 1)).join("\n    ")}
  },
  environments: {
    staging: { allowedOrigins: ["https://a.example"], access: { site: origin({ origins: ["https://a.example"] }) } },
  },
};
`,
  };
  let folder: string;
  let url: string;
  let output = "";
  let stop = async () => {};
  const ask = (profile: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/sign/${profile}`, post(body, headers));
  beforeAll(async () => {
    // Below this project, so that its Worker finds the package's modules.
    await mkdir(join(PROJECT, "dist"), { recursive: true });
    folder = await mkdtemp(join(PROJECT, "dist/own-"));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    const port = await freePort();
    url = `http://localhost:${port}`;
    const io = {
      env: { PORT: String(port), EMULATOR_PORT: String(await freePort()) },
      out: (text: string) => {
        output += `${text}\n`;
      },
      err: () => {},
    };
    await start({ config: join(folder, "wrangler.toml"), env: "staging" }, io, (undo) => {
      stop = undo;
    });
  });
  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  it.skipIf(!HAS_CURL)("with a line and a token to try it with", async () => {
    const [line = ""] = /curl -sS --fail-with-body .*\| sh/.exec(output) ?? [];
    const [, token = ""] = /Authorization: Bearer (\S+)/.exec(output) ?? [];
    expect(output).toMatch(/Profiles, from \S*signer\.config\.ts/);
    expect(output).toContain("cloudinary-edge-signer, my-signer-staging on this machine");
    expect(output).not.toContain("ALLOWED_ORIGINS");
    const { stdout } = await promisify(execFile)("sh", ["-c", line], { cwd: tmpdir() });
    expect(JSON.parse(stdout)).toMatchObject({ width: 1200, format: "jpg" });
    expect((await ask("files", {}, { authorization: `Bearer ${token}` })).status).toBe(200);
    expectReadable(output);
  });

  it("shows what the application is told, where it is a Worker that does not run here", async () => {
    expect(output).toContain("In the place of your Worker shop (APP) one stands here");
    const { url, fields } = await (await ask("told", {})).json();
    const form = new FormData();
    for (const [name, value] of Object.entries<string>(fields)) form.append(name, value);
    form.append("file", new Blob([await readFile(join(PROJECT, "src/testing/sample.jpg"))]), "a.jpg");
    const { public_id } = await (await fetch(url, { method: "POST", body: form })).json();
    const words = `✓ APP.onNotification upload ${public_id}: destroyed, too large`;
    await vi.waitFor(() => expect(stripVTControlCharacters(output)).toContain(words), 120_000);
  });

  it("with 1,000 profiles and more, as the check counts them", async () => {
    const config = join(folder, "wrangler.toml");
    const checked = await runHere(main, ["check", "--json", "--env", "staging", "--config", config]);
    const { ok, environments } = JSON.parse(checked.stdout);
    expect([ok, environments[0].profiles.length]).toEqual([true, INBOXES + 3]);
    const health = { status: "ok", policy: environments[0].policy, profiles: INBOXES + 3, faults: [] };
    expect(await (await fetch(`${url}/health`)).json()).toEqual(health);
    const last = await ask(`inbox-${INBOXES}`, { params: { context: { alt: "A cat" } } });
    expect(await last.json()).toMatchObject({
      fields: { folder: `inbox/${INBOXES}`, context: "alt=A cat" },
    });
    expect(output).toContain(`inbox-${INBOXES}`);
  });
});

it("without a wrangler.toml it says where to be, as the check does", async () => {
  const config = join(tmpdir(), "nothing-here", "wrangler.toml");
  for (const command of ["start", "check"]) {
    const ran = await runHere(main, [command, "--config", config]);
    expectRefused(ran, "run this where your wrangler.toml is", 2);
  }
});

describe("the banner", () => {
  /** What is printed for a definition with these access methods and profiles. */
  async function printed(definition: string): Promise<string> {
    const modules = JSON.stringify(await configModule());
    const made = await deployment({
      "wrangler.toml": 'name = "my-signer"\nmain = "index.ts"\ncompatibility_date = "2026-10-20"\n',
      "signer.config.ts": `import { custom } from ${modules};\nexport default ${definition};\n`,
    });
    const [checked] = await checkProject(made.config);
    await made.remove();
    const { config, settings, faults } = checked!;
    expect(faults).toEqual([]);
    if (!config.ok || settings === undefined) throw new Error("misconfigured");
    return banner({
      title: "my-signer on this machine",
      definition: "signer.config.ts",
      worker: "http://localhost:8787",
      emulator: "http://127.0.0.1:8788",
      config: config.value,
      settings,
      sample: "/sample.jpg",
      origin: "http://localhost:1313",
      token: undefined,
      notes: [originNote(made.config, config.value)],
    });
  }
  const CUSTOM =
    '{ access: { people: custom({ reads: { cookie: "session" }, verify: async () => undefined }) }, profiles: { default: { access: ["people"], set: { folder: "users/{sub}" } } } }';

  it("says why there is no line to try", async () => {
    expect(await printed(CUSTOM)).toContain(
      "No line to try it with: what callers show to people (custom) can't be made up here.",
    );
    expect(
      await printed('{ profiles: { default: { access: ["public"], resourceType: "video" } } }'),
    ).toContain("No line to try it with: no profile takes the sample, which is a picture.");
    expect(await printed('{ profiles: { default: { access: ["public"] } } }')).not.toContain("No line");
    expect(await printed("{}")).not.toContain("No line");
  });

  it("says that pages find another signer where it is deployed, until an origin is listed", async () => {
    const words = "The deployed Worker admits no page until ALLOWED_ORIGINS lists an origin.\n";
    expect(await printed(CUSTOM)).toContain(words);
    expect(await printed(CUSTOM.replace("{", '{ allowedOrigins: ["https://a.example"],'))).not.toContain(
      "ALLOWED_ORIGINS",
    );
  });
});

it("a definition without profiles signs for nobody, and the check says so", async () => {
  const { code, stdout } = await runHere(main, ["check", "--config", join(PROJECT, "wrangler.toml")]);
  expect(code).toBe(0);
  expect(stdout).toContain("no profile yet, so it signs for nobody");
  const demo = await runHere(main, ["check", ...DEMO]);
  expect(demo.stdout).toContain(
    ": profiles default, widget, bare, members, member-remove, member-rename, member-captions, avatars, member-widget;",
  );
});
