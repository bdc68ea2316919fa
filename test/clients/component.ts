// An upload component as a person uses it in a real Chromium: a file is chosen, and the page says what came of it.

import type { Page } from "playwright-core";
import type { PageSource } from "./bundle-page.ts";
import type { Client, Row } from "./client.ts";
import type { Scene } from "./scene.ts";

/** How a component is used, and where it says what came of it. */
export interface Component extends Omit<Row, "group">, Pick<Client, "with"> {
  readonly group?: Row["group"];
  /** The package whose version is told. */
  readonly package: string;
  page(signer: string): PageSource;
  choose(page: Page, file: string): Promise<void>;
  /** Resolves once the person sees that the file is up. */
  done(page: Page): Promise<void>;
  /** What the person sees of a failure, once it is there. */
  failure(page: Page): Promise<string>;
}

/** Longest wait for anything on a page, in milliseconds. */
const TIMEOUT = 15_000;

/** Adds what the page itself had to say. */
const saying = (problems: readonly string[]) => (error: unknown) => {
  throw new Error([error, ...problems].join("\n"));
};

/** The client that uses it. What refuses is a profile for members, asked without a token. */
export function component({
  page: sourceFor,
  package: name,
  choose,
  done,
  failure,
  ...row
}: Component): Client {
  return {
    group: "tickets",
    ...row,
    version: (scene: Scene) => scene.versionOf(name),
    upload: async (scene) => {
      const { page, problems } = await scene.page(sourceFor(scene.signer));
      page.setDefaultTimeout(TIMEOUT);
      await Promise.all([done(page), choose(page, scene.file)]).catch(saying(problems));
      if (problems.length > 0) throw new Error(problems.join("\n"));
    },
    refusal: async (scene) => {
      const toMembers = () => ({ from: `${scene.signer}/sign/members` });
      const { page, problems } = await scene.page(sourceFor(scene.signer), { [scene.signer]: toMembers });
      page.setDefaultTimeout(TIMEOUT);
      const [seen] = await Promise.all([failure(page), choose(page, scene.file)]).catch(saying(problems));
      return seen;
    },
  };
}

/** What an element says once it says something. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).filter({ hasText: /\S/ }).first().textContent())!.trim();
}

export const chooseIn = (selector: string) => (page: Page, file: string) =>
  page.locator(selector).first().setInputFiles(file);

/** By the button of a tool that opens the system's dialog. */
export async function chooseInDialog(page: Page, button: string, file: string): Promise<void> {
  const opened = page.waitForEvent("filechooser");
  await page.locator(button).first().click();
  await (await opened).setFiles(file);
}

export async function chooseInDashboard(page: Page, file: string): Promise<void> {
  await page.locator("input.uppy-Dashboard-input").first().setInputFiles(file);
  // By the keyboard: without Uppy's stylesheet the list of files lies over the button.
  await page.getByRole("button", { name: /^Upload \d files?$/ }).press("Enter");
}

/** What the browser's own dialog says, which is then closed. */
export async function dialogOf(page: Page): Promise<string> {
  const dialog = await page.waitForEvent("dialog");
  await dialog.accept();
  return dialog.message();
}
