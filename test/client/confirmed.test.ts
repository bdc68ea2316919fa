// What comes after the upload, over a signer in this process and a real emulator: receipts, files that are refused, what is
// asked again, and what is told of a profile before.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  describeProfile,
  type Uploaded,
  type UploadOptions,
  type UploadProgress,
  upload,
  uploadQueue,
} from "../../src/client/client.ts";
import { RejectUpload } from "../../src/reject-upload.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { CLOUD_NAME } from "../support/account.ts";
import { type LocalSigner, startLocalSigner } from "./local-signer.ts";

const SAMPLE = new Uint8Array(readFileSync(join(PROJECT, "src/testing/sample.jpg")));
/** The smallest GIF there is. */
const GIF = Uint8Array.from(Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=", "base64"));
/** A picture of more than 100 kB: every reader of JPEG passes over what comes after its end. */
const LARGE = new Uint8Array(100_001);
LARGE.set(SAMPLE);
const picture = (name = "a.jpg", type = "image/jpeg", bytes = SAMPLE): File =>
  new File([bytes], name, { type });

const DEFINITION = {
  access: {
    members: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "a" },
    people: { type: "turnstile", secret: "TURNSTILE_SECRET", hostnames: ["a.example"], action: "up" },
  },
  profiles: {
    default: { access: ["public"], file: {} },
    plain: { access: ["public"] },
    long: { access: ["public"], ttl: 86_400 },
    pictures: {
      access: ["public"],
      resourceType: "image",
      file: { maxBytes: "100 kB", formats: ["jpg", "png"], maxFiles: 10 },
    },
    waiting: { access: ["public"], resourceType: "image", file: { quarantine: true } },
    private: { access: ["public"], set: { type: "private" }, file: {} },
    mine: { access: ["members"], set: { public_id: "users/{sub}/{uuid}" }, file: {} },
    people: { access: ["people"], file: {} },
    remove: {
      method: "destroy",
      access: ["members"],
      resourceType: "image",
      set: { public_id: "users/{sub}/cat" },
    },
  },
} as const;

let local: LocalSigner;
let onUploaded: (() => unknown) | undefined;
beforeAll(async () => {
  local = await startLocalSigner(DEFINITION, { onUploaded: () => onUploaded?.() });
});
afterAll(() => local.close());
beforeEach(() => {
  onUploaded = undefined;
});
afterEach(() => {
  local.asked.length = 0;
});

const run = (
  profile: string,
  file: Blob = picture(),
  options: Partial<UploadOptions> = {},
): Promise<Uploaded> => upload(file, { signer: local.signer, profile, ...options });
const failing = (profile: string, file?: Blob, options?: Partial<UploadOptions>): Promise<unknown> =>
  run(profile, file, options).then(
    () => "uploaded",
    (error: unknown) => error,
  );
const held = (): string[] => local.emulator.uploads().map(({ public_id }) => public_id);
const paths = (): string[] => local.asked.map(({ path }) => path);

describe("a receipt", () => {
  it("verifies by the served keys, and says what arrived", async () => {
    onUploaded = () => ({ row: 7 });
    const { asset, receipt, data } = await run("pictures");
    expect(asset).toMatchObject({ format: "jpg", bytes: SAMPLE.length, type: "upload" });
    expect(asset.created_at).toMatch(/^\d{4}-/);
    expect(data).toEqual({ row: 7 });
    const keys = (await (await fetch(`${local.signer}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(receipt!, createLocalJWKSet(keys), {
      issuer: local.signer,
      audience: CLOUD_NAME,
    });
    const { public_id, version, bytes, secure_url } = asset;
    expect(payload).toMatchObject({ profile: "pictures", asset: { public_id, version, bytes, secure_url } });
  });

  it("is there without onUploaded, and for the profile that has no name in the request", async () => {
    const { receipt, data } = await upload(picture(), { signer: `${local.signer}/sign/` });
    expect([typeof receipt, data]).toEqual(["string", null]);
    expect(paths()).toEqual(["/sign", "/confirm/default"]);
  });

  it("is asked for with five members of Cloudinary's answer, by the same access, and after it was sent", async () => {
    const phases: UploadProgress[] = [];
    const key = new TextEncoder().encode("a".repeat(40));
    const token = await new SignJWT({ iss: "i", aud: "a", sub: "42" })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(key);
    const { asset } = await run("mine", picture(), {
      ...{ token: async () => token, headers: { "x-trace": "1" }, onProgress: (now) => phases.push(now) },
    });
    const [signed, confirmed] = local.asked;
    const { public_id, version, signature, resource_type, type } = asset;
    expect(confirmed?.body).toEqual({
      upload_id: expect.any(String),
      response: { public_id, version, signature, resource_type, type },
    });
    for (const name of ["authorization", "x-trace"])
      expect(confirmed?.headers.get(name)).toBe(signed?.headers.get(name));
    const [loaded, total] = [SAMPLE.length, SAMPLE.length];
    expect(phases).toEqual([
      { phase: "signing", loaded: 0, total },
      { phase: "sending", loaded, total },
      { phase: "sending", loaded, total },
      { phase: "confirming", loaded, total },
    ]);
  });

  it("of one who solved a challenge is asked for by the upload ID alone: the token is used up", async () => {
    const { receipt } = await run("people", picture(), { headers: { "CF-Turnstile-Response": "t" } });
    expect(receipt).toEqual(expect.any(String));
    expect(local.asked.map(({ headers }) => headers.get("cf-turnstile-response"))).toEqual(["t", null]);
  });

  it("comes with each file of a queue", async () => {
    const add = uploadQueue();
    const all = await Promise.all([1, 2, 3].map(() => add(picture(), { signer: local.signer })));
    expect(new Set(all.map(({ receipt }) => receipt)).size).toBe(3);
    expect(paths().filter((path) => path === "/sign")).toHaveLength(1);
  });
});

describe("an asset that was confirmed", () => {
  it("of a quarantine is published, and told as it is now", async () => {
    const { asset } = await run("waiting");
    expect(asset.type).toBe("upload");
    expect(asset.url).toBe(asset.secure_url.replace(/^https:/, "http:"));
    const delivered = await fetch(asset.secure_url);
    expect(Buffer.from(await delivered.arrayBuffer()).equals(Buffer.from(SAMPLE))).toBe(true);
  });

  it("of another type keeps it", async () => {
    expect((await run("private")).asset.type).toBe("private");
  });
});

describe("nothing is confirmed", () => {
  it("of a profile without `file`", async () => {
    const { asset, ...more } = await run("plain");
    expect([asset.bytes, more]).toEqual([SAMPLE.length, {}]);
    expect(paths()).toEqual(["/sign/plain"]);
  });

  it("of tickets that only live longer than an hour: the first asks, and no other", async () => {
    for (const expected of [["/sign/long", "/confirm/long", "/sign/long"], ["/sign/long"]]) {
      const { asset, ...more } = await run("long");
      expect([asset.bytes, more]).toEqual([SAMPLE.length, {}]);
      expect(paths()).toEqual(expected);
      local.asked.length = 0;
    }
  });

  it("of what the signer does not know as its own, which is told", async () => {
    const before = held().length;
    const error = await failing("default", picture(), {
      onTicket: (ticket) => Object.assign(ticket, { upload_id: "x" }),
    });
    expect(error).toMatchObject({ code: "upload_id_refused", status: 422, retryable: false });
    expect(held()).toHaveLength(before + 1);
  });
});

describe("a file that breaks the limits", () => {
  it.each<[string, File, string, string]>([
    ["too large", picture("a.jpg", "image/jpeg", LARGE), "too_large", "100 kB"],
    ["of another format, by its type", picture("a.jpg", "image/gif"), "format", "jpg, png"],
    ["of another format, by its ending", picture("a.tiff", ""), "format", "jpg, png"],
    ["of another kind", picture("a.mp4", "video/mp4"), "resource_type", "image"],
  ])("%s is refused before a byte is sent", async (_, file, code, words) => {
    const before = held();
    const error = (await failing("pictures", file)) as { message: string };
    expect(error).toMatchObject({ code: "file_refused", problem: { errors: [{ param: "files[0]", code }] } });
    expect(error.message).toContain(words);
    expect(held()).toEqual(before);
    expect(paths()).toEqual(["/sign/pictures"]);
  });

  it("whose bytes are another format than its name is refused by Cloudinary, and gone", async () => {
    const before = held();
    const error = await failing("pictures", picture("a.png", "image/png", GIF));
    expect(error).toMatchObject({ code: "upload_refused", status: 400, retryable: false });
    expect(held()).toEqual(before);
  });

  it("that grew after it was declared is refused when it has arrived, and gone", async () => {
    const before = held();
    const there = globalThis.fetch;
    vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
      const body =
        typeof init.body === "string" ? init.body.replace(/"size":\d+/, '"size":50000') : init.body;
      return there(url, { ...init, ...(body && { body }) });
    });
    const error = await failing("pictures", picture("a.jpg", "image/jpeg", LARGE));
    vi.stubGlobal("fetch", there);
    expect(error).toMatchObject({
      ...{ code: "file_refused", status: 422, retryable: false },
      problem: { errors: [{ param: "file", code: "too_large" }] },
    });
    expect(paths()).toEqual(["/sign/pictures", "/confirm/pictures"]);
    expect(held()).toEqual(before);
  });

  it("is turned away by the application, with its reason, and gone", async () => {
    const before = held();
    onUploaded = () => {
      throw new RejectUpload("your album is full");
    };
    expect(await failing("pictures")).toMatchObject({
      code: "file_refused",
      message: "your album is full",
      problem: { errors: [{ param: "file", code: "rejected", detail: "your album is full" }] },
    });
    expect(held()).toEqual(before);
  });
});

describe("a confirmation that fails for a reason that may pass is asked for again, and the file is not sent again", () => {
  const strange = (status: number): Response => new Response("<html>", { status });
  it.each<[string, () => void]>([
    ["Cloudinary breaks", () => local.emulator.fail({ method: "explicit", as: 500, times: 2 })],
    [
      "the application breaks",
      () => {
        let calls = 0;
        onUploaded = () => {
          if (calls++ === 0) throw new Error("the database is away");
          return calls;
        };
      },
    ],
    ["the network", () => local.answer("/confirm/default", "network")],
    [
      "a limiter",
      () =>
        local.answer(
          "/confirm/default",
          Response.json({ code: "rate_limited", detail: "later" }, { status: 429 }),
        ),
    ],
    ["a proxy", () => local.answer("/confirm/default", strange(502))],
  ])("%s", async (_, fail) => {
    const before = held().length;
    fail();
    const { receipt } = await run("default");
    expect(receipt).toEqual(expect.any(String));
    expect(held()).toHaveLength(before + 1);
    expect(paths().filter((path) => path === "/confirm/default").length).toBeGreaterThan(1);
  });

  it("as often as `retries` says; then it is told, and the file stays", async () => {
    const before = held().length;
    onUploaded = () => {
      throw new Error("the database is away");
    };
    expect(await failing("default", picture(), { retries: 1 })).toMatchObject({
      code: "application_unavailable",
      status: 503,
      retryable: true,
    });
    expect([held().length, paths().length]).toEqual([before + 1, 3]);
  });

  it.each<[string, Response, object]>([
    [
      "no receipt",
      Response.json({ asset: { secure_url: "https://a.example/" } }),
      { code: "unexpected_answer" },
    ],
    ["no asset", Response.json({ receipt: "a.b.c" }), { code: "unexpected_answer" }],
    ["null", Response.json(null), { code: "unexpected_answer" }],
    [
      "a script for an address",
      Response.json({ receipt: "a.b.c", asset: { secure_url: "javascript:1" } }),
      { code: "unexpected_answer" },
    ],
    [
      "that it is not stored",
      Response.json({ code: "not_stored", detail: "again" }, { status: 409 }),
      { code: "not_stored" },
    ],
  ])("but not where it is answered %s", async (_, reply, expected) => {
    local.answer("/confirm/default", reply);
    expect(await failing("default")).toMatchObject({ retryable: false, ...expected });
  });

  it("and aborting ends it", async () => {
    const stop = new AbortController();
    onUploaded = () => {
      stop.abort("gone");
      throw new Error("away");
    };
    expect(await failing("default", picture(), { signal: stop.signal })).toBe("gone");
  });
});

describe("what a profile takes", () => {
  it("is asked for once, and then kept by upload and queue before anything is asked", async () => {
    const other = await startLocalSigner(DEFINITION);
    const options = { signer: other.signer, profile: "pictures" };
    const [first, second] = await Promise.all([describeProfile(options), describeProfile(options)]);
    expect(first).toMatchObject({
      ...{ name: "pictures", method: "upload", resourceType: "image", access: ["public"] },
      file: { maxBytes: 100_000, formats: ["jpg", "png"], maxFiles: 10 },
    });
    expect([second, await describeProfile(options)]).toEqual([first, first]);
    const large = picture("a.jpg", "image/jpeg", LARGE);
    for (const start of [upload, uploadQueue()])
      await expect(start(large, options)).rejects.toMatchObject({
        code: "file_refused",
        message: "send at most 100 kB (100000 bytes)",
        retryable: false,
      });
    expect(other.asked.map(({ path }) => path)).toEqual(["/sign/pictures"]);
    expect((await upload(picture(), options)).receipt).toEqual(expect.any(String));
    await other.close();
  });

  it("is asked for again where that failed", async () => {
    const options = { signer: local.signer, profile: "mine", retries: 0 };
    local.answer("/sign/mine", "network");
    await expect(describeProfile(options)).rejects.toMatchObject({ code: "network" });
    expect(await describeProfile(options)).toMatchObject({ name: "mine", access: ["jwt"] });
  });

  it.each([undefined, null, {}, { signer: "" }])("wants an address, and %j has none", async (options) => {
    await expect(describeProfile(options as never)).rejects.toBeInstanceOf(TypeError);
  });

  it("is told where there is no such profile, or somebody else answers", async () => {
    const told = (profile: string) => describeProfile({ signer: local.signer, profile, retries: 0 });
    await expect(told("nobody")).rejects.toMatchObject({ code: "unknown_profile", status: 404 });
    local.answer("/sign/people", Response.json({ hello: 1 }));
    await expect(told("people")).rejects.toMatchObject({ code: "unexpected_answer" });
    await expect(
      describeProfile({ signer: local.signer, profile: "private", signal: AbortSignal.abort("gone") }),
    ).rejects.toBe("gone");
  });
});

it("a profile of another method takes no file, which is told before anything is sent", async () => {
  const key = new TextEncoder().encode("a".repeat(40));
  const token = await new SignJWT({ iss: "i", aud: "a", sub: "42" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(key);
  const error = (await failing("remove", picture(), { token })) as Error;
  expect(error).toMatchObject({ code: "malformed_request", status: 400 });
  expect(error.message).toBe("leave the file out: the method of this profile takes none");
});
