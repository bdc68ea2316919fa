// What a person does with many uploads on the page, in a real Chromium: pause, lose the connection, sixty files on a
// phone, folders, and what arrived in large. The demo's page, with the names that it is built with.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Demo, startDemo } from "../support/demo.ts";
import { violations } from "./support/axe.ts";
import { type OpenedPage, openPage, reopenPage, sharedBrowser } from "./support/browser.ts";

let browser: Browser;
let demo: Demo;
let sample: Buffer;
let opened: OpenedPage | undefined;
let page: Page;
let problems: string[];

beforeAll(async () => {
  demo = await startDemo();
  sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
  browser = await sharedBrowser();
});
afterAll(async () => {
  await opened?.page.context().close();
  await demo?.close();
});
beforeEach(async () => {
  opened = await reopenPage(browser, opened);
  ({ page, problems } = opened);
  await page.goto(demo.signer);
});

const jpeg = (name: string, buffer = sample) => ({ name, mimeType: "image/jpeg", buffer });
const choose = (...files: ReturnType<typeof jpeg>[]): Promise<void> =>
  page.getByLabel("Choose files").setInputFiles(files);
const rows = (): Locator => page.getByRole("list", { name: "Uploads" }).getByRole("listitem");
const row = (name: string): Locator => rows().filter({ hasText: name });
const gallery = (): Locator => page.getByRole("region", { name: "Gallery" });
/** How many uploads Cloudinary has. */
const stored = (): number => demo.emulator.uploads().length;

/**
 * Lets the page send so much, in bytes per second, or nothing at all. The page is a new one, in a context that nothing else
 * is in: in a used one Playwright has said before that there is a connection, and sockets are left from other uploads.
 */
async function connection() {
  await page.context().close();
  opened = await openPage(browser);
  ({ page, problems } = opened);
  await page.goto(demo.signer);
  const session = await page.context().newCDPSession(page);
  onTestFinished(() => {
    // With its context it goes.
    opened = undefined;
    return page.context().close();
  });
  await session.send("Network.enable");
  return (uploadThroughput: number, offline = false) =>
    session.send("Network.emulateNetworkConditions", {
      ...{ offline, latency: 0, downloadThroughput: -1, uploadThroughput },
    });
}

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A file that takes its time over a slow connection. */
const long = (name: string) => jpeg(name, Buffer.concat([sample, Buffer.alloc(1_000_000)]));
const SLOW = 100_000;

it("all and each are paused and go on, are cancelled and tried again", async () => {
  const limit = await connection();
  await limit(SLOW);
  const before = stored();
  await choose(long("one.jpg"), long("two.jpg"));
  await page.getByText(/^.* of 2\.\d MB · .*\/s · about .* left$/).waitFor();
  await page.getByRole("button", { name: "Pause all" }).click();
  await row("one.jpg").getByText("paused").waitFor();
  await page.getByText(/^Paused at /).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Resume one.jpg" }).click();
  await row("one.jpg")
    .getByText(/^uploading/)
    .waitFor();
  expect(await row("two.jpg").getByText("paused").count()).toBe(1);
  await page.getByRole("button", { name: "Cancel all" }).click();
  await row("two.jpg").getByText("cancelled").waitFor();
  expect(await page.evaluate(() => document.activeElement?.matches("input[type=file]"))).toBe(true);
  await page.getByRole("button", { name: "Retry 2" }).click();
  await page.getByRole("button", { name: "Pause one.jpg" }).focus();
  await limit(-1);
  await row("one.jpg").getByText(/done/).waitFor();
  await row("two.jpg").getByText(/done/).waitFor();
  // The focused button went with the upload's end.
  expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe("Remove one.jpg");
  // Nothing is under way, and nothing stands there for all.
  expect(await page.getByRole("progressbar").count()).toBe(0);
  expect(stored()).toBe(before + 2);
  expect(problems).toEqual([]);
});

it("a connection that goes away is told as that, and the upload goes on by itself", async () => {
  const limit = await connection();
  await limit(SLOW);
  const before = stored();
  await choose(long("train.jpg"));
  await row("train.jpg")
    .getByText(/^uploading [1-9]/)
    .waitFor();
  await limit(SLOW, true);
  await page.locator(".total").getByText("Waiting for the connection… It goes on by itself.").waitFor();
  await expect
    .poll(() => page.locator("[role=status] p").allInnerTexts())
    .toEqual(["Waiting for the connection… It goes on by itself."]);
  await row("train.jpg").getByText("waiting for the connection").waitFor();
  expect(await row("train.jpg").locator(".refusal").count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await limit(-1);
  await row("train.jpg").getByText(/done/).waitFor();
  // Sent under the ticket of before, and how that was signed can still be seen.
  expect(await row("train.jpg").getByRole("button", { name: "Details of train.jpg" }).count()).toBe(1);
  expect(stored()).toBe(before + 1);
});

it("sixty files on a phone stay short, and what failed is in view", async () => {
  await page.setViewportSize({ width: 390, height: 860 });
  const empty = jpeg("nothing.jpg", Buffer.alloc(0));
  const small = Array.from({ length: 59 }, (_, i) => ({
    name: `${i}.png`,
    mimeType: "image/png",
    buffer: PIXEL,
  }));
  await choose(empty, ...small);
  await page.getByText("59 of 60 done").waitFor();
  expect(await rows().count()).toBe(5);
  const [width, height] = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return [scrollWidth, scrollHeight];
  });
  expect(width).toBe(390);
  expect(height).toBeLessThan(3000);
  const failed = row("nothing.jpg");
  await failed.getByText("This file is empty").waitFor();
  const box = await failed.boundingBox();
  expect(box!.y).toBeGreaterThanOrEqual(0);
  expect(box!.y + box!.height).toBeLessThanOrEqual(860);
  // The same again would be as empty.
  expect(await failed.getByRole("button", { name: /^Retry/ }).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  const said = await page.locator("[role=status] p").allInnerTexts();
  expect(said).toContain("59 files uploaded");
  expect(said.join("\n")).toMatch(/nothing\.jpg was not uploaded: This file is empty/);
  await page.getByRole("button", { name: "Show all 60" }).click();
  expect(await rows().count()).toBe(60);
  expect(problems).toEqual([]);
});

describe("a profile", () => {
  it("is in the menu, with its limits in words", async () => {
    for (const [name, words] of [
      ["default", "Files of every kind, with no limit of its own on their size. Settings may add context."],
      ["avatars", "Pictures (JPG, PNG, WEBP), up to 1 MB each, at most 10 at once."],
      ["members", /It asks who you are: enter a token$/],
    ] as const) {
      await page.getByLabel("Profile", { exact: true }).selectOption(name);
      await expect.poll(() => page.locator("#profile-limits").innerText()).toMatch(words);
    }
  });

  it("that is not there is told, and no other is named", async () => {
    await page.getByLabel("Profile", { exact: true }).selectOption({ label: "Another profile…" });
    await page.getByLabel("Name of the profile").fill("nobody");
    await page.keyboard.press("Enter");
    await page.getByText("This signer has no profile nobody.").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe("what arrived", () => {
  it("opens large, and its address, HTML and Markdown are copied", async () => {
    await choose(jpeg("cat.jpg"));
    await gallery().getByText("1,200 × 800 · ").waitFor();
    await choose(jpeg("dog.jpg"));
    await gallery().getByRole("img", { name: "dog.jpg" }).click();
    const dialog = page.getByRole("dialog", { name: "dog.jpg" });
    const picture = dialog.getByRole("img");
    await picture.waitFor();
    expect(await violations(page)).toEqual([]);
    const address = await picture.getAttribute("src");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied: string[] = [];
    for (const what of ["address", "HTML", "Markdown"]) {
      await dialog.getByRole("button", { name: `Copy ${what}` }).click();
      await dialog.getByText(`${what[0]!.toUpperCase()}${what.slice(1)} copied`).waitFor();
      copied.push(await page.evaluate(() => navigator.clipboard.readText()));
    }
    expect(copied).toEqual([
      address,
      `<img src="${address}" alt="dog.jpg" width="1200" height="800">`,
      `![dog.jpg](${address})`,
    ]);
    await page.keyboard.press("ArrowRight");
    await page.getByRole("dialog", { name: "cat.jpg" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  it("a film is let through to its preview, and can be played", async () => {
    const buffer = Buffer.concat([Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), Buffer.alloc(2000)]);
    await page.getByLabel("Choose files").setInputFiles({ name: "film.mp4", mimeType: "video/mp4", buffer });
    const controls = page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          // These bytes are no film: as soon as the browser finds out, there is a sheet in its place.
          new MutationObserver(() => {
            const video = document.querySelector<HTMLVideoElement>("dialog video");
            if (video) resolve(video.controls);
          }).observe(document.body, { subtree: true, childList: true });
        }),
    );
    await gallery().getByRole("button", { name: "film.mp4" }).click();
    expect(await controls).toBe(true);
    expect(demo.emulator.uploads().at(-1)).toMatchObject({ resource_type: "video" });
    await page.waitForLoadState("networkidle");
    expect(problems).toEqual([]);
  });

  it("tells what the receipt claims", async () => {
    await page.getByLabel("Profile", { exact: true }).selectOption("avatars");
    await choose(jpeg("cat.jpg"));
    await row("cat.jpg").getByText("confirmed").waitFor();
    await page.getByRole("button", { name: "Details of cat.jpg" }).click();
    const section = page
      .getByRole("dialog")
      .locator("section")
      .filter({ has: page.getByRole("heading", { name: "The signer confirmed it, with a receipt" }) });
    const [claims = "", receipt = ""] = await section.locator("pre").allInnerTexts();
    const [, middle = ""] = receipt.split(".");
    expect(JSON.parse(claims)).toEqual(JSON.parse(Buffer.from(middle, "base64url").toString()));
    expect(JSON.parse(claims)).toMatchObject({ iss: "http://localhost:8787" });
  });
});

describe("what is dropped and pasted", () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "page-")), "trip");
    await mkdir(join(folder, "day 1"), { recursive: true });
    await writeFile(join(folder, "a.jpg"), sample);
    await writeFile(join(folder, "day 1/b.jpg"), sample);
    await writeFile(join(folder, "../c.jpg"), sample);
  });
  afterAll(() => rm(join(folder, ".."), { recursive: true }));

  it("a file goes up, and a folder with all that is in it", async () => {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [folder, join(folder, "../c.jpg")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await session.send("Input.dispatchDragEvent", { type, x: 200, y: 300, data });
    for (const name of ["a.jpg", "b.jpg", "c.jpg"]) await row(name).getByText(/done/).waitFor();
    expect(problems).toEqual([]);
  });

  it.each(["drop", "paste"])("of a text it is told that it is none: %s", async (type) => {
    await page.evaluate((type) => {
      const data = new DataTransfer();
      data.setData("text/plain", "https://example.com/cat.jpg");
      const init = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        type === "drop"
          ? new DragEvent(type, { ...init, dataTransfer: data })
          : new ClipboardEvent(type, { ...init, clipboardData: data }),
      );
    }, type);
    await page.locator(".notice").getByText("Drop or paste the file itself").waitFor();
    expect(await rows().count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it("a picture from the clipboard goes up", async () => {
    await page.evaluate((base64) => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
      data.items.add(new File([bytes], "pasted.jpg", { type: "image/jpeg" }));
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
    }, sample.toString("base64"));
    await row("pasted.jpg").getByText(/done/).waitFor();
    expect(problems).toEqual([]);
  });
});

it("nothing moves while files are sent", async () => {
  const limit = await connection();
  await limit(2 * SLOW);
  await choose(long("still.jpg"), long("calm.jpg"));
  await row("still.jpg")
    .getByText(/^uploading [1-9]/)
    .waitFor();
  await page.evaluate(() => {
    interface Shift extends PerformanceEntry {
      sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
    }
    const shifts: string[] = [];
    new PerformanceObserver((list) => {
      for (const { sources } of list.getEntries() as Shift[])
        for (const { node, previousRect, currentRect } of sources)
          shifts.push(
            `${node?.nodeName} ${node?.textContent}: ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`,
          );
    }).observe({ type: "layout-shift", buffered: false });
    Object.assign(globalThis, { shifts });
  });
  const shifts = () => page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts);
  await row("still.jpg")
    .getByText(/^uploading [4-9]\d/)
    .waitFor();
  expect(await shifts()).toEqual([]);
  // What does move is seen.
  await page.evaluate(() => {
    const box = document.createElement("div");
    box.textContent = "x";
    box.style.setProperty("height", "300px");
    document.body.prepend(box);
  });
  await expect.poll(shifts).not.toEqual([]);
  await page.getByRole("button", { name: "Cancel all" }).click();
});

it("asks before it is left while something is under way, and not afterwards", async () => {
  const limit = await connection();
  await limit(SLOW);
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await page.getByRole("heading", { name: "Upload files" }).click();
  await choose(long("leaving.jpg"));
  await row("leaving.jpg")
    .getByText(/^uploading [1-9]/)
    .waitFor();
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await limit(-1);
  await row("leaving.jpg").getByText(/done/).waitFor();
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(asked).toEqual(["beforeunload"]);
});

describe("by keyboard alone", () => {
  /** Goes on by Tab to what is called so. */
  async function tabTo(name: RegExp): Promise<void> {
    for (let i = 0; i < 60; i += 1) {
      const here = await page.evaluate(() => {
        const { activeElement: one } = document;
        return one?.ariaLabel || one?.querySelector("img")?.alt || one?.textContent || "";
      });
      if (name.test(here)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab never came to ${name}`);
  }
  const press = async (name: RegExp): Promise<void> => {
    await tabTo(name);
    await page.keyboard.press("Enter");
  };

  it("uploads are paused, resumed and removed, and pictures opened large", async () => {
    const limit = await connection();
    await limit(SLOW);
    await choose(long("key.jpg"));
    await press(/^Pause key\.jpg$/);
    await row("key.jpg").getByText("paused").waitFor();
    await press(/^Resume key\.jpg$/);
    await row("key.jpg")
      .getByText(/^uploading/)
      .waitFor();
    await press(/^Pause all$/);
    await row("key.jpg").getByText("paused").waitFor();
    await limit(-1);
    await press(/^Resume all$/);
    await row("key.jpg").getByText(/done/).waitFor();
    await press(/^key\.jpg$/);
    await page.getByRole("dialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await press(/^Remove key\.jpg$/);
    await expect.poll(() => row("key.jpg").count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
