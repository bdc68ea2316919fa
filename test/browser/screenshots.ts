// `npm run screenshots`: the pictures of the page that stand in the README, taken in a real Chromium of the page
// as it is built, with uploads that really happen.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { buildWorker, newBuild, PROJECT, removeBuild, startWorker } from "../../src/testing/local-worker.ts";
import { launchBrowser } from "./support/browser.ts";

const ACCOUNT = { cloudName: "demo", apiKey: "874837483274837", apiSecret: "demo-Secret_that-opens-nothing" };
const FOLDER = join(PROJECT, "docs/images");
const SHOTS = [
  ["page-light.png", { colorScheme: "light", viewport: { width: 1120, height: 860 } }],
  ["page-dark.png", { colorScheme: "dark", viewport: { width: 1120, height: 860 } }],
  ["page-phone.png", { colorScheme: "light", viewport: { width: 390, height: 860 } }],
] as const;

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

async function shoot(browser: Browser, url: string, name: string, options: object): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  const input = page.getByLabel("Choose files");
  for (const [file, hue] of PICTURES) {
    await input.setInputFiles([{ name: file, mimeType: "image/jpeg", buffer: await draw(page, hue) }]);
    await page.getByRole("region", { name: "Gallery" }).getByRole("img", { name: file }).waitFor();
  }
  await input.setInputFiles([
    { name: "letter.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") },
  ]);
  await page
    .getByText(/Invalid image file/)
    .first()
    .waitFor();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1_000_000 };
  await session.send("Network.emulateNetworkConditions", slow);
  const long = Buffer.concat([await draw(page, 320), Buffer.alloc(3_000_000)]);
  await input.setInputFiles([{ name: "sunset.jpg", mimeType: "image/jpeg", buffer: long }]);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("progress")].some(({ position }) => position > 0.5 && position < 1),
  );
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(FOLDER, name), animations: "disabled" });
  await context.close();
  console.log(`✓ docs/images/${name}`);
}

const build = await newBuild();
await buildWorker(build, { entry: "test/support/worker.ts" });
const emulator = await startEmulator(ACCOUNT);
const worker = await startWorker({
  build,
  bindings: {
    CLOUDINARY_CLOUD_NAME: ACCOUNT.cloudName,
    CLOUDINARY_API_KEY: ACCOUNT.apiKey,
    CLOUDINARY_API_SECRET: ACCOUNT.apiSecret,
    CLOUDINARY_UPLOAD_PREFIX: emulator.url,
    SIGNER: { page: true, profiles: { default: { access: ["public"], resourceType: "image" } } },
  },
});
const browser = await launchBrowser();
await mkdir(FOLDER, { recursive: true });
for (const [name, options] of SHOTS) await shoot(browser, worker.url, name, options);
await browser.close();
await Promise.all([worker.close(), emulator.close()]);
await removeBuild(build);
