// The browser client against servers that fail on purpose: what is tried again, what isn't, and how it is told.

import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  UploadError,
  type UploadOptions,
  type UploadProgress,
  upload,
  uploadQueue,
} from "../../src/client/client.ts";
import { watchOwnTimers } from "../support/own-timers.ts";

const SIGNER = "https://signer.example";
const CLOUD = "https://cloud.example/v1_1/demo/auto/upload";
const MIB = 1024 * 1024;

type Reply = Response | "network";
interface Asked {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
  readonly credentials: RequestCredentials | undefined;
  /** When it was asked, in milliseconds of the stopped clock. */
  readonly at: number;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });
const ticket = (n = 1): Response =>
  json({
    tickets: [
      {
        url: CLOUD,
        fields: { api_key: "1", timestamp: String(n), signature: `s${n}` },
        signature: `s${n}`,
        timestamp: n,
        api_key: "1",
        cloud_name: "demo",
        expires_at: n + 3600,
      },
    ],
  });
const stored = (): Response => json({ public_id: "a", secure_url: "https://cloud.example/a.jpg" });
const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json(
    {
      status,
      code,
      detail: `because of ${code}`,
      errors: [{ param: "folder", code: "forbidden", detail: "no" }],
    },
    status,
    headers,
  );
const cloudinaryError = (status: number, message: string, headers: Record<string, string> = {}): Response =>
  json({ error: { message } }, status, headers);

let asked: Asked[];
let surplus: string[] = [];
let unused = (): number => 0;

/** Answers the requests in turn; one more than there are answers, or one less, fails the test. */
function serve(...replies: Reply[]): void {
  asked = [];
  unused = () => replies.length;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    const { credentials, body } = init;
    asked.push({ url, headers: new Headers(init.headers), body, at: Date.now(), credentials });
    const reply = replies.shift();
    if (reply === undefined) {
      surplus.push(url);
      throw new Error("one request too many");
    }
    if (reply === "network") throw new TypeError("fetch failed");
    return reply;
  });
}

/** Runs the stopped clock until the upload is over. */
async function run(file: Blob, options: Partial<UploadOptions> = {}): Promise<unknown> {
  const over = upload(file, { signer: SIGNER, ...options }).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return over;
}

let left: () => number;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  left = watchOwnTimers();
  surplus = [];
  unused = () => 0;
});
afterEach(() => {
  expect(surplus, "requests that nobody expected").toEqual([]);
  expect(unused(), "answers that nobody asked for").toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const FILE = new File(["hello"], "hello.txt");
const tickets = (): Asked[] => asked.filter(({ url }) => url.startsWith(SIGNER));
const parts = (): Asked[] => asked.filter(({ url }) => url === CLOUD);

describe("a ticket", () => {
  it("is asked for with profile, params, token and headers, and its fields are sent with the file", async () => {
    serve(ticket(), stored());
    const progress: UploadProgress[] = [];
    await run(FILE, {
      signer: `${SIGNER}/api/`,
      profile: "avatars",
      params: { context: { alt: "A cat" } },
      token: "abc",
      headers: { "cf-turnstile-response": "t" },
      onProgress: (now) => progress.push(now),
    });
    expect(asked[0]?.url).toBe(`${SIGNER}/api/sign/avatars`);
    const files = [{ size: 5, name: ".txt" }];
    expect(JSON.parse(String(asked[0]!.body))).toEqual({ files, params: { context: { alt: "A cat" } } });
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer abc");
    expect(asked[0]?.headers.get("cf-turnstile-response")).toBe("t");
    const form = [...(asked[1]!.body as FormData)];
    expect(form.slice(0, 3)).toEqual([
      ["api_key", "1"],
      ["timestamp", "1"],
      ["signature", "s1"],
    ]);
    expect(form[3]?.[0]).toBe("file");
    expect((form[3]![1] as File).name).toBe("hello.txt");
    expect(form).toHaveLength(4);
    expect(progress).toEqual([
      { phase: "signing", loaded: 0, total: 5 },
      ...[1, 2].map(() => ({ phase: "sending", loaded: 5, total: 5 })),
    ]);
  });

  it.each<[string, Partial<UploadOptions>, string]>([
    ["no profile", {}, `${SIGNER}/sign`],
    ["slashes at the end", { signer: `${SIGNER}//` }, `${SIGNER}/sign`],
    ["a query", { signer: `${SIGNER}/up/?tenant=1`, profile: "a-b_1" }, `${SIGNER}/up/sign/a-b_1?tenant=1`],
    ["a URL", { signer: new URL(SIGNER), profile: "default" }, `${SIGNER}/sign/default`],
    ["with its /sign", { signer: `${SIGNER}/sign/`, profile: "a" }, `${SIGNER}/sign/a`],
    ["a host of that name", { signer: "https://sign" }, "https://sign/sign"],
    ["a path", { signer: "/api/uploads" }, "/api/uploads/sign"],
  ])("is asked for at the right address: %s", async (_, options, address) => {
    serve(ticket(), stored());
    vi.stubGlobal("location", new URL("https://www.example.com/"));
    await run(FILE, options);
    expect(asked[0]?.url).toBe(address);
    expect(asked[0]?.credentials).toBe("same-origin");
  });

  it("is asked for with cookies where that is wanted, and our own headers win", async () => {
    serve(ticket(), stored());
    const headers = { Authorization: "Bearer x", "Content-Type": "text/plain" };
    await run(FILE, { credentials: "include", token: "y", headers });
    expect(asked[0]?.credentials).toBe("include");
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer y");
    expect(asked[0]?.headers.get("content-type")).toBe("application/json");
  });

  // A browser asks first whether it may send JSON elsewhere, and text it sends.
  it.each<[string, Partial<UploadOptions>, string | undefined, string]>([
    ["elsewhere, with nothing else to show", {}, "https://www.example.com", "text/plain"],
    ["elsewhere, with cookies", { credentials: "include" }, "https://www.example.com", "text/plain"],
    ["elsewhere, with a token", { token: "t" }, "https://www.example.com", "application/json"],
    ["elsewhere, with a header", { headers: { "x-a": "b" } }, "https://www.example.com", "application/json"],
    [
      "elsewhere, where that is wanted",
      { headers: { "content-type": "application/json" } },
      "https://www.example.com",
      "application/json",
    ],
    ["at home", {}, SIGNER, "application/json"],
    ["at home, by a path", { signer: "/api/uploads" }, SIGNER, "application/json"],
    ["where there is no page", {}, undefined, "application/json"],
  ])("is asked for as JSON, or as text: %s", async (_, options, page, type) => {
    serve(ticket(), stored());
    if (page !== undefined) vi.stubGlobal("location", new URL(page));
    await run(FILE, options);
    expect(asked[0]?.headers.get("content-type")).toBe(type);
    expect(asked[0]?.body).toBe('{"files":[{"size":5,"name":".txt"}],"params":{}}');
  });

  it.each(["..", ".", "", "a/b", "a b", "\ud800", "a?b"])("no profile can be called %j", async (profile) => {
    serve();
    expect(await run(FILE, { profile })).toMatchObject({ code: "unknown_profile", status: 0 });
  });

  it.each(["", undefined, "localhost:8787", "javascript:1", "file:///sign", "https://u:p@signer.example"])(
    "%j is no signer's address",
    async (signer) => {
      serve();
      expect(await run(FILE, { signer: signer as string })).toBeInstanceOf(TypeError);
    },
  );

  it.each(["/api/uploads", "api", "//signer.example", "?a=1", "#a"])(
    "%j needs a page, which is told at once",
    async (signer) => {
      serve();
      const error = await run(FILE, { signer });
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain("a path needs a page");
    },
  );

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "hello.txt"],
    ["an input's list", [FILE]],
    ["bytes", new Uint8Array(3)],
    ["an answer", new Response("a")],
  ])("%s in place of a file is told in our own words", async (_, file) => {
    serve();
    for (const started of [upload, uploadQueue(1)]) {
      const error = await started(file as Blob, { signer: SIGNER }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain("upload wants a file");
    }
  });

  it.each([undefined, null, SIGNER])("%j in place of options is told in our own words", async (options) => {
    serve();
    for (const started of [upload, uploadQueue(1)]) {
      const error = await started(FILE, options as never).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain("upload wants options");
    }
  });

  it.each(["eyJ\u2026", "a\nb"])("the token %j is told as the mistake that it is", async (token) => {
    serve();
    const error = await run(FILE, { token });
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain(token.slice(0, 3));
  });

  it("asks for the token anew each time", async () => {
    serve(problem(503, "keys_unavailable"), ticket(), stored());
    let n = 0;
    await run(FILE, { token: async () => `token-${++n}` });
    expect(tickets().map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });
});

describe("what may pass is tried again", () => {
  it.each<[string, Reply[]]>([
    ["the signer can't be reached", ["network", ticket(), stored()]],
    ["the signer has no keys", [problem(503, "keys_unavailable"), ticket(), stored()]],
    ["the signer broke", [problem(500, "internal"), ticket(), stored()]],
    ["a proxy before the signer", [new Response("<html>", { status: 502 }), ticket(), stored()]],
    ["Cloudinary can't be reached", [ticket(), "network", stored()]],
    ["Cloudinary is down", [ticket(), cloudinaryError(503, "General Error"), stored()]],
    ["Cloudinary's own 420", [ticket(), cloudinaryError(420, "Rate Limit Exceeded"), stored()]],
    ["Cloudinary still works on it", [ticket(), cloudinaryError(423, "still processing"), stored()]],
    ["three times", ["network", problem(500, "internal"), "network", ticket(), stored()]],
  ])("%s", async (_, replies) => {
    const count = replies.length;
    serve(...replies);
    expect(await run(FILE)).toMatchObject({ asset: { public_id: "a" } });
    expect(asked).toHaveLength(count);
  });

  it.each([
    ["seconds", "7", 7000],
    ["a date", new Date(9000).toUTCString(), 9000],
  ])("Retry-After in %s is waited for", async (_, header, ms) => {
    serve(problem(429, "rate_limited", { "retry-after": header }), ticket(), stored());
    await run(FILE);
    expect(asked[1]?.at).toBe(ms);
  });

  it("pauses grow", async () => {
    serve("network", "network", "network", ticket(), stored());
    await run(FILE);
    const pauses = asked.slice(1, 4).map(({ at }, i) => at - asked[i]!.at);
    expect(pauses[1]).toBeGreaterThanOrEqual(pauses[0]!);
    expect(pauses[2]).toBeGreaterThanOrEqual(pauses[1]!);
    expect(pauses[0]).toBeGreaterThan(300);
  });

  it("no more than `retries` times", async () => {
    serve("network", "network");
    expect(await run(FILE, { retries: 1 })).toMatchObject({ code: "network", retryable: true });
    expect(asked).toHaveLength(2);
  });

  it("as often as `retries` says, with pauses of a minute at most", async () => {
    serve(...Array.from({ length: 12 }, (): Reply => "network"), ticket(), stored());
    expect(await run(FILE, { retries: 12 })).toMatchObject({ asset: { public_id: "a" } });
    expect(Math.max(...asked.slice(1).map(({ at }, i) => at - asked[i]!.at))).toBeLessThanOrEqual(60_000);
  });

  it("not at all where `retries` is no number", async () => {
    serve("network");
    expect(await run(FILE, { retries: Number.NaN })).toMatchObject({ code: "network" });
  });

  it("Cloudinary's Retry-After is waited for too", async () => {
    serve(ticket(), cloudinaryError(420, "Rate Limit Exceeded", { "retry-after": "11" }), stored());
    await run(FILE);
    expect(asked[2]!.at - asked[1]!.at).toBe(11_000);
  });

  it("not where the server wants a long pause", async () => {
    serve(problem(429, "rate_limited", { "retry-after": "3600" }));
    expect(await run(FILE)).toMatchObject({ code: "rate_limited", retryAfter: 3600 });
  });
});

describe("a Cloudinary that hangs", () => {
  /** Without a progress that tells, as by fetch, ten bytes a millisecond are waited for too. */
  it.each([
    ["a small file", FILE, 180_000],
    ["a file of 6 MB", new File([new Uint8Array(6e6)], "a.jpg"), 780_000],
  ])("is a failed connection: %s", async (_, file, ms) => {
    serve(ticket());
    const there = globalThis.fetch;
    const hang = (): Promise<never> => new Promise(() => {});
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => (url === CLOUD ? hang() : there(url, init)));
    let told: unknown;
    upload(file, { signer: SIGNER, retries: 0, onProgress: () => {} }).catch((error: unknown) => {
      told = error;
    });
    await vi.advanceTimersByTimeAsync(ms - 1000);
    expect(told).toBeUndefined();
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toMatchObject({
      ...{ code: "network", status: 0, retryable: true },
      message: "The connection to cloud.example failed.",
    });
    expect(left()).toBe(0);
  });
});

describe("a signer that hangs", () => {
  const hang = (): Promise<never> => new Promise(() => {});
  /** An answer whose headers are there, and whose body never ends. */
  const endless = (status: number) => async (): Promise<Response> =>
    new Response(new ReadableStream({ pull: hang }), { status });

  describe.each<[string, () => Promise<Response>]>([
    ["before its headers", hang],
    ["after its headers", endless(200)],
    ["after a refusal's headers", endless(422)],
  ])("%s", (_, answer) => {
    it("is told after 30 seconds, also where fetch does not heed its signal", async () => {
      vi.stubGlobal("fetch", answer);
      let told: unknown;
      upload(FILE, { signer: SIGNER, retries: 0 }).catch((error: unknown) => {
        told = error;
      });
      await vi.advanceTimersByTimeAsync(29_000);
      expect(told).toBeUndefined();
      await vi.advanceTimersByTimeAsync(2_000);
      expect(told).toMatchObject({ code: "network", status: 0, retryable: true });
      expect((told as Error).message).toContain("did not answer within 30 seconds");
      expect(left()).toBe(0);
    });

    it("is asked again, and the upload goes on", async () => {
      serve(ticket(), stored());
      const there = globalThis.fetch;
      let first = true;
      vi.stubGlobal("fetch", (...args: Parameters<typeof fetch>) => {
        if (!first) return there(...args);
        first = false;
        return answer();
      });
      expect(await run(FILE)).toMatchObject({ asset: { public_id: "a" } });
    });

    it("aborting ends it, and leaves no timer and no listener behind", async () => {
      vi.stubGlobal("fetch", answer);
      const stop = new AbortController();
      const over = upload(FILE, { signer: SIGNER, signal: stop.signal }).catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(1000);
      stop.abort("gone");
      expect(await over).toBe("gone");
      expect(left()).toBe(0);
      expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    });
  });

  it("a signal is handed to fetch, which ends then", async () => {
    let ended = false;
    vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => {
      signal?.addEventListener("abort", () => {
        ended = true;
      });
      return hang();
    });
    await run(FILE, { retries: 0 });
    expect(ended).toBe(true);
  });
});

describe("what stays wrong is told at once", () => {
  it("a refusal of the signer's, with all it said", async () => {
    serve(problem(422, "params_refused"));
    const error = await run(FILE);
    expect(error).toBeInstanceOf(UploadError);
    expect(error).toMatchObject({
      message: "because of params_refused",
      code: "params_refused",
      status: 422,
      retryable: false,
      problem: { errors: [{ param: "folder", detail: "no" }] },
    });
  });

  it.each<[string, Reply[], object]>([
    ["misconfigured", [problem(500, "misconfigured")], { code: "misconfigured", status: 500 }],
    ["unauthenticated", [problem(401, "unauthenticated")], { code: "unauthenticated" }],
    ["another server", [new Response("<html>", { status: 404 })], { code: "unexpected_answer", status: 404 }],
    ["an answer that is no ticket", [json({ ok: true })], { code: "unexpected_answer", status: 200 }],
    ["an answer that is null", [json(null)], { code: "unexpected_answer", status: 200 }],
    ["no ticket at all", [json({ tickets: [] })], { code: "unexpected_answer", status: 200 }],
    ["tickets of which one is none", [json({ tickets: [{}] })], { code: "unexpected_answer", status: 200 }],
    [
      "Cloudinary's refusal, in its words",
      [ticket(), cloudinaryError(401, "Invalid Signature abc.")],
      { code: "upload_refused", status: 401, message: "Invalid Signature abc." },
    ],
    ["an upload that stored nothing", [ticket(), json({})], { code: "unexpected_answer" }],
    [
      "an asset at an address that is none of the web",
      [ticket(), json({ public_id: "a", secure_url: "javascript:alert(1)" })],
      { code: "unexpected_answer" },
    ],
    [
      "a ticket for an address that is none",
      [json({ url: "/upload", fields: {} })],
      { code: "unexpected_answer" },
    ],
    ["a ticket for a script", [json({ url: "javascript:1", fields: {} })], { code: "unexpected_answer" }],
    [
      "a problem that is none of the signer's",
      [json({ code: "x", detail: "y", errors: {} }, 422)],
      { code: "unexpected_answer", problem: undefined },
    ],
    ["another 400 than a stale one", [ticket(), cloudinaryError(400, "Invalid image file")], { status: 400 }],
  ])("%s", async (_, replies, expected) => {
    serve(...replies);
    expect(await run(FILE)).toMatchObject({ retryable: false, ...expected });
  });
});

describe("Cloudinary's answers are handed out as they came", () => {
  const refused = '{"error":{"message":"Invalid Signature abc."}}';
  const busy = '{"error":{"message":"busy"}}';
  const asset = '{"public_id":"a","secure_url":"https://cloud.example/a.jpg"}';

  it.each<[string, Reply[], [number, string, string | undefined][]]>([
    ["what was stored", [ticket(), stored()], [[200, asset, undefined]]],
    [
      "a refusal, with the headers that say why",
      [ticket(), cloudinaryError(401, "Invalid Signature abc.", { "X-Cld-Error": "Invalid Signature abc." })],
      [[401, refused, "Invalid Signature abc."]],
    ],
    [
      "each of an upload that is tried again",
      [ticket(), cloudinaryError(500, "busy"), "network", stored()],
      [
        [500, busy, undefined],
        [200, asset, undefined],
      ],
    ],
    ["what is no JSON", [ticket(), new Response("<html>", { status: 404 })], [[404, "<html>", undefined]]],
    ["none of the signer's", [problem(422, "params_refused")], []],
  ])("%s", async (_, replies, expected) => {
    serve(...replies);
    const seen: unknown[] = [];
    await run(FILE, {
      onAnswer: ({ status, text, headers }) => seen.push([status, text, headers["x-cld-error"]]),
    });
    expect(seen).toEqual(expected);
  });
});

describe("an expired ticket", () => {
  const stale = (): Response =>
    cloudinaryError(
      400,
      "Stale request - reported time is 2016-12-15 04:02:46 +0000 which is more than 1 hour ago",
    );

  it("is renewed", async () => {
    serve(ticket(1), stale(), ticket(2), stored());
    const seen: number[] = [];
    expect(await run(FILE, { onTicket: ({ timestamp }) => seen.push(timestamp) })).toMatchObject({
      asset: { public_id: "a" },
    });
    expect(seen).toEqual([1, 2]);
    expect((parts()[1]!.body as FormData).get("signature")).toBe("s2");
  });

  it("is renewed once", async () => {
    serve(ticket(1), stale(), ticket(2), stale());
    expect(await run(FILE)).toMatchObject({ code: "upload_refused", status: 400 });
  });

  it("in the middle of a file goes on with the part under a fresh ticket for the same", async () => {
    const done = (): Response => json({ done: false });
    serve(ticket(1), done(), stale(), ticket(2), stored());
    await run(new File([new Uint8Array(8 * MIB)], "b.bin"), { chunkSize: 5 * MIB });
    const [first, second, third] = parts().map(({ headers }) => headers);
    expect(third?.get("content-range")).toBe(second?.get("content-range"));
    expect(third?.get("x-unique-upload-id")).toBe(first?.get("x-unique-upload-id"));
    expect((parts()[2]!.body as FormData).get("signature")).toBe("s2");
  });

  it("in the middle of a file begins the file anew under another name, and another upload ID", async () => {
    const done = (): Response => json({ done: false });
    const other = async (): Promise<Response> => {
      const { tickets } = (await ticket(2).json()) as { tickets: { fields: object }[] };
      return json({ tickets: tickets.map((one) => ({ ...one, fields: { ...one.fields, public_id: "b" } })) });
    };
    serve(ticket(1), done(), stale(), await other(), done(), stored());
    await run(new File([new Uint8Array(8 * MIB)], "b.bin"), { chunkSize: 5 * MIB });
    const [first, second, third, fourth] = parts().map(({ headers }) => headers);
    expect(third?.get("content-range")).toBe(first?.get("content-range"));
    expect(second?.get("x-unique-upload-id")).toBe(first?.get("x-unique-upload-id"));
    expect(fourth?.get("x-unique-upload-id")).toBe(third?.get("x-unique-upload-id"));
    expect(third?.get("x-unique-upload-id")).not.toBe(first?.get("x-unique-upload-id"));
  });
});

describe("a large file", () => {
  const bytes = new Uint8Array(12 * MIB).map((_, i) => i % 251);
  const file = new File([bytes], "large.bin");
  const done = (): Response => json({ done: false });

  it("goes in parts under one ticket and one ID, and goes on after a part that failed", async () => {
    serve(ticket(), done(), "network", cloudinaryError(503, "General Error"), done(), stored());
    const progress: UploadProgress[] = [];
    await run(file, { chunkSize: 5 * MIB, onProgress: (now) => progress.push(now) });
    expect(tickets()).toHaveLength(1);
    expect(parts().map(({ headers }) => headers.get("content-range"))).toEqual([
      "bytes 0-5242879/12582912",
      "bytes 5242880-10485759/12582912",
      "bytes 5242880-10485759/12582912",
      "bytes 5242880-10485759/12582912",
      "bytes 10485760-12582911/12582912",
    ]);
    expect(new Set(parts().map(({ headers }) => headers.get("x-unique-upload-id"))).size).toBe(1);
    const sent = await Promise.all(
      [0, 1, 4].map(
        async (i) => new Uint8Array(await ((parts()[i]!.body as FormData).get("file") as File).arrayBuffer()),
      ),
    );
    expect(Buffer.concat(sent).equals(Buffer.from(bytes))).toBe(true);
    expect((parts()[0]!.body as FormData).get("file")).toMatchObject({ name: "large.bin" });
    expect(progress.at(-1)).toEqual({ phase: "sending", loaded: file.size, total: file.size });
  });

  it("is begun anew, under the same ticket, where a part that was sent twice is refused", async () => {
    const forgotten = cloudinaryError(400, "Invalid part");
    serve(ticket(), done(), done(), "network", forgotten, done(), done(), stored());
    expect(await run(file, { chunkSize: 5 * MIB })).toMatchObject({ asset: { public_id: "a" } });
    expect(tickets()).toHaveLength(1);
    const ids = parts().map(({ headers }) => headers.get("x-unique-upload-id"));
    expect(new Set(ids.slice(0, 4)).size).toBe(1);
    expect(new Set(ids.slice(4)).size).toBe(1);
    expect(ids[4]).not.toBe(ids[0]);
  });

  it("is begun anew once, and not for a part that was sent once", async () => {
    const refused = (): Response => cloudinaryError(400, "Invalid part");
    serve(ticket(), "network", refused(), "network", refused());
    expect(await run(file, { chunkSize: 5 * MIB })).toMatchObject({ code: "upload_refused" });
    serve(ticket(), refused());
    expect(await run(file, { chunkSize: 5 * MIB })).toMatchObject({ code: "upload_refused" });
  });

  it("of more than 20 MiB goes in parts by itself, and parts are whole bytes", async () => {
    serve(ticket(), done(), stored());
    await run(new File([new Uint8Array(20 * MIB + 1)], "b"));
    expect(parts()[0]?.headers.get("content-range")).toBe("bytes 0-20971519/20971521");
    serve(ticket(), done(), stored());
    await run(new File([new Uint8Array(6 * MIB)], "b"), { chunkSize: 5 * MIB + 0.7 });
    expect(parts()[1]?.headers.get("content-range")).toBe("bytes 5242880-6291455/6291456");
  });

  it("of exactly one part goes whole", async () => {
    serve(ticket(), stored());
    await run(new File([new Uint8Array(5 * MIB)], "b"), { chunkSize: 5 * MIB });
    expect(parts()[0]?.headers.get("content-range")).toBeNull();
  });

  it.each([1, 5 * MIB - 1, Number.NaN])("a chunkSize of %s is refused", async (chunkSize) => {
    serve();
    expect(await run(file, { chunkSize })).toBeInstanceOf(RangeError);
  });
});

describe("aborting", () => {
  it("before anything is asked", async () => {
    serve();
    expect(await run(FILE, { signal: AbortSignal.abort("gone") })).toBe("gone");
  });

  it("while it waits to try again", async () => {
    serve("network");
    const controller = new AbortController();
    const over = upload(FILE, { signer: SIGNER, signal: controller.signal }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort("gone");
    expect(await over).toBe("gone");
    await vi.runAllTimersAsync();
    expect(asked).toHaveLength(1);
  });

  it("while the token is waited for", async () => {
    serve();
    const controller = new AbortController();
    const token = (): Promise<string> => new Promise(() => {});
    const over = upload(FILE, { signer: SIGNER, token, signal: controller.signal }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort("gone");
    expect(await over).toBe("gone");
  });

  it("leaves no listener behind", async () => {
    const controller = new AbortController();
    const enqueue = uploadQueue(1);
    serve("network", ticket(), stored(), ticket(), stored());
    const both = [1, 2].map(() =>
      enqueue(FILE, { signer: SIGNER, token: async () => "a", signal: controller.signal }),
    );
    await vi.runAllTimersAsync();
    await Promise.all(both);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it("between two parts", async () => {
    const controller = new AbortController();
    serve(ticket(), json({ done: false }));
    const onProgress = (): void => {};
    const options = { chunkSize: 5 * MIB, signal: controller.signal, onProgress };
    const original = globalThis.fetch;
    vi.stubGlobal("fetch", async (...args: Parameters<typeof fetch>) => {
      const answer = await original(...args);
      if (parts().length === 1) controller.abort("gone");
      return answer;
    });
    expect(await run(new File([new Uint8Array(8 * MIB)], "b"), options)).toBe("gone");
    expect(parts()).toHaveLength(1);
  });
});

describe("a queue", () => {
  it.each([0, -1, 0.5, Number.NaN])("of %s at once is refused", (concurrency) => {
    expect(() => uploadQueue(concurrency)).toThrow(RangeError);
  });

  it("has its place back from one that was aborted while it waited", async () => {
    serve(ticket(), stored(), ticket(), stored());
    const controller = new AbortController();
    const enqueue = uploadQueue(1);
    const first = enqueue(FILE, { signer: SIGNER });
    const second = enqueue(FILE, { signer: SIGNER, signal: controller.signal });
    const third = enqueue(FILE, { signer: SIGNER });
    controller.abort("gone");
    await expect(second).rejects.toBe("gone");
    await vi.runAllTimersAsync();
    expect(await Promise.all([first, third])).toHaveLength(2);
  });

  it("runs so many at once, in order, and goes on after failures and aborts", async () => {
    let running = 0;
    let most = 0;
    const order: string[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      if (url === CLOUD) return stored();
      running += 1;
      most = Math.max(most, running);
      const { params } = JSON.parse(String(init.body)) as { params: { n: string } };
      order.push(params.n);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return params.n === "b" ? problem(422, "params_refused") : ticket();
    });
    const controller = new AbortController();
    const enqueue = uploadQueue(2);
    const all = Promise.allSettled(
      ["a", "b", "c", "d", "e"].map((n) =>
        enqueue(FILE, { signer: SIGNER, params: { n }, ...(n === "d" && { signal: controller.signal }) }),
      ),
    );
    controller.abort("gone");
    await vi.runAllTimersAsync();
    expect((await all).map((one) => (one.status === "fulfilled" ? "stored" : String(one.reason)))).toEqual([
      "stored",
      "UploadError: because of params_refused",
      "stored",
      "gone",
      "stored",
    ]);
    expect(order).toEqual(["a", "b", "c", "e"]);
    expect(most).toBe(2);
  });
});
