// What a signed-in user may do to her own pictures, on the demo's page in a real Chromium.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Demo, startDemo } from "../support/demo.ts";
import { violations } from "./support/axe.ts";
import { openPage, sharedBrowser } from "./support/browser.ts";

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  demo = await startDemo();
  browser = await sharedBrowser();
});
afterAll(() => demo?.close());

const held = (): string[] => demo.emulator.uploads().map(({ public_id }) => public_id);
const tiles = (page: Page) => page.getByRole("region", { name: "Gallery" }).getByRole("listitem");

it("a signed-in demo user deletes and renames what she uploaded", async () => {
  const { page, problems } = await openPage(browser);
  await page.goto(demo.signer);
  const buffer = await readFile(join(PROJECT, "src/testing/sample.jpg"));
  const choose = (name: string) =>
    page.getByLabel("Choose files").setInputFiles({ name, mimeType: "image/jpeg", buffer });

  // Nobody's picture is anybody's to change: without a token there is nothing to press.
  await choose("nobodys.jpg");
  await tiles(page).filter({ hasText: "nobodys.jpg" }).getByRole("img").waitFor();
  expect(
    await tiles(page)
      .getByRole("button", { name: /^(Rename|Delete) / })
      .count(),
  ).toBe(0);

  // Signed in: by the line that `npm start` prints.
  await page.getByText("Settings", { exact: true }).click();
  await page.getByLabel("Profile", { exact: true }).selectOption("members");
  await page.getByLabel("Token").fill(`Authorization: Bearer ${demo.token}`);
  await choose("cat.jpg");
  const mine = tiles(page).filter({ has: page.locator(".own") });
  await mine.getByRole("img").waitFor();
  const [, uploaded = ""] = held();
  expect(uploaded).toMatch(/^users\/42\/[0-9a-f-]{36}$/);

  // A name that leads out of her folder is refused by the signer, and nothing happens.
  await page.getByRole("button", { name: "Rename cat.jpg" }).click();
  const field = page.getByLabel("New name of cat.jpg");
  await field.fill("../43/cat");
  await field.press("Enter");
  await mine
    .getByRole("alert")
    .getByText(/to_public_id/)
    .waitFor();
  expect(held()).toContain(uploaded);

  await field.fill("felix");
  expect(await violations(page)).toEqual([]);
  await mine.getByRole("button", { name: "Save" }).click();
  await mine.getByText("felix", { exact: true }).waitFor();
  expect(await mine.getByRole("alert").count()).toBe(0);
  const hasFocus = (selector: string): Promise<boolean> =>
    page.evaluate((wanted) => document.activeElement!.matches(wanted), selector);
  await expect.poll(() => hasFocus('[aria-label="Rename felix"]')).toBe(true);
  expect(held()).toEqual([expect.not.stringMatching(/^users/), "users/42/felix"]);
  // The picture is delivered by its new name.
  const picture = mine.getByRole("img");
  expect(await picture.getAttribute("src")).toMatch(/\/users\/42\/felix\.jpg$/);
  await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(1200);

  // Once more by the keyboard, for it can't be undone: nothing is deleted by the same key pressed twice.
  await page.getByRole("button", { name: "Delete felix" }).press("Enter");
  const confirming = mine.getByRole("group", { name: "Delete felix" });
  await confirming.waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Enter");
  await confirming.waitFor({ state: "detached" });
  await expect.poll(() => hasFocus('[aria-label="Delete felix"]')).toBe(true);
  expect(held()).toContain("users/42/felix");
  await page.getByRole("button", { name: "Delete felix" }).click();
  await confirming.getByRole("button", { name: "Delete for good" }).click();
  await mine.waitFor({ state: "detached" });
  // What had the focus is gone with the picture.
  await expect.poll(() => hasFocus("input[type=file]")).toBe(true);
  expect(held()).toEqual([expect.not.stringMatching(/^users/)]);
  expect(await tiles(page).count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  expect(problems.filter((text) => !text.includes("a status of 422"))).toEqual([]);
  await page.context().close();
});
