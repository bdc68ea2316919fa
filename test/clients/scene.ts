// Where clients are run: the built Worker behind a proxy that reads its refusals, the emulator, a real browser once one is
// asked for, and for each client a folder of its own.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Browser } from "playwright-core";
import demo from "../../demo/signer.config.ts";
import { logLine, refusedByCloudinary } from "../../src/cli/terminal.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { buildWorker, newBuild, PROJECT, removeBuild, startWorker } from "../../src/testing/local-worker.ts";
import {
  type Answers,
  launchBrowser,
  type OpenedPage,
  openPage,
  servePages,
} from "../browser/support/browser.ts";
import { bundlePage, type PageSource } from "./bundle-page.ts";
import { MORE_ACCESS, MORE_PROFILES } from "./profiles.ts";
import { snippetsOf } from "./snippets.ts";

/** The demo's account, whose cloud and key stand in the snippets. */
export const ACCOUNT = {
  cloudName: "demo",
  apiKey: "874837483274837",
  apiSecret: "demo-Secret_that-opens-nothing",
} as const;
/** Of the demo's access method `members`. */
const JWT_SECRET = "a-shared-secret-of-more-than-32-bytes";

/** What the terminal's lines begin with. */
const CLOCK = /^\d\d:\d\d:\d\d /;

/** Longest run of a program, in milliseconds. */
const TIMEOUT = 120_000;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What one client has. */
export interface Scene {
  /** The signer's address; its profiles are those of `npm start` and profiles.ts. */
  readonly signer: string;
  /** The emulator's address. */
  readonly emulator: string;
  /** The origin of the pages, which the signer allows. */
  readonly pages: string;
  /** A fresh JPEG, like no other by its bytes. */
  readonly file: string;
  /** Its path's folder: the client's own, below test/clients, so that its packages are found. */
  readonly folder: string;
  /** A bearer token that the profile `members` lets in, with the subject `42`. */
  token(): Promise<string>;
  /** The n-th block of the client's section in docs/clients.md, with the scene's addresses. */
  snippet(n?: number): string;
  /** Writes a file into the folder, and answers its path. */
  write(name: string, text: string): Promise<string>;
  /** Runs a program in the folder; this Node as `node`. */
  run(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran>;
  /**
   * Opens a page at an allowed origin: `script` may import `snippet` and `snippet/1`, and any package of test/clients, of
   * test and of the root. Requests to api.cloudinary.com reach the emulator; `answers` adds other origins.
   */
  page(source: PageSource, answers?: Answers): Promise<OpenedPage>;
  /** What `npm start` would have shown of this client's refusals, line by line and without the time. */
  terminal(): readonly string[];
  /** The version of an installed package. */
  versionOf(name: string): Promise<string>;
}

/** A scene, and what the runner judges by. */
export interface Judged extends Scene {
  /** What the signer's refusals said: their `detail`, and each parameter's. */
  details(): readonly string[];
  /** Closes its pages, and removes its folder. */
  close(): Promise<void>;
}

export interface Stage {
  readonly hold: Emulator;
  sceneFor(name: string): Promise<Judged>;
  close(): Promise<void>;
}

const CHANGED = ["content-encoding", "content-length", "transfer-encoding"];

/** A proxy before the Worker; `onRefusal` gets what is refused, before whoever asked does. */
async function readRefusals(onRefusal: (body: string) => void) {
  const proxy = { target: "", url: "", close: async () => {} };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = "GET", url = "/", headers } = incoming;
    const { connection: _, "content-length": __, "transfer-encoding": ___, expect: ____, ...rest } = headers;
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const init = { method, headers: rest as Record<string, string>, ...(body && { body }) };
    const answer = await fetch(proxy.target + url, init);
    const text = await answer.text();
    if (!answer.ok) onRefusal(text);
    // What was read is no longer compressed, nor as long.
    const kept = [...answer.headers].filter(([name]) => !CHANGED.includes(name));
    outgoing.writeHead(answer.status, Object.fromEntries(kept)).end(text);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  proxy.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return proxy;
}

export async function openStage(): Promise<Stage> {
  let [terminal, details]: [string[], string[]] = [[], []];
  const show = (line: string | undefined) => {
    if (line) terminal.push(stripVTControlCharacters(line).trim().replace(CLOCK, ""));
  };
  const served: Record<string, { type: string; body: string }> = {};
  const build = await newBuild();
  const [pages, emulator, proxy] = await Promise.all([
    servePages(served),
    startEmulator({
      ...ACCOUNT,
      onRefusal: (refusal) => show(refusedByCloudinary(refusal, "npm run explain")),
    }),
    readRefusals((body) => {
      const { detail, errors = [] } = JSON.parse(body) as { detail: string; errors?: { detail: string }[] };
      details.push(detail, ...errors.map((one) => one.detail));
    }),
    buildWorker(build, { entry: "test/support/worker.ts" }),
  ]);
  const worker = await startWorker({
    build,
    bindings: {
      CLOUDINARY_URL: `cloudinary://${ACCOUNT.apiKey}:${ACCOUNT.apiSecret}@${ACCOUNT.cloudName}`,
      CLOUDINARY_UPLOAD_PREFIX: emulator.url,
      ALLOWED_ORIGINS: pages.url,
      JWT_SECRET,
      SIGNER: {
        ...demo,
        page: false,
        access: { ...demo.access, ...MORE_ACCESS },
        profiles: { ...demo.profiles, ...MORE_PROFILES },
      },
    },
    onLog: (line) => show(logLine(line)),
  });
  proxy.target = worker.url;

  let browser: Promise<Browser> | undefined;
  const sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
  return {
    hold: emulator,
    async sceneFor(name) {
      [terminal, details] = [[], []];
      const folder = join(import.meta.dirname, ".run", createHash("md5").update(name).digest("hex"));
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      const file = join(folder, "photo.jpg");
      // What follows a JPEG's end belongs to no picture.
      await writeFile(file, Buffer.concat([sample, Buffer.from(name)]));
      const opened: OpenedPage[] = [];
      const here = (text: string) =>
        text
          .replaceAll("http://localhost:8787", proxy.url)
          .replaceAll(/http:\/\/(127\.0\.0\.1|localhost):8788/g, emulator.url);
      const write = async (path: string, text: string) => {
        const whole = join(folder, path);
        await mkdir(dirname(whole), { recursive: true });
        await writeFile(whole, text);
        return whole;
      };
      return {
        signer: proxy.url,
        emulator: emulator.url,
        pages: pages.url,
        file,
        folder,
        token: async () => {
          const { SignJWT } = await import("jose");
          return new SignJWT({ sub: "42" })
            .setProtectedHeader({ alg: "HS256", typ: "JWT" })
            .setIssuer("edge-signer-demo")
            .setAudience("uploads")
            .setIssuedAt()
            .setExpirationTime("1h")
            .sign(new TextEncoder().encode(JWT_SECRET));
        },
        snippet: (n = 0) => {
          const found = snippetsOf(name)[n];
          if (found === undefined) throw new Error(`docs/clients.md has no block ${n} under ### ${name}`);
          return here(found.text);
        },
        write,
        run: (program, args, env) =>
          new Promise((resolve) => {
            const options = { cwd: folder, env: { ...process.env, ...env }, timeout: TIMEOUT };
            const found = program === "node" ? process.execPath : program;
            execFile(found, args, options, (error, stdout, stderr) =>
              resolve({ code: error === null ? 0 : Number(error.code) || 1, stdout, stderr }),
            );
          }),
        page: async (source, answers = {}) => {
          browser ??= launchBrowser();
          const snippets = snippetsOf(name).map(({ language, text }) => ({ language, text: here(text) }));
          const path = `/${opened.length}-${encodeURIComponent(name)}`;
          const [body, html] = await bundlePage(source, snippets, `${path}.js`);
          served[`${path}.js`] = { type: "text/javascript; charset=utf-8", body };
          served[path] = { type: "text/html; charset=utf-8", body: html };
          const toEmulator = ({ pathname }: URL) => ({ from: emulator.url + pathname });
          const page = await openPage(await browser, {
            "https://api.cloudinary.com": toEmulator,
            ...answers,
          });
          opened.push(page);
          await page.page.goto(pages.url + path);
          return page;
        },
        terminal: () => [...terminal],
        details: () => [...details],
        versionOf: async (wanted) => {
          const at = createRequire(import.meta.url).resolve.paths(wanted)!;
          for (const one of at) {
            const text = await readFile(join(one, wanted, "package.json"), "utf8").catch(() => undefined);
            if (text !== undefined) return `${wanted} ${JSON.parse(text).version}`;
          }
          throw new Error(`${wanted} is not installed`);
        },
        close: async () => {
          for (const { page } of opened) await page.context().close();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
    async close() {
      await (await browser)?.close();
      await Promise.all([worker.close(), emulator.close(), pages.close(), proxy.close()]);
      await removeBuild(build);
    },
  };
}
