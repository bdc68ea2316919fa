// Upload components and the Node SDK with our tickets: the real packages, in a real Chromium, by the snippets that
// docs/components/forms.md shows.

import { v2 as cloudinary, type UploadApiOptions } from "cloudinary";

/** Uploads a file by a ticket: the API secret stays with the signer. */
async function uploadSigned(path: string, signer: string, params: object, options?: UploadApiOptions) {
  const response = await fetch(`${signer}/sign`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ params }),
  });
  const ticket = await response.json();
  if (!response.ok) throw new Error(ticket.detail);
  const [, , cloud_name, resource_type] = new URL(ticket.url).pathname.split("/");
  return cloudinary.uploader.upload(path, { ...ticket.fields, cloud_name, resource_type, ...options });
}

// The rest is the test.

import { readFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../../src/testing/local-worker.ts";
import { FULL } from "../../support/counts.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { type OpenedPage, openPage, type PageServer, servePages, sharedBrowser } from "../support/browser.ts";

const HERE = join(PROJECT, "test/browser/components");
const COMPONENTS = ["uppy", "filepond", "dropzone"] as const;
const SAMPLE = join(PROJECT, "src/testing/sample.jpg");

let browser: Browser;
let pages: PageServer;
let stack: Stack;
let sample: Buffer;

beforeAll(async () => {
  sample = await readFile(SAMPLE);
  pages = await servePages(
    Object.fromEntries(
      (await Promise.all(COMPONENTS.map(pagesOf))).flatMap((files) => Object.entries(files)),
    ),
  );
  stack = await startStack({
    allowedOrigins: [pages.url],
    profiles: {
      default: {
        access: ["public"],
        resourceType: "image",
        accept: { context: { keys: ["alt"], maxLength: 100 } },
      },
    },
  });
  browser = await sharedBrowser();
});
afterAll(async () => {
  await Promise.all([stack?.close(), pages?.close()]);
});

/** A component's page and its script. */
async function pagesOf(name: string): Promise<Record<string, { type: string; body: string }>> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, `pages/${name}.ts`)],
    bundle: true,
    format: "iife",
    write: false,
  });
  const html = `<!doctype html><link rel="icon" href="data:,"><body><script src="/${name}.js"></script>`;
  return {
    [`/${name}`]: { type: "text/html", body: html },
    [`/${name}.js`]: { type: "text/javascript", body: outputFiles[0]!.text },
  };
}

/** FilePond counts frames as it moves things: they come four times as often as a screen shows any. A full run watches. */
function hurry(): void {
  let frames = 0;
  const soon = (act: FrameRequestCallback) => setTimeout(() => act(++frames * 17), 4);
  Object.assign(globalThis, { requestAnimationFrame: soon, cancelAnimationFrame: clearTimeout });
}

/** Opens a component's page that asks for tickets of these parameters. */
async function open(name: (typeof COMPONENTS)[number], params: object): Promise<OpenedPage> {
  const opened = await openPage(browser);
  if (name === "filepond" && !FULL) await opened.page.addInitScript(hurry);
  const query = new URLSearchParams({ signer: stack.signer, params: JSON.stringify(params) });
  await opened.page.goto(`${pages.url}/${name}?${query}`);
  return opened;
}

const picture = () => ({ name: "my cat.jpg", mimeType: "image/jpeg", buffer: sample });
const notAPicture = () => ({ name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });

const SIGNER = /\/sign$/;
const CLOUDINARY = /\/v1_1\//;

/** The next answer that a page gets from there. */
async function answerOf(page: Page, address: RegExp): Promise<Answer> {
  const response = await page.waitForResponse(
    (found) => address.test(found.url()) && found.request().method() === "POST",
  );
  return answered(response);
}
const answered = async (response: Response): Promise<Answer> => ({
  status: response.status(),
  body: await response.json(),
});
// biome-ignore lint/suspicious/noExplicitAny: JSON of others
type Answer = { status: number; body: any };

/** Judges that one more upload is held than before, with the fields of the ticket and none beside. */
function expectOneMore(before: number, fields: Record<string, string>, original_filename: string): void {
  const uploads = stack.emulator.uploads();
  expect(uploads).toHaveLength(before + 1);
  expect(fields.public_id).toMatch(/./);
  expect(uploads.at(-1)).toMatchObject({
    public_id: fields.public_id,
    bytes: sample.length,
    original_filename,
    context: { custom: { alt: "A = cat | & ü" } },
  });
  expect(uploads.at(-1)?.fields).toEqual(fields);
}

const PARAMS = { context: { alt: "A = cat | & ü" } };
const REFUSED = { folder: "x" };
/** What the browser itself says of an answer that is an error. */
const FAILED_TO_LOAD = /^console: Failed to load resource: the server responded with a status of 4\d\d /;

/** How each component takes a file from a user, and where it says what came of it. */
const USERS: Record<
  (typeof COMPONENTS)[number],
  {
    choose(page: Page, ...files: ReturnType<typeof picture>[]): Promise<void>;
    done(page: Page, files?: number): Promise<void>;
    /** What it shows of a failure. */
    failure(page: Page): Promise<string>;
    /** What it writes to the console of its own accord. */
    readonly logs: RegExp;
  }
> = {
  uppy: {
    choose: async (page, ...files) => {
      await page.locator("input.uppy-Dashboard-input").first().setInputFiles(files);
      // By the keyboard: without Uppy's stylesheet the list of files lies over the button.
      await page.getByRole("button", { name: /^Upload \d files?$/ }).press("Enter");
    },
    done: (page, files = 1) =>
      page
        .locator(".uppy-Dashboard-Item.is-complete")
        .nth(files - 1)
        .waitFor(),
    failure: async (page) =>
      (await page.locator(".uppy-Dashboard-Item-errorDetails").getAttribute("aria-label")) ?? "",
    logs: /^console: \[Uppy\] \[[\d:]+\] /,
  },
  filepond: {
    choose: (page, ...files) => page.locator("input[type=file]").setInputFiles(files),
    done: (page, files = 1) =>
      page
        .locator("[data-filepond-item-state=processing-complete]")
        .nth(files - 1)
        .waitFor(),
    failure: async (page) => {
      const item = page.locator("[data-filepond-item-state=processing-error]");
      return (await item.locator(".filepond--file-status-main").textContent()) ?? "";
    },
    logs: /^$/,
  },
  dropzone: {
    choose: (page, ...files) => page.locator("input.dz-hidden-input").setInputFiles(files),
    done: (page, files = 1) =>
      page
        .locator(".dz-preview.dz-success")
        .nth(files - 1)
        .waitFor({ state: "attached" }),
    failure: async (page) => (await page.locator(".dz-error .dz-error-message").textContent())?.trim() ?? "",
    logs: /^$/,
  },
};

describe.each(COMPONENTS)("%s", (name) => {
  const user = USERS[name];

  // Of the others a quick run has it from trying again and from an abort, below.
  it.runIf(FULL || name === "dropzone")("uploads by a ticket, with its fields and none beside", async () => {
    const before = stack.emulator.uploads().length;
    const { page, problems } = await open(name, PARAMS);
    const [ticket, upload] = await Promise.all([
      answerOf(page, SIGNER),
      answerOf(page, CLOUDINARY),
      user.choose(page, picture()),
      user.done(page),
    ]);
    expect(upload.body.public_id).toBe(ticket.body.fields.public_id);
    expectOneMore(before, ticket.body.fields, "my cat");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("uploads several files, each by a ticket of its own", async () => {
    const before = stack.emulator.uploads().length;
    const { page, problems } = await open(name, PARAMS);
    const tickets: Promise<Answer>[] = [];
    page.on("response", (response) => {
      if (SIGNER.test(response.url())) tickets.push(answered(response));
    });
    const files = ["a.jpg", "b.jpg"].map((name) => ({ ...picture(), name }));
    await Promise.all([user.choose(page, ...files), user.done(page, files.length)]);
    const uploads = stack.emulator.uploads().slice(before);
    expect(uploads.map(({ original_filename }) => original_filename).toSorted()).toEqual(["a", "b"]);
    expect(new Set(uploads.map(({ public_id }) => public_id)).size).toBe(files.length);
    const byName = (a: { public_id: string }, b: { public_id: string }) =>
      a.public_id < b.public_id ? -1 : 1;
    const signed = (await Promise.all(tickets)).map(({ body }) => body.fields);
    expect(uploads.map(({ fields }) => fields as { public_id: string }).toSorted(byName)).toEqual(
      signed.toSorted(byName),
    );
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("shows why the signer refused", async () => {
    const before = stack.emulator.uploads().length;
    const { page, problems } = await open(name, REFUSED);
    const [ticket] = await Promise.all([answerOf(page, SIGNER), user.choose(page, picture())]);
    expect(ticket).toMatchObject({ status: 422, body: { code: "params_refused" } });
    expect(await user.failure(page)).toBe(ticket.body.detail);
    expect(stack.emulator.uploads()).toHaveLength(before);
    expect(problems.filter((problem) => !user.logs.test(problem))).toEqual([
      expect.stringMatching(FAILED_TO_LOAD),
    ]);
    await page.context().close();
  });

  it("shows why Cloudinary refused, in its words", async () => {
    const before = stack.emulator.uploads().length;
    const { page, problems } = await open(name, PARAMS);
    const [upload] = await Promise.all([answerOf(page, CLOUDINARY), user.choose(page, notAPicture())]);
    expect(upload).toMatchObject({ status: 400, body: { error: { message: "Invalid image file" } } });
    expect(await user.failure(page)).toBe(upload.body.error.message);
    expect(stack.emulator.uploads()).toHaveLength(before);
    expect(problems.filter((problem) => !user.logs.test(problem))).toEqual([
      expect.stringMatching(FAILED_TO_LOAD),
    ]);
    await page.context().close();
  });
});

it("uppy fetches a new ticket when the user tries again", async () => {
  const before = stack.emulator.uploads().length;
  const { page } = await open("uppy", PARAMS);
  // A policy's refusal would come again, so this one is the test's.
  const refusal = { status: 429, json: { code: "rate_limited", detail: "too many requests" } };
  const headers = { "access-control-allow-origin": "*" };
  await page.route("**/sign", (route) => route.fulfill({ ...refusal, headers }));
  await Promise.all([answerOf(page, SIGNER), USERS.uppy.choose(page, picture())]);
  expect(await USERS.uppy.failure(page)).toBe("too many requests");
  expect(stack.emulator.uploads()).toHaveLength(before);

  await page.unroute("**/sign");
  const [ticket] = await Promise.all([
    answerOf(page, SIGNER),
    page.locator(".uppy-StatusBar-actionBtn--retry").click(),
    USERS.uppy.done(page),
  ]);
  expectOneMore(before, ticket.body.fields, "my cat");
  await page.context().close();
});

it("filepond aborts while it waits for a ticket, and uploads when the file is chosen again, told how far it is", async () => {
  const before = stack.emulator.uploads().length;
  const { page, problems } = await open("filepond", PARAMS);
  await page.route("**/sign", () => {}); // never answered
  const aborted = page.waitForEvent("requestfailed");
  await Promise.all([page.waitForRequest(SIGNER), USERS.filepond.choose(page, picture())]);
  await page.locator(".filepond--action-abort-item-processing").click();
  expect((await aborted).url()).toMatch(SIGNER);
  await page.locator(".filepond--item").waitFor({ state: "detached" });
  expect(stack.emulator.uploads()).toHaveLength(before);

  await page.unroute("**/sign");
  const [ticket] = await Promise.all([
    answerOf(page, SIGNER),
    USERS.filepond.choose(page, picture()),
    USERS.filepond.done(page),
  ]);
  expectOneMore(before, ticket.body.fields, "my cat");
  const told = await page.evaluate(
    () => (globalThis as unknown as { told: [boolean, number, number][] }).told,
  );
  const [computable, loaded, total] = told.at(-1)!;
  expect({ computable, loaded }).toEqual({ computable: true, loaded: total });
  expect(total).toBeGreaterThan(sample.length);
  expect(problems).toEqual([]);
  await page.context().close();
});

/** The SDK would speak TLS; an agent overrules that. */
const toEmulator = () => ({ upload_prefix: stack.emulator.url, agent: new http.Agent() });

describe("the Node SDK", () => {
  it("uploads by a ticket", async () => {
    const before = stack.emulator.uploads().length;
    const result = await uploadSigned(SAMPLE, stack.signer, PARAMS, toEmulator());
    const uploads = stack.emulator.uploads();
    expect(uploads).toHaveLength(before + 1);
    expect(uploads.at(-1)).toMatchObject({ public_id: result.public_id, bytes: sample.length });
    expect(result.context).toEqual({ custom: PARAMS.context });
  });

  it("rejects with what Cloudinary says of a field that was changed after signing", async () => {
    const before = stack.emulator.uploads().length;
    const changed = { ...toEmulator(), public_id: "another" };
    await expect(uploadSigned(SAMPLE, stack.signer, PARAMS, changed)).rejects.toMatchObject({
      http_code: 401,
      message: expect.stringMatching(/^Invalid Signature /),
    });
    expect(stack.emulator.uploads()).toHaveLength(before);
  });

  it("rejects with why the signer refused", async () => {
    const asked = await fetch(`${stack.signer}/sign`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ params: REFUSED }),
    });
    const { code, detail } = (await asked.json()) as { code: string; detail: string };
    expect(code).toBe("params_refused");
    await expect(uploadSigned(SAMPLE, stack.signer, REFUSED, toEmulator())).rejects.toMatchObject({
      message: detail,
    });
  });
});

describe("docs/components/forms.md", async () => {
  const text = await readFile(join(PROJECT, "docs/components/forms.md"), "utf8");
  it.each([
    ["Uppy", "pages/uppy.ts"],
    ["FilePond", "pages/filepond.ts"],
    ["Dropzone", "pages/dropzone.ts"],
    ["Node SDK", "forms.test.ts"],
  ])("shows for %s what ran here", async (heading, file) => {
    const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
    const [, snippet] = /^```ts\n([\s\S]+?)^```$/m.exec(section ?? "") ?? [];
    expect(snippet).toContain("/sign");
    expect(await readFile(join(HERE, file), "utf8")).toContain(snippet);
  });
});
