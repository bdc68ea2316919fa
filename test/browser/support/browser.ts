// A real Chromium that `npm ci` alone brings, with web security on, and small servers for pages of other origins.

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

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((flag) => !UNWANTED.includes(flag)),
  });
}

/** A page, and what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Page errors, console errors, and requests that wanted to leave this machine; those are aborted. */
  readonly problems: string[];
}

const isLocal = (url: string): boolean => /^(https?:\/\/(127\.0\.0\.1|localhost)[:/]|blob:|data:)/.test(url);

/** Opens a page in a context of its own. */
export async function openPage(browser: Browser): Promise<OpenedPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  // Shorter than a test may take, so that a failure says what it waited for.
  context.setDefaultTimeout(10_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      problems.push(`console: ${message.text()}`);
  });
  await context.route(
    (url) => !isLocal(url.href),
    (route) => {
      problems.push(`left the machine: ${route.request().url()}`);
      return route.abort();
    },
  );
  return { page, problems };
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
