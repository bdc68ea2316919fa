// The browser that the other tests trust: it keeps origins apart, asks servers and not itself, and stays here.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Answers,
  type OpenedPage,
  openPage,
  type PageServer,
  reopenPage,
  servePages,
  sharedBrowser,
} from "./browser.ts";

let browser: Browser;
let pages: PageServer;

beforeAll(async () => {
  pages = await servePages({
    "/": { type: "text/html", body: '<!doctype html><link rel="icon" href="data:,">' },
  });
  browser = await sharedBrowser();
});
afterAll(async () => {
  await pages?.close();
});

/** Another origin, and the methods it was asked by. */
async function startOther(preflight: Record<string, string>, answer: Record<string, string>) {
  const methods: string[] = [];
  const server = createServer((request, response) => {
    methods.push(request.method!);
    response.writeHead(200, request.method === "OPTIONS" ? preflight : answer).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    methods,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What a page gets of JSON that it posts. */
const postFrom = (page: Page, url: string): Promise<string> =>
  page.evaluate(
    (to) =>
      fetch(to, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).then(
        ({ status }) => `status ${status}`,
        () => "nothing",
      ),
    url,
  );

const ANYBODY = { "access-control-allow-origin": "*" };
const JSON_TOO = { ...ANYBODY, "access-control-allow-headers": "content-type" };
const SOMEBODY_ANSWERS: Answers = { "https://a.example": () => ({ type: "text/plain", body: "hello" }) };

describe.each([
  ["with nothing answered by the test", {}],
  ["with an address that the test answers", SOMEBODY_ANSWERS],
])("a page of another origin, %s", (_, answers) => {
  let opened: OpenedPage | undefined;
  beforeEach(async () => {
    opened = await reopenPage(browser, opened, answers);
  });
  afterAll(() => opened?.page.context().close());

  // The first has a page on which nothing went wrong before.
  it.each([
    ["gets what both answers allow", JSON_TOO, ANYBODY, ["OPTIONS", "POST"], "status 200"],
    ["is stopped by a preflight that allows nothing", {}, ANYBODY, ["OPTIONS"], "nothing"],
    ["is stopped by a preflight without the header", ANYBODY, ANYBODY, ["OPTIONS"], "nothing"],
    ["may not read an answer that does not allow it", JSON_TOO, {}, ["OPTIONS", "POST"], "nothing"],
  ])("%s", async (_, preflight, answer, methods, got) => {
    const other = await startOther(preflight, answer);
    const { page, problems } = opened!;
    await page.goto(pages.url);
    expect(await postFrom(page, other.url)).toBe(got);
    expect(other.methods).toEqual(methods);
    if (got === "nothing") await expect.poll(() => problems.join("\n")).toContain("blocked by CORS policy");
    else expect(problems).toEqual([]);
    other.close();
  });
});

it("a request that would leave this machine fails, and is listed", async () => {
  const { page, problems } = await openPage(browser, SOMEBODY_ANSWERS);
  await page.goto(pages.url);
  for (const url of [
    "https://example.com/x",
    "http://192.0.2.1/x",
    // A name that begins like this machine's.
    "http://localhost.example.com/x",
    // Another origin than the one answered.
    "http://a.example/x",
  ]) {
    problems.length = 0;
    expect(await page.evaluate((to) => fetch(to, { mode: "no-cors" }).catch(() => "failed"), url)).toBe(
      "failed",
    );
    expect(problems).toContain(`left the machine: ${url}`);
    await expect.poll(() => problems.join("\n")).toContain("ERR_NAME_NOT_RESOLVED");
  }
  await page.context().close();
});

it("the test answers for an address, from a file or from another address, with another body", async () => {
  const echo = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    response.writeHead(200, ANYBODY).end(`${request.url} ${Buffer.concat(parts)}`);
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
  const { page, problems } = await openPage(browser, {
    "https://a.example": () => ({ type: "text/javascript", body: "globalThis.ran = true" }),
    "https://b.example": ({ pathname }, sent) => ({
      from: `http://127.0.0.1:${(echo.address() as AddressInfo).port}${pathname}`,
      ...(pathname === "/changed" && { sent: Buffer.from(`${sent}, changed`) }),
    }),
  });
  await page.goto(pages.url);
  const got = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.src = "https://a.example/x.js";
    await new Promise((done) => {
      script.onload = done;
      document.head.append(script);
    });
    const post = async (path: string) => {
      const answer = await fetch(`https://b.example${path}`, { method: "POST", body: "body" });
      return answer.text();
    };
    return [(globalThis as unknown as { ran: boolean }).ran, await post("/same"), await post("/changed")];
  });
  expect(got).toEqual([true, "/same body", "/changed body, changed"]);
  expect(problems).toEqual([]);
  await page.context().close();
  echo.closeAllConnections();
  echo.close();
});
