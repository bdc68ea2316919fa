// Components that choose the parameters themselves, in a real Chromium with the real packages: the snippets of
// docs/components/widget.md are run as they stand there. The Upload Widget's own script is a stand-in.

import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { serve } from "@hono/node-server";
import { build, type Plugin } from "esbuild";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createSigner } from "../../../src/hono.ts";
import { PROJECT } from "../../../src/testing/local-worker.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../../access/identity.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../../support/account.ts";
import { FULL } from "../../support/counts.ts";
import { definitionOf, type Plain } from "../../support/definition.ts";
import { newOwnerFolder } from "../../support/owner.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { type OpenedPage, openPage, type PageServer, servePages, sharedBrowser } from "../support/browser.ts";

const HERE = join(PROJECT, "test/browser/components");
const STAND_IN = await readFile(join(HERE, "upload-widget-stand-in.js"), "utf8");
/** What a user's page runs; widget.js is what they share. */
const PAGES = (await readdir(join(HERE, "pages"))).filter(
  (name) => /^(next|url-loader|widget)\./.test(name) && name !== "widget.js",
);
const DOCUMENT = await readFile(join(PROJECT, "docs/components/widget.md"), "utf8");
const WIDGET_SCRIPT = "https://upload-widget.cloudinary.com/latest/global/all.js";

const BLOCK = /^```jsx?\n(.*?)^```$/gms;

/** The n-th block of code of a section of the document. */
function blockOf(name: string): string {
  const [section, n = "0"] = name.split("#");
  const text = DOCUMENT.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  const blocks = [...(text ?? "").matchAll(BLOCK)];
  const block = blocks[Number(n)]?.[1];
  if (block === undefined) throw new Error(`the document has no block ${name}`);
  return block;
}

/** The n-th configuration as the document writes it; of its access methods the settings alone. */
async function documented(n: number): Promise<Plain> {
  const folder = await newOwnerFolder();
  const [, text = ""] = [...DOCUMENT.matchAll(/^```ts\n(.*?)^```$/gms)][n]!;
  const definition = (await folder.load(text)) as Plain;
  await folder.close();
  return definition;
}

/** Where an option goes in, by what stands there. */
const OPTIONS_GO: readonly [where: string, options: string][] = [
  ['signatureEndpoint="http://localhost:8787/sign/bare"', "$& options={{ OPTIONS }}"],
  ["options={{ uploadSignature }}", "options={{ uploadSignature, OPTIONS }}"],
  ['  cloudName: "demo",\n', "$&  OPTIONS,\n"],
  ["getUploadWidgetOptions({ uploadSignature }", "getUploadWidgetOptions({ uploadSignature, OPTIONS }"],
];

/** The document's blocks as modules, with the test's addresses and keys in the place of the demo's. */
const documentedCode = (signer: string, isPlain: boolean): Plugin => ({
  name: "documented",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^doc:/ }, ({ path }) => ({ path: path.slice("doc:".length), namespace: "doc" }));
    onResolve({ filter: /^\.\/sign\.js$/, namespace: "doc" }, () => ({
      path: "Saying why",
      namespace: "doc",
    }));
    onLoad({ filter: /./, namespace: "doc" }, ({ path }) => {
      if (isPlain) used.add(blockOf(path));
      const block = OPTIONS_GO.reduce(
        (text, [where, options]) =>
          isPlain ? text : text.replace(where, options.replace("OPTIONS", OPTIONS)),
        blockOf(path),
      );
      return {
        contents: block
          .replaceAll("http://localhost:8787/sign/bare", `${signer}/sign/${isPlain ? "bare" : "widget"}`)
          .replaceAll("http://localhost:8787", signer)
          .replaceAll('"demo"', JSON.stringify(CLOUD_NAME))
          .replaceAll('"874837483274837"', JSON.stringify(API_KEY)),
        loader: "jsx",
        resolveDir: HERE,
      };
    });
  },
});

/** Stands where options will, so that the packages are bundled once. */
const OPTIONS = "OPTIONS_OF_THE_TEST: 1";
/** The blocks that went into a page as the document has them. */
const used = new Set<string>();
const bundled = new Map<boolean, Promise<Map<string, string>>>();

/** A page's script with these options, asking the profile `widget`; without any as the document has it, `bare`. */
async function script(file: string, options?: string): Promise<string> {
  const isPlain = options === undefined;
  const bundles = bundled.get(isPlain) ?? bundlesOf(isPlain);
  bundled.set(isPlain, bundles);
  return (await bundles).get(file)!.replaceAll(OPTIONS, () => options ?? "");
}

/** The scripts of all pages with the packages as they are installed, which are read once for all of them. */
async function bundlesOf(isPlain: boolean): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: PAGES.map((file) => ({ in: join(HERE, "pages", file), out: file })),
    outdir: "/",
    bundle: true,
    format: "iife",
    platform: "browser",
    // In the place of the tests' own, whose JSX is Preact's.
    tsconfigRaw: { compilerOptions: { jsx: "react-jsx", jsxImportSource: "react" } },
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}" },
    plugins: [documentedCode(stack.signer, isPlain)],
    logLevel: "error",
    write: false,
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path, ".js"), text]));
}

let browser: Browser;
let pages: PageServer;
let stack: Stack;
let shared: OpenedPage;
let opened: OpenedPage;
let opens = 0;
/** How often the widget's script was asked for, by address. */
let asked: string[];
/** What happens to an upload on its way. */
let change: ((sent: Buffer) => Buffer) | undefined;
let photo: Buffer;
/** What the pages' server answers, by path. */
const served: Record<string, { type: string; body: string }> = {};

beforeAll(async () => {
  photo = await readFile(join(PROJECT, "src/testing/sample.jpg"));
  pages = await servePages(served);
  const jwt = { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } as const;
  const source = { enum: ["uw"] };
  const { widget, ...documentedOnes } = (await documented(0)).profiles!;
  stack = await startStack(
    {
      allowedOrigins: [pages.url, otherSite()],
      access: {
        site: { type: "origin", origins: [pages.url] },
        members: jwt,
        session: { ...jwt, cookie: "session" },
      },
      profiles: {
        ...documentedOnes,
        widget: {
          ...widget,
          accept: {
            ...widget.accept,
            context: { keys: ["alt"], maxLength: 100 },
            custom_coordinates: { min: 0, max: 100_000 },
          },
        },
        "member-widget": {
          access: ["members"],
          dropIn: true,
          set: { folder: "member/{sub}" },
          accept: { source },
        },
        "named-widget": {
          access: ["members"],
          dropIn: true,
          set: { source: "uw" },
          accept: { public_id: { prefix: "users/{sub}/" } },
        },
        "cookie-widget": {
          access: ["session"],
          dropIn: true,
          set: { folder: "cookie/{sub}" },
          accept: { source },
        },
      },
    },
    { JWT_SECRET: SHARED_SECRET },
  );
  browser = await sharedBrowser();
  shared = await newPage();
});
afterAll(async () => {
  await shared?.page.context().close();
  await Promise.all([stack?.close(), pages?.close()]);
});

/** The pages' server by another name: another site than the signer's. */
const otherSite = () => pages.url.replace("127.0.0.1", "localhost");

beforeEach(() => {
  asked = [];
  change = undefined;
  shared.problems.length = 0;
  opened = shared;
});

/** For a test that leaves something behind. */
async function openAlone(): Promise<void> {
  opened = await newPage();
  onTestFinished(() => opened.page.context().close());
}

const newPage = (): Promise<OpenedPage> =>
  openPage(browser, {
    "https://upload-widget.cloudinary.com": ({ href }) => {
      asked.push(href);
      return { type: "text/javascript", body: STAND_IN };
    },
    // The component's uploads go where it sends them, and from there to the emulator.
    "https://api.cloudinary.com": ({ pathname }, sent) => ({
      from: `${stack.emulator.url}${pathname}`,
      ...(change && { sent: change(sent) }),
    }),
  });

/** Opens a page that loads the widget's script, unless a component does that itself. */
async function open(
  file: string,
  {
    folder = "widget",
    more = "",
    hash = { folder } as Record<string, string>,
    loads = true,
    at = pages.url,
    plain = false,
    /** Of the addresses in the page's script, what stands in their places. */
    instead = {} as Record<string, string>,
  } = {},
): Promise<Page> {
  const { page } = opened;
  opens += 1;
  const body = await script(file, plain ? undefined : `folder: "${folder}"${more}`);
  const addressed = Object.entries(instead).reduce((text, [is, other]) => text.replaceAll(is, other), body);
  served["/page.js"] = { type: "text/javascript; charset=utf-8", body: addressed };
  served["/"] = {
    type: "text/html",
    body: `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Upload</title>
      <main></main><p id="refusal"></p><ul id="told"></ul>
      ${loads ? `<script src="${WIDGET_SCRIPT}"></script>` : ""}<script src="/page.js?${opens}"></script>`,
  };
  await page.goto(
    `${at}/?${opens}#${new URLSearchParams({ cloudName: CLOUD_NAME, apiKey: API_KEY, ...hash })}`,
  );
  // What is wrong with the page itself is said here, and not by what a test then waits for in vain.
  expect(opened.problems).toEqual([]);
  return page;
}

interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}
const photoFile = (name = "photo.jpg"): TestFile => ({ name, mimeType: "image/jpeg", buffer: photo });

/** Presses the page's button and gives files to the widget; answers the lines that the page wrote. */
async function choose(page: Page, files: TestFile[] = [photoFile()]): Promise<string[]> {
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByLabel("Widget file").setInputFiles(files);
  const lines = page.locator("#told li");
  await lines.nth(files.length - 1).waitFor();
  return lines.allTextContents();
}

const widgetAlert = (page: Page): Locator => page.getByRole("alert");
const refusal = (page: Page): Locator => page.locator("#refusal");

/** What was stored during a run. */
async function storedBy<T>(run: () => Promise<T>) {
  const before = stack.emulator.uploads().length;
  const told = await run();
  return { told, stored: stack.emulator.uploads().slice(before) };
}

/** Fields of an upload of the widget with these parameters, and not one more. */
const exactly = (params: Record<string, string>) => ({
  ...params,
  source: "uw",
  timestamp: expect.stringMatching(/^\d{10}$/),
  api_key: API_KEY,
  signature: expect.stringMatching(/^[0-9a-f]{64}$/),
});

/** The browser's own line for a refused request. */
const REFUSED = (status: number) =>
  expect.stringContaining(`Failed to load resource: the server responded with a status of ${status} `);

const NO_SIGNATURE = "No signature was given";

const NEXT_SCRIPT = "https://upload-widget.cloudinary.com/global/all.js";

describe.each([
  ["next-cloudinary", "next.jsx", false, NEXT_SCRIPT],
  ["next-cloudinary that says why", "next.why.jsx", false, NEXT_SCRIPT],
  ["url-loader, of Nuxt, Astro and Svelte", "url-loader.js", true, WIDGET_SCRIPT],
  ["the widget's uploadSignature", "widget.upload-signature.js", true, WIDGET_SCRIPT],
  ["the widget's prepareUploadParams", "widget.prepare.js", true, WIDGET_SCRIPT],
])("%s, as the document has it", (_, file, loads, address) => {
  it("uploads at the first attempt, without any option", async () => {
    const page = await open(file, { loads, plain: true });
    const { told, stored } = await storedBy(() => choose(page));
    expect(told).toEqual([`stored ${stored[0]?.public_id}`]);
    expect(stored.map(({ bytes, fields }) => ({ bytes, fields }))).toEqual([
      { bytes: photo.length, fields: exactly({}) },
    ]);
    expect(await refusal(page).textContent()).toBe("");
    expect(asked).toEqual([address]);
    expect(opened.problems).toEqual([]);
  });
});

it("next-cloudinary that says why says the signer's sentence", async () => {
  const page = await open("next.why.jsx", { loads: false, folder: "other" });
  const [answer, { told, stored }] = await Promise.all([
    page.waitForResponse(`${stack.signer}/sign/widget`),
    storedBy(() => choose(page)),
  ]);
  expect(stored).toEqual([]);
  expect(told).toEqual([`failed ${NO_SIGNATURE}`]);
  expect(await refusal(page).textContent()).toBe((await answer.json()).detail);
  await expect.poll(() => opened.problems).toEqual([REFUSED(422)]);
});

describe.each([
  ["next-cloudinary", "next.jsx", false, ""],
  ["url-loader, of Nuxt, Astro and Svelte", "url-loader.js", true, ""],
  ["the widget's uploadSignature", "widget.upload-signature.js", true, "detail"],
  ["the widget's prepareUploadParams", "widget.prepare.js", true, "detail"],
])("%s", (_, file, loads, shows) => {
  // next-cloudinary gives the widget an uploadSignature by way of url-loader: in a quick run it stands for all three.
  const isTaken = FULL || file === "next.jsx" || file === "widget.prepare.js";

  it("ends with an error where the policy refuses", async () => {
    const page = await open(file, { loads, folder: "other" });
    const [answer, { told, stored }] = await Promise.all([
      page.waitForResponse(`${stack.signer}/sign/widget`),
      storedBy(() => choose(page)),
    ]);
    const refused = await answer.json();
    expect(refused).toMatchObject({ status: 422, code: "params_refused", errors: [{ param: "folder" }] });
    expect(stored).toEqual([]);
    expect(told).toEqual([`failed ${NO_SIGNATURE}`]);
    expect(await widgetAlert(page).textContent()).toBe(`photo.jpg: ${NO_SIGNATURE}`);
    expect(await refusal(page).textContent()).toBe(shows === "detail" ? refused.detail : "");
    expect(refused.detail).toMatch(/folder/);
    await expect.poll(() => opened.problems).toEqual([REFUSED(422)]);
  });

  it.runIf(isTaken)("uploads several files, and asks for each of them", async () => {
    const page = await open(file, { loads });
    const signed: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().startsWith(stack.signer)) signed.push(request.url());
    });
    const files = [
      photoFile("a.jpg"),
      { name: "b.txt", mimeType: "text/plain", buffer: Buffer.from("hello") },
    ];
    const { told, stored } = await storedBy(() => choose(page, files));
    expect(told.toSorted()).toEqual(stored.map(({ public_id }) => `stored ${public_id}`).toSorted());
    expect(stored.map(({ bytes }) => bytes).toSorted((a, b) => a - b)).toEqual([5, photo.length]);
    for (const { fields } of stored) expect(fields).toEqual(exactly({ folder: "widget" }));
    expect(signed).toEqual(Array(2).fill(`${stack.signer}/sign/widget`));
    expect(opened.problems).toEqual([]);
  });

  it("sends what the profile accepts beside", async () => {
    const page = await open(file, { loads, more: ', context: { alt: "Ein Kätzchen, müde" }' });
    const { told, stored } = await storedBy(() => choose(page));
    expect(told).toEqual([`stored ${stored[0]?.public_id}`]);
    expect(stored.map(({ folder, bytes, context }) => ({ folder, bytes, context }))).toEqual([
      { folder: "widget", bytes: photo.length, context: { custom: { alt: "Ein Kätzchen, müde" } } },
    ]);
    expect(await widgetAlert(page).textContent()).toBe("");
    expect(await refusal(page).textContent()).toBe("");
    expect(stored[0]!.fields).toEqual(exactly({ folder: "widget", context: "alt=Ein Kätzchen, müde" }));
    expect(opened.problems).toEqual([]);
  });

  it.runIf(isTaken)("sends the box that a user drew", async () => {
    const page = await open(file, { loads, more: ", cropping: true, multiple: false" });
    const { stored } = await storedBy(() => choose(page));
    expect(stored.map(({ fields }) => fields)).toEqual([
      exactly({ folder: "widget", custom_coordinates: "35,39,612,706" }),
    ]);
    expect(opened.problems).toEqual([]);
  });
});

describe.each(["widget.upload-signature.js", "widget.prepare.js"])("%s", (file) => {
  it("ends with an error where the signer can't be reached", async () => {
    await openAlone();
    const page = await open(file);
    await page.route(`${stack.signer}/**`, (route) => route.abort());
    const { told, stored } = await storedBy(() => choose(page));
    expect(stored).toEqual([]);
    expect(told).toEqual([`failed ${NO_SIGNATURE}`]);
    expect(await refusal(page).textContent()).toBe("The signer was not reached, or does not allow this page");
    await expect.poll(() => opened.problems).toEqual(["console: Failed to load resource: net::ERR_FAILED"]);
  });
});

it("the judge is no friend: a signature over other parameters is refused", async () => {
  const page = await open("url-loader.js");
  change = (sent) => {
    const changed = sent
      .toString("latin1")
      .replace('name="folder"\r\n\r\nwidget', 'name="folder"\r\n\r\nwidgot');
    return Buffer.from(changed, "latin1");
  };
  const { told, stored } = await storedBy(() => choose(page));
  expect(stored).toEqual([]);
  expect(told).toEqual([expect.stringMatching(/^failed Invalid Signature /)]);
  expect(await widgetAlert(page).textContent()).toContain("Invalid Signature");
  await expect.poll(() => opened.problems).toEqual([REFUSED(401)]);
});

describe("callers who signed in", () => {
  it("by link", async () => {
    const page = await open("url-loader.link.js", {
      hash: { folder: "member/42", token: await signShared() },
    });
    const { told, stored } = await storedBy(() => choose(page));
    expect(stored).toHaveLength(1);
    expect(told).toEqual([`stored ${stored[0]!.public_id}`]);
    expect(stored[0]).toMatchObject({ folder: "member/42", bytes: photo.length });
    expect(stored[0]!.fields).toEqual(exactly({ folder: "member/42" }));
    expect(opened.problems).toEqual([]);
  });

  it("by link, but into another's folder", async () => {
    const page = await open("url-loader.link.js", {
      hash: { folder: "member/43", token: await signShared() },
    });
    const { told, stored } = await storedBy(() => choose(page));
    expect(stored).toEqual([]);
    expect(told).toEqual([`failed ${NO_SIGNATURE}`]);
    await expect.poll(() => opened.problems).toEqual([REFUSED(422)]);
  });

  it.each([
    ["users/42/me", [], "stored"],
    ["users/43/me", [422], "failed"],
  ])("a name of their own: %s", async (publicId, refused, outcome) => {
    const page = await open("url-loader.link.js", {
      hash: { publicId, token: await signShared() },
      instead: { "links/member-widget": "links/named-widget" },
    });
    const { told, stored } = await storedBy(() => choose(page));
    const isStored = outcome === "stored";
    expect(told).toEqual([isStored ? `stored ${publicId}` : `failed ${NO_SIGNATURE}`]);
    expect(stored.map(({ fields }) => fields)).toEqual(isStored ? [exactly({ public_id: publicId })] : []);
    await expect.poll(() => opened.problems).toEqual(refused.map(REFUSED));
  });

  it.each([
    ["signed", [], "stored"],
    ["another", [422], "failed"],
  ])("a signed preset, by a signer of its own: %s", async (uploadPreset, refused, outcome) => {
    const definition = await documented(1);
    const { fetch } = createSigner(
      definitionOf({
        ...definition,
        allowedOrigins: [pages.url],
        access: { members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } },
      }),
      {
        cloudName: CLOUD_NAME,
        apiKey: API_KEY,
        apiSecret: API_SECRET,
        secrets: { JWT_SECRET: SHARED_SECRET },
      },
    );
    const server = serve({ fetch: (request) => fetch(request), port: 0, hostname: "127.0.0.1" });
    await once(server, "listening");
    const signer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = await open("url-loader.link.js", {
      hash: { uploadPreset, token: await signShared() },
      instead: { [stack.signer]: signer, "links/member-widget": "links/presets" },
    });
    const { told, stored } = await storedBy(() => choose(page));
    const isStored = outcome === "stored";
    expect(told).toEqual([isStored ? `stored ${stored[0]?.public_id}` : `failed ${NO_SIGNATURE}`]);
    expect(stored.map(({ fields }) => fields)).toEqual(
      isStored ? [exactly({ upload_preset: uploadPreset })] : [],
    );
    await expect.poll(() => opened.problems).toEqual(refused.map(REFUSED));
    await new Promise((resolve) => server.close(resolve));
  });

  it("get no link without their token", async () => {
    const token = await signShared({}, "another-secret-of-more-than-32-bytes");
    const page = await open("url-loader.link.js", { hash: { folder: "member/42", token } });
    const [answer, thrown] = await Promise.all([
      page.waitForResponse(`${stack.signer}/links/member-widget`),
      page.waitForEvent("pageerror"),
      page.getByRole("button", { name: "Upload" }).click(),
    ]);
    const { code, detail } = await answer.json();
    expect(code).toBe("invalid_token");
    expect(thrown.message).toBe(detail);
    expect(await page.getByLabel("Widget file").count()).toBe(0);
    await expect.poll(() => opened.problems.toSorted()).toEqual([REFUSED(401), `page error: ${detail}`]);
  });

  /** Signs in, as the signer's site would. */
  const signIn = async (page: Page) =>
    page.context().addCookies([
      {
        name: "session",
        value: await signShared(),
        domain: "127.0.0.1",
        path: "/",
        httpOnly: true,
        sameSite: "Lax",
      },
    ]);

  it("by cookie", async () => {
    await openAlone();
    const page = await open("widget.cookie.js", { folder: "cookie/42" });
    await signIn(page);
    const { told, stored } = await storedBy(() => choose(page));
    expect(stored).toHaveLength(1);
    expect(told).toEqual([`stored ${stored[0]!.public_id}`]);
    expect(stored[0]).toMatchObject({ folder: "cookie/42", bytes: photo.length });
    expect(stored[0]!.fields).toEqual(exactly({ folder: "cookie/42" }));
    expect(opened.problems).toEqual([]);
  });

  it("by cookie, but from a page of another site, which the browser sends without", async () => {
    await openAlone();
    const page = await open("widget.cookie.js", { folder: "cookie/42", at: otherSite() });
    await signIn(page);
    const [answer, { told, stored }] = await Promise.all([
      page.waitForResponse(`${stack.signer}/sign/cookie-widget`),
      storedBy(() => choose(page)),
    ]);
    expect((await answer.json()).code).toBe("unauthenticated");
    expect(stored).toEqual([]);
    expect(told).toEqual([`failed ${NO_SIGNATURE}`]);
    await expect.poll(() => opened.problems).toEqual([REFUSED(401)]);
  });

  it("are told to sign in where the cookie is missing", async () => {
    const page = await open("widget.cookie.js", { folder: "cookie/42" });
    const [answer, { told, stored }] = await Promise.all([
      page.waitForResponse(`${stack.signer}/sign/cookie-widget`),
      storedBy(() => choose(page)),
    ]);
    const { code, detail } = await answer.json();
    expect(code).toBe("unauthenticated");
    expect(stored).toEqual([]);
    expect(told).toEqual([`failed ${NO_SIGNATURE}`]);
    expect(await refusal(page).textContent()).toBe(detail);
    await expect.poll(() => opened.problems).toEqual([REFUSED(401)]);
  });
});

describe("the stand-in", () => {
  it("throws at options of nobody's, of a wrong type, without a cloud, and for cropping of several", async () => {
    const page = await open("widget.prepare.js");
    for (const [options, message] of [
      [{ cloudName: "x", signature: "x" }, "signature is unknown"],
      [{ cloudName: "x", folder: 1 }, "folder is of the wrong type"],
      [{ folder: "x" }, "cloudName is missing"],
      [{ cloudName: "x", cropping: true }, "cropping is for one file"],
    ] as const) {
      const thrown = page.evaluate((given) => {
        const { cloudinary } = globalThis as unknown as {
          cloudinary: { createUploadWidget(o: object): object };
        };
        cloudinary.createUploadWidget(given);
      }, options);
      await expect(thrown).rejects.toThrow(`Upload Widget: ${message}`);
    }
  });
});

it("no block of the document is without a page that runs it", async () => {
  expect(await script("next.jsx")).toContain("/sign/bare");
  const blocks = [...DOCUMENT.matchAll(BLOCK)].map(([, block]) => block!);
  expect(blocks.length).toBeGreaterThan(5);
  expect(blocks.filter((block) => !used.has(block))).toEqual([]);
});
