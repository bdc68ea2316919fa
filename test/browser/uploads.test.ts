// The store of uploads in a real Chromium: a pause in the middle of a large file, a connection that goes away and comes back,
// two tabs, folders that are chosen and dropped, and the question before a page is left.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type * as Client from "../../src/client/client.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { type LocalWorker, PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { ACCOUNT, OPTIONS, unseen } from "../support/account.ts";
import { FULL } from "../support/counts.ts";
import { type Seen, startWatchedProxy, type WatchedProxy } from "../support/watched-proxy.ts";
import { openPage, type PageServer, servePages, sharedBrowser } from "./support/browser.ts";

const PUBLIC_URL = "https://uploads.example.com";
const MIB = 1024 * 1024;
/** Of parts of 5 MiB: the quick run sends one of three parts, of which the last is short, and keeps the second. */
const LARGE_BYTES = FULL ? 60_000_000 : 11_000_000;
/** As many parts are there when one is kept on its way. */
const BEFORE = FULL ? 4 : 1;

/** What the page has. */
interface InPage {
  readonly client: typeof Client;
  uploads: Client.Uploads;
  /** Resolves once a snapshot is as it is wanted. */
  readonly until: (is: (snapshot: Client.UploadsSnapshot) => boolean) => Promise<Client.UploadsSnapshot>;
}

const SCRIPT = `
  import * as client from "./src/client/client.ts";
  const until = (is) => new Promise((resolve) => {
    const look = () => {
      const snapshot = uploads.getSnapshot();
      if (!is(snapshot)) return;
      end();
      resolve(snapshot);
    };
    const end = uploads.subscribe(look);
    look();
  });
  Object.assign(globalThis, { client, until });`;
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script src="/client.js"></script>
  <input type="file" webkitdirectory><p style="height: 300px">Drop here</p>
  <script>
    document.ondragover = (event) => event.preventDefault();
    document.ondrop = (event) => {
      event.preventDefault();
      globalThis.dropped = uploads.add(event.dataTransfer);
    };
  </script>`;

let browser: Browser;
let pages: PageServer;
let toCloud: WatchedProxy;
let emulator: Emulator;
let worker: LocalWorker;
let page: Page;
let problems: string[];

beforeAll(async () => {
  const stdin = { contents: SCRIPT, resolveDir: PROJECT };
  const { outputFiles } = await build({ stdin, bundle: true, format: "iife", write: false });
  pages = await servePages({
    "/": { type: "text/html", body: PAGE },
    "/client.js": { type: "text/javascript", body: outputFiles[0]!.text },
  });
  toCloud = await startWatchedProxy();
  // The signer has an address once its Worker runs.
  const forward: Record<string, string> = {};
  emulator = await startEmulator({ ...OPTIONS, publicUrl: toCloud.url, forward });
  toCloud.target = emulator.url;
  worker = await startWorker({
    build: inject("workerBuild"),
    bindings: {
      ...{ ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: toCloud.url },
      SIGNER: {
        publicUrl: PUBLIC_URL,
        allowedOrigins: [pages.url],
        profiles: {
          default: { access: ["public"] },
          limited: { access: ["public"], file: { maxBytes: 1000 }, notify: true },
        },
      },
    },
    onLog: unseen,
  });
  forward[PUBLIC_URL] = worker.url;
  browser = await sharedBrowser();
});
afterAll(async () => {
  await worker?.close();
  await Promise.all([pages?.close(), emulator?.close(), toCloud?.close()]);
});
beforeEach(async () => {
  ({ page, problems } = await openPage(browser));
  await open(page);
  toCloud.seen.length = 0;
});
afterEach(() => page.context().close());

/** Opens the page in a tab, with a store in it. */
async function open(tab: Page): Promise<void> {
  await tab.goto(pages.url);
  await tab.evaluate(
    ([signer, chunkSize]) => {
      const here = globalThis as unknown as InPage;
      here.uploads = here.client.createUploads({ signer, chunkSize });
    },
    [worker.url, 5 * MIB] as const,
  );
}

/** Adds a large file of zeros, and resolves once so many bytes of it were sent. */
const addLarge = (tab: Page, sent: number): Promise<void> =>
  tab.evaluate(
    async ([size, wanted]) => {
      const here = globalThis as unknown as InPage;
      const zeros = new Uint8Array(1_000_000);
      const file = new File(Array(size / zeros.length).fill(zeros), "film.bin");
      await here.uploads.add([file]);
      await here.until(({ items }) => items[0]!.sent >= wanted);
    },
    [LARGE_BYTES, sent] as const,
  );
const snapshot = (tab: Page) => tab.evaluate(() => (globalThis as unknown as InPage).uploads.getSnapshot());
const idle = (tab: Page) =>
  tab.evaluate(() => (globalThis as unknown as InPage).until(({ isActive }) => !isActive));

const rangeOf = ({ headers }: Seen): string => String(headers["content-range"]);
const parts = (): Seen[] => toCloud.seen.filter(({ method }) => method === "POST");
/** Every part of the file in order, each as often as Cloudinary took it. */
const taken = (): string[] =>
  parts()
    .filter(({ status }) => status === 200)
    .map(rangeOf);
const EVERY_PART = Array.from({ length: Math.ceil(LARGE_BYTES / (5 * MIB)) }, (_, i) => {
  const end = Math.min((i + 1) * 5 * MIB, LARGE_BYTES);
  return `bytes ${i * 5 * MIB}-${end - 1}/${LARGE_BYTES}`;
});

/** The file is there, whole and once, and no part that had arrived was sent again. */
function expectWholeOnce(): void {
  expect(taken()).toEqual(EVERY_PART);
  expect(new Set(parts().map(({ headers }) => headers["x-unique-upload-id"])).size).toBe(1);
  expect(emulator.uploads().at(-1)?.bytes).toBe(LARGE_BYTES);
}

/** Keeps the part that comes next on its way, or its answer. What that answers lets the answer through; the part itself is lost. */
function keepNext(way: "there" | "back"): () => void {
  const { promise, resolve } = Promise.withResolvers<"lost" | undefined>();
  toCloud.wait = { [way]: (one: Seen) => (rangeOf(one) === EVERY_PART[BEFORE] ? promise : undefined) };
  return () => {
    toCloud.wait = {};
    resolve(way === "there" ? "lost" : undefined);
  };
}
const PARTS_BEFORE = BEFORE * 5 * MIB;

describe("a large file", () => {
  it("is paused in the middle, and goes on with the part that was not finished", async () => {
    const before = emulator.acts().length;
    const release = keepNext("there");
    await addLarge(page, PARTS_BEFORE + 1);
    await page.evaluate(() => (globalThis as unknown as InPage).uploads.pauseAll());
    const { items, isActive, counts } = await snapshot(page);
    expect([items[0]!.status, isActive, counts.paused]).toEqual(["paused", false, 1]);
    release();
    expect(taken()).toEqual(EVERY_PART.slice(0, BEFORE));
    await page.evaluate(() => (globalThis as unknown as InPage).uploads.resumeAll());
    expect((await idle(page)).items[0]).toMatchObject({ status: "done", progress: 1, sent: LARGE_BYTES });
    expectWholeOnce();
    expect(emulator.acts().slice(before)).toMatchObject([{ method: "upload", found: true }]);
    expect(problems).toEqual([]);
  });

  it.each([
    ["after the pause, and the next one is not sent", false],
    ["after it went on again", true],
  ])("waits for the answer to a part that is sent to its end: %s", async (_, isResumed) => {
    const release = keepNext("back");
    await addLarge(page, PARTS_BEFORE + 5 * MIB);
    const act = (what: "pauseAll" | "resumeAll") =>
      page.evaluate((name) => (globalThis as unknown as InPage).uploads[name](), what);
    await act("pauseAll");
    expect((await snapshot(page)).items[0]!.status).toBe("paused");
    if (isResumed) await act("resumeAll");
    release();
    if (!isResumed) {
      await expect.poll(taken).toEqual(EVERY_PART.slice(0, BEFORE + 1));
      await page.evaluate(
        (sent) =>
          (globalThis as unknown as InPage).until(({ items }) => items[0]!.answer!.text.includes(sent)),
        String(PARTS_BEFORE + 5 * MIB),
      );
      expect((await snapshot(page)).items[0]!.status).toBe("paused");
      await act("resumeAll");
    }
    expect((await idle(page)).items[0]!.status).toBe("done");
    expectWholeOnce();
  });

  it("waits for a connection that goes away, and goes on by itself", async () => {
    const release = keepNext("there");
    await addLarge(page, PARTS_BEFORE + 1);
    await page.context().setOffline(true);
    const lost = await page.evaluate(() =>
      (globalThis as unknown as InPage).until(({ isOffline }) => isOffline),
    );
    expect(lost.items[0]).toMatchObject({ status: "waiting", canRetry: false });
    expect(lost.items[0]!.error).toBeUndefined();
    expect(lost).toMatchObject({ isActive: true, total: { speed: 0 } });
    release();
    await page.context().setOffline(false);
    const { items, isOffline } = await idle(page);
    expect([items[0]!.status, isOffline]).toEqual(["done", false]);
    expectWholeOnce();
  });
});

describe("a page that is closed before its upload was answered", () => {
  /** Uploads without a word about the file, as whoever means to break a limit does. */
  const sendFrom = (tab: Page, bytes: number): Promise<string> =>
    tab.evaluate(
      async ([signer, size]) => {
        const { url, fields } = await (await fetch(`${signer}/sign/limited`, { method: "POST" })).json();
        const form = new FormData();
        for (const [name, value] of Object.entries<string>(fields)) form.append(name, value);
        form.append("file", new File([new Uint8Array(size)], "a.bin"));
        void fetch(url, { method: "POST", body: form });
        return fields.public_id;
      },
      [worker.url, bytes] as const,
    );

  it.each([
    [2000, false],
    [1000, true],
  ])("%i bytes, and 1000 are allowed: what is left of it: %s", async (bytes, isLeft) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    toCloud.wait = { back: ({ path }) => (path.endsWith("/upload") ? promise : undefined) };
    const before = emulator.notifications().length;
    const tab = await page.context().newPage();
    await tab.goto(pages.url);
    const name = await sendFrom(tab, bytes);
    await expect.poll(() => emulator.notifications().length).toBe(before + 1);
    await tab.close();
    toCloud.wait = {};
    resolve(undefined);
    await emulator.notified();
    expect(emulator.notifications().at(-1)).toMatchObject({
      state: "delivered",
      attempts: [{ status: 200 }],
    });
    expect(emulator.uploads().some(({ public_id }) => public_id === name)).toBe(isLeft);
  });
});

describe("two tabs", () => {
  it("know nothing of each other, and leave nothing behind", async () => {
    const other = await page.context().newPage();
    await open(other);
    await addLarge(page, 6 * MIB);
    await page.evaluate(() => (globalThis as unknown as InPage).uploads.pauseAll());
    await other.evaluate(() =>
      (globalThis as unknown as InPage).uploads.add([new File(["hello"], "a.txt"), new File(["b"], "b.txt")]),
    );
    expect((await idle(other)).items.map(({ name, status }) => [name, status])).toEqual([
      ["a.txt", "done"],
      ["b.txt", "done"],
    ]);
    expect((await snapshot(page)).items.map(({ status }) => status)).toEqual(["paused"]);
    const kept = await other.evaluate(async () => [
      ...Object.keys(localStorage),
      ...Object.keys(sessionStorage),
      ...(await indexedDB.databases()).map(({ name }) => name),
      document.cookie,
    ]);
    expect(kept).toEqual([""]);

    // The tab where all is over is left at once; the other one asks, once somebody did something in it.
    const asked: string[] = [];
    for (const tab of [page, other]) {
      await tab.click("p");
      tab.on("dialog", async (dialog) => {
        asked.push(`${tab === page ? "paused" : "over"}: ${dialog.type()}`);
        await dialog.accept();
      });
      const closed = tab.waitForEvent("close");
      await tab.close({ runBeforeUnload: true });
      await closed;
    }
    expect(asked).toEqual(["paused: beforeunload"]);
  });
});

describe("a folder", () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "uploads-")), "trip");
    await mkdir(join(folder, "day 1"), { recursive: true });
    await writeFile(join(folder, "a.txt"), "a");
    await writeFile(join(folder, "day 1/b.txt"), "b");
    await writeFile(join(folder, ".DS_Store"), "litter");
  });
  afterAll(() => rm(join(folder, ".."), { recursive: true }));
  const told = async () =>
    (await idle(page)).items.map(({ path, name, status }) => `${path} ${name} ${status}`).sort();
  const EXPECTED = ["trip/a.txt a.txt done", "trip/day 1/b.txt b.txt done"];

  it("that is chosen keeps its paths", async () => {
    await page.setInputFiles("input", folder);
    await page.evaluate(() =>
      (globalThis as unknown as InPage).uploads.add(document.querySelector("input")!.files!),
    );
    expect(await told()).toEqual(EXPECTED);
  });

  it("that is dropped keeps them too, and so does what is dropped beside it", async () => {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [folder, join(folder, "a.txt")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await session.send("Input.dispatchDragEvent", { type, x: 50, y: 100, data });
    await page.waitForFunction(() => "dropped" in globalThis);
    await page.evaluate(() => (globalThis as unknown as { dropped: Promise<unknown> }).dropped);
    expect(await told()).toEqual(["a.txt a.txt done", ...EXPECTED]);
  });
});
