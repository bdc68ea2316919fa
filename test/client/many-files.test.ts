// Many files in a queue: how often the signer is asked, for which of them, and what becomes of those it refuses.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { describeProfile, type UploadOptions, uploadQueue } from "../../src/client/client.ts";

const CLOUD = "https://cloud.example/v1_1/demo/auto/upload";
/** An address of its own for each test: what is known of a profile is known by its address. */
let signer: string;
let tests = 0;

interface Declared {
  readonly size: number;
  readonly name?: string;
  readonly type?: string;
}
interface Asked {
  readonly files: readonly Declared[];
  readonly params: Readonly<Record<string, unknown>>;
}
type Reply = Response | "network";

/** What the signer was asked, and how many forms Cloudinary got under which signature. */
let asked: Asked[];
let sent: string[];
let tickets: number;

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });
function ticket(life = 3600) {
  const signature = `s${tickets++}`;
  const expires_at = Math.floor(Date.now() / 1000) + life;
  return { url: CLOUD, fields: { api_key: "1", signature }, signature, expires_at };
}
const refused = (...errors: [index: number, code: string][]): Response =>
  json(
    {
      ...{ status: 422, code: "file_refused", detail: "files: no" },
      errors: errors.map(([index, code]) => ({ param: `files[${index}]`, code, detail: `no: ${code}` })),
    },
    422,
  );

/** A signer that answers as `sign` does, else with a ticket for each file, and a Cloudinary that takes `ms` for a file. */
function serve(sign: (request: Asked) => Reply | undefined = () => undefined, ms = 0): void {
  vi.stubGlobal("fetch", async (url: string, { body, signal }: RequestInit) => {
    if (url === CLOUD) {
      sent.push(String((body as FormData).get("signature")));
      await new Promise((resolve) => setTimeout(resolve, ms));
      signal?.throwIfAborted();
      return json({
        public_id: String((body as FormData).get("signature")),
        secure_url: "https://a.example/",
      });
    }
    const request = JSON.parse(String(body)) as Asked;
    asked.push(request);
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal?.throwIfAborted();
    const reply = sign(request) ?? json({ tickets: request.files.map(() => ticket()) });
    if (reply === "network") throw new TypeError("fetch failed");
    return reply;
  });
}

/** Puts files into a queue at once; tells what became of each: `stored`, a code, or the signal's reason. */
async function enqueue(
  files: readonly Blob[],
  more: (index: number) => Partial<UploadOptions> = () => ({}),
  concurrency?: number,
): Promise<string[]> {
  const add = uploadQueue(concurrency);
  const all = Promise.allSettled(files.map((file, i) => add(file, { signer, ...more(i) })));
  await vi.runAllTimersAsync();
  return (await all).map((one) =>
    one.status === "fulfilled" ? "stored" : ((one.reason as { code?: string }).code ?? String(one.reason)),
  );
}
const pictures = (count: number): File[] =>
  Array.from({ length: count }, (_, i) => new File(["a"], `private name ${i}.jpg`, { type: "image/jpeg" }));
const sizes = (): number[] => asked.map(({ files }) => files.length);
const stored = (count: number): string[] => Array(count).fill("stored");

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  signer = `https://signer-${tests++}.example`;
  [asked, sent, tickets] = [[], [], 0];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("one request", () => {
  it("is made for all files before the first byte of any, and names none of them", async () => {
    let before = -1;
    serve(() => {
      before = sent.length;
      return undefined;
    });
    expect(await enqueue(pictures(50))).toEqual(stored(50));
    expect([sizes(), before]).toEqual([[50], 0]);
    expect(asked[0]).toEqual({
      files: Array(50).fill({ size: 1, type: "image/jpeg", name: ".jpg" }),
      params: {},
    });
    expect(new Set(sent).size).toBe(50);
  });

  it.each<[string, File, Declared]>([
    ["no type", new File(["ab"], "a.b.HEIC"), { size: 2, name: ".HEIC" }],
    ["no ending", new File(["ab"], "README", { type: "text/plain" }), { size: 2, type: "text/plain" }],
    ["an ending that is none", new File([""], "a.my holiday"), { size: 0 }],
    [
      "a type and an ending",
      new File(["a"], "x.png", { type: "a/b" }),
      { size: 1, type: "a/b", name: ".png" },
    ],
  ])("tells of a file with %s no more than it has", async (_, file, declared) => {
    serve();
    await enqueue([file]);
    expect(asked[0]?.files).toEqual([declared]);
  });

  it.each<[string, (index: number) => Partial<UploadOptions>, number[]]>([
    [
      "the same params, token and headers",
      () => ({ params: { a: [1] }, token: "t", headers: { x: "y" } }),
      [4],
    ],
    ["other params", (i) => ({ params: { n: i % 2 } }), [2, 2]],
    ["other tokens", (i) => ({ token: `t${i % 2}` }), [2, 2]],
    ["other profiles", (i) => ({ profile: `p${i % 2}` }), [2, 2]],
    ["other headers", (i) => ({ headers: { "x-session": `${i % 2}` } }), [2, 2]],
    ["other functions for the token", () => ({ token: () => "t" }), [1, 1, 1, 1]],
  ])("is for those with %s", async (_, more, expected) => {
    serve();
    expect(await enqueue(pictures(4), more)).toEqual(stored(4));
    expect(sizes()).toEqual(expected);
  });

  it("is for those that wait meanwhile: one that comes later is asked for with others that do", async () => {
    serve(undefined, 1000);
    const add = uploadQueue(1);
    const first = add(pictures(1)[0]!, { signer });
    await vi.advanceTimersByTimeAsync(10);
    const more = pictures(3).map((file) => add(file, { signer }));
    await vi.runAllTimersAsync();
    await Promise.all([first, ...more]);
    expect(sizes()).toEqual([1, 3]);
  });
});

describe("several requests, as the queue goes", () => {
  it("for more than 50 files", async () => {
    const begun: number[] = [];
    serve(() => {
      begun.push(sent.length);
      return undefined;
    });
    expect(await enqueue(pictures(120))).toEqual(stored(120));
    expect(sizes()).toEqual([50, 50, 20]);
    expect(begun).toEqual([0, 50, 100]);
  });

  it("for more than `maxFiles`, which the first refusal tells", async () => {
    serve(({ files }) => (files.length > 10 ? refused([10, "too_many"]) : undefined));
    expect(await enqueue(pictures(25))).toEqual(stored(25));
    expect(sizes()).toEqual([25, 10, 10, 5]);
  });

  it("of as many as a known description says", async () => {
    vi.stubGlobal("fetch", async () =>
      json({ name: "default", method: "upload", resourceType: "auto", file: { maxFiles: 10 } }),
    );
    await describeProfile({ signer });
    serve();
    expect(await enqueue(pictures(25))).toEqual(stored(25));
    expect(sizes()).toEqual([10, 10, 5]);
  });

  it("where a profile gives all files one name, a file each", async () => {
    serve(({ files }) => (files.length > 1 ? refused([1, "too_many"]) : undefined));
    expect(await enqueue(pictures(3))).toEqual(stored(3));
    expect(sizes()).toEqual([3, 1, 1, 1]);
  });

  it("where a route of one's own answers with one ticket, a file each", async () => {
    serve(() => json(ticket()));
    expect(await enqueue(pictures(3))).toEqual(stored(3));
    expect(new Set(sent).size).toBe(3);
  });

  it("where a limiter lets fewer through, and never for more than that again", async () => {
    serve(({ files }) =>
      files.length > 3 ? json({ code: "rate_limited", detail: "later" }, 429) : undefined,
    );
    expect(await enqueue(pictures(40))).toEqual(stored(40));
    expect(sizes().slice(0, 4)).toEqual([40, 10, 3, 3]);
    expect(Math.max(...sizes().slice(2))).toBe(3);
  });

  it("where a ticket has grown too old before its turn, for all that still wait", async () => {
    serve(({ files }) => json({ tickets: files.map(() => ticket(60)) }), 40_000);
    expect(await enqueue(pictures(4), undefined, 1)).toEqual(stored(4));
    expect(sizes()).toEqual([4, 2]);
    expect(sent).toEqual(["s0", "s1", "s4", "s5"]);
  });

  it.each([-86_400, 86_400])("not because this clock is %i s off", async (seconds) => {
    serve(({ files }) => json({ tickets: files.map(() => ticket(60 - seconds)) }), 1000);
    expect(await enqueue(pictures(4), undefined, 1)).toEqual(stored(4));
    expect(sizes()).toEqual([4]);
  });
});

describe("what is refused", () => {
  it("is each its own: the others are asked for again, once", async () => {
    serve(({ files }) => {
      const errors = files.flatMap(({ size }, i): [number, string][] => (size > 5 ? [[i, "too_large"]] : []));
      return errors.length > 0 ? refused(...errors) : undefined;
    });
    const large = new File(["too large"], "b.jpg");
    const [a, b, c, d] = pictures(4) as [File, File, File, File];
    const told: unknown[] = [];
    const add = uploadQueue();
    const all = [a, large, b, large, c, d].map((file) =>
      add(file, { signer }).then(
        ({ receipt }) => told.push(receipt),
        ({ code, message, problem }) => told.push([code, message, problem.errors]),
      ),
    );
    await vi.runAllTimersAsync();
    await Promise.all(all);
    const errors = [{ param: "files[0]", code: "too_large", detail: "no: too_large" }];
    expect(told.filter(Array.isArray)).toEqual(Array(2).fill(["file_refused", "no: too_large", errors]));
    expect([sizes(), sent.length]).toEqual([[6, 4], 4]);
  });

  it("may be all of them, and may leave out why", async () => {
    serve(() => refused());
    expect(await enqueue(pictures(3))).toEqual(Array(3).fill("file_refused"));
    serve(() => refused([7, "too_large"]));
    expect((await enqueue(pictures(3)))[0]).toBe("file_refused");
  });

  it("for its parameters is refused for all at once", async () => {
    serve(() => json({ code: "params_refused", detail: "no" }, 422));
    expect(await enqueue(pictures(5))).toEqual(Array(5).fill("params_refused"));
    expect(sizes()).toEqual([5]);
  });

  it("by nobody is tried again, and later for those that wait: the network may be back", async () => {
    let down = true;
    serve(() => (down ? "network" : undefined));
    setTimeout(() => {
      down = false;
    }, 1000);
    expect(await enqueue(pictures(3), () => ({ retries: 0 }), 1)).toEqual(Array(3).fill("network"));
    expect(await enqueue(pictures(3), undefined, 1)).toEqual(stored(3));
  });
});

describe("aborting", () => {
  it("one of many leaves the others their tickets", async () => {
    serve();
    const stop = new AbortController();
    setTimeout(() => stop.abort("gone"), 0);
    const outcomes = await enqueue(pictures(3), (i) => (i === 0 ? { signal: stop.signal } : {}));
    expect([outcomes, sizes()]).toEqual([["gone", "stored", "stored"], [3]]);
  });

  it("all of them ends the request, and asks for nothing more", async () => {
    let ended: unknown;
    vi.stubGlobal("fetch", (_: string, { signal, body }: RequestInit) => {
      asked.push(JSON.parse(String(body)));
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => {
          ended = true;
          reject(signal.reason);
        }),
      );
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort("gone"), 100);
    expect(await enqueue(pictures(3), () => ({ signal: stop.signal }))).toEqual(Array(3).fill("gone"));
    expect([sizes(), ended]).toEqual([[3], true]);
  });
});
