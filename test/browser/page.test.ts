// The page at `/` in a real Chromium, against the built Worker and the emulator behind a proxy that can cut.

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFinished } from "vitest";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { type LocalWorker, PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME, unseen } from "../support/account.ts";
import { sampled } from "../support/counts.ts";
import { type CutProxy, startCutProxy } from "../support/cut-proxy.ts";
import { violations } from "./support/axe.ts";
import { type OpenedPage, reopenPage, sharedBrowser } from "./support/browser.ts";

const MB = 1_000_000;
const TOKEN = "a-token-of-a-back-end";

let browser: Browser;
let proxy: CutProxy;
let emulator: Emulator;
let worker: LocalWorker;
let sample: Buffer;

beforeAll(async () => {
  sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
  proxy = await startCutProxy();
  emulator = await startEmulator({
    cloudName: CLOUD_NAME,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    publicUrl: proxy.url,
  });
  proxy.target = emulator.port;
  worker = await startWorker({
    build: inject("workerBuild"),
    bindings: {
      ...ACCOUNT,
      CLOUDINARY_UPLOAD_PREFIX: proxy.url,
      SIGNER: {
        page: true,
        publicUrl: "https://uploads.example.com",
        access: {
          robots: { type: "token", tokens: { ci: createHash("sha256").update(TOKEN).digest("hex") } },
        },
        profiles: {
          default: {
            access: ["public"],
            resourceType: "image",
            accept: { context: { keys: ["alt"], maxLength: 100 } },
          },
          files: { access: ["public"] },
          avatars: {
            access: ["public"],
            resourceType: "image",
            file: { maxBytes: "1 MB", formats: ["jpg", "png", "webp"], maxFiles: 10 },
          },
          private: { access: ["robots"], set: { overwrite: false } },
        },
      },
    },
    onLog: unseen,
  });
  browser = await sharedBrowser();
});
afterAll(async () => {
  await opened?.page.context().close();
  await worker?.close();
  await emulator?.close();
  await proxy?.close();
});

let opened: OpenedPage | undefined;
let page: Page;
let problems: readonly string[];
async function open(): Promise<void> {
  opened = await reopenPage(browser, opened);
  ({ page, problems } = opened);
  expect((await page.goto(worker.url))?.status()).toBe(200);
}
beforeEach(open);

interface UploadFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}
const picture = (name: string): UploadFile => ({ name, mimeType: "image/jpeg", buffer: sample });
/** A picture with bytes after its end, which every reader of JPEG passes over. */
const longPicture = (name: string, bytes: number): UploadFile => ({
  name,
  mimeType: "image/jpeg",
  buffer: Buffer.concat([sample, Buffer.alloc(bytes)]),
});

const choose = (...files: UploadFile[]): Promise<void> =>
  page.getByLabel("Choose files").setInputFiles(files);
const item = (name: string): Locator =>
  page.getByRole("list", { name: "Uploads" }).getByRole("listitem").filter({ hasText: name });
const says = (name: string, text: string | RegExp): Promise<void> =>
  item(name).getByText(text).first().waitFor();
const gallery = (): Locator => page.getByRole("region", { name: "Gallery" });

async function setting(label: string, value: string): Promise<void> {
  if (label === "Profile") return profile(value);
  const field = page.getByLabel(label);
  if (!(await field.isVisible())) await page.getByText("Settings", { exact: true }).click();
  await field.fill(value);
}

/** Chooses a profile that is not in the menu: the page is built without names. */
async function profile(name: string): Promise<void> {
  await page.getByLabel("Profile", { exact: true }).selectOption({ label: "Another profile…" });
  await page.getByLabel("Name of the profile").fill(name);
}

/** Lets the page send so many bytes per second, until the function that it answers is called. */
async function throttle(uploadThroughput: number): Promise<() => Promise<void>> {
  // A limit holds for as long as its session: another session lifts none.
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput,
  });
  return () => session.detach();
}

/** What went wrong but the browser's own lines for answers with these statuses. */
const unexpected = (...statuses: number[]): string[] =>
  problems.filter(
    (text) => !statuses.some((status) => text.includes(`the server responded with a status of ${status}`)),
  );

it("a signer that is well tells of no fault", async () => {
  const health = page.waitForResponse((response) => response.url().endsWith("/health"));
  await page.reload();
  expect((await health).status()).toBe(200);
  await page.waitForLoadState("networkidle");
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(unexpected()).toEqual([]);
});

describe("many files", () => {
  it("go up with progress; one is cancelled and retried, one refused with its reason; pictures arrive", async () => {
    // Slow enough to be watched, and to be cancelled, by who has little time.
    const lift = await throttle(MB / 20);
    await choose(picture("cat.jpg"), longPicture("dog.jpg", MB), {
      name: "broken.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from("no picture at all"),
    });

    const bar = item("dog.jpg").getByRole("progressbar");
    const seen = new Set<number>();
    await expect
      .poll(
        async () => {
          seen.add(await bar.evaluate((element) => (element as HTMLProgressElement).position));
          return [...seen].filter((position) => position > 0 && position < 1).length;
        },
        { interval: 30 },
      )
      .toBeGreaterThan(2);
    await page.getByRole("button", { name: "Cancel dog.jpg" }).click();
    await says("dog.jpg", /cancelled/i);
    expect(emulator.uploads().map(({ original_filename }) => original_filename)).not.toContain("dog");

    await says("broken.jpg", /Invalid image file/);
    await lift();
    await page.getByRole("button", { name: "Retry dog.jpg" }).click();
    await gallery().getByRole("img", { name: "dog.jpg" }).waitFor();
    await gallery().getByRole("img", { name: "cat.jpg" }).waitFor();

    const pictures = gallery().getByRole("img");
    expect(await pictures.count()).toBe(2);
    for (const one of await pictures.all()) {
      await expect.poll(() => one.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(1200);
      expect(await one.getAttribute("src")).toContain(proxy.url);
    }
    expect(emulator.uploads().filter(({ original_filename }) => original_filename === "dog")).toHaveLength(1);
    expect(unexpected(400)).toEqual([]);
  });

  it("a refusal of the signer's is told with its parameter", async () => {
    await setting("Parameters", '{"folder": "mine"}');
    await choose(picture("cat.jpg"));
    await says("cat.jpg", /folder/);
    await says("cat.jpg", /accept/);
    expect(unexpected(422)).toEqual([]);
  });

  it("a command in the advice is shown as code", async () => {
    await setting("Profile", "nobody");
    await choose(picture("cat.jpg"));
    await says("cat.jpg", /Choose another profile/);
    expect(await item("cat.jpg").locator(".fix code").allInnerTexts()).toEqual(["npm start"]);
    expect(await item("cat.jpg").innerText()).not.toContain("`");
    await page.getByRole("button", { name: "Details of cat.jpg" }).click();
    await page.getByRole("heading", { name: "Why cat.jpg was not signed" }).waitFor();
    expect(unexpected(404)).toEqual([]);
  });

  it("a caller who is wanted is asked for a token", async () => {
    await setting("Profile", "private");
    await choose(picture("cat.jpg"));
    await says("cat.jpg", /token/i);
    // As it stands in a terminal, the whole header.
    await setting("Token", `Authorization: Bearer ${TOKEN}`);
    await page.getByRole("button", { name: "Retry cat.jpg" }).click();
    await says("cat.jpg", /^done/i);
    expect(await page.content()).not.toContain(TOKEN);
    expect(
      await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length),
    ).toBe(0);
    expect(unexpected(401)).toEqual([]);
  });

  it("of a profile with limits are confirmed, and one that breaks them is refused with the limit", async () => {
    await setting("Profile", "avatars");
    const lift = await throttle(MB / 8);
    await choose(picture("cat.jpg"));
    await says("cat.jpg", /^uploading/);
    await lift();
    await says("cat.jpg", /^confirmed/);
    await choose(picture("dog.jpg"), longPicture("large.jpg", MB));
    await says("large.jpg", /Send at most 1 MB/);
    await says("large.jpg", /Choose another file/);
    await says("dog.jpg", /^confirmed/);
    expect(emulator.uploads().map(({ original_filename }) => original_filename)).not.toContain("large");
    expect(unexpected(422)).toEqual([]);
  });

  it("a name that holds markup is shown as it is", async () => {
    const name = '<img src=x onerror="document.title=1">.jpg';
    await choose(picture(name));
    await says(name, /^done/i);
    await page
      .getByRole("button", { name: `Details of ${name}` })
      .first()
      .click();
    expect(await page.title()).not.toBe("1");
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(unexpected()).toEqual([]);
  });

  it("parameters that are not valid JSON are told at the field, and nothing starts", async () => {
    await setting("Parameters", '{"context": ');
    await choose(picture("cat.jpg"));
    await page.getByText(/JSON/).first().waitFor();
    expect(await item("cat.jpg").count()).toBe(0);
    expect(unexpected()).toEqual([]);
  });
});

describe("how an upload was signed", () => {
  it("shows ticket, string to sign, fields, command and code of this very upload", async () => {
    await setting("Parameters", '{"context": {"alt": "A cat & a dog"}}');
    await choose(picture("cat.jpg"));
    await gallery().getByRole("img").first().waitFor();
    await page.getByRole("button", { name: "Details of cat.jpg" }).first().click();
    const fields = emulator.uploads().at(-1)!.fields;
    await page.getByText(fields.signature!).first().waitFor();
    const shown = (await page.locator("body").innerText()).replaceAll(/\s+/g, " ");
    expect(fields.context).toBe("alt=A cat & a dog");
    for (const text of [
      fields.signature!,
      `timestamp=${fields.timestamp}`,
      `public_id=${fields.public_id}`,
      "context=alt=A cat %26 a dog",
      "SHA-256",
      "curl -sS --fail-with-body",
      `--form-string 'signature=${fields.signature}'`,
      `${worker.url}/sign`,
      "cloudinary-edge-signer/client",
    ]) {
      expect(shown).toContain(text);
    }
    unseen(shown);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy the curl command" }).click();
    await page.getByText("Copied").first().waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(`--form-string 'signature=${fields.signature}'`);
    expect(await violations(page)).toEqual([]);
    expect(unexpected()).toEqual([]);
  });
});

describe("a large file", () => {
  it("goes up in parts, survives a connection cut in the middle, and arrives byte for byte", async () => {
    // A pattern whose length divides nothing: a byte that is out of place is not the same.
    const pattern = Uint8Array.from({ length: 99_991 }, (_, i) => (i * 2654435761) >>> 13);
    const buffer = Buffer.alloc(24 * MB, pattern);
    const folder = await mkdtemp(join(tmpdir(), "page-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const film = join(folder, "film.bin");
    await writeFile(film, buffer);
    // In a context that has no connection of a test before.
    await page.close();
    await open();
    await setting("Profile", "files");
    const parts: string[] = [];
    page.on("request", (request) => {
      const range = request.headers()["content-range"];
      if (request.method() === "POST" && range !== undefined) parts.push(range);
    });
    const cutsBefore = proxy.cuts();
    // Twice: a first cut of a connection that was used before is repaired by Chromium itself, unseen.
    proxy.cutAfter(22 * MB, 2 * MB);
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        const bar = document.querySelector("progress");
        if (bar !== null) seen.push(bar.value);
      }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    // The browser reads it where it is: as bytes it would come through the protocol that drives it.
    await page.getByLabel("Choose files").setInputFiles(film);
    await says("film.bin", /^done/i);
    expect(proxy.cuts() - cutsBefore).toBe(2);
    const [first, second] = ["bytes 0-20971519/24000000", "bytes 20971520-23999999/24000000"];
    expect(new Set(parts)).toEqual(new Set([first, second]));
    expect(parts.filter((part) => part === first)).toHaveLength(1);
    expect(parts.filter((part) => part === second).length).toBeGreaterThan(1);
    // The bar goes back where a part is sent again, and never to before the part.
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen);
    const half = seen.findIndex((percent) => percent >= 88);
    expect(half).toBeGreaterThan(0);
    expect(Math.min(...seen.slice(half))).toBeGreaterThanOrEqual(87);
    const stored = emulator.uploads().at(-1)!;
    expect(stored).toMatchObject({ bytes: buffer.length, resource_type: "raw" });
    const delivered = Buffer.from(await (await fetch(stored.secure_url)).arrayBuffer());
    expect(delivered.equals(buffer)).toBe(true);
    expect(problems.filter((text) => !/ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/.test(text))).toEqual([]);
  });
});

describe("for everybody", () => {
  it("the whole by keyboard alone", async () => {
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLLabelElement> };
        if (element === document.body) return "";
        return (
          element.getAttribute("aria-label") ||
          [...(element.labels ?? [])].map((label) => label.innerText).join(" ") ||
          element.innerText ||
          ""
        ).trim();
      });
    const tabTo = async (name: string | RegExp): Promise<void> => {
      const passed: string[] = [];
      for (let i = 0; i < 60; i++) {
        const now = await focused();
        if (typeof name === "string" ? now === name : name.test(now)) return;
        passed.push(now);
        await page.keyboard.press("Tab");
      }
      throw new Error(`no Tab leads to ${name}: ${passed.join(" | ")}`);
    };

    // Asked for early: the browser hands over its file dialog only once it has been told to.
    const chooser = page.waitForEvent("filechooser");
    await tabTo(/^Profile/);
    await page.keyboard.press("End");
    await tabTo("Name of the profile");
    await page.keyboard.type("files");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await tabTo(/Choose files/);
    await page.keyboard.press("Enter");
    await (await chooser).setFiles([picture("key.jpg")]);
    await says("key.jpg", /^done/i);
    await tabTo("Details of key.jpg");
    await page.keyboard.press("Enter");
    await page
      .getByText(/curl -sS --fail-with-body/)
      .first()
      .waitFor();
    await tabTo("Copy the curl command");
    await page.keyboard.press("Escape");
    await page
      .getByText(/curl -sS --fail-with-body/)
      .first()
      .waitFor({ state: "hidden" });
    expect(await focused()).toBe("Details of key.jpg");
    await tabTo("Remove key.jpg");
    await page.keyboard.press("Space");
    await item("key.jpg").waitFor({ state: "detached" });
    expect(unexpected()).toEqual([]);
  });

  it.each(sampled(["light", "dark"] as const, 2))("axe finds nothing: %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page)).toEqual([]);
    await choose(picture("cat.jpg"), {
      name: "broken.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from("no"),
    });
    await gallery().getByRole("img").first().waitFor();
    await says("broken.jpg", /Invalid image file/);
    await page.getByText("Settings", { exact: true }).click();
    expect(await violations(page)).toEqual([]);
    expect(unexpected(400)).toEqual([]);
    // What is wrong is found.
    await page.evaluate(() => document.body.append(document.createElement("input")));
    expect(await violations(page)).not.toEqual([]);
  });

  it("fits a phone", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await choose(
      picture("a-picture-with-a-name-that-is-much-longer-than-a-phone-is-wide-and-has-no-spaces.jpg"),
    );
    await gallery().getByRole("img").first().waitFor();
    await page
      .getByRole("button", { name: /^Details of / })
      .first()
      .click();
    const [scroll, client] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(scroll).toBeLessThanOrEqual(client!);
  });
});
