// How long it takes from the choice of files to their first bytes at Cloudinary: the client in Chromium, in a page of another
// origin, where a request takes 100 ms to the signer and back, and as long to Cloudinary. Beside it the client as it was.

import { join } from "node:path";
import { build } from "esbuild";
import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { launchBrowser, openPage, servePages } from "../browser/support/browser.ts";
import { startWatchedProxy } from "../support/watched-proxy.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME } from "./account.ts";
import { bundle } from "./bundles.ts";
import type { Progress } from "./progress.ts";

const ROUNDS = 7;
/** Milliseconds there and back. */
const LATENCY = 100;
const FILES = [1, 50] as const;

/** The ways to upload, by what the page calls them. */
const WAYS = { before: "before", now: "now", watched: "now, its progress watched" } as const;
type Way = keyof typeof WAYS;

export interface UploadsRow {
  readonly name: Way;
  readonly title: string;
  readonly files: number;
  /** Milliseconds to the first byte of the first file, and of the last, in each round. */
  readonly first: readonly number[];
  readonly last: readonly number[];
}

export interface Uploads {
  /** Milliseconds that a request takes, there and back. */
  readonly latency: number;
  readonly rows: readonly UploadsRow[];
}

const PAGE = `
  import { uploadQueue } from "./src/client/client.ts";
  import { uploadFormerly } from "./test/bench/former-client.ts";
  const ways = {
    before: uploadFormerly,
    now: (files, signer) => {
      const add = uploadQueue();
      return Promise.all(files.map((file) => add(file, { signer })));
    },
    watched: (files, signer) => {
      const add = uploadQueue();
      return Promise.all(files.map((file) => add(file, { signer, onProgress: () => {} })));
    },
  };
  globalThis.run = async (way, count, signer) => {
    const files = Array.from({ length: count }, (_, i) => new File(["hello"], i + ".txt"));
    const chosen = performance.timeOrigin + performance.now();
    await ways[way](files, signer);
    return chosen;
  };`;

async function pages() {
  const stdin = { contents: PAGE, resolveDir: PROJECT };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: "iife", write: false });
  return servePages({
    "/": {
      type: "text/html",
      body: '<!doctype html><link rel="icon" href="data:,"><script src="/run.js"></script>',
    },
    "/run.js": { type: "text/javascript", body: outputFiles[0]!.text },
  });
}

/** All that stands between the choice and the first byte, started; `close` ends it. */
async function start() {
  const [served, toSigner, toCloud] = await Promise.all([
    pages(),
    startWatchedProxy(LATENCY),
    startWatchedProxy(LATENCY),
  ]);
  const emulator = await startEmulator({
    ...{ cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET },
    publicUrl: toCloud.url,
  });
  toCloud.target = emulator.url;
  const worker = await startWorker({
    build: (await bundle("ours")).folder,
    config: join(PROJECT, "wrangler.toml"),
    bindings: {
      ...{ ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: toCloud.url },
      SIGNER: { allowedOrigins: [served.url], profiles: { default: { access: ["public"] } } },
    },
  });
  toSigner.target = worker.url;
  const browser = await launchBrowser();
  const close = async () => {
    await browser.close();
    await worker.close();
    await Promise.all([emulator, served, toSigner, toCloud].map((one) => one.close()));
  };
  return { browser, page: served.url, signer: toSigner.url, toCloud, emulator, close };
}

type Started = Awaited<ReturnType<typeof start>>;

/** One choice of so many files, in a browser that knows nothing of either server. */
async function once(
  { browser, page: address, signer, toCloud, emulator }: Started,
  way: Way,
  files: number,
): Promise<{ first: number; last: number }> {
  const stored = emulator.uploads().length;
  toCloud.seen.length = 0;
  const { page } = await openPage(browser);
  try {
    await page.goto(address);
    const chosen = await page.evaluate(
      ([name, count, to]) =>
        (globalThis as unknown as { run(...all: unknown[]): Promise<number> }).run(name, count, to),
      [way, files, signer] as const,
    );
    if (emulator.uploads().length - stored !== files)
      throw new Error(`${WAYS[way]}: not all of ${files} arrived`);
    const arrived = toCloud.seen.filter(({ method }) => method === "POST").map(({ at }) => at);
    const since = (at: number): number => performance.timeOrigin + at - chosen;
    return { first: since(arrived[0]!), last: since(arrived.at(-1)!) };
  } finally {
    await page.context().close();
  }
}

export async function measureUploads(progress: Progress): Promise<Uploads> {
  const started = await start();
  const rows = FILES.flatMap((files) =>
    (Object.keys(WAYS) as Way[]).map((name) => ({
      ...{ name, title: WAYS[name], files },
      ...{ first: [] as number[], last: [] as number[] },
    })),
  );
  try {
    // The first of each is slower: code is compiled meanwhile.
    for (const { name } of rows.slice(0, 3)) await once(started, name, 1);
    for (let round = 1; round <= ROUNDS; round++) {
      for (const row of rows) {
        const { first, last } = await once(started, row.name, row.files);
        row.first.push(first);
        row.last.push(last);
        const told = `${first.toFixed(0)} ms to the first byte, ${last.toFixed(0)} ms to that of the last`;
        progress.say(`round ${round} of ${ROUNDS}, ${row.files} files, ${row.title}: ${told}`);
      }
    }
    return { latency: LATENCY, rows };
  } finally {
    await started.close();
  }
}
