// A real Chromium that npm alone brings, with web security on, and small servers for pages of other origins.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import chromium from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";

/** Default flags of the package that would make every test of origins pass, or hide what real browsers do. */
const UNWANTED = [
  "--disable-web-security",
  "--disable-site-isolation-trials",
  "--single-process",
  "--allow-running-insecure-content",
];

/** Its flags for 3D graphics: no test draws any, and every frame would be made by a graphics card in software. */
const GRAPHICS = /gpu|gl=|angle|swiftshader/;

/** With it, each page's process would be the program started anew, and none a copy of one that is ready. */
const ANEW = "--no-zygote";

const ARGS = [
  ...chromium.args.filter((flag) => ![...UNWANTED, ANEW].includes(flag) && !GRAPHICS.test(flag)),
  "--disable-gpu",
  "--disable-software-rasterizer",
  "--in-process-gpu",
];

/** No name is resolved and no address reached but this machine's, whatever asks: a page, a worker, the browser itself. */
const ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1";

/** Whoever launches one closes it. The package's is for Linux alone: elsewhere it is the Chrome that is installed. */
export async function launchBrowser(): Promise<Browser> {
  const program =
    process.platform === "linux"
      ? { executablePath: await chromium.executablePath(), args: [...ARGS, ONLY_THIS_MACHINE] }
      : { channel: "chrome", args: [ONLY_THIS_MACHINE] };
  return playwright.launch({ ...program, timeout: 150_000 });
}

let launched: Promise<Browser> | undefined;

/**
 * The browser of this process, which ends with it: files that come one after the other share it, as each page has a
 * context of its own.
 */
export async function sharedBrowser(): Promise<Browser> {
  launched ??= launchBrowser();
  const browser = await launched;
  if (!browser.isConnected()) launched = launchBrowser();
  return launched;
}

/** A page, and what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Page errors, console errors, and requests that wanted to leave this machine; those fail. */
  readonly problems: string[];
}

/** What a test gives for an address that is not on this machine: a file, or what another address answers. */
export type Answer =
  | { readonly type: string; readonly body: string }
  | {
      readonly from: string;
      /** In the place of the body that the page sent. */
      readonly sent?: Buffer;
    };

/** Answers by origin (`https://api.cloudinary.com`). */
export type Answers = Readonly<Record<string, (url: URL, sent: Buffer) => Answer>>;

const isLocal = ({ protocol, hostname }: URL): boolean =>
  ["blob:", "data:", "about:"].includes(protocol) || ["127.0.0.1", "localhost"].includes(hostname);

/**
 * Opens a page in a context of its own. Playwright's `route` is not used, and a test that is about origins must not
 * use it: while a page has a route, Playwright itself grants every preflight, and no server is asked.
 */
export async function openPage(browser: Browser, answers: Answers = {}): Promise<OpenedPage> {
  const context = await browser.newContext();
  // Shorter than a test may take, so that a failure says what it waited for.
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      problems.push(`console: ${message.text()}`);
  });
  const asked = (address: string) => {
    const url = new URL(address);
    if (!isLocal(url) && !Object.hasOwn(answers, url.origin)) problems.push(`left the machine: ${address}`);
  };
  context.on("request", (request) => asked(request.url()));
  page.on("websocket", (socket) => asked(socket.url()));
  if (Object.keys(answers).length > 0) await answerFor(page, answers, problems);
  return { page, problems };
}

/**
 * The page of the test before, as it was opened, for the next document: a new context costs more than twice what that
 * does. What a test adds, a listener or a session, it takes away itself; and where it closed the page, here is a new one.
 */
export async function reopenPage(
  browser: Browser,
  before: OpenedPage | undefined,
  answers: Answers = {},
): Promise<OpenedPage> {
  if (before === undefined) return openPage(browser, answers);
  const { page, problems } = before;
  const context = page.context();
  if (page.isClosed()) {
    await context.close();
    return openPage(browser, answers);
  }
  await Promise.all([
    page.setViewportSize({ width: 1280, height: 720 }),
    page.emulateMedia({ colorScheme: null }),
    page.unrouteAll(),
    context.clearPermissions(),
    context.setOffline(false),
  ]);
  // The document of before may say something until the next is there.
  page.once("framenavigated", () => {
    problems.length = 0;
  });
  return before;
}

/** Answers requests to these origins, and leaves all others, preflights included, to the browser and the servers. */
async function answerFor(page: Page, answers: Answers, problems: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  session.on("Fetch.requestPaused", async ({ requestId, request }) => {
    try {
      const url = new URL(request.url);
      const parts = (request.postDataEntries ?? []).map(({ bytes }) => Buffer.from(bytes ?? "", "base64"));
      const answer = answers[url.origin]!(url, Buffer.concat(parts));
      if ("from" in answer) {
        const sent = answer.sent && { postData: answer.sent.toString("base64") };
        await session.send("Fetch.continueRequest", { requestId, url: answer.from, ...sent });
      } else {
        await session.send("Fetch.fulfillRequest", {
          requestId,
          responseCode: 200,
          responseHeaders: [{ name: "content-type", value: answer.type }],
          body: Buffer.from(answer.body).toString("base64"),
        });
      }
    } catch (error) {
      // A page that was closed meanwhile wants no answer.
      if (!page.isClosed()) problems.push(`not answered: ${request.url}: ${error}`);
    }
  });
  await session.send("Fetch.enable", {
    patterns: Object.keys(answers).map((origin) => ({ urlPattern: `${origin}/*` })),
  });
}

export interface PageServer {
  /** `http://127.0.0.1:1234` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves files by their paths on a port of its own, which is an origin of its own. */
export async function servePages(
  pages: Readonly<Record<string, { readonly type: string; readonly body: string }>>,
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url ?? "/", "http://localhost").pathname];
    response.writeHead(page ? 200 : 404, { "content-type": page?.type ?? "text/plain" });
    response.end(page?.body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
