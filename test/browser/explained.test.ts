// What the page shows of Cloudinary's answers, and how it explains a refusal: one's own, and anybody's that is pasted.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { type LocalWorker, PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { ACCOUNT, OPTIONS, unseen } from "../support/account.ts";
import { sampled } from "../support/counts.ts";
import { violations } from "./support/axe.ts";
import { type OpenedPage, reopenPage, sharedBrowser } from "./support/browser.ts";

/** A secret that Cloudinary does not know. */
const WRONG_SECRET = "Wr-the_Secret-of-AnotherAcct";

const PROFILES = {
  default: { access: ["public"], resourceType: "image", accept: { context: { keys: ["alt"] } } },
};

/** The quick run sees each state in one of them. */
const LOOKS = [
  ["light", 1200],
  ["dark", 320],
] as const;

let browser: Browser;
let emulator: Emulator;
/** Whether it is closed, so that nobody answers. */
let isGone = false;
let right: LocalWorker;
let wrong: LocalWorker;
let sample: Buffer;
let opened: OpenedPage | undefined;
let page: Page;
let problems: readonly string[];

const start = (secret: string): Promise<LocalWorker> =>
  startWorker({
    build: inject("workerBuild"),
    bindings: {
      ...ACCOUNT,
      CLOUDINARY_API_SECRET: secret,
      CLOUDINARY_UPLOAD_PREFIX: emulator.url,
      SIGNER: { page: true, profiles: PROFILES },
    },
    onLog: unseen,
  });

beforeAll(async () => {
  sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
  emulator = await startEmulator(OPTIONS);
  [right, wrong, browser] = await Promise.all([
    start(OPTIONS.apiSecret),
    start(WRONG_SECRET),
    sharedBrowser(),
  ]);
});
afterAll(async () => {
  await opened?.page.context().close();
  await Promise.all([right?.close(), wrong?.close()]);
  if (!isGone) await emulator?.close();
});
beforeEach(async () => {
  opened = await reopenPage(browser, opened);
  ({ page, problems } = opened);
});

const unexpected = (...statuses: number[]): string[] =>
  problems.filter((text) => !statuses.some((status) => text.includes(`a status of ${status}`)));
const card = (): Locator => page.getByRole("list", { name: "Uploads" }).getByRole("listitem").first();
const details = (): Locator => page.getByRole("dialog");
/** Cloudinary's answer in the details. */
const answered = (): Locator =>
  details()
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "Cloudinary answered" }) });

/** How far something sticks out of the window, in pixels. */
const overflow = (): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const dialog = document.querySelector("dialog");
    return Math.max(scrollWidth - clientWidth, dialog ? dialog.scrollWidth - dialog.clientWidth : 0);
  });

async function upload(worker: LocalWorker, context?: string): Promise<void> {
  await page.goto(worker.url);
  if (context !== undefined) {
    await page.getByText("Settings", { exact: true }).click();
    await page.getByLabel("Parameters").fill(JSON.stringify({ context: { alt: context } }));
  }
  await page
    .getByLabel("Choose files")
    .setInputFiles({ name: "cat.jpg", mimeType: "image/jpeg", buffer: sample });
}

describe("an upload's own answer", () => {
  it("of success is the asset as Cloudinary tells it", async () => {
    await upload(right);
    await card().getByText("done", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Details of cat.jpg" }).click();
    const told = await answered().locator("pre").innerText();
    expect(told).toMatch(/^HTTP 200\n\n\{/);
    const { public_id, secure_url, bytes } = emulator.uploads().at(-1)!;
    expect(JSON.parse(told.slice(told.indexOf("{")))).toMatchObject({ public_id, secure_url, bytes });
    expect(await answered().getByText("What to do:").count()).toBe(0);
    expect(unexpected()).toEqual([]);
  });

  it("of a file that it does not take names the file, and not the secret", async () => {
    await page.goto(right.url);
    await page
      .getByLabel("Choose files")
      .setInputFiles({ name: "cat.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });
    await card().getByText("Cloudinary refused the file").waitFor();
    expect(unexpected(400)).toEqual([]);
  });
});

describe("a signer with a wrong secret", () => {
  it.each(sampled(LOOKS, 2, 1))(
    "is told so on the card and in the details: %s, %i pixels wide",
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 720 });
      await upload(wrong, "Salt & pepper, 'quoted'.");
      await card().getByText("The secret or the key is wrong").waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow()).toBe(0);

      await card().getByRole("button", { name: "How to fix it" }).click();
      const told = await answered().locator("pre").innerText();
      expect(told).toMatch(/^HTTP 401\nx-cld-error: Invalid Signature [0-9a-f]{64}\. String to sign - '/);
      expect(JSON.parse(told.slice(told.indexOf("{"))).error.message).toMatch(
        /^Invalid Signature .* String to sign - 'context=alt=Salt %26 pepper, 'quoted'\.&overwrite=/,
      );
      // It is what the person sees first.
      await expect
        .poll(() => answered().evaluate((element) => Math.round(element.getBoundingClientRect().top)))
        .toBeLessThan(120);
      const first = answered().locator(".explained > .cause");
      expect(await first.count()).toBe(1);
      expect(await first.innerText()).toMatch(
        /^The secret or the key is wrong\s[\s\S]*What to do: Copy key and secret anew[\s\S]*doctor/,
      );
      // Both sides are the same.
      expect(await answered().getByRole("table").count()).toBe(0);

      expect(await answered().getByText("Quotes became part of the secret").isVisible()).toBe(false);
      await answered()
        .getByText(/^Less likely \(\d+\)$/)
        .click();
      await answered().getByText("Quotes became part of the secret").waitFor();
      expect(await overflow()).toBe(0);
      expect(await violations(page)).toEqual([]);
      expect(await page.content()).not.toContain(WRONG_SECRET);

      await page.keyboard.press("Escape");
      await details().waitFor({ state: "detached" });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("How to fix it");
      expect(unexpected(401)).toEqual([]);
    },
  );
});

describe("anybody's refusal, pasted", () => {
  const MESSAGE =
    "Error: Invalid Signature 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12. String to sign - 'folder=cats&source=uw&timestamp=1719228000'.";

  /** Opens the box by keyboard. */
  async function openBox(): Promise<Locator> {
    await page.goto(right.url);
    await page.locator("summary", { hasText: "Paste it here" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForLoadState("networkidle");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
    return page.getByLabel("What Cloudinary answered");
  }
  const explained = (): Locator => page.locator(".paste .explained > .cause");

  it.each(sampled(LOOKS, 2, 0))(
    "is explained in the page, and asks nobody: %s, %i pixels wide",
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 720 });
      const box = await openBox();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.context().setOffline(true);
      await box.fill(MESSAGE);
      await explained().first().waitFor();
      expect(await explained().count()).toBe(1);
      expect(await explained().innerText()).toMatch(
        /^The Upload Widget's source=uw was not signed\s[\s\S]*What to do: Sign all that the widget gives/,
      );
      expect(await page.locator(".paste").getByRole("status").textContent()).toBe(
        "The Upload Widget's source=uw was not signed",
      );
      await page.getByText("Paste this too, for a surer answer:").waitFor();
      expect(await violations(page)).toEqual([]);
      await box.fill(`Invalid Signature ${"a".repeat(40)}. String to sign - 'public_id=${"x".repeat(900)}'.`);
      await page.getByText("The secret or the key is wrong").first().waitFor({ state: "attached" });
      expect(await overflow()).toBe(0);

      await box.fill("hello");
      await page.getByText("nothing in this text says why").first().waitFor();
      await box.fill("");
      await page.getByText("nothing in this text says why").first().waitFor({ state: "detached" });
      expect(asked).toEqual([]);
      expect(unexpected()).toEqual([]);
    },
  );

  it.each(sampled(LOOKS, 2, 1))(
    "is compared field by field with what was signed: %s, %i pixels wide",
    async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 720 });
      const box = await openBox();
      await box.fill(
        `Invalid Signature ${"a".repeat(40)}. String to sign - 'folder=cats&overwrite=false&tags=${"long".repeat(30)}&timestamp=1719228000'.\nstring to sign of my code: folder=dogs&overwrite=false&timestamp=1719228000`,
      );
      const rows = page.locator(".paste").getByRole("table", { name: "Field by field" }).getByRole("row");
      await rows.first().waitFor();
      expect((await rows.allInnerTexts()).map((row) => row.split(/\s+/))).toEqual([
        ["Field", "Signed", "Sent", "Verdict"],
        ["folder", "dogs", "cats", "different"],
        ["overwrite", "false", "false", "the", "same"],
        ["tags", "long".repeat(30), "not", "signed"],
        ["timestamp", "1719228000", "1719228000", "the", "same"],
      ]);
      // Two mistakes are two causes, and neither is the less likely one.
      expect(await explained().locator("strong").allInnerTexts()).toEqual(
        expect.arrayContaining(["A field was sent and not signed", "A value changed after it was signed"]),
      );
      expect(await overflow()).toBe(0);
      expect(await violations(page)).toEqual([]);
      expect(unexpected()).toEqual([]);
    },
  );

  it("markup in it is shown as it is", async () => {
    const box = await openBox();
    await box.fill(
      `Invalid Signature ${"a".repeat(40)}. String to sign - '<img src=x onerror="document.title=1">=undefined&timestamp=1'.`,
    );
    await explained().first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.title()).not.toBe("1");
    expect(unexpected()).toEqual([]);
  });
});

it("an explanation that can't be loaded is told, and the answer stands", async () => {
  await page.goto(right.url);
  await page.route("**/explainer.js", (route) => route.abort());
  await page.locator("summary", { hasText: "Paste it here" }).click();
  await page.getByText("Reload this page to see an explanation").waitFor();
});

it("an answer of nobody is told as that", async () => {
  // The last test, for nobody asks it any more.
  isGone = true;
  await emulator.close();
  await upload(right);
  await card().getByText("failed", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Details of cat.jpg" }).click();
  await details().getByRole("heading", { name: "Cloudinary did not answer" }).waitFor();
  await details()
    .getByText(`The connection to ${new URL(emulator.url).host} failed.`)
    .waitFor();
  expect(await answered().count()).toBe(0);
});
