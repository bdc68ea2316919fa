// The browser client against real servers that redirect: what identifies the caller stays with the signer that was
// asked, and a file with the address that the ticket names.

import { build } from "esbuild";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type UploadOptions, upload } from "../../src/client/client.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { type Server, serveLocally } from "../testing/audit/naive.ts";

const TOKEN = "the-token-of-this-caller";
const STATUSES = [301, 302, 303, 307, 308];
const FILE = new File(["the content of the file"], "hello.txt");

/** Takes everything, and answers as signer and as Cloudinary would. */
let elsewhere: Server;
let signer: Server;
let cloud: Server;
let reply: { signer: () => Response; cloud: () => Response };

const ticket = (url: string): Response =>
  Response.json({ url, fields: { api_key: "1", timestamp: "1", signature: "the-signature" } });
const asset = (members: object = {}): Response =>
  Response.json({ public_id: "a", secure_url: "https://cloud.example/a.jpg", ...members });
const to = (status: number, { url }: Server): Response =>
  new Response(null, { status, headers: { location: url } });

const uploadsOf = ({ url }: Server): string => new URL("/v1_1/demo/image/upload", url).href;

beforeEach(async () => {
  elsewhere = await serveLocally((request) =>
    request.headers.get("content-type")?.startsWith("multipart/") ? asset() : ticket(uploadsOf(elsewhere)),
  );
  cloud = await serveLocally(() => reply.cloud());
  signer = await serveLocally(() => reply.signer());
  reply = { signer: () => ticket(uploadsOf(cloud)), cloud: () => asset() };
});
afterEach(async () => {
  await Promise.all([elsewhere.close(), signer.close(), cloud.close()]);
});

const run = (options: Partial<UploadOptions> = {}): Promise<unknown> =>
  upload(FILE, {
    signer: signer.url,
    token: TOKEN,
    headers: { "x-session": TOKEN },
    retries: 0,
    ...options,
  }).catch((error: unknown) => error);

it("without a redirect it uploads, so the tests below can fail", async () => {
  expect(await run()).toMatchObject({ asset: { public_id: "a" } });
  expect(signer.received()).toContain(TOKEN);
  expect(cloud.received()).toContain("the content of the file");
});

describe.each(STATUSES)("a %i", (status) => {
  it("of the signer is not followed: no header of the caller arrives elsewhere", async () => {
    reply.signer = () => to(status, elsewhere);
    expect(await run()).toMatchObject({
      code: "unexpected_answer",
      status,
      retryable: false,
      message: expect.stringContaining("redirects are not followed"),
    });
    expect(signer.received()).toContain(TOKEN);
    expect(elsewhere.received()).toBe("");
  });

  it("of the upload is not followed: neither file nor signature arrives elsewhere, and it is not tried again", async () => {
    reply.cloud = () => to(status, elsewhere);
    expect(await run({ retries: 3 })).toMatchObject({
      code: "unexpected_answer",
      status: 0,
      retryable: false,
      message: expect.stringContaining("redirects what it is sent"),
    });
    expect(cloud.requests()).toBe(1);
    expect(elsewhere.received()).toBe("");
  });
});

/** The client in a Worker: `upload` with the options that are posted, and what comes of it. */
const WORKER = `
  import { upload } from "./src/client/client.ts";
  export default {
    fetch: async (request) => {
      const file = new File(["the content of the file"], "hello.txt");
      const outcome = await upload(file, await request.json()).catch(({ code, status, message }) => ({ code, status, message }));
      return Response.json(outcome);
    },
  };`;

describe("in a Worker", () => {
  let miniflare: Miniflare;
  beforeAll(async () => {
    const stdin = { contents: WORKER, resolveDir: PROJECT };
    const { outputFiles } = await build({ stdin, bundle: true, format: "esm", write: false });
    const options = {
      modules: [{ type: "ESModule", path: "client.js", contents: outputFiles[0]!.text }],
      compatibilityDate: "2026-10-20",
      compatibilityFlags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
    };
    miniflare = new Miniflare(
      convertV4MiniflareOptions(options as Parameters<typeof convertV4MiniflareOptions>[0]),
    );
  });
  afterAll(() => miniflare.dispose());

  const runThere = async (options: Partial<UploadOptions> = {}): Promise<unknown> => {
    const all = { signer: signer.url, headers: { "x-session": TOKEN }, retries: 0, ...options };
    const url = await miniflare.ready;
    return (await fetch(url, { method: "POST", body: JSON.stringify(all) })).json();
  };

  it("a file is uploaded", async () => {
    expect(await runThere()).toMatchObject({ asset: { public_id: "a" } });
    expect(cloud.received()).toContain("the content of the file");
  });

  it.each(STATUSES)("a %i of the signer is not followed", async (status) => {
    reply.signer = () => to(status, elsewhere);
    expect(await runThere()).toMatchObject({ code: "unexpected_answer", status });
    expect(elsewhere.received()).toBe("");
  });

  it.each(STATUSES)("a %i of the upload is not followed", async (status) => {
    reply.cloud = () => to(status, elsewhere);
    expect(await runThere()).toMatchObject({ code: "unexpected_answer", status: 0 });
    expect(elsewhere.received()).toBe("");
  });

  it("a path is told as the mistake that it is", async () => {
    expect(await runThere({ signer: "/api" })).toMatchObject({
      message: expect.stringContaining("a path needs a page"),
    });
  });
});

describe("the address of a ticket", () => {
  it.each([
    "http://cloud.example/v1_1/demo/image/upload",
    "http://127.0.0.1.evil.example/upload",
    "https://user:secret@cloud.example/upload",
    "https://user@cloud.example/upload",
    "//cloud.example/upload",
    "/upload",
    "ftp://cloud.example/upload",
    "javascript:alert(1)",
    " https://cloud.example/upload",
    "https://",
    "",
    null,
    5,
    {},
    ["https://cloud.example/upload"],
  ])("%j is asked nothing", async (url) => {
    const seen: unknown[] = [];
    reply.signer = () => ticket(url as string);
    expect(await run({ onTicket: (one) => seen.push(one) })).toMatchObject({ code: "unexpected_answer" });
    expect(seen).toEqual([]);
  });

  it.each(["127.0.0.1", "localhost"])("may be plain http on this machine: %s", async (host) => {
    reply.signer = () => ticket(uploadsOf(cloud).replace("127.0.0.1", host));
    expect(await run()).toMatchObject({ asset: { public_id: "a" } });
  });
});

describe("the addresses of an asset", () => {
  it.each([
    { secure_url: "http://cloud.example/a.jpg" },
    { secure_url: "https://user:secret@cloud.example/a.jpg" },
    { secure_url: "javascript:alert(1)" },
    { secure_url: "data:text/html,x" },
    { secure_url: "/a.jpg" },
    { secure_url: null },
    { url: "javascript:alert(1)" },
    { url: "data:text/html,x" },
    { url: "http://user:secret@cloud.example/a.jpg" },
    { url: "/a.jpg" },
    { url: null },
    { url: 5 },
    { playback_url: "javascript:alert(1)" },
    { playback_url: "/a.m3u8" },
    { playback_url: 5 },
    { eager: [{ secure_url: "javascript:alert(1)" }] },
    { eager: [{ secure_url: "http://cloud.example/a.jpg" }] },
    { eager: [{}, { secure_url: "https://user:secret@cloud.example/a.jpg" }] },
    { eager: [{ url: "data:text/html,x" }] },
    { eager: [{ playback_url: "javascript:alert(1)" }] },
    { eager: { 0: { secure_url: "javascript:alert(1)" } } },
    { responsive_breakpoints: [{ breakpoints: [{ secure_url: "javascript:alert(1)" }] }] },
    { responsive_breakpoints: [{ breakpoints: { 0: { url: "javascript:alert(1)" } } }] },
  ])("%j is not handed out", async (members) => {
    reply.cloud = () => asset(members);
    expect(await run()).toMatchObject({ code: "unexpected_answer" });
  });

  it.each([
    { url: "http://res.cloudinary.com/demo/a.jpg" },
    { url: "https://res.cloudinary.com/demo/a.jpg" },
    { secure_url: "http://127.0.0.1:8788/demo/a.jpg" },
    { playback_url: "https://res.cloudinary.com/demo/video/upload/sp_auto/v1/a.m3u8" },
    {
      eager: [
        { secure_url: "https://res.cloudinary.com/demo/a.jpg", url: "http://res.cloudinary.com/demo/a.jpg" },
      ],
    },
    { eager: [{ status: "processing", batch_id: "1" }, null] },
    {
      eager: null,
      responsive_breakpoints: [{ breakpoints: [{ secure_url: "https://a.example/b.jpg" }] }, null],
    },
    { context: { custom: { url: "javascript:alert(1)" } } },
  ])("%j is as Cloudinary or the emulator writes it", async (members) => {
    reply.cloud = () => asset(members);
    expect(await run()).toMatchObject({ asset: members });
  });
});
