// `npm run screenshots`: the pictures of the page in each state, taken in a real Chromium of the demo as people get it,
// with uploads that really happen. Those of docs/images stand in the README; `-- FOLDER` writes all, to be looked at;
// `ONLY=phone` takes those of such a name.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { PROCESS } from "../../src/cli/io.ts";
import { start } from "../../src/cli/start.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { freePort } from "../support/ports.ts";
import { launchBrowser } from "./support/browser.ts";

const README = join(PROJECT, "docs/images");
const [into] = process.argv.slice(2);

/** Landscapes, drawn by the browser: sky, sun and hills in the colors of a time of day. */
const PICTURES: readonly (readonly [name: string, hue: number])[] = [
  ["morning.jpg", 200],
  ["noon.jpg", 150],
  ["evening.jpg", 20],
  ["night.jpg", 250],
];

async function draw(page: Page, hue: number): Promise<Buffer> {
  const base64 = await page.evaluate(async (hue) => {
    const canvas = new OffscreenCanvas(1200, 800);
    const g = canvas.getContext("2d")!;
    const sky = g.createLinearGradient(0, 0, 0, 800);
    sky.addColorStop(0, `hsl(${hue} 60% 60%)`);
    sky.addColorStop(1, `hsl(${hue + 40} 80% 88%)`);
    g.fillStyle = sky;
    g.fillRect(0, 0, 1200, 800);
    g.fillStyle = `hsl(${hue + 60} 90% 94%)`;
    g.beginPath();
    g.arc(300 + hue * 2, 260, 90, 0, 7);
    g.fill();
    for (let hill = 0; hill < 4; hill++) {
      g.fillStyle = `hsl(${hue - 10} 45% ${58 - hill * 12}%)`;
      g.beginPath();
      g.moveTo(0, 800);
      for (let x = 0; x <= 1200; x += 10)
        g.lineTo(x, 430 + hill * 90 + Math.sin(x / (170 - hill * 20) + hue + hill * 2) * 60);
      g.lineTo(1200, 800);
      g.fill();
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, hue);
  return Buffer.from(base64, "base64");
}

const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: "image/jpeg", buffer });
const choose = (page: Page, ...files: ReturnType<typeof jpeg>[]) =>
  page.getByLabel("Choose files").setInputFiles(files);
const tile = (page: Page, name: string) =>
  page.getByRole("region", { name: "Gallery" }).getByRole("img", { name });

async function arrive(page: Page): Promise<void> {
  for (const [file, hue] of PICTURES) {
    await choose(page, jpeg(file, await draw(page, hue)));
    await tile(page, file).waitFor();
  }
}

/** What is sent is slow from now on; the function that it answers takes the connection away. */
async function slow(context: BrowserContext, page: Page): Promise<() => Promise<unknown>> {
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const limits = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 600_000 };
  await session.send("Network.emulateNetworkConditions", limits);
  return () => session.send("Network.emulateNetworkConditions", { ...limits, offline: true });
}

/** A file that is on its way for some seconds. */
async function sending(context: BrowserContext, page: Page): Promise<() => Promise<unknown>> {
  await page.getByLabel("Profile", { exact: true }).selectOption("default");
  const lose = await slow(context, page);
  const long = Buffer.concat([await draw(page, 320), Buffer.alloc(6_000_000)]);
  await choose(page, jpeg("sunset.jpg", long), jpeg("sunrise.jpg", long));
  await page.waitForFunction(() =>
    [...document.querySelectorAll("progress")].some(({ position }) => position > 0.2 && position < 1),
  );
  await page.getByText(/left$/).waitFor();
  return lose;
}

async function fail(page: Page): Promise<void> {
  await page.getByLabel("Profile", { exact: true }).selectOption("avatars");
  await choose(page, jpeg("letter.jpg", Buffer.from("no picture")));
  await page
    .getByText(/Invalid image file/)
    .first()
    .waitFor();
}

async function sixty(page: Page): Promise<void> {
  const picture = await draw(page, 100);
  await choose(
    page,
    ...Array.from({ length: 57 }, (_, i) => jpeg(`holiday-${i + 1}.jpg`, picture)),
    ...["letter", "note", "page"].map((name) => jpeg(`${name}.jpg`, Buffer.alloc(0))),
  );
  await page.getByText("57 of 60 done").waitFor({ timeout: 120_000 });
  await page.evaluate(() => document.querySelector(".uploads")?.scrollIntoView());
}

/** What is done in each state before its picture is taken. */
const STATES: Readonly<Record<string, (page: Page, context: BrowserContext) => Promise<void>>> = {
  empty: async () => {},
  all: async (page, context) => {
    await arrive(page);
    await fail(page);
    await sending(context, page);
    await page.evaluate(() => scrollTo(0, 0));
  },
  sending: async (page, context) => {
    await sending(context, page);
  },
  failed: async (page) => {
    await fail(page);
    await page.getByLabel("Profile", { exact: true }).selectOption("members");
    await choose(page, jpeg("mine.jpg", await draw(page, 20)));
    await page.getByText("Enter a valid token").first().waitFor();
  },
  offline: async (page, context) => {
    const lose = await sending(context, page);
    await lose();
    await page.locator(".total").getByText("Waiting for the connection…").waitFor();
  },
  done: async (page) => {
    await page.getByLabel("Profile", { exact: true }).selectOption("avatars");
    await arrive(page);
  },
  large: async (page) => {
    await arrive(page);
    await tile(page, "evening.jpg").click();
    await page.getByRole("dialog").getByRole("img").waitFor();
  },
  details: async (page) => {
    await page.getByLabel("Profile", { exact: true }).selectOption("avatars");
    await arrive(page);
    await page.getByRole("button", { name: "Details of night.jpg" }).click();
  },
  settings: async (page) => {
    await arrive(page);
    await page.getByText("Settings", { exact: true }).click();
    await fail(page);
  },
  sixty,
};

const LIGHT = { colorScheme: "light" } as const;
const DARK = { colorScheme: "dark" } as const;
const SIZES = {
  phone: { viewport: { width: 390, height: 860 } },
  middle: { viewport: { width: 820, height: 1000 } },
  usual: { viewport: { width: 1120, height: 1080 } },
  wide: { viewport: { width: 1600, height: 1000 } },
};

const SHOTS: readonly (readonly [path: string, state: string, options: object])[] =
  into === undefined
    ? [
        [join(README, "page-light.png"), "all", { ...LIGHT, ...SIZES.usual }],
        [join(README, "page-dark.png"), "all", { ...DARK, ...SIZES.usual }],
        [join(README, "page-phone.png"), "all", { ...LIGHT, ...SIZES.phone }],
      ]
    : Object.keys(STATES).flatMap((state) =>
        Object.entries(SIZES).map(
          ([size, options], i) =>
            [
              join(into, `${state}-${size}.png`),
              state,
              { ...(i % 2 === 0 ? LIGHT : DARK), ...options },
            ] as const,
        ),
      );

async function shoot(
  browser: Browser,
  url: string,
  [path, state, options]: (typeof SHOTS)[number],
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForLoadState("networkidle");
  await STATES[state]!(page, context);
  await page.screenshot({ path, animations: "disabled" });
  await context.close();
  console.log(`✓ ${path}`);
}

const [port, emulatorPort] = [await freePort(), await freePort()];
const env = { ...process.env, PORT: String(port), EMULATOR_PORT: String(emulatorPort), NO_COLOR: "1" };
let stop = async (): Promise<void> => {};
const quiet = (): void => {};
await start(
  { config: join(PROJECT, "demo/wrangler.toml") },
  { ...PROCESS, env, out: quiet, err: quiet },
  (undo) => {
    stop = undo;
  },
);
const browser = await launchBrowser();
await mkdir(into ?? README, { recursive: true });
const only = process.env.ONLY;
for (const shot of SHOTS)
  if (only === undefined || new RegExp(only).test(shot[0]))
    await shoot(browser, `http://localhost:${port}`, shot);
await browser.close();
await stop();
// The other picture of docs/images: of what the Worker wrote under a load.
if (into === undefined && (only === undefined || new RegExp(only).test("dashboard.svg")))
  await import("../observe/dashboard.ts");
