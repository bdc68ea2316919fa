// The client in a real Chromium, in a page of another origin: receipts, files that are refused, what a page gains that lies,
// and how often the signer is asked.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type * as Client from "../../src/client/client.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { type LocalWorker, PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { ACCOUNT, CLOUD_NAME, OPTIONS, unseen } from "../support/account.ts";
import { startWatchedProxy, type WatchedProxy } from "../support/watched-proxy.ts";
import { openPage, type PageServer, servePages, sharedBrowser } from "./support/browser.ts";

const SIGNER = "https://uploads.example.com";
const SAMPLE = readFileSync(join(PROJECT, "src/testing/sample.jpg")).toString("base64");
const GIF = "R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=";

/** What the page has: the client, and files. */
interface InPage {
  readonly client: typeof Client;
  /** A file of these bytes, and so many more. */
  readonly fileOf: (base64: string, name: string, type: string, more?: number) => File;
  readonly told: (uploading: Promise<Client.Uploaded>) => Promise<Told>;
  /** What the page's own `fetch` sends in place of a text: it lies. */
  lie: ((body: string) => string) | undefined;
}
type Told = { readonly code?: string; readonly message?: string } & Partial<Client.Uploaded>;

const SCRIPT = `
  import * as client from "./src/client/client.ts";
  const fileOf = (base64, name, type, more = 0) =>
    new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)), new Uint8Array(more)], name, { type });
  const told = (uploading) => uploading.catch(({ code, message }) => ({ code, message }));
  Object.assign(globalThis, { client, fileOf, told });
  const real = fetch;
  globalThis.fetch = (url, init = {}) =>
    real(url, { ...init, ...(init.body && { body: globalThis.lie?.(init.body) ?? init.body }) });`;

let browser: Browser;
let pages: PageServer;
let toCloud: WatchedProxy;
let toSigner: WatchedProxy;
let emulator: Emulator;
let worker: LocalWorker;
let page: Page;

beforeAll(async () => {
  const stdin = { contents: SCRIPT, resolveDir: PROJECT };
  const { outputFiles } = await build({ stdin, bundle: true, format: "iife", write: false });
  pages = await servePages({
    "/": {
      type: "text/html",
      body: '<!doctype html><link rel="icon" href="data:,"><script src="/client.js"></script>',
    },
    "/client.js": { type: "text/javascript", body: outputFiles[0]!.text },
  });
  [toCloud, toSigner] = await Promise.all([startWatchedProxy(), startWatchedProxy()]);
  emulator = await startEmulator({ ...OPTIONS, publicUrl: toCloud.url });
  toCloud.target = emulator.url;
  const file = { maxBytes: "100 kB", formats: ["jpg", "png"] };
  worker = await startWorker({
    build: inject("workerBuild"),
    bindings: {
      ...{ ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: toCloud.url, JWT_SECRET: SHARED_SECRET },
      SIGNER: {
        publicUrl: SIGNER,
        allowedOrigins: [pages.url],
        access: {
          site: { type: "origin" },
          members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE },
        },
        profiles: {
          default: { access: ["public"] },
          pictures: { access: ["public"], resourceType: "image", file },
          site: { access: ["site"], resourceType: "image", file: {} },
          waiting: { access: ["public"], resourceType: "image", file: { ...file, quarantine: true } },
          members: { access: ["members"], set: { public_id: "users/{sub}/{uuid}" }, file: {} },
        },
      },
    },
    onLog: unseen,
  });
  toSigner.target = worker.url;
  browser = await sharedBrowser();
  page = await open();
});
afterAll(async () => {
  await page?.context().close();
  await worker?.close();
  await Promise.all([pages?.close(), emulator?.close(), toCloud?.close(), toSigner?.close()]);
});
/** A page whose clock can be moved, or that asked nobody yet. */
const opensAnew = (): void => {
  let shared: Page;
  beforeEach(async () => {
    shared = page;
    page = await open();
  });
  afterEach(async () => {
    await page.context().close();
    page = shared;
  });
};
async function open(): Promise<Page> {
  const opened = await openPage(browser);
  await opened.page.goto(pages.url);
  return opened.page;
}
beforeEach(() => {
  toSigner.seen.length = 0;
  toCloud.seen.length = 0;
});

interface Sent {
  readonly profile: string;
  readonly base64?: string;
  readonly name?: string;
  readonly type?: string;
  /** Bytes after the file's end. */
  readonly more?: number;
  readonly token?: string;
  /** What a page does to what it sends, as a function's body over the text `body`. */
  readonly lie?: string;
}

/** Uploads a file from the page. */
const send = (sent: Sent): Promise<Told> =>
  page.evaluate(
    ({ signer, profile, base64, name = "cat.jpg", type = "image/jpeg", more, token, lie }) => {
      const here = globalThis as unknown as InPage;
      here.lie = lie === undefined ? undefined : (new Function("body", lie) as InPage["lie"]);
      const options = { signer, profile, ...(token && { token }), retries: 0 };
      return here.told(here.client.upload(here.fileOf(base64, name, type, more), options));
    },
    { signer: toSigner.url, base64: SAMPLE, ...sent },
  );

async function verify(receipt: string | undefined) {
  const keys = (await (await fetch(`${worker.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
  return jwtVerify(receipt!, createLocalJWKSet(keys), { issuer: SIGNER, audience: CLOUD_NAME });
}
const held = (): string[] => emulator.uploads().map(({ public_id }) => public_id);

describe("a Cloudinary that hangs", () => {
  opensAnew();
  it.each([true, false])("is a failed connection; progress is told: %s", async (isTold) => {
    const outage = emulator.fail({ method: "upload", as: "hang" });
    await page.clock.install();
    await page.evaluate(
      ({ signer, base64, isTold }) => {
        const here = globalThis as unknown as InPage & { said?: Told; isSent?: boolean };
        const options = { signer, retries: 0, ...(isTold && { onProgress: () => {} }) };
        const file = here.fileOf(base64, "cat.jpg", "image/jpeg");
        void here.told(here.client.upload(file, options)).then((told) => {
          here.said = told;
        });
      },
      { signer: toSigner.url, base64: SAMPLE, isTold },
    );
    const said = () => page.evaluate(() => (globalThis as { said?: Told }).said);
    await expect.poll(() => toCloud.seen.some(({ method }) => method === "POST")).toBe(true);
    await page.clock.fastForward(170_000);
    expect(await said()).toBeUndefined();
    await page.clock.fastForward(20_000);
    await expect.poll(said).toMatchObject({ code: "network" });
    outage.end();
  });
});

describe("a file within the limits", () => {
  it.each(["pictures", "waiting", "site"])(
    "gets a receipt that verifies by the served keys: %s",
    async (profile) => {
      const { asset, receipt } = await send({ profile });
      const { payload } = await verify(receipt);
      const { public_id, version, bytes, format, secure_url } = asset!;
      expect(payload).toMatchObject({ profile, asset: { public_id, version, bytes, format, secure_url } });
      expect([format, bytes, asset?.type]).toEqual(["jpg", Buffer.from(SAMPLE, "base64").length, "upload"]);
      expect((await fetch(secure_url)).status).toBe(200);
      expect(held()).toContain(public_id);
    },
  );

  it("of someone names her", async () => {
    const { receipt, asset } = await send({ profile: "members", token: await signShared() });
    const { payload } = await verify(receipt);
    expect([payload.sub, asset?.public_id.startsWith("users/42/")]).toEqual(["42", true]);
  });
});

describe("a file that breaks the limits is refused, and gone", () => {
  it.each<[string, Sent, Told]>([
    ["over maxBytes", { profile: "pictures", more: 100_000 }, { code: "file_refused" }],
    [
      "over maxBytes, from a page that says it is not",
      { profile: "pictures", more: 100_000, lie: `return body.replace(/"size":\\d+/, '"size":9');` },
      { code: "file_refused", message: "send at most 100 kB (100000 bytes)" },
    ],
    [
      "over maxBytes, never published",
      { profile: "waiting", more: 100_000, lie: `return body.replace(/"size":\\d+/, '"size":9');` },
      { code: "file_refused" },
    ],
    [
      "whose bytes are another format than its name",
      { profile: "pictures", base64: GIF, name: "cat.png", type: "image/png" },
      { code: "upload_refused" },
    ],
    ["that is no picture", { profile: "pictures", base64: "aGVsbG8=" }, { code: "upload_refused" }],
  ])("%s", async (_, sent, expected) => {
    const before = held();
    expect(await send(sent)).toMatchObject(expected);
    expect(held()).toEqual(before);
  });
});

describe("a page that changes the response it hands in gains nothing", () => {
  const changed = (members: string): string =>
    `const asked = JSON.parse(body); if (asked.response) Object.assign(asked.response, ${members}); return JSON.stringify(asked);`;

  it("and one that changes nothing gets its receipt, so the tests below can fail", async () => {
    const { receipt } = await send({ profile: "pictures", lie: changed("{}") });
    expect((await verify(receipt)).payload).toMatchObject({ profile: "pictures" });
  });

  it("what it says of size and address beside is not read: the receipt has Cloudinary's words", async () => {
    const lies = `{ bytes: 1, format: "exe", width: 9, secure_url: "https://evil.example/", etag: "x" }`;
    const { receipt, asset } = await send({ profile: "pictures", lie: changed(lies) });
    const { payload } = await verify(receipt);
    expect(payload.asset).toMatchObject({ format: "jpg", bytes: Buffer.from(SAMPLE, "base64").length });
    expect([JSON.stringify(payload), JSON.stringify(asset)].join()).not.toContain("evil.example");
  });

  it.each<[string, (other: Client.UploadResponse) => string, string]>([
    ["another's public ID", ({ public_id }) => JSON.stringify({ public_id }), "upload_id_refused"],
    [
      "another's public ID with its signature",
      ({ public_id, version, signature }) => JSON.stringify({ public_id, version, signature }),
      "upload_id_refused",
    ],
    ["another version", () => "{ version: 1 }", "upload_id_refused"],
    ["another signature", () => `{ signature: "${"0".repeat(64)}" }`, "upload_id_refused"],
    ["another type", () => `{ type: "private" }`, "upload_id_refused"],
    ["another resource type", () => `{ resource_type: "raw" }`, "not_stored"],
    ["a list for a text", () => `{ public_id: ["a"] }`, "malformed_request"],
    ["no public ID", () => "{ public_id: undefined }", "malformed_request"],
  ])("%s", async (_, lies, code) => {
    const other = await send({ profile: "pictures" });
    const before = held();
    const told = await send({ profile: "pictures", lie: changed(lies(other.asset!)) });
    expect([told.code, told.receipt]).toEqual([code, undefined]);
    // Nothing of anybody's is gone; its own file is there, and nothing says that it was taken.
    expect(held().slice(0, before.length)).toEqual(before);
    expect(held()).toHaveLength(before.length + 1);
  });
});

describe("many files", () => {
  opensAnew();
  /** Uploads them from the page at once. */
  const sendMany = (
    profile: string,
    count: number,
    more: { token?: string; watched?: boolean } = {},
  ): Promise<Told[]> =>
    page.evaluate(
      async ({ signer, profile, count, base64, token, watched }) => {
        const { client, fileOf, told } = globalThis as unknown as InPage;
        const add = client.uploadQueue(6);
        const options = {
          ...{ signer, profile, ...(token && { token }) },
          ...(watched && { onProgress: () => {} }),
        };
        const files = Array.from({ length: count }, (_, i) => fileOf(base64, `${i}.jpg`, "image/jpeg"));
        return Promise.all(files.map((file) => told(add(file, options))));
      },
      { signer: toSigner.url, profile, count, base64: GIF, ...more },
    );
  const ways = ({ seen }: WatchedProxy): string[] => seen.map(({ method, path }) => `${method} ${path}`);
  const preflights = (proxy: WatchedProxy): string[] =>
    ways(proxy).filter((way) => way.startsWith("OPTIONS"));

  it.each(["default", "site"])(
    "cost one POST to the signer for 50 before the first byte, and no preflight anywhere: %s",
    async (profile) => {
      const all = await sendMany(profile, 50);
      expect(new Set(all.map(({ asset }) => asset?.public_id)).size).toBe(50);
      const firstByte = toCloud.seen[0]!.at;
      expect(toSigner.seen.filter(({ at }) => at < firstByte).map(({ path }) => path)).toEqual([
        `/sign/${profile}`,
      ]);
      expect([...preflights(toSigner), ...preflights(toCloud)]).toEqual([]);
      const confirmed = profile === "site" ? 50 : 0;
      expect(ways(toSigner)).toHaveLength(1 + confirmed);
      expect(all.filter(({ receipt }) => receipt !== undefined)).toHaveLength(confirmed);
    },
  );

  it("with a token cost a preflight, so the test above can fail", async () => {
    const all = await sendMany("members", 10, { token: await signShared() });
    expect(all.every(({ receipt }) => receipt !== undefined)).toBe(true);
    expect(ways(toSigner).slice(0, 2)).toEqual(["OPTIONS /sign/members", "POST /sign/members"]);
  });

  it("whose progress is watched cost one at Cloudinary, which no browser spares, and none at the signer", async () => {
    await sendMany("default", 10, { watched: true });
    expect(preflights(toCloud).length).toBeGreaterThan(0);
    expect(ways(toSigner)).toEqual(["POST /sign/default"]);
  });
});
