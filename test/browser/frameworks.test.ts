// The store in frameworks, in a real Chromium and under a policy without inline styles. In the newest React the page of
// docs/own-code.md, by keyboard and by dropping, and what the hook reads when it is used; in Svelte and Vue their examples.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { compile } from "svelte/compiler";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { UploadsSnapshot } from "../../src/client/client.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { type LocalWorker, PROJECT, startWorker } from "../../src/testing/local-worker.ts";
import { ACCOUNT, OPTIONS, unseen } from "../support/account.ts";
import { violations } from "./support/axe.ts";
import { openPage, type PageServer, servePages, sharedBrowser } from "./support/browser.ts";

const SAMPLE = join(PROJECT, "src/testing/sample.jpg");
const sample = await readFile(SAMPLE);
const OWN_CODE = await readFile(join(PROJECT, "docs/own-code.md"), "utf8");
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(OWN_CODE)![1]!;
const DOCS = block("tsx");

/** The example for Svelte, as Svelte's own compiler makes it. */
const SVELTE = `${compile(block("svelte"), { name: "Pictures", dev: true }).js.code.replace("export default ", "")}
import { mount } from "svelte";
mount(Pictures, { target: document.querySelector("main div") });`;

/** The script of the example for Vue; Vue itself is not installed here, and its template is not compiled. */
const VUE = `
import { shallowRef, onScopeDispose } from "vue";
${/<script[^>]*>\n([\s\S]*?)<\/script>/.exec(block("vue"))![1]!.replace(/^import .* from "vue";$/m, "")}
Object.assign(globalThis, { snapshot, onChange });`;
const STAND_IN = `
export const shallowRef = (value) => ({ value });
export const onScopeDispose = (end) => Object.assign(globalThis, { end });`;

const MOUNT = `
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
createRoot(document.querySelector("main div")).render(<StrictMode><Avatars /></StrictMode>);`;

/** Its parts are told by `told`, and its options are changed by `change`. */
const CHANGING = `
import { useState } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server.browser";
import { createUploads } from "cloudinary-edge-signer/client";
import { Dropzone, UploadButton, useUploads } from "cloudinary-edge-signer/react";
const signer = "http://localhost:8787";
const settled = [];
const outside = createUploads({ signer });
function Own() {
  const [given, change] = useState({ token: undefined, name: "first" });
  const uploads = useUploads({ signer, ...given, onSettled: (item) => settled.push(given.name + " " + item.status) });
  Object.assign(globalThis, { change, own: uploads });
  return <><p id="own">{uploads.counts.done}</p><UploadButton uploads={uploads} className="own" /></>;
}
const App = () => <>
  <Own />
  <UploadButton uploads={outside} className="one" profile="avatars">{({ items }) => items.length + " items"}</UploadButton>
  <Dropzone uploads={outside} disabled announce={(items) => items.length + " neu"} />
</>;
const main = document.querySelector("main div");
main.innerHTML = renderToString(<App />);
await outside.add([new File([], "empty.txt")]);
hydrateRoot(main, <App />);
Object.assign(globalThis, { settled });`;

const pageOf = (script: string): string => `<!doctype html><html lang="en"><title>Pictures</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; connect-src http://127.0.0.1:*; img-src 'self' data: http://127.0.0.1:*">
<link rel="icon" href="data:,"><main><h1>Pictures</h1><div></div></main><script type="module" src="${script}"></script></html>`;

let browser: Browser;
let pages: PageServer;
let emulator: Emulator;
let worker: LocalWorker;
let folder: string;
let page: Page;
let problems: string[];
const files: Record<string, { type: string; body: string }> = {};

beforeAll(async () => {
  pages = await servePages(files);
  emulator = await startEmulator(OPTIONS);
  const avatars = {
    access: ["public"],
    resourceType: "image",
    file: { maxBytes: "1 MB", formats: ["jpg", "png", "webp"], maxFiles: 10 },
  };
  worker = await startWorker({
    build: inject("workerBuild"),
    bindings: {
      ...{ ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: emulator.url },
      SIGNER: {
        publicUrl: "https://signer.example.com",
        allowedOrigins: [pages.url],
        profiles: { avatars, default: { access: ["public"] } },
      },
    },
    onLog: unseen,
  });
  for (const [name, contents] of Object.entries({
    ...{ docs: DOCS + MOUNT, changing: CHANGING },
    ...{ svelte: SVELTE, vue: VUE },
  })) {
    const { outputFiles } = await build({
      stdin: {
        contents: contents.replace("http://localhost:8787", worker.url),
        loader: "tsx",
        resolveDir: join(PROJECT, "test"),
      },
      alias: {
        "cloudinary-edge-signer/client": join(PROJECT, "src/client/client.ts"),
        "cloudinary-edge-signer/react": join(PROJECT, "src/react/react.ts"),
        react: join(PROJECT, "test/node_modules/react"),
        vue: `data:text/javascript,${encodeURIComponent(STAND_IN)}`,
      },
      conditions: ["browser", "development"],
      ...{ bundle: true, format: "esm", jsx: "automatic", write: false },
      define: { "process.env.NODE_ENV": '"development"' },
    });
    files[`/${name}`] = { type: "text/html", body: pageOf(`/${name}.js`) };
    files[`/${name}.js`] = { type: "text/javascript", body: outputFiles[0]!.text };
  }
  folder = join(await mkdtemp(join(tmpdir(), "react-")), "trip");
  await mkdir(folder);
  for (const name of ["a.jpg", "b.jpg"]) await writeFile(join(folder, name), await readFile(SAMPLE));
  await writeFile(join(folder, "../empty.png"), "");
  await writeFile(join(folder, "../notes.txt"), "a");
  browser = await sharedBrowser();
});
afterAll(async () => {
  await worker?.close();
  await Promise.all([pages?.close(), emulator?.close(), rm(join(folder, ".."), { recursive: true })]);
});
beforeEach(async () => {
  ({ page, problems } = await openPage(browser));
});
afterEach(async () => {
  expect(problems).toEqual([]);
  await page.context().close();
});

describe("the page for React of the docs", () => {
  beforeEach(async () => {
    await page.goto(`${pages.url}/docs`);
    await page.waitForSelector("input[accept]", { state: "attached" });
    // Every text that is announced, in order.
    await page.evaluate(() => {
      const region = document.querySelector("[role=status]")!;
      const said: string[] = [];
      new MutationObserver(() => said.push(region.textContent)).observe(region, {
        ...{ childList: true, characterData: true, subtree: true },
      });
      Object.assign(globalThis, { said });
    });
  });
  const said = () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  const last = async () => (await said()).at(-1);

  it("is twenty lines", () => {
    expect(DOCS.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(20);
  });

  it("by keyboard: the dialog offers what the profile takes, and two files are uploaded", async () => {
    // Asked for early: the browser hands over its file dialog only once it has been told to.
    const chooser = page.waitForEvent("filechooser");
    expect(await violations(page)).toEqual([]);
    const input = page.locator("input");
    expect(await input.getAttribute("accept")).toBe(".jpg,.jpeg,.jpe,.jfif,.png,.webp");
    expect(await input.getAttribute("multiple")).toBe("");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe(
      "Drop pictures here, or choose them",
    );
    const before = emulator.uploads().length;
    await page.keyboard.press("Enter");
    await (await chooser).setFiles([join(folder, "a.jpg"), join(folder, "b.jpg")]);
    await expect.poll(last).toBe("2 of 2 files uploaded.");
    expect(await said()).toEqual(["2 files added.", "2 of 2 files uploaded."]);
    expect(emulator.uploads().length - before).toBe(2);
    expect(
      await page.locator("img").evaluateAll((all) => all.map((one) => (one as HTMLImageElement).alt)),
    ).toEqual(["a.jpg", "b.jpg"]);
    expect(await page.locator("progress").evaluate((one) => (one as HTMLProgressElement).value)).toBe(1);
    expect(await page.evaluate(() => document.activeElement!.tagName)).toBe("BUTTON");
    expect(await violations(page)).toEqual([]);
  });

  it("takes a folder that is dropped, and says what is refused", async () => {
    const session = await page.context().newCDPSession(page);
    const box = (await page.locator("[role=group]").boundingBox())!;
    const drag = (
      type: "dragEnter" | "dragOver" | "drop" | "dragCancel",
      data: { items: object[]; files: string[] },
    ) =>
      session.send("Input.dispatchDragEvent", {
        ...{ type, x: box.x + 5, y: box.y + 5 },
        data: { dragOperationsMask: 1, ...data } as never,
      });
    const isDragging = () => page.locator("[data-dragging]").count();
    const text = { items: [{ mimeType: "text/plain", data: "https://example.com/a.jpg" }], files: [] };
    await drag("dragEnter", text);
    await drag("dragOver", text);
    expect(await isDragging()).toBe(0);
    await drag("dragCancel", text);

    const given = { items: [], files: [folder, join(folder, "../empty.png"), join(folder, "../notes.txt")] };
    await drag("dragEnter", given);
    await drag("dragOver", given);
    await expect.poll(isDragging).toBe(1);
    expect(await violations(page)).toEqual([]);
    await drag("drop", given);
    await expect.poll(isDragging).toBe(0);
    await expect.poll(last).toMatch(/^2 of 4 files uploaded\./);
    expect((await said())[0]).toMatch(/^4 files added\. empty\.png: This file is empty/);
    expect(await last()).toMatch(
      /empty\.png: This file is empty.* notes\.txt: Send one of these formats: jpg, png, webp\./,
    );
    expect(await page.locator("main img").count()).toBe(2);
    expect(await violations(page)).toEqual([]);
  });

  it("takes what is pasted into it, and leaves a text alone", async () => {
    const paste = (isText: boolean) =>
      page.locator("[role=group] button").evaluate(
        (button, [text, bytes]) => {
          const clipboardData = new DataTransfer();
          if (text) clipboardData.setData("text/plain", "a.jpg");
          else clipboardData.items.add(new File([new Uint8Array(bytes)], "p.jpg", { type: "image/jpeg" }));
          const options = { clipboardData, bubbles: true, cancelable: true };
          return button.dispatchEvent(new ClipboardEvent("paste", options));
        },
        [isText, [...sample]] as const,
      );
    expect([await paste(true), await paste(false)]).toEqual([true, false]);
    await expect.poll(last).toBe("1 of 1 file uploaded.");
    expect(await said()).toEqual(["1 file added.", "1 of 1 file uploaded."]);
  });

  it("tells that it waits for a connection", async () => {
    await page.locator("input").setInputFiles(join(folder, "a.jpg"));
    await expect.poll(last).toBe("1 of 1 file uploaded.");
    await page.context().setOffline(true);
    await page.locator("input").setInputFiles(join(folder, "b.jpg"));
    await page.waitForSelector("[role=group][data-status=offline] button[data-status=offline]");
    await page.context().setOffline(false);
    await page.waitForSelector("[role=group][data-status=idle]");
    expect(await last()).toBe("1 of 1 file uploaded.");
    // The browser's own words of a request that found no connection.
    problems = problems.filter((one) => !one.includes("ERR_INTERNET_DISCONNECTED"));
  });
});

describe("React's hook", () => {
  interface InPage {
    readonly change: (options: object) => void;
    readonly own: {
      readonly add: (files: readonly File[], options?: object) => Promise<string[]>;
      readonly pauseAll: () => void;
      readonly resumeAll: () => void;
    };
    readonly settled: readonly string[];
  }
  const add = (options?: object) =>
    page.evaluate(
      (given) => (globalThis as unknown as InPage).own.add([new File(["a"], "a.txt")], given),
      options,
    );

  it("takes over what a server rendered, and reads options that change when it uses them", async () => {
    const bearers: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().startsWith(`${worker.url}/sign`))
        bearers.push(request.headers().authorization ?? "none");
    });
    await page.goto(`${pages.url}/changing`);
    // A store that was used before: what the server rendered is taken over first, and then what there is.
    await expect.poll(() => page.textContent(".one")).toBe("1 items");
    const change = (options: object) =>
      page.evaluate((given) => (globalThis as unknown as InPage).change(given), options);
    const done = () => page.textContent("#own");
    await add();
    await expect.poll(done).toBe("1");
    // A file that was added before there was a token.
    await page.evaluate(() => {
      const { own } = globalThis as unknown as InPage;
      void own.add([new File(["b"], "b.txt")]);
      own.pauseAll();
    });
    await change({ token: "second", name: "second" });
    await page.evaluate(() => (globalThis as unknown as InPage).own.resumeAll());
    await expect.poll(done).toBe("2");
    await change({ token: "third", name: "third" });
    await add({ headers: { "x-more": "a" } });
    await expect.poll(done).toBe("3");
    expect(bearers).toEqual(["none", "Bearer second", "Bearer third"]);
    expect(await page.evaluate(() => (globalThis as unknown as InPage).settled)).toEqual([
      "first done",
      "second done",
      "third done",
    ]);
    const offered = () => page.locator(".own + input").getAttribute("accept");
    expect(await offered()).toBe(null);
    await change({ name: "fourth", profile: "avatars" });
    await expect.poll(offered).toBe(".jpg,.jpeg,.jpe,.jfif,.png,.webp");
    expect(await page.locator("button").evaluateAll((all) => all.map((one) => one.dataset.status))).toEqual([
      "idle",
      "idle",
      "disabled",
    ]);
    expect(await violations(page)).toEqual([]);
  });
});

describe("other frameworks, by the examples of the docs", () => {
  const paths = () => [join(folder, "a.jpg"), join(folder, "../notes.txt")];
  const REFUSED = "notes.txt: Send one of these formats: jpg, png, webp.";

  it("Svelte", async () => {
    await page.goto(`${pages.url}/svelte`);
    await page.locator("input").setInputFiles(paths());
    await expect.poll(() => page.locator("p").allTextContents()).toEqual(["a.jpg: done", REFUSED]);
    expect(await page.locator("progress").evaluate((one) => (one as HTMLProgressElement).value)).toBe(1);
    expect(await violations(page)).toEqual([]);
  });

  it("Vue: what its script does", async () => {
    interface InPage {
      readonly snapshot: { readonly value: UploadsSnapshot };
      readonly onChange: (event: Event) => unknown;
      readonly end: () => void;
    }
    await page.goto(`${pages.url}/vue`);
    await page.evaluate(() => {
      const input = Object.assign(document.createElement("input"), { type: "file", multiple: true });
      input.onchange = (globalThis as unknown as InPage).onChange;
      document.body.append(input);
    });
    await page.locator("input").setInputFiles(paths());
    const told = () =>
      page.evaluate(() =>
        (globalThis as unknown as InPage).snapshot.value.items.map(
          ({ name, reason, status }) => `${name}: ${reason ?? status}`,
        ),
      );
    await expect.poll(told).toEqual(["a.jpg: done", REFUSED]);
    await page.evaluate(() => (globalThis as unknown as InPage).end());
    await page.locator("input").setInputFiles(paths());
    expect(await told()).toHaveLength(2);
  });
});
