// The browser client against servers that fail on purpose: what is tried again, what isn't, and how it is told.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  UploadError,
  type UploadOptions,
  type UploadProgress,
  upload,
  uploadQueue,
} from "../../src/client/index.ts";

const SIGNER = "https://signer.example";
const CLOUD = "https://cloud.example/v1_1/demo/auto/upload";
const MIB = 1024 * 1024;

type Reply = Response | "network";
interface Asked {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
  /** When it was asked, in milliseconds of the stopped clock. */
  readonly at: number;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });
const ticket = (n = 1): Response =>
  json({
    url: CLOUD,
    fields: { api_key: "1", timestamp: String(n), signature: `s${n}` },
    signature: `s${n}`,
    timestamp: n,
    api_key: "1",
    cloud_name: "demo",
    expires_at: n + 3600,
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

/** Answers the requests in turn; one more than there are answers fails the test. */
function serve(...replies: Reply[]): void {
  asked = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    asked.push({ url, headers: new Headers(init.headers), body: init.body, at: Date.now() });
    const reply = replies.shift();
    if (reply === undefined) throw new Error(`one request too many: ${url}`);
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

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
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
    expect(asked[0]!.body).toBe('{"params":{"context":{"alt":"A cat"}}}');
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
    expect(progress.at(-1)).toEqual({ loaded: 5, total: 5 });
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
    ["three times", ["network", problem(500, "internal"), "network", ticket(), stored()]],
  ])("%s", async (_, replies) => {
    const count = replies.length;
    serve(...replies);
    expect(await run(FILE)).toMatchObject({ public_id: "a" });
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
  });

  it("not where the server wants a long pause", async () => {
    serve(problem(429, "rate_limited", { "retry-after": "3600" }));
    expect(await run(FILE)).toMatchObject({ code: "rate_limited", retryAfter: 3600 });
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
    [
      "Cloudinary's refusal, in its words",
      [ticket(), cloudinaryError(401, "Invalid Signature abc.")],
      { code: "upload_refused", status: 401, message: "Invalid Signature abc." },
    ],
    ["an upload that stored nothing", [ticket(), json({})], { code: "unexpected_answer" }],
  ])("%s", async (_, replies, expected) => {
    serve(...replies);
    expect(await run(FILE)).toMatchObject({ retryable: false, ...expected });
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
      public_id: "a",
    });
    expect(seen).toEqual([1, 2]);
    expect((parts()[1]!.body as FormData).get("signature")).toBe("s2");
  });

  it("is renewed once", async () => {
    serve(ticket(1), stale(), ticket(2), stale());
    expect(await run(FILE)).toMatchObject({ code: "upload_refused", status: 400 });
  });

  it("in the middle of a file begins the file anew, under another upload ID", async () => {
    const done = (): Response => json({ done: false });
    serve(ticket(1), done(), stale(), ticket(2), done(), stored());
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
    expect(progress.at(-1)).toEqual({ loaded: file.size, total: file.size });
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
