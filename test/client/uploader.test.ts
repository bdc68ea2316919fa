// `createUploader` against the signer and the emulator: one set of options for every call, and calls that stand over it.

import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createUploader, UploadError, type UploaderOptions } from "../../src/client/client.ts";
import { type Stack, startStack } from "../support/stack.ts";

const TOKEN = "a-token-of-a-back-end-of-this-test";
let stack: Stack;
beforeAll(async () => {
  const tokens = { ci: createHash("sha256").update(TOKEN).digest("hex") };
  const robots = { access: ["robots"], resourceType: "raw" };
  stack = await startStack({
    access: { robots: { type: "token", tokens } },
    profiles: {
      pictures: {
        ...robots,
        set: { public_id: "users/{sub}/{uuid}" },
        accept: { context: { keys: ["alt"] } },
      },
      remove: { method: "destroy", ...robots, accept: { public_id: { prefix: "users/{sub}/" } } },
      fixed: { method: "destroy", ...robots, set: { public_id: "users/{sub}/fixed" } },
    },
  });
});
afterAll(() => stack.close());

interface Asked {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}
/** What the signer was asked. */
let asked: Asked[];
/** Most files that were sent to Cloudinary at once. */
let mostAtOnce: number;
beforeEach(() => {
  asked = [];
  mostAtOnce = 0;
  let sending = 0;
  const real = fetch;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (url.startsWith(stack.signer))
      asked.push({
        path: url.slice(stack.signer.length),
        headers: new Headers(init.headers),
        body: String(init.body ?? ""),
      });
    else mostAtOnce = Math.max(mostAtOnce, ++sending);
    return real(url, init).finally(() => {
      if (!url.startsWith(stack.signer)) sending -= 1;
    });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const newUploader = (options: Partial<UploaderOptions> = {}) =>
  createUploader({ signer: stack.signer, token: TOKEN, ...options });
const file = (text = "Hello"): File => new File([text], "a.txt", { type: "text/plain" });

it("uploads, describes, and does what other methods are for, at one signer with one token", async () => {
  const uploader = newUploader();
  const { asset } = await uploader.upload("pictures", file(), { params: { context: { alt: "A cat" } } });
  expect(asset).toMatchObject({ bytes: 5, context: { custom: { alt: "A cat" } } });
  expect(await uploader.describe("pictures")).toMatchObject({ name: "pictures", method: "upload" });
  expect(await uploader.act("remove", { public_id: asset.public_id })).toMatchObject({ result: "ok" });
  expect(await uploader.act("fixed")).toMatchObject({ result: "not found" });
  expect(asked.map(({ path }) => path)).toEqual([
    "/sign/pictures",
    "/sign/pictures",
    "/sign/remove",
    "/sign/fixed",
  ]);
  expect(new Set(asked.map(({ headers }) => headers.get("authorization")))).toEqual(
    new Set([`Bearer ${TOKEN}`]),
  );
});

it("asks once for the tickets of files that come in together, and runs no more at once than it may", async () => {
  const uploader = newUploader({ concurrency: 2 });
  const uploads = [1, 2, 3, 4, 5].map((n) => uploader.upload("pictures", file("a".repeat(n))));
  const all = await Promise.all(uploads);
  expect(all.map(({ asset }) => asset.bytes)).toEqual([1, 2, 3, 4, 5]);
  expect([asked.length, mostAtOnce]).toEqual([1, 2]);
  expect(JSON.parse(asked[0]!.body).files).toHaveLength(5);
});

it("a call's own options stand over the uploader's, header by header", async () => {
  const uploader = newUploader({
    token: "not-this-one",
    headers: { "x-app": "shop", "x-page": "a" },
    retries: 0,
  });
  await expect(uploader.upload("pictures", file())).rejects.toMatchObject({ code: "invalid_token" });
  await uploader.upload("pictures", file(), { token: TOKEN, headers: { "x-page": "b" } });
  await uploader.act("fixed", {}, { token: TOKEN, headers: { "X-Page": "c" } });
  expect(asked.map(({ headers }) => [headers.get("x-app"), headers.get("x-page")])).toEqual([
    ["shop", "a"],
    ["shop", "b"],
    ["shop", "c"],
  ]);
});

it("a call can be aborted, and others go on", async () => {
  const uploader = newUploader();
  const abort = new AbortController();
  const [gone, stays] = ["pictures", "pictures"].map((profile, i) =>
    uploader.upload(profile, file(), i === 0 ? { signal: abort.signal } : {}),
  );
  abort.abort(new Error("no longer wanted"));
  await expect(gone).rejects.toThrow("no longer wanted");
  expect((await stays!).asset.bytes).toBe(5);
});

it("its methods need no `this`", async () => {
  const { upload } = newUploader();
  expect((await upload("pictures", file())).asset.bytes).toBe(5);
});

describe("what is wrong is told", () => {
  // biome-ignore lint/suspicious/noExplicitAny: as people without types call it
  const loose = (): any => newUploader();
  it.each([
    ["no options", () => createUploader(undefined as never), TypeError, "createUploader wants options"],
    ["nobody at once", () => newUploader({ concurrency: 0 }), RangeError, "concurrency must be at least 1"],
    ["a file first", () => loose().upload(file()), TypeError, "give the name of a profile first"],
    ["no file", () => loose().upload("pictures"), TypeError, "upload wants a file: a File"],
    [
      "no profile to act",
      () => loose().act({ public_id: "a" }),
      TypeError,
      "act wants the name of a profile first",
    ],
    ["no profile to describe", () => loose().describe(), TypeError, "give the name of a profile first"],
    [
      "a profile that there is not",
      () => loose().upload("photos", file()),
      UploadError,
      "no profile has this name",
    ],
    ["a profile for files", () => loose().act("pictures"), UploadError, "Call upload(file, …)"],
    ["a profile for none", () => loose().upload("remove", file()), UploadError, "leave the file out"],
  ])("%s", async (_, call, kind, words) => {
    const error = await (async () => call())().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toContain(words);
  });
});
