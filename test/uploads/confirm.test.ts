// Confirming an honest upload: what is answered, what the receipt proves, what the application hears, and that it may be
// asked for again. `jose` verifies every receipt by the served key set.

import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConfirmedUpload } from "../../src/config/application.ts";
import { createApp } from "../../src/http/app.ts";
import { RejectUpload } from "../../src/reject-upload.ts";
import { ACCOUNT, CLOUD_NAME, OPTIONS } from "../support/account.ts";
import { type Plain, readBindings } from "../support/definition.ts";
import { JPEG_5X4, PNG_3X2, SVG_8X7, TEXT } from "../testing/emulator/support.ts";
import {
  type Answer,
  clock,
  five,
  holds,
  MEMBERS,
  member,
  PUBLIC_URL,
  START,
  scene,
  send,
  startCloudinary,
} from "./scene.ts";

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    open: { access: ["public"], file: {} },
    pictures: {
      access: ["members"],
      resourceType: "image",
      set: { public_id: "users/{sub}/{uuid}", overwrite: false },
      file: { maxBytes: "1 kB", formats: ["jpeg", "png"], maxFiles: 3 },
    },
    avatar: {
      access: ["members"],
      resourceType: "image",
      allow: ["lose-previous"],
      set: { public_id: "users/{sub}/avatar", overwrite: true },
      file: { maxBytes: 1000 },
    },
    chosen: {
      access: ["members"],
      set: { overwrite: false },
      accept: { public_id: { prefix: "users/{sub}/" } },
      file: {},
    },
    private: { access: ["public"], set: { type: "private" }, file: {} },
    waiting: { access: ["public"], file: { maxBytes: "1 kB", quarantine: true } },
  },
};

type Scene = ReturnType<typeof scene>;

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  emulator = await startCloudinary();
});
beforeEach(() => {
  clock.now = START;
});
afterAll(() => emulator.close());

/** The key set over HTTP, and what `jose` makes of a receipt by it. */
async function verify(receipt: string, definition = DEFINITION, bindings = {}): Promise<Answer> {
  const app = createApp(
    readBindings({ ...ACCOUNT, SIGNER: definition, ...bindings, JWT_SECRET: "x".repeat(32) }),
    {
      log: () => {},
    },
  );
  const keys = await (await app.request("/.well-known/jwks.json")).json();
  const { payload } = await jwtVerify(receipt, createLocalJWKSet(keys), {
    issuer: PUBLIC_URL,
    audience: CLOUD_NAME,
    currentDate: new Date(clock.now * 1000),
    algorithms: ["EdDSA"],
  });
  return payload;
}

describe("an upload within the limits", () => {
  it.each([
    ["open", undefined, "auto", JPEG_5X4, "a.jpg", "image"],
    ["open", undefined, "auto", TEXT, "a.txt", "raw"],
    ["open", undefined, "raw", JPEG_5X4, "a.jpg", "raw"],
    ["pictures", "42", "image", PNG_3X2, "a.png", "image"],
    ["pictures", "42", "image", JPEG_5X4, "a.jpg", "image"],
    ["avatar", "42", "image", JPEG_5X4, "a.jpg", "image"],
    ["private", undefined, "auto", JPEG_5X4, "a.jpg", "image"],
    ["waiting", undefined, "auto", JPEG_5X4, "a.jpg", "image"],
  ])("%s by %s as %s", async (profile, sub, resourceType, bytes, name, stored) => {
    const heard: ConfirmedUpload[] = [];
    const { upload, confirm, asked } = scene(emulator, DEFINITION, {
      onUploaded: (one) => {
        heard.push(one);
        return { id: 7 };
      },
    });
    const headers = sub === undefined ? {} : await member(sub);
    const done = await upload(profile, headers, { bytes, name, resourceType });
    const { status, body, headers: answered } = await confirm(profile, done, headers);
    expect([status, body.code]).toEqual([200, undefined]);
    expect(answered.get("cache-control")).toBe("no-store");
    expect(Object.keys(body)).toEqual(["receipt", "asset", "data"]);
    expect(body.data).toEqual({ id: 7 });

    const { response } = done;
    const facts = {
      public_id: response.public_id,
      version: response.version,
      resource_type: stored,
      bytes: bytes.length,
      ...(response.format && { format: response.format }),
      ...(response.width && { width: response.width, height: response.height }),
    };
    expect(body.asset).toEqual({ ...facts, secure_url: expect.stringContaining(response.public_id) });
    const claims = await verify(body.receipt);
    expect(claims).toEqual({
      iss: PUBLIC_URL,
      aud: CLOUD_NAME,
      ...(sub !== undefined && { sub }),
      profile,
      iat: clock.now,
      exp: clock.now + 3600,
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      asset: body.asset,
    });
    expect(heard).toEqual([
      { jti: claims.jti, profile, subject: sub ?? null, asset: expect.objectContaining(facts) },
    ]);
    expect(asked[0]).toBe(`${emulator.url}/v1_1/${CLOUD_NAME}/${stored}/explicit`);
    expect(holds(emulator, { ...response, type: profile === "waiting" ? "upload" : response.type })).toBe(
      true,
    );
  });

  it("by a public ID that the caller chose, which has to be sent", async () => {
    const { post, upload, confirm } = scene(emulator, DEFINITION);
    const headers = await member("42");
    const refused = await post("/sign/chosen", headers);
    expect(refused.body).toMatchObject({
      code: "params_refused",
      errors: [{ param: "public_id", code: "missing" }],
    });
    const done = await upload("chosen", headers, { params: { public_id: "users/42/cat" } });
    expect((await confirm("chosen", done, headers)).body.asset.public_id).toBe("users/42/cat");
  });

  it("again and again: the same jti, and the application hears it each time", async () => {
    const heard: string[] = [];
    const { upload, confirm } = scene(emulator, DEFINITION, {
      onUploaded: ({ jti }) => void heard.push(jti),
    });
    for (const profile of ["open", "waiting"]) {
      heard.length = 0;
      const done = await upload(profile);
      for (let i = 0; i < 3; i += 1) {
        const { status, body } = await confirm(profile, done);
        expect([status, body.data]).toEqual([200, null]);
        expect((await verify(body.receipt)).jti).toBe(heard[i]);
        clock.now += 1000;
      }
      expect(new Set(heard).size).toBe(1);
      expect(heard).toHaveLength(3);
    }
  });

  it("two resource types under one ticket, in one second: two uploads, each with its own jti", async () => {
    const heard: string[] = [];
    const { sign, confirm } = scene(emulator, DEFINITION, { onUploaded: ({ jti }) => void heard.push(jti) });
    const ticket = await sign("open");
    const [image, raw] = [await send(ticket), await send(ticket, { resourceType: "raw", bytes: TEXT })];
    expect([image.public_id, image.version]).toEqual([raw.public_id, raw.version]);
    for (const response of [image, raw, image])
      expect((await confirm("open", { ticket, response })).status).toBe(200);
    expect(heard[2]).toBe(heard[0]);
    expect(new Set(heard).size).toBe(2);
  });

  it("at once by several requests", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, { onUploaded: () => 1 });
    const done = await upload("waiting");
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm("waiting", done)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(holds(emulator, { ...done.response, type: "upload" })).toBe(true);
  });

  it("until 24 hours after the life of its ticket", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION);
    const done = await upload("open");
    clock.now += 3600 + 86_400 - 1;
    expect((await confirm("open", done)).status).toBe(200);
    clock.now += 1;
    expect((await confirm("open", done)).body.code).toBe("upload_id_refused");
  });

  it("with the whole answer of Cloudinary's, of which five members are read", async () => {
    const { post, upload } = scene(emulator, DEFINITION);
    const { ticket, response } = await upload("open");
    const claimed = {
      ...response,
      bytes: 1,
      format: "png",
      width: 9,
      secure_url: "https://evil.example/x.png",
    };
    const { status, body } = await post(
      "/confirm/open",
      {},
      { upload_id: ticket.upload_id, response: claimed },
    );
    expect([status, body.asset.bytes, body.asset.format]).toEqual([200, JPEG_5X4.length, "jpg"]);
    expect(body.asset.secure_url).toBe(response.secure_url);
  });

  it("with a signature by the other algorithm, which is Cloudinary's as well", async () => {
    const { upload, confirm } = scene(emulator, { ...DEFINITION, signatureAlgorithm: "sha1" });
    const done = await upload("open");
    expect(done.response.signature).toHaveLength(40);
    expect((await confirm("open", done)).status).toBe(200);
  });
});

it("under a secret that was changed in its store: confirmed by whoever still had the old one", async () => {
  const changed = "Another-Secret_of-the-SUITE7";
  const other = await startCloudinary({ ...OPTIONS, apiSecret: changed });
  let text: string = OPTIONS.apiSecret;
  const bindings = { CLOUDINARY_API_SECRET: { get: async () => text } };
  const [here, elsewhere] = [0, 1].map(() => scene(other, DEFINITION, { bindings })) as [Scene, Scene];
  await here.sign("open");
  text = changed;
  expect((await here.confirm("open", await elsewhere.upload("open"))).status).toBe(200);
  await other.close();
});

describe("an upload that breaks the limits is deleted", () => {
  const large = new Uint8Array([...JPEG_5X4, ...new Uint8Array(1000)]);

  it.each([
    ["larger", "pictures", { bytes: large }, "too_large"],
    ["larger, in quarantine", "waiting", { bytes: large }, "too_large"],
    ["another type, by another address", "pictures", { resourceType: "raw" }, "resource_type"],
  ])("%s", async (_, profile, sending, code) => {
    const { upload, confirm } = scene(emulator, DEFINITION, { onUploaded: () => expect.unreachable() });
    const headers = profile === "waiting" ? {} : await member("42");
    const done = await upload(profile, headers, sending);
    const { status, body } = await confirm(profile, done, headers);
    expect([status, body.code]).toEqual([422, "file_refused"]);
    expect(body.errors).toEqual([{ param: "file", code, detail: expect.any(String) }]);
    expect(holds(emulator, done.response)).toBe(false);
    expect(emulator.acts.at(-1)).toMatchObject({ method: "destroy", found: true });
    // What is gone can't be confirmed any more.
    expect((await confirm(profile, done, headers)).body.code).toBe("not_stored");
  });

  it("another format, which Cloudinary refuses itself", async () => {
    const { sign } = scene(emulator, DEFINITION);
    const refused = await send(await sign("pictures", await member("42")), { bytes: SVG_8X7, name: "a.jpg" });
    expect(refused.error.message).toMatch(/format/i);
  });

  it("another format, where Cloudinary took it all the same", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, {
      through: async (url, ask) => {
        const answer = await ask();
        return url.endsWith("/explicit")
          ? Response.json({ ...(await answer.json()), format: "tiff" })
          : answer;
      },
    });
    const headers = await member("42");
    const done = await upload("pictures", headers);
    expect((await confirm("pictures", done, headers)).body.errors[0]).toMatchObject({ code: "format" });
    expect(holds(emulator, done.response)).toBe(false);
  });

  it("rejected by the application, whose reason the client hears", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION, {
      onUploaded: ({ asset }) => {
        throw new RejectUpload(`no room for ${asset.bytes} bytes\u0000\n`);
      },
    });
    for (const profile of ["open", "waiting"]) {
      const done = await upload(profile);
      const { body } = await confirm(profile, done);
      expect(body.errors).toEqual([
        { param: "file", code: "rejected", detail: `no room for ${JPEG_5X4.length} bytes` },
      ]);
      expect(holds(emulator, done.response)).toBe(false);
    }
  });
});

describe("the key set", () => {
  const app = (definition: Plain, more = {}) =>
    createApp(readBindings({ ...ACCOUNT, JWT_SECRET: "x".repeat(32), SIGNER: definition, ...more }), {
      log: () => {},
    });
  const keysOf = async (definition: Plain, more = {}) => {
    const answer = await app(definition, more).request("/.well-known/jwks.json");
    expect(answer.status).toBe(200);
    return (await answer.json()).keys as Answer[];
  };

  it("has one public key, by its thumbprint, and nothing private", async () => {
    const [key, ...more] = await keysOf(DEFINITION);
    expect(more).toEqual([]);
    expect(Object.keys(key).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
    const { calculateJwkThumbprint } = await import("jose");
    expect(key.kid).toBe(await calculateJwkThumbprint(key));
  });

  it.each([
    ["publicUrl", { ...DEFINITION, publicUrl: "https://staging.example.com" }, {}],
    ["the secret", DEFINITION, { CLOUDINARY_API_SECRET: "Another-secret_of-27-chars0" }],
    ["the cloud", DEFINITION, { CLOUDINARY_CLOUD_NAME: "other" }],
  ])("is another with another %s", async (_, definition, more) => {
    expect((await keysOf(definition, more))[0].x).not.toBe((await keysOf(DEFINITION))[0].x);
  });

  it("is empty without publicUrl, may be kept, and read by any page that may ask", async () => {
    const without = { profiles: { open: { access: ["public"] } } };
    expect(await keysOf(without)).toEqual([]);
    const answer = await app({ ...DEFINITION, allowedOrigins: ["https://a.example"] }).request(
      "/.well-known/jwks.json",
      { headers: { origin: "https://a.example" } },
    );
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://a.example");
  });
});

describe("an answer that was there before", () => {
  it("`existing`: the older asset is another upload, and stays", async () => {
    const { sign, confirm, upload } = scene(emulator, DEFINITION);
    const headers = await member("7");
    const first = await upload("chosen", headers, { params: { public_id: "users/7/cat" } });
    clock.now += 100;
    const ticket = await sign("chosen", headers, { params: { public_id: "users/7/cat" } });
    const response = await send(ticket);
    expect(response.existing).toBe(true);
    const { status, body } = await confirm("chosen", { ticket, response }, headers);
    expect([status, body.code]).toEqual([409, "not_stored"]);
    expect(holds(emulator, first.response)).toBe(true);
    expect((await confirm("chosen", first, headers)).status).toBe(200);
  });

  it.each([
    [60, 200],
    [61, 409],
  ])("a version that is %i s older than its ticket: %i, and stays", async (older, status) => {
    // A life under an hour is dated back, so that the upload comes before the ticket and not before its timestamp.
    const early = { ...DEFINITION, profiles: { open: { access: ["public"], ttl: 600, file: {} } } };
    const { sign, confirm } = scene(emulator, early);
    const ticket = await sign("open");
    clock.now -= older;
    const response = await send(ticket);
    clock.now += older;
    expect((await confirm("open", { ticket, response })).status).toBe(status);
    expect(holds(emulator, response)).toBe(true);
  });

  it("replaced while the application made up its mind: what it rejects is gone, and what came stays", async () => {
    let replace = async (): Promise<unknown> => undefined;
    const { upload, confirm } = scene(emulator, DEFINITION, {
      onUploaded: async () => {
        await replace();
        throw new RejectUpload("no cats");
      },
    });
    const headers = await member("10");
    const first = await upload("avatar", headers);
    let second: Answer;
    replace = async () => {
      clock.now += 5;
      second = await upload("avatar", headers, { bytes: PNG_3X2, name: "b.png" });
    };
    const { status, body } = await confirm("avatar", first, headers);
    expect([status, body.code]).toEqual([409, "not_stored"]);
    expect(holds(emulator, second.response)).toBe(true);
  });

  it("replaced between answer and confirmation: not confirmed, and not touched", async () => {
    const { upload, confirm } = scene(emulator, DEFINITION);
    const headers = await member("9");
    const first = await upload("avatar", headers);
    clock.now += 5;
    const second = await upload("avatar", headers, { bytes: PNG_3X2, name: "b.png" });
    const { status, body } = await confirm("avatar", first, headers);
    expect([status, body.code]).toEqual([409, "not_stored"]);
    expect(holds(emulator, second.response)).toBe(true);
    expect((await confirm("avatar", second, headers)).status).toBe(200);
    expect(five(second.response).public_id).toBe("users/9/avatar");
  });
});
