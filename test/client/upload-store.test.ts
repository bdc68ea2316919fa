// The store of uploads over a signer in this process and a real emulator: what becomes of many files, what is refused before
// anything is sent, pauses in the middle of a file, connections that go away, and what is asked of the browser.

import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createUploads,
  UploadError,
  type UploadItem,
  type Uploads,
  type UploadsOptions,
  type UploadsSnapshot,
} from "../../src/client/client.ts";
import { createMeter } from "../../src/client/meter.ts";
import { failureOf } from "../../src/client/upload-failures.ts";
import { type LocalSigner, startLocalSigner } from "./local-signer.ts";

const MIB = 1024 * 1024;
const PART = 5 * MIB;
const DEFINITION = {
  access: { members: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "a" } },
  profiles: {
    default: { access: ["public"], file: {} },
    small: { access: ["public"], file: { maxBytes: 1000, formats: ["gif", "png"], maxFiles: 3 } },
    members: { access: ["members"], set: { folder: "users/{sub}" } },
  },
} as const;

/** Bytes that are equal nowhere, so that no part can stand for another one. */
const largeFile = (parts: number): File =>
  new File(
    Array.from({ length: parts }, (_, i) => new Uint8Array(i < parts - 1 ? PART : 1000).fill(i + 1)),
    "large.bin",
  );
/** The smallest GIF there is, and as long as it shall be: readers pass over what comes after its end. */
const GIF = Uint8Array.from(Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=", "base64"));
function picture(name: string, size = GIF.length): File {
  const bytes = new Uint8Array(size);
  bytes.set(GIF);
  return new File([bytes], name, { type: "image/gif" });
}
const text = (name: string, content = "hello"): File => new File([content], name, { type: "text/plain" });

let local: LocalSigner;
/** The parts that Cloudinary answered: `0-5242879`; a whole file is `all`. And how many forms were sent. */
let answered: string[];
let forms: number;
let uploadIds: Set<string | null>;
/** What each request meets, before it is sent and after it was answered; throws where the network is away. */
let meet: (url: string, hasForm: boolean) => void | Promise<void>;

beforeEach(async () => {
  local = await startLocalSigner(DEFINITION);
  [answered, forms, uploadIds, meet] = [[], 0, new Set(), () => {}];
  const network = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const hasForm = init.body instanceof FormData;
    if (hasForm) forms += 1;
    await meet(String(url), hasForm);
    init.signal?.throwIfAborted();
    const answer = await network(url, init);
    const headers = new Headers(init.headers);
    if (hasForm) {
      answered.push(/\d+-\d+/.exec(headers.get("content-range") ?? "")?.[0] ?? "all");
      uploadIds.add(headers.get("x-unique-upload-id"));
    }
    return answer;
  });
});
afterEach(async () => {
  await local.close();
  vi.unstubAllGlobals();
});

const offline = (): never => {
  throw new TypeError("fetch failed");
};
const create = (more: Partial<UploadsOptions> = {}): Uploads =>
  createUploads({ signer: local.signer, chunkSize: PART, retries: 0, ...more });

/** Resolves once a snapshot is as it is wanted. */
function until(uploads: Uploads, is: (snapshot: UploadsSnapshot) => boolean): Promise<UploadsSnapshot> {
  return new Promise((resolve) => {
    const look = (): void => {
      const snapshot = uploads.getSnapshot();
      if (!is(snapshot)) return;
      end();
      resolve(snapshot);
    };
    const end = uploads.subscribe(look);
    look();
  });
}
const idle = (uploads: Uploads) => until(uploads, ({ isActive }) => !isActive);
const told = ({ items }: UploadsSnapshot) => items.map(({ name, status }) => `${name} ${status}`);
const only = (uploads: Uploads): UploadItem => uploads.getSnapshot().items[0]!;

describe("many files", () => {
  it("what a profile takes is told before there are any: the store's, or another one's", async () => {
    const uploads = create({ profile: "small" });
    expect(await uploads.describe()).toMatchObject({
      name: "small",
      file: { maxBytes: 1000, formats: ["gif", "png"], maxFiles: 3 },
    });
    expect(await uploads.describe({ profile: "default" })).toMatchObject({ name: "default" });
    await expect(uploads.describe({ profile: "a/b" })).rejects.toThrow('No profile can be called "a/b".');
    await expect(uploads.describe({ profile: "other" })).rejects.toMatchObject({ code: "unknown_profile" });
  });

  it("are described once, signed in as few requests as can be, and sent a few at once", async () => {
    const settled: UploadItem[] = [];
    const uploads = create({ onSettled: (item) => settled.push(item) });
    let most = 0;
    uploads.subscribe(() => {
      const { counts } = uploads.getSnapshot();
      most = Math.max(most, counts.signing + counts.sending + counts.confirming);
    });
    const files = Array.from({ length: 60 }, (_, i) => text(`${i}.txt`, `number ${i}`));
    const ids = await uploads.add(files);
    expect(new Set(ids).size).toBe(60);
    expect(uploads.getSnapshot()).toMatchObject({ isActive: true, total: { files: 60, done: 0, speed: 0 } });
    const { items, counts, total } = await idle(uploads);
    expect(counts).toEqual({
      ...{ waiting: 0, signing: 0, sending: 0, paused: 0, confirming: 0, failed: 0, cancelled: 0 },
      done: 60,
    });
    expect(total).toMatchObject({ files: 60, done: 60, progress: 1, sent: total.size, speed: 0 });
    expect(most).toBe(3);
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect(items.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
    for (const { result, ticket, answer, progress } of items) {
      expect(result?.receipt).toMatch(/^ey/);
      expect(JSON.parse(answer!.text).public_id).toBe(result?.asset.public_id);
      expect([ticket?.url.startsWith(local.emulator.url), progress]).toEqual([true, 1]);
    }
    const asked = local.asked.map(({ path, body }) => `${path} ${body?.files?.length ?? ""}`);
    expect(asked.filter((one) => one.startsWith("/sign"))).toEqual(["/sign ", "/sign 50", "/sign 10"]);
    expect(settled.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(local.emulator.uploads()).toHaveLength(60);
  });

  it("make snapshots that stay the same until something changes, item by item", async () => {
    const uploads = create();
    const empty = uploads.getSnapshot();
    expect(uploads.getSnapshot()).toBe(empty);
    expect(Object.isFrozen(empty) && Object.isFrozen(empty.items)).toBe(true);
    await uploads.add([text("a.txt"), text("")]);
    const { items: before } = await idle(uploads);
    expect(empty.items).toEqual([]);
    const told: UploadsSnapshot[] = [];
    const end = uploads.subscribe(() => told.push(uploads.getSnapshot()));
    await uploads.add([text("b.txt")]);
    const after = await idle(uploads);
    expect([after.items[0], after.items[1]]).toEqual([before[0], before[1]]);
    expect(after.items[0]).toBe(before[0]);
    expect(told.length).toBeGreaterThan(1);
    expect(new Set(told).size).toBe(told.length);
    end();
    uploads.removeSettled();
    await Promise.resolve();
    expect(told.at(-1)).toBe(after);
    expect(uploads.getSnapshot().items).toEqual([]);
  });

  it("are told to every listener, though one throws: that is reported as the page's mistake", async () => {
    const mistakes: unknown[] = [];
    let heard = 0;
    const real = queueMicrotask;
    vi.stubGlobal("queueMicrotask", (task: () => void) =>
      real(() => {
        try {
          task();
        } catch (error) {
          mistakes.push(error);
        }
      }),
    );
    const uploads = create();
    uploads.subscribe(() => {
      throw new Error("a listener's own");
    });
    uploads.subscribe(() => {
      heard += 1;
    });
    await uploads.add([text("a.txt")]);
    expect(told(await idle(uploads))).toEqual(["a.txt done"]);
    expect(heard).toBeGreaterThan(2);
    expect(mistakes.length).toBeGreaterThanOrEqual(heard);
    expect(mistakes[0]).toEqual(new Error("a listener's own"));
  });

  it("begin a new round once all is over", async () => {
    const uploads = create();
    await uploads.add([text("a.txt"), text("b.txt")]);
    expect((await idle(uploads)).total).toMatchObject({ files: 2, done: 2 });
    await uploads.add([text("c.txt", "1234567")]);
    expect(uploads.getSnapshot().total).toMatchObject({ files: 1, done: 0, size: 7, progress: 0 });
    expect((await idle(uploads)).total).toMatchObject({ files: 1, done: 1, progress: 1 });
  });
});

describe("what the profile does not take", () => {
  it("fails before anything is sent, each with its sentence", async () => {
    const uploads = create({ profile: "small" });
    await uploads.add([
      picture("fine.gif"),
      picture("large.gif", 1001),
      text("a.txt"),
      text("empty.txt", ""),
      picture("also-fine.gif"),
      picture("third.gif"),
      picture("too-many.gif"),
    ]);
    const { items } = await idle(uploads);
    expect(items.map(({ name, status, reason, canRetry }) => [name, status, reason, canRetry])).toEqual([
      ["fine.gif", "done", undefined, false],
      ["large.gif", "failed", "Send at most 1 kB (1000 bytes).", false],
      ["a.txt", "failed", "Send one of these formats: gif, png.", false],
      ["empty.txt", "failed", "This file is empty: choose one that holds something.", false],
      ["also-fine.gif", "done", undefined, false],
      ["third.gif", "done", undefined, false],
      ["too-many.gif", "failed", "Send at most 3 files at once.", true],
    ]);
    expect(items[1]!.error).toMatchObject({ name: "UploadError", code: "file_refused", status: 0 });
    expect(local.asked.map(({ path, body }) => [path, body?.files?.length])).toEqual([
      ["/sign/small", undefined],
      ["/sign/small", 3],
      ...Array(3).fill(["/confirm/small", undefined]),
    ]);
    expect(forms).toBe(3);

    // By now the limits are known.
    await uploads.add([picture("large.gif", 1001)]);
    expect(uploads.getSnapshot().items.at(-1)?.status).toBe("failed");
    uploads.retryAll();
    expect(told(await idle(uploads)).slice(-2)).toEqual(["too-many.gif done", "large.gif failed"]);
  });

  it("counts what is still there: what was removed meanwhile takes nobody's place, and settles no more", async () => {
    const settled: string[] = [];
    const uploads = create({
      profile: "small",
      onSettled: ({ name, status }) => settled.push(`${name} ${status}`),
    });
    const [first, second] = await uploads.add([
      ...["0.gif", "1.gif", "2.gif", "3.gif"].map((name) => picture(name)),
      picture("large.gif", 2000),
    ]);
    const last = uploads.getSnapshot().items.at(-1)!;
    for (const id of [first!, second!, last.id]) uploads.remove(id);
    expect(told(await idle(uploads))).toEqual(["2.gif done", "3.gif done"]);
    await uploads.add([picture("4.gif")]);
    await idle(uploads);
    expect(settled.sort()).toEqual(["2.gif done", "3.gif done", "4.gif done"]);
  });

  it("is asked again with the next file, where the signer could not say it", async () => {
    const network = globalThis.fetch;
    let busy = 1;
    vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) =>
      init.method === undefined && busy-- > 0
        ? Promise.resolve(new Response("busy", { status: 503 }))
        : network(url, init),
    );
    const uploads = create({ profile: "small" });
    await uploads.add([picture("a.gif")]);
    expect(told(await idle(uploads))).toEqual(["a.gif done"]);
    const before = local.asked.length;
    await uploads.add(["b.gif", "c.gif", "d.gif", "e.gif"].map((name) => picture(name)));
    expect(told(await idle(uploads)).slice(1)).toEqual([
      "b.gif done",
      "c.gif done",
      "d.gif done",
      "e.gif failed",
    ]);
    expect(uploads.getSnapshot().items.at(-1)!.reason).toBe("Send at most 3 files at once.");
    expect(local.asked.slice(before).filter(({ path }) => path === "/sign/small")).toHaveLength(2);
  });

  it("is told by the signer where an app's own route describes nothing", async () => {
    const uploads = create({ profile: "small" });
    local.answer("/sign/small", Response.json({}, { status: 404 }));
    await uploads.add([picture("large.gif", 1001), picture("fine.gif")]);
    const { items } = await idle(uploads);
    expect(items.map(({ status, reason }) => [status, reason])).toEqual([
      ["failed", "Send at most 1 kB (1000 bytes)."],
      ["done", undefined],
    ]);
  });
});

describe("a file in parts", () => {
  /** Calls `act` when the first part has been answered. */
  async function afterFirstPart(uploads: Uploads, act: (id: string) => void): Promise<void> {
    await uploads.add([largeFile(4)]);
    await until(uploads, ({ items }) => items[0]!.answer !== undefined);
    act(only(uploads).id);
  }
  const PARTS = ["0-5242879", "5242880-10485759", "10485760-15728639", "15728640-15729639"];

  it("goes on after a pause from the part that was not finished, under the same ticket and ID", async () => {
    const uploads = create();
    await afterFirstPart(uploads, uploads.pause);
    expect(only(uploads)).toMatchObject({ status: "paused", canRetry: false });
    await sleep(50);
    const sentBefore = forms;
    expect([only(uploads).status, uploads.getSnapshot().isActive]).toEqual(["paused", false]);
    await sleep(50);
    expect(forms).toBe(sentBefore);
    uploads.resume(only(uploads).id);
    expect((await idle(uploads)).items[0]).toMatchObject({ status: "done", sent: 3 * PART + 1000 });
    expect(new Set(answered)).toEqual(new Set(PARTS));
    // The part that was on its way is sent again, and no other.
    expect(answered.filter((range) => range === PARTS[0])).toHaveLength(1);
    expect(answered.length).toBeLessThanOrEqual(5);
    expect([uploadIds.size, local.asked.filter(({ body }) => body?.files).length]).toEqual([1, 1]);
    const [{ bytes } = { bytes: 0 }, ...others] = local.emulator.uploads();
    expect([bytes, others]).toEqual([3 * PART + 1000, []]);
  });

  it("goes on after a failure by `retry` too, and after one of the confirmation sends nothing again", async () => {
    const uploads = create();
    let failures = 1;
    // Nobody else is away: the signer answers.
    meet = (_, hasForm) => {
      if (hasForm && forms === 3 && failures-- > 0) offline();
    };
    local.answer(
      "/confirm/default",
      Response.json({ code: "application_unavailable", detail: "later", status: 503 }, { status: 503 }),
    );
    await uploads.add([largeFile(4)]);
    // Two parts arrived before: it goes on by itself.
    expect((await idle(uploads)).items[0]).toMatchObject({
      status: "failed",
      canRetry: true,
      reason: "later",
    });
    expect(answered).toEqual(PARTS);
    uploads.retryAll();
    expect((await idle(uploads)).items[0]).toMatchObject({ status: "done" });
    expect([answered, uploadIds.size]).toEqual([PARTS, 1]);
  });

  it("begins anew after it was cancelled", async () => {
    const uploads = create();
    await afterFirstPart(uploads, uploads.cancel);
    expect(only(uploads)).toMatchObject({ status: "cancelled", canRetry: true });
    uploads.retry(only(uploads).id);
    expect(only(uploads)).toMatchObject({ status: "signing", sent: 0, progress: 0 });
    await idle(uploads);
    expect(answered.filter((range) => range === PARTS[0])).toHaveLength(2);
    expect(uploadIds.size).toBe(2);
  });
});

describe("all at once", () => {
  it("is paused, goes on, is cancelled, and removed", async () => {
    const uploads = create({ concurrency: 1 });
    await uploads.add(["a", "b", "c"].map((name) => text(name)));
    uploads.pauseAll();
    expect(told(uploads.getSnapshot())).toEqual(["a paused", "b paused", "c paused"]);
    expect(uploads.getSnapshot()).toMatchObject({ isActive: false, total: { files: 3 } });
    const [a, b, c] = uploads.getSnapshot().items.map(({ id }) => id) as [string, string, string];
    uploads.resume(c);
    expect(told(await idle(uploads))).toEqual(["a paused", "b paused", "c done"]);
    uploads.remove(a);
    uploads.cancelAll();
    expect(told(uploads.getSnapshot())).toEqual(["b cancelled", "c done"]);
    uploads.pause(b);
    uploads.resumeAll();
    uploads.cancel(c);
    uploads.retry(c);
    uploads.pause("none");
    expect(told(uploads.getSnapshot())).toEqual(["b cancelled", "c done"]);
    uploads.retryAll();
    expect(told(await idle(uploads))).toEqual(["b done", "c done"]);
    uploads.removeSettled();
    expect(uploads.getSnapshot()).toMatchObject({ items: [], total: { files: 0, progress: 0 } });
    expect(local.emulator.uploads()).toHaveLength(2);
  });
});

it("a file that is paused while only its answer is missing keeps nobody waiting", async () => {
  const sending: string[] = [];
  /** Takes all of a file at once, and never answers. */
  class Silent {
    readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
    open(): void {}
    setRequestHeader(): void {}
    abort(): void {}
    send(form: FormData): void {
      const file = form.get("file") as File;
      sending.push(file.name);
      setTimeout(() => this.upload.onprogress?.({ loaded: file.size + 500 }));
    }
  }
  vi.stubGlobal("XMLHttpRequest", Silent);
  const uploads = create({ concurrency: 1 });
  const [first] = await uploads.add([text("a.txt"), text("b.txt")]);
  const sent = (name: string) => () =>
    uploads.getSnapshot().items.some((one) => one.name === name && one.sent === 5);
  await vi.waitUntil(sent("a.txt"), 10_000);
  uploads.pause(first!);
  await vi.waitUntil(sent("b.txt"), 10_000);
  expect(told(uploads.getSnapshot())).toEqual(["a.txt paused", "b.txt sending"]);
  expect(sending).toEqual(["a.txt", "b.txt"]);
  uploads.cancelAll();
});

describe("a connection", () => {
  it("that goes away while a file is sent is waited for, and the file goes on from there", async () => {
    const uploads = create();
    meet = (_, hasForm) => {
      if (!hasForm || answered.filter((range) => range !== "all").length < 2) return;
      meet = offline;
      offline();
    };
    await uploads.add([largeFile(4), text("small.txt")]);
    const lost = await until(uploads, ({ isOffline }) => isOffline);
    expect(lost.items.every(({ status }) => status === "waiting" || status === "done")).toBe(true);
    expect(lost.items[0]).toMatchObject({ status: "waiting", sent: 2 * PART, canRetry: false });
    expect(lost.items[0]).not.toHaveProperty("error");
    meet = () => {};
    const { isOffline, counts } = await idle(uploads);
    expect([isOffline, counts.done]).toEqual([false, 2]);
    expect(answered.filter((range) => range !== "all")).toEqual([
      ...["0-5242879", "5242880-10485759", "10485760-15728639", "15728640-15729639"],
    ]);
  });

  it("that goes away after the page asked what the profile takes is known to have been there", async () => {
    const uploads = create();
    await uploads.describe();
    meet = offline;
    await uploads.add([text("a.txt")]);
    expect(told(await until(uploads, ({ isOffline, isActive }) => isOffline || !isActive))).toEqual([
      "a.txt waiting",
    ]);
    meet = () => {};
    expect(told(await idle(uploads))).toEqual(["a.txt done"]);
  });

  it("that was never there is told as an address or an origin that may be wrong", async () => {
    meet = offline;
    const uploads = create({ signer: "https://nobody.test" });
    await uploads.add([text("a.txt")]);
    const { items, isOffline } = await idle(uploads);
    expect([items[0]!.status, items[0]!.canRetry, isOffline]).toEqual(["failed", true, false]);
    expect(items[0]!.reason).toMatch(/can't be reached.*allowedOrigins/);
  });

  it("is known by the browser: what it says is believed where the signer does not answer", async () => {
    const listeners = new EventTarget();
    vi.stubGlobal("navigator", { onLine: false });
    vi.stubGlobal("addEventListener", listeners.addEventListener.bind(listeners));
    vi.stubGlobal("removeEventListener", listeners.removeEventListener.bind(listeners));
    const heard = () => ["online", "offline"].map((name) => getEventListeners(listeners, name).length);
    meet = offline;
    const uploads = create();
    expect(heard()).toEqual([0, 0]);
    await uploads.add([text("a.txt")]);
    await until(uploads, ({ isOffline }) => isOffline);
    expect(told(uploads.getSnapshot())).toEqual(["a.txt waiting"]);
    expect(heard()).toEqual([1, 1]);
    meet = () => {};
    vi.stubGlobal("navigator", { onLine: true });
    listeners.dispatchEvent(new Event("online"));
    expect(told(await idle(uploads))).toEqual(["a.txt done"]);
    expect(heard()).toEqual([0, 0]);

    // A machine without a network that is its own signer and Cloudinary.
    vi.stubGlobal("navigator", { onLine: false });
    await uploads.add([text("b.txt")]);
    listeners.dispatchEvent(new Event("offline"));
    expect(told(await idle(uploads))).toEqual(["a.txt done", "b.txt done"]);
  });

  it("that does not reach Cloudinary alone is a failure", async () => {
    meet = (_, hasForm) => {
      if (hasForm) offline();
    };
    const uploads = create();
    await uploads.add([text("a.txt")]);
    const { items, isOffline } = await idle(uploads);
    expect([items[0]!.status, items[0]!.canRetry, isOffline]).toEqual(["failed", true, false]);
    expect(items[0]!.reason).toMatch(/^The connection to 127\.0\.0\.1:\d+ failed\.$/);
  });

  it("is not to blame for a file that is gone", async () => {
    meet = (_, hasForm) => {
      if (hasForm) offline();
    };
    const file = text("gone.txt");
    const gone = Object.assign(file, { slice: () => ({ arrayBuffer: () => Promise.reject(new Error()) }) });
    const uploads = create();
    await uploads.add([gone as unknown as File]);
    expect((await idle(uploads)).items[0]).toMatchObject({
      ...{ status: "failed", canRetry: false },
      reason: "This file can't be read any more: choose it again.",
    });
  });
});

describe("the page that is left", () => {
  it("is asked about while anything is not over, and no longer", async () => {
    const page = new EventTarget();
    vi.stubGlobal("document", {});
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    const asks = (): boolean => {
      const event = new Event("beforeunload", { cancelable: true });
      page.dispatchEvent(event);
      return event.defaultPrevented;
    };
    const [uploads, other] = [create(), create()];
    expect(asks()).toBe(false);
    await uploads.add([text("a.txt")]);
    await other.add([text("b.txt")]);
    other.pauseAll();
    await idle(uploads);
    expect(asks()).toBe(true);
    other.cancelAll();
    await idle(other);
    expect(asks()).toBe(false);
    expect(getEventListeners(page, "beforeunload")).toEqual([]);
  });
});

describe("trying again", () => {
  const error = (code: UploadError["code"], status: number, retryable = false) =>
    new UploadError("why", { code, status, retryable });
  const fetched = () => "token";

  it.each<[string, unknown, UploadsOptions["token"], boolean]>([
    ["helps where nobody answered", error("network", 0, true), undefined, true],
    ["helps where there were too many requests", error("rate_limited", 429, true), undefined, true],
    ["helps who signs in again, by a function", error("expired_token", 401), fetched, true],
    ["helps who signs in again, by a cookie", error("unauthenticated", 401), undefined, true],
    ["does not help the same token", error("expired_token", 401), "token", false],
    ["helps where what arrived was lost", error("not_stored", 409), undefined, true],
    ["helps where a token could not be fetched", new TypeError("fetch failed"), fetched, true],
    ["does not help where the file is refused", error("file_refused", 422), fetched, false],
    ["does not help where Cloudinary refuses it", error("upload_refused", 400), fetched, false],
    ["does not help where the params are refused", error("params_refused", 422), fetched, false],
    ["does not help an unknown profile", error("unknown_profile", 404), fetched, false],
    ["does not help a wrong origin", error("origin_not_allowed", 403), fetched, false],
  ])("%s", (_, thrown, token, canRetry) => {
    expect(failureOf(thrown, { signer: "https://a.example", ...(token && { token }) }).canRetry).toBe(
      canRetry,
    );
  });

  it("asks a `token` function anew, whose failure is told", async () => {
    let token: () => Promise<string> = () => Promise.reject(new Error("Please sign in."));
    const uploads = create({ profile: "members", token: () => token() });
    local.answer(
      "/sign/members",
      ...[200, 200].map(() =>
        Response.json({ code: "expired_token", detail: "old", status: 401 }, { status: 401 }),
      ),
    );
    await uploads.add([text("a.txt")]);
    expect((await idle(uploads)).items[0]).toMatchObject({ reason: "Please sign in.", canRetry: true });
    token = async () => "expired";
    uploads.retryAll();
    const { items } = await idle(uploads);
    expect(items[0]).toMatchObject({ status: "failed", canRetry: true });
    expect(items[0]!.error).toMatchObject({ status: 401 });
  });
});

describe("what is given", () => {
  const entry = (fullPath: string, more: object) => ({
    name: fullPath.replace(/.*\//, ""),
    fullPath,
    ...more,
  });
  const fileEntry = (path: string, isThere = true) =>
    entry(path, {
      ...{ isFile: true, isDirectory: false },
      file: (found: (file: File) => void, lost: (error: Error) => void) =>
        isThere ? found(text(path.replace(/.*\//, ""))) : lost(new Error("NotReadableError")),
    });
  /** Browsers hand out a hundred entries at a time. */
  const folder = (path: string, entries: readonly object[]) =>
    entry(path, {
      ...{ isFile: false, isDirectory: true },
      createReader: () => {
        const left = [...entries];
        return { readEntries: (found: (some: object[]) => void) => found(left.splice(0, 100)) };
      },
    });
  const dropped = (...items: readonly object[]) => ({ types: ["Files"], items }) as unknown as DataTransfer;
  const itemOf = (given: object) => ({ kind: "file", webkitGetAsEntry: () => given, getAsFile: () => null });

  it("may be folders, whose paths are kept", async () => {
    const uploads = create();
    const many = Array.from({ length: 120 }, (_, i) => fileEntry(`/trip/many/${i}.txt`));
    const inner = [fileEntry("/trip/a.txt"), fileEntry("/trip/.DS_Store"), fileEntry("/trip/b.txt", false)];
    const trip = folder("/trip", [...inner, folder("/trip/many", many)]);
    const alone = { kind: "file", webkitGetAsEntry: () => null, getAsFile: () => text("alone.txt") };
    const ids = await uploads.add(dropped(itemOf(trip), { kind: "string" }, alone));
    uploads.pauseAll();
    const { items } = uploads.getSnapshot();
    expect(items.map(({ path }) => path)).toEqual([
      ...["trip/a.txt", "trip/b.txt"],
      ...Array.from({ length: 120 }, (_, i) => `trip/many/${i}.txt`),
      "alone.txt",
    ]);
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect(items[0]!.name).toBe("a.txt");
    expect(items[1]).toMatchObject({ status: "failed", reason: expect.stringContaining("can't be read") });
    uploads.cancelAll();
  });

  it("may be a chosen folder, a Blob, or no file at all", async () => {
    const uploads = create();
    const chosen = Object.defineProperty(text("a.txt"), "webkitRelativePath", { value: "trip/a.txt" });
    await uploads.add({ length: 2, 0: chosen, 1: new Blob(["pasted"]) });
    uploads.pauseAll();
    expect(uploads.getSnapshot().items.map(({ path, name }) => [path, name])).toEqual([
      ["trip/a.txt", "a.txt"],
      ["blob", "blob"],
    ]);
    expect(await uploads.add(dropped({ kind: "string" }))).toEqual([]);
    expect(await uploads.add([])).toEqual([]);
    uploads.cancelAll();
  });

  it.each<[string, object, string | RegExp]>([
    ["no options", undefined as never, /^createUploads wants options/],
    ["no signer", {}, /^signer must be/],
    ["no room", { signer: "https://a.example", concurrency: 0 }, /^concurrency must be at least 1/],
    ["small parts", { signer: "https://a.example", chunkSize: 1 }, /^chunkSize must be at least/],
  ])("is refused at once: %s", (_, options, message) => {
    expect(() => createUploads(options as UploadsOptions)).toThrow(message);
  });

  it.each<[string, unknown]>([
    ["a file alone", text("a.txt")],
    ["an input without files", null],
    ["nothing", undefined],
    ["a name", "a.txt"],
    ["names", ["a.txt"]],
    ["what is no file", [{}]],
    ["holes", [undefined]],
  ])("is refused, with nothing added, where it holds no files: %s", async (_, given) => {
    const uploads = create();
    await expect(uploads.add(given as File[])).rejects.toThrow(/^add wants files: input\.files/);
    expect(uploads.getSnapshot().items).toEqual([]);
  });

  it("is refused where no profile can be called so", async () => {
    const uploads = create();
    await expect(uploads.add([text("a.txt")], { profile: "../x" })).rejects.toMatchObject({
      code: "unknown_profile",
    });
    expect(uploads.getSnapshot().items).toEqual([]);
  });
});

describe("the speed", () => {
  /** Bytes that were sent after so many seconds. */
  it.each<[string, [seconds: number, sent: number][], low: number, high: number]>([
    ["is unknown at first", [[0, 0]], 0, 0],
    [
      "is what it is from the first measurement on",
      [
        [0, 0],
        [0.2, 200],
      ],
      999,
      1001,
    ],
    [
      "counts nothing from before the first",
      [
        [0, 5000],
        [1, 6000],
      ],
      999,
      1001,
    ],
    [
      "is steady",
      [
        [0, 0],
        [1, 1000],
        [2, 2000],
        [3, 3000],
      ],
      999,
      1001,
    ],
    [
      "follows in some seconds",
      [
        [0, 0],
        [1, 1000],
        [20, 1000],
      ],
      0,
      10,
    ],
    [
      "does not jump",
      [
        [0, 0],
        [10, 10_000],
        [10.2, 20_000],
      ],
      1000,
      4000,
    ],
    [
      "is never negative",
      [
        [0, 5000],
        [1, 1000],
      ],
      0,
      0,
    ],
  ])("%s", (_, samples, low, high) => {
    const meter = createMeter();
    for (const [seconds, sent] of samples) meter.measure(sent, 1_800_000_000_000 + seconds * 1000);
    expect(meter.speed).toBeGreaterThanOrEqual(low);
    expect(meter.speed).toBeLessThanOrEqual(high);
    meter.reset();
    expect(meter.speed).toBe(0);
  });
});
