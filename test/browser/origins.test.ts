// Pages of other origins, in a real Chromium with web security on: the listed one uploads, the other is kept out.

import { join } from "node:path";
import { v2 as cloudinary } from "cloudinary";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { type Server, serveLocally } from "../testing/audit/naive.ts";
import { openPage, type PageServer, servePages, sharedBrowser } from "./support/browser.ts";

/** A page that uploads by the client, and tells what came of it. */
async function clientPage(): Promise<Record<string, { type: string; body: string }>> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { upload } from "./src/client/client.ts";
        globalThis.ask = async (url, init) => {
          try {
            const answer = await fetch(url, init);
            const { code = "signed", detail = "" } = await answer.json();
            const id = answer.headers.get("x-request-id");
            return { status: answer.status, code, detail, id: id?.length, after: answer.headers.get("retry-after") };
          } catch {
            return { status: 0, code: "blocked" };
          }
        };
        globalThis.tryUpload = (signer, headers) =>
          upload(new File(["hello"], "hello.txt"), { signer, headers, retries: 0 }).then(
            ({ asset }) => "stored " + asset.bytes,
            ({ code, status }) => status === 0 && code !== "network" ? "redirected" : code,
          );`,
      resolveDir: join(PROJECT),
    },
    bundle: true,
    format: "iife",
    write: false,
  });
  return {
    "/": {
      type: "text/html",
      body: '<!doctype html><link rel="icon" href="data:,"><script src="/client.js"></script>',
    },
    "/client.js": { type: "text/javascript", body: outputFiles[0]!.text },
  };
}

let browser: Browser;
/** A page of each origin, in a context of its own. */
const opened: Record<string, Page> = {};
let listed: PageServer;
let stranger: PageServer;
let stack: Stack;

beforeAll(async () => {
  const pages = await clientPage();
  [listed, stranger] = await Promise.all([servePages(pages), servePages(pages)]);
  const sessions = { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } as const;
  stack = await startStack(
    {
      allowedOrigins: [listed.url],
      access: { sessions: { ...sessions, header: "x-session" } },
      profiles: {
        default: { access: ["public"] },
        members: { access: ["sessions"], set: { folder: "users/{sub}" } },
      },
    },
    { JWT_SECRET: SHARED_SECRET },
  );
  browser = await sharedBrowser();
  for (const { url } of [listed, stranger]) {
    const { page } = await openPage(browser);
    await page.goto(url);
    opened[url] = page;
  }
});
afterAll(async () => {
  await Promise.all(Object.values(opened).map((page) => page.context().close()));
  await Promise.all([stack?.close(), listed?.close(), stranger?.close()]);
});

/** What a page of an origin gets from a signer. */
function uploadFrom(origin: string, signer: string, headers: Record<string, string> = {}): Promise<string> {
  type InPage = { tryUpload(signer: string, headers: Record<string, string>): Promise<string> };
  return opened[origin]!.evaluate(
    ([address, sent]) => (globalThis as unknown as InPage).tryUpload(address, sent),
    [signer, headers] as const,
  );
}

describe("a page of another origin", () => {
  it("is let in when it is listed", async () => {
    expect(await uploadFrom(listed.url, stack.signer)).toBe("stored 5");
  });

  it("is kept out when it is not: the browser hides even the refusal", async () => {
    const before = stack.emulator.uploads().length;
    expect(await uploadFrom(stranger.url, stack.signer)).toBe("network");
    expect(stack.emulator.uploads()).toHaveLength(before);
  });

  it("is let in by a signer that lets in everybody, so the test above can fail", async () => {
    const sign = cloudinary.utils.api_sign_request as (
      params: object,
      secret: string,
      algorithm: string,
    ) => string;
    const naive = await serveLocally((request) => {
      const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" };
      if (request.method === "OPTIONS") return new Response(null, { status: 204, headers });
      const timestamp = Math.floor(Date.now() / 1000);
      const signature = sign({ timestamp }, API_SECRET, "sha256");
      const fields = { api_key: API_KEY, timestamp: String(timestamp), signature };
      return Response.json(
        { url: `${stack.emulator.url}/v1_1/${CLOUD_NAME}/raw/upload`, fields },
        { headers },
      );
    });
    expect(await uploadFrom(stranger.url, naive.url.replace("/sign", ""))).toBe("stored 5");
    await naive.close();
  });
});

describe("a redirect", () => {
  const TOKEN = "the-token-of-this-caller";
  const HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "content-type, x-session",
  };
  /** A server that lets every page ask, and answers so. */
  const open = (answer: () => Response): Promise<Server> =>
    serveLocally((request) =>
      request.method === "OPTIONS" ? new Response(null, { status: 204, headers: HEADERS }) : answer(),
    );
  const redirect = (status: number, { url }: Server) =>
    new Response(null, { status, headers: { ...HEADERS, location: url } });
  const ticket = (url: string) =>
    Response.json({ url, fields: { api_key: "1", signature: "s" } }, { headers: HEADERS });
  const asset = () =>
    Response.json({ public_id: "a", bytes: 5, secure_url: "https://cloud.example/a" }, { headers: HEADERS });

  let elsewhere: Server;
  let servers: Server[];
  beforeEach(async () => {
    elsewhere = await open(asset);
    servers = [elsewhere];
  });
  afterEach(() => Promise.all(servers.map((server) => server.close())));
  const serve = async (answer: () => Response): Promise<Server> => {
    const server = await open(answer);
    servers.push(server);
    return server;
  };

  it("none: the header arrives and the upload is stored, so the tests below can fail", async () => {
    const cloud = await serve(asset);
    const signer = await serve(() => ticket(cloud.url));
    expect(await uploadFrom(listed.url, signer.url, { "x-session": TOKEN })).toBe("stored 5");
    expect(signer.received()).toContain(TOKEN);
  });

  it.each([301, 302, 303, 307, 308])("%i of the signer is not followed", async (status) => {
    const signer = await serve(() => redirect(status, elsewhere));
    expect(await uploadFrom(listed.url, signer.url, { "x-session": TOKEN })).toBe("redirected");
    expect(signer.received()).toContain(TOKEN);
    expect(elsewhere.requests()).toBe(0);
  });

  it("307 of an upload is followed by the browser, and what answers there is not believed", async () => {
    const cloud = await serve(() => redirect(307, elsewhere));
    const signer = await serve(() => ticket(cloud.url));
    expect(await uploadFrom(listed.url, signer.url)).toBe("redirected");
  });
});

describe("what a page of another origin sends and reads", () => {
  /** What `fetch` tells a page of an origin. */
  const ask = (origin: string, url: string, init: RequestInit): Promise<unknown> =>
    opened[origin]!.evaluate(
      ([address, options]) =>
        (globalThis as unknown as { ask(url: unknown, init: unknown): Promise<unknown> }).ask(
          address,
          options,
        ),
      [url, init] as const,
    );

  const JSON_TYPE = { "content-type": "application/json" };
  const TRACING = {
    ...JSON_TYPE,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "x-requested-with": "XMLHttpRequest",
    "sentry-trace": "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
    baggage: "sentry-environment=production",
  };
  const signed = { status: 200, code: "signed" };

  it.each<[string, string, RequestInit, object]>([
    ["a plain question", "/sign", { method: "POST" }, signed],
    ["tracing and framework headers", "/sign", { method: "POST", headers: TRACING, body: "{}" }, signed],
    ["cookies along", "/sign", { method: "POST", headers: JSON_TYPE, credentials: "include" }, signed],
    // By another address: for this one the browser knows by now that it may bring cookies.
    [
      "all of it",
      "/sign/default",
      { method: "POST", headers: TRACING, credentials: "include", body: "{}" },
      signed,
    ],
    [
      "another body",
      "/sign",
      { method: "POST", body: "folder=x" },
      { status: 400, code: "malformed_request" },
    ],
    [
      "no credential",
      "/sign/members",
      { method: "POST", headers: TRACING },
      { status: 401, code: "unauthenticated" },
    ],
    [
      "a wrong address",
      "/api/sign",
      { method: "POST", headers: TRACING },
      { status: 404, code: "not_found" },
    ],
    ["a GET", "/links/members", { headers: TRACING }, { status: 405, code: "method_not_allowed" }],
    ["a GET, which describes", "/sign", { headers: TRACING }, { status: 200 }],
    ["a method that no route has", "/sign", { method: "PUT" }, { status: 0, code: "blocked" }],
    ["health, with tracing", "/health", { headers: TRACING }, signed],
  ])("%s", async (_, path, init, expected) => {
    const told = await ask(listed.url, stack.signer + path, init);
    expect(told).toMatchObject(expected);
    if ((expected as { status: number }).status > 0) expect(told).toMatchObject({ id: 36 });
    // No page of another origin hears any of it.
    expect(await ask(stranger.url, stack.signer + path, init)).toEqual({ status: 0, code: "blocked" });
  });

  it("a token in a header of its own", async () => {
    const init = { method: "POST", headers: { ...TRACING, "x-session": await signShared() } };
    for (const credentials of ["omit", "include"] as const)
      expect(await ask(listed.url, `${stack.signer}/sign/members`, { ...init, credentials })).toMatchObject(
        signed,
      );
    const wrong = { method: "POST", headers: { "x-session": "x" } };
    expect(await ask(listed.url, `${stack.signer}/sign/members`, wrong)).toMatchObject({
      status: 401,
      code: "invalid_token",
    });
  });

  it("a wrong configuration: why it signs nothing", async () => {
    const broken = await startStack({
      allowedOrigins: [listed.url],
      profiles: { default: { access: ["nobody"] } },
    });
    const init = { method: "POST", headers: TRACING, credentials: "include" } as const;
    expect(await ask(listed.url, `${broken.signer}/sign`, init)).toMatchObject({
      status: 500,
      code: "misconfigured",
      detail: expect.stringMatching(/^signer\.config\.ts: run/),
    });
    await broken.close();
  });
});
