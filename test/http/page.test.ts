// The page at `/` over HTTP: on where it is asked for, and not a trace of its files elsewhere.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { createApp } from "../../src/http/app.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";
import { builtWorker, startWorkers, type Workers } from "../support/workers.ts";

const PROFILES = { default: { access: ["public"] } };
const FILES = [
  ["/", "text/html; charset=utf-8"],
  ["/page.js", "text/javascript; charset=utf-8"],
  ["/explainer.js", "text/javascript; charset=utf-8"],
  ["/page.css", "text/css; charset=utf-8"],
  ["/favicon.svg", "image/svg+xml"],
] as const;

const SIGNERS = {
  on: { page: true, profiles: PROFILES },
  "by default": { profiles: PROFILES },
  "written so": { page: false, profiles: PROFILES },
  wrong: { page: true, profiles: { default: {} } },
};
let workers: Workers;
beforeAll(async () => {
  // The files as they are deployed.
  const { assets } = unstable_getMiniflareWorkerOptions(join(PROJECT, "wrangler.toml")).workerOptions;
  const account = { ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: "http://127.0.0.1:8788" };
  workers = await startWorkers(
    Object.entries(SIGNERS).map(([name, SIGNER]) => builtWorker(name, { ...account, SIGNER }, { assets })),
  );
});
afterAll(() => workers.close());

describe("the page is on, in workerd", () => {
  let worker: { readonly url: string };
  beforeAll(() => {
    worker = { url: workers.urlOf("on") };
  });

  it.each(FILES)("%s", async (path, type) => {
    const answer = await fetch(worker.url + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect((await answer.text()).length).toBeGreaterThan(0);
    const policy = answer.headers.get("content-security-policy");
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: http://127.0.0.1:8788 https://*.cloudinary.com; media-src 'self' blob: http://127.0.0.1:8788 https://*.cloudinary.com; connect-src 'self' http://127.0.0.1:8788; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(answer.headers.get("strict-transport-security")).toBe("max-age=15552000");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("vary")).toContain("Origin");
  });

  it("HEAD is answered, and other methods are refused", async () => {
    const head = await fetch(worker.url, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const posted = await fetch(worker.url, { method: "POST" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("a browser's copy is confirmed", async () => {
    const etag = (await fetch(`${worker.url}/page.js`)).headers.get("etag") ?? "";
    expect(etag).not.toBe("");
    const again = await fetch(`${worker.url}/page.js`, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
  });

  it.each(["/index.html", "/index", "/page.js/", "//page.js", "/nothing", "/.assetsignore"])(
    "%s is not there",
    async (path) => {
      const answer = await fetch(worker.url + path, { redirect: "manual" });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    },
  );

  it("answers of other routes keep their own policy", async () => {
    const signed = await fetch(`${worker.url}/sign`, { method: "POST" });
    expect(signed.status).toBe(200);
    expect(signed.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
  });
});

describe("the page is off, in workerd", () => {
  it.each(["by default", "written so"])("%s, and no file of it can be had", async (name) => {
    const paths = [...FILES.map(([path]) => path), "/index.html", "/index"];
    const answers = await Promise.all(
      paths.map(async (path) => {
        const answer = await fetch(workers.urlOf(name) + path, { redirect: "manual" });
        return [path, answer.status, ((await answer.json()) as { code: string }).code];
      }),
    );
    expect(answers).toEqual(paths.map((path) => [path, 404, "not_found"]));
  });
});

it("in a wrong configuration it is there in workerd, where it is on: it tells what is wrong", async () => {
  const url = workers.urlOf("wrong");
  for (const [path, type] of FILES) {
    const answer = await fetch(url + path);
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([path, 200, type]);
  }
  // What stands in its settings may be a secret in the wrong place.
  const policy = (await fetch(url)).headers.get("content-security-policy");
  expect(policy).toContain("connect-src 'self';");
  expect(policy).not.toContain("127.0.0.1");
  const health = await fetch(`${url}/health`);
  expect([health.status, await health.json()]).toEqual([
    503,
    expect.objectContaining({ faults: [expect.objectContaining({ binding: "signer.config.ts" })] }),
  ]);
});

it("what a file's own headers say beyond its content is not passed on", async () => {
  const headers = {
    "content-type": "text/html",
    etag: '"1"',
    vary: "Accept-Encoding",
    "content-security-policy": "default-src *",
    "x-frame-options": "ALLOWALL",
    "x-request-id": "theirs",
    "access-control-allow-origin": "*",
  };
  const ASSETS = { fetch: async () => new Response("page", { headers }) };
  const app = createApp(readBindings({ ...ACCOUNT, ASSETS, SIGNER: { page: true, profiles: PROFILES } }), {
    log: unseen,
  });
  const answer = await app.request("/");
  expect(answer.headers.get("etag")).toBe('"1"');
  expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; /);
  expect(answer.headers.get("x-frame-options")).toBe("DENY");
  expect(answer.headers.get("vary")).toBe("Origin");
  expect(answer.headers.get("x-request-id")).not.toBe("theirs");
  expect(answer.headers.has("access-control-allow-origin")).toBe(false);
});

describe("the setting", () => {
  it.each([
    [
      "without the files",
      { SIGNER: { page: true, profiles: PROFILES } },
      'write [assets] with binding = "ASSETS" in wrangler.toml',
    ],
    [
      "that is neither true nor false",
      { SIGNER: { page: "yes", profiles: PROFILES } },
      "must be true or false",
    ],
  ])("%s is a fault, and the log says what to write", async (_, bindings, words) => {
    const lines: string[] = [];
    const app = createApp(readBindings({ ...ACCOUNT, ...bindings }), {
      log: (line) => void lines.push(unseen(line)),
    });
    expect((await app.request("/sign", { method: "POST" })).status).toBe(500);
    expect(JSON.parse(lines[0]!).detail).toContain(`signer.config.ts, page: ${words}`);
  });
});
