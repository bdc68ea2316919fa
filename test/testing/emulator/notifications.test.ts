// Notifications: what is sent where and when, what became of each, and that the official SDK takes it for Cloudinary's. The
// receiver is a server of its own.

import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { v2 as cloudinary } from "cloudinary";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Emulator, EmulatorOptions, Notified } from "../../../src/testing/emulator/emulator.ts";
import { ACCOUNT, formOf, NOW, PNG_3X2, png, post, signed, started, uploaded } from "./support.ts";

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answering = (response: ServerResponse, received: Received) => void;
const status =
  (code: number): Answering =>
  (response) =>
    void response.writeHead(code).end();
const hang: Answering = () => {};

let server: Server;
let url: string;
let received: Received[];
/** What each request gets, the last of them for all that come after. */
let answers: Answering[];

beforeEach(async () => {
  received = [];
  answers = [status(200)];
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const one = { method: request.method, path: request.url, headers: request.headers, body };
    received.push(one);
    answers[Math.min(received.length, answers.length) - 1]!(response, one);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const stateOf = (emulator: Emulator) => emulator.notifications().map(({ state }) => state);
const triesOf = (emulator: Emulator) =>
  emulator.notifications().map(({ attempts }) => attempts.map((one) => [one.at - NOW, one.status]));
const bodies = () => received.map(({ body }) => JSON.parse(body));

/** Whether the SDK takes it for a notification, in the hash of its signature. */
function isTaken({ headers, body }: Received, secret = ACCOUNT.apiSecret): boolean {
  const signature = headers["x-cld-signature"] as string;
  const saved = { ...cloudinary.config() };
  try {
    const signature_algorithm = signature.length === 40 ? "sha1" : "sha256";
    cloudinary.config({ api_secret: secret, signature_algorithm });
    return cloudinary.utils.verifyNotificationSignature(body, Number(headers["x-cld-timestamp"]), signature);
  } finally {
    for (const name of ["api_secret", "signature_algorithm"] as const) cloudinary.config(name, saved[name]);
  }
}

/** An emulator whose clock is this machine's, by which the SDK judges. */
const real = (options: Partial<EmulatorOptions> = {}) => started({ now: Date.now, ...options });
const timestamp = () => String(Math.floor(Date.now() / 1000));

describe("an upload that names an address", () => {
  it("is told there, as Cloudinary tells it", async () => {
    const emulator = await started();
    const params = { notification_url: url, tags: "a,b", context: "alt=Łódź 😀" };
    const { signature: _, ...told } = await uploaded(emulator, { public_id: "a", ...params });
    await emulator.notified();
    const [one] = received;
    expect(one).toMatchObject({ method: "POST", path: "/hook" });
    expect(one!.headers).toMatchObject({
      "content-type": "application/json",
      "x-cld-timestamp": String(NOW),
    });
    expect(bodies()).toEqual([
      {
        notification_type: "upload",
        timestamp: "2023-11-14T22:13:20+00:00",
        request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        ...told,
        api_key: ACCOUNT.apiKey,
        notification_context: {
          triggered_at: "2023-11-14T22:13:20.000000Z",
          triggered_by: { source: "api", id: ACCOUNT.apiKey },
        },
        signature_key: ACCOUNT.apiKey,
      },
    ]);
    const attempts = [{ at: NOW, status: 200 }];
    const body = one!.body;
    expect(emulator.notifications()).toEqual([
      { type: "upload", publicId: "a", url, body, state: "delivered", attempts },
    ]);
  });

  it.each(["sha1", "sha256"] as const)("is signed as the SDK wants it: %s", async (algorithm) => {
    const emulator = await real();
    emulator.setWebhooks({ algorithm });
    await uploaded(emulator, { notification_url: url, timestamp: timestamp(), context: "alt=Łódź" });
    await emulator.notified();
    const [one] = received;
    expect(one!.headers["x-cld-signature"]).toHaveLength(algorithm === "sha1" ? 40 : 64);
    expect(isTaken(one!)).toBe(true);
    // Each honest, but for one thing.
    expect(isTaken(one!, `${ACCOUNT.apiSecret}x`)).toBe(false);
    expect(isTaken({ ...one!, body: `${one!.body} ` })).toBe(false);
    expect(isTaken({ ...one!, headers: { ...one!.headers, "x-cld-timestamp": "1700000000" } })).toBe(false);
    expect(Buffer.from(one!.headers["x-cld-signature_v2"] as string, "base64")).toHaveLength(64);
    expect(JSON.stringify([one!.headers, one!.body])).not.toContain(ACCOUNT.apiSecret);
  });

  it("is told once it is whole, and not of its parts", async () => {
    const emulator = await started({ minPartBytes: 1 });
    const [first, last] = [PNG_3X2.slice(0, 60), PNG_3X2.slice(60)];
    const total = PNG_3X2.length;
    for (const [bytes, start] of [
      [first, 0],
      [last, 60],
      [last, 60],
    ] as const) {
      const range = `bytes ${start}-${start + bytes.length - 1}/${total}`;
      const headers = { "X-Unique-Upload-Id": "u", "Content-Range": range };
      const form = formOf(signed({ notification_url: url }), new File([bytes], "a.png"));
      expect((await post(emulator, form, { headers })).status).toBe(200);
    }
    await emulator.notified();
    expect(bodies().map(({ bytes }) => bytes)).toEqual([total]);
  });

  it("is told where it met an asset that was there, of which it tells", async () => {
    const emulator = await started();
    const params = { public_id: "a", overwrite: "false" };
    const { asset_id } = await uploaded(emulator, params);
    await uploaded(emulator, { ...params, notification_url: url });
    await emulator.notified();
    expect(bodies()).toMatchObject([{ asset_id, existing: true }]);
  });

  it("is not told when it was refused", async () => {
    const emulator = await started();
    await post(emulator, formOf(signed({ notification_url: url }), new File(["x"], "a.txt")));
    await post(emulator, formOf({ ...signed(), notification_url: url }, png()));
    await emulator.notified();
    expect([received, emulator.notifications()]).toEqual([[], []]);
  });

  it("is answered without waiting for who is told", async () => {
    answers = [hang];
    const emulator = await started();
    await uploaded(emulator, { notification_url: url });
    expect(stateOf(emulator)).toEqual(["sending"]);
  });
});

describe("the account's addresses", () => {
  it("get what names none, each", async () => {
    const emulator = await started();
    await uploaded(emulator, { public_id: "before" });
    emulator.setWebhooks({ urls: [`${url}/1`, `${url}/2`] });
    await uploaded(emulator, { public_id: "a" });
    await uploaded(emulator, { public_id: "b", notification_url: `${url}/own` });
    await emulator.notified();
    const told = received.map(({ path, body }) => `${path} ${JSON.parse(body).public_id}`);
    expect(told.sort()).toEqual(["/hook/1 a", "/hook/2 a", "/hook/own b"]);
  });

  it.each([
    ["destroy", { public_id: "a" }, "delete"],
    ["rename", { from_public_id: "a", to_public_id: "b" }, "rename"],
    ["explicit", { public_id: "a", type: "upload", eager: "w_100|h_5/png", eager_async: "true" }, "eager"],
  ])("%s is told as it is published", async (method, params, type) => {
    const emulator = await started();
    const { asset_id, version } = await uploaded(emulator, { public_id: "a" });
    emulator.setWebhooks({ urls: [url] });
    expect((await post(emulator, formOf(signed(params)), { method })).status).toBe(200);
    await emulator.notified();
    const at = { timestamp: "2023-11-14T22:13:20+00:00", request_id: expect.any(String) };
    const which = { asset_id, resource_type: "image", type: "upload" };
    const expected: Record<string, object> = {
      delete: { resources: [{ ...which, public_id: "a", version }] },
      rename: { ...at, ...which, from_public_id: "a", to_public_id: "b" },
      eager: {
        ...at,
        asset_id,
        public_id: "a",
        api_key: ACCOUNT.apiKey,
        batch_id: expect.any(String),
        eager: ["w_100", "h_5/png"].map((transformation) => {
          const address = `${emulator.url}/demo/image/upload/${transformation}/v${NOW}/a.png`;
          return { transformation, url: address, secure_url: address };
        }),
      },
    };
    expect(bodies()).toEqual([
      {
        notification_type: type,
        ...expected[type],
        notification_context: expect.any(Object),
        signature_key: ACCOUNT.apiKey,
      },
    ]);
  });

  it.each([
    ["destroy", { public_id: "a" }, ["/own"]],
    ["rename", { from_public_id: "a", to_public_id: "b" }, ["/own"]],
    ["explicit", { public_id: "a", type: "upload", eager: "w_1", eager_async: "1" }, ["/own"]],
    [
      "explicit",
      { public_id: "a", type: "upload", eager: "w_1", eager_async: "1", eager_notification_url: "/eager" },
      ["/eager"],
    ],
    ["explicit", { public_id: "a", type: "upload", eager: "w_1" }, []],
    ["explicit", { public_id: "a", type: "upload", tags: "x" }, []],
    ["destroy", { public_id: "nobody" }, []],
  ])(
    "%s may name another: %j",
    async (method, { eager_notification_url, ...params }: Record<string, string>, paths) => {
      const emulator = await started();
      await uploaded(emulator, { public_id: "a" });
      const own = {
        notification_url: `${url}/own`,
        ...(eager_notification_url && { eager_notification_url: url + eager_notification_url }),
      };
      await post(emulator, formOf(signed({ ...params, ...own })), { method });
      await emulator.notified();
      expect(received.map(({ path }) => path)).toEqual(paths.map((path) => `/hook${path}`));
    },
  );

  it("get an upload's eager transformations after it", async () => {
    const emulator = await started();
    emulator.setWebhooks({ urls: [url] });
    await uploaded(emulator, { eager: "w_1", eager_async: "true" });
    await emulator.notified();
    expect(emulator.notifications().map(({ type }) => type)).toEqual(["upload", "eager"]);
    expect(
      bodies()
        .map(({ notification_type }) => notification_type)
        .sort(),
    ).toEqual(["eager", "upload"]);
  });
});

describe("an attempt that fails", () => {
  const reset: Answering = (response) => void response.socket!.destroy();
  const redirect: Answering = (response) => void response.writeHead(307, { location: "/hook" }).end();
  const FAILS: [string, Answering, number | string][] = [
    ["500", status(500), 500],
    ["503", status(503), 503],
    ["201, for 200 is wanted", status(201), 201],
    ["a redirect, which is not followed", redirect, 307],
    ["a connection that breaks", reset, "no_answer"],
  ];

  it.each(FAILS)("is made again after 3 minutes: %s", async (_, fail, as) => {
    answers = [fail, status(200)];
    const emulator = await started();
    await uploaded(emulator, { notification_url: url });
    await emulator.notified();
    expect(triesOf(emulator)).toEqual([[[0, as]]]);
    expect(emulator.notifications()).toMatchObject([{ state: "waiting", due: NOW + 180 }]);
    emulator.clock.advance(179);
    await emulator.notified();
    expect(received).toHaveLength(1);
    emulator.clock.advance(1);
    await emulator.notified();
    expect([triesOf(emulator), stateOf(emulator)]).toEqual([
      [
        [
          [0, as],
          [180, 200],
        ],
      ],
      ["delivered"],
    ]);
    expect(emulator.notifications()[0]).not.toHaveProperty("due");
    emulator.clock.advance(3600);
    await emulator.notified();
    expect(received).toHaveLength(2);
  });

  it("is made three times more, after 3, 6 and 9 minutes, and then it is lost", async () => {
    answers = [status(500)];
    const emulator = await started();
    await uploaded(emulator, { notification_url: url });
    for (const minutes of [3, 6, 9]) {
      await emulator.notified();
      emulator.clock.advance(minutes * 60 - 1);
      await emulator.notified();
      emulator.clock.advance(1);
    }
    await emulator.notified();
    expect(triesOf(emulator)).toEqual([[0, 180, 540, 1080].map((at) => [at, 500])]);
    expect(stateOf(emulator)).toEqual(["lost"]);
    emulator.clock.advance(86_400);
    await emulator.notified();
    expect(received).toHaveLength(4);
  });

  it("has all of them due where the clock goes over all of them", async () => {
    answers = [status(500)];
    const emulator = await started();
    await uploaded(emulator, { notification_url: url });
    await emulator.notified();
    emulator.clock.advance(1080);
    await emulator.notified();
    expect([received.length, stateOf(emulator)]).toEqual([4, ["lost"]]);
  });

  it("brings the same bytes, time and signature again", async () => {
    answers = [status(500), status(200)];
    const emulator = await real();
    await uploaded(emulator, { notification_url: url, timestamp: timestamp() });
    await emulator.notified();
    emulator.clock.advance(180);
    await emulator.notified();
    const [first, second] = received.map(({ body, headers: { connection: _, ...headers } }) => ({
      body,
      headers,
    }));
    expect(second).toEqual(first);
    expect(received.map((one) => isTaken(one))).toEqual([true, true]);
  });

  it("is one that nobody answers for 20 seconds", async () => {
    answers = [hang, status(200)];
    const emulator = await started();
    await uploaded(emulator, { notification_url: url });
    await expect.poll(() => received.length).toBe(1);
    emulator.clock.advance(19);
    expect(stateOf(emulator)).toEqual(["sending"]);
    emulator.clock.advance(1);
    await emulator.notified();
    expect([triesOf(emulator), stateOf(emulator)]).toEqual([[[[0, "timeout"]]], ["waiting"]]);
    emulator.clock.advance(160);
    await emulator.notified();
    expect(triesOf(emulator)).toEqual([
      [
        [0, "timeout"],
        [180, 200],
      ],
    ]);
  });

  it("is one that nobody listens for", async () => {
    const emulator = await started();
    await new Promise((closed) => server.close(closed));
    await uploaded(emulator, { notification_url: url });
    await emulator.notified();
    expect(triesOf(emulator)).toEqual([[[0, "no_answer"]]]);
  });

  it("comes again on a clock that nobody moves", async () => {
    answers = [status(500), status(200)];
    const emulator = await started({ now: undefined as never });
    emulator.clock.advance(-180);
    await uploaded(emulator, { notification_url: url, timestamp: timestamp() });
    await emulator.notified();
    // As if the three minutes were over but for a moment.
    emulator.clock.advance(179.9);
    await expect.poll(() => stateOf(emulator)).toEqual(["delivered"]);
  });

  it("keeps nobody from ending", async () => {
    answers = [hang];
    const emulator = await started();
    await uploaded(emulator, { notification_url: url });
    await expect.poll(() => received.length).toBe(1);
    await emulator.close();
    expect(received).toHaveLength(1);
  });
});

describe("how they are sent", () => {
  it("doubles: the same bytes, each until it is taken", async () => {
    answers = [status(500), status(200)];
    const emulator = await started();
    emulator.setWebhooks({ times: 2 });
    await uploaded(emulator, { notification_url: url });
    await emulator.notified();
    expect(stateOf(emulator).sort()).toEqual(["delivered", "waiting"]);
    emulator.clock.advance(180);
    await emulator.notified();
    expect(stateOf(emulator)).toEqual(["delivered", "delivered"]);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(received).toHaveLength(3);
  });

  it("late, and signed when it happened", async () => {
    const emulator = await started();
    emulator.setWebhooks({ delay: 7300 });
    await uploaded(emulator, { public_id: "late", notification_url: url });
    emulator.setWebhooks({ delay: 0 });
    await uploaded(emulator, { public_id: "later", notification_url: url });
    await emulator.notified();
    emulator.clock.advance(7300);
    await emulator.notified();
    expect(bodies().map(({ public_id }) => public_id)).toEqual(["later", "late"]);
    expect(received.map(({ headers }) => headers["x-cld-timestamp"])).toEqual([`${NOW}`, `${NOW}`]);
  });

  it.each([
    [
      '{"id":"{{public_id}}","bytes":{{ bytes }},"none":"{{nothing}}{{constructor}}"}',
      `{"id":"a","bytes":${PNG_3X2.length},"none":""}`,
    ],
    ["A file came: {{public_id}}", "A file came: a"],
    ["{{tags}}", '["x"]'],
  ])("by a template: %s", async (template, body) => {
    const emulator = await real();
    emulator.setWebhooks({ template });
    const params = { public_id: "a", tags: "x", notification_url: url, timestamp: timestamp() };
    await uploaded(emulator, params);
    await emulator.notified();
    expect(received.map((one) => [one.body, isTaken(one)])).toEqual([[body, true]]);
    emulator.setWebhooks({ template: null });
    await uploaded(emulator, params);
    await emulator.notified();
    expect(JSON.parse(received[1]!.body)).toMatchObject({ public_id: "a" });
  });
});

describe("of any type, as if it had happened", () => {
  const MODERATED = { moderation_status: "rejected", moderation_kind: "aws_rek" };
  it.each<[string, object | undefined, object]>([
    [
      "moderation",
      undefined,
      { moderation_status: "approved", moderation_kind: "manual", public_id: "a", version: NOW },
    ],
    ["moderation", MODERATED, MODERATED],
    ["upload", undefined, { public_id: "a", format: "png", bytes: PNG_3X2.length }],
    ["eager", undefined, { public_id: "a", eager: [] }],
    ["delete", undefined, { resources: [{ public_id: "a" }] }],
    ["rename", { from_public_id: "b" }, { from_public_id: "b", to_public_id: "a" }],
    ["error", { error: { message: "no" } }, { public_id: "a", error: { message: "no" } }],
    ["nobody_knows", { more: [1] }, { public_id: "a", resource_type: "image", more: [1] }],
    ["constructor", undefined, { public_id: "a", request_id: expect.any(String) }],
    ["upload", { signature_key: "other" }, { signature_key: "other" }],
  ])("%s with %j goes where the asset's do", async (type, members, expected) => {
    const emulator = await real();
    await uploaded(emulator, { public_id: "a", notification_url: `${url}/own`, timestamp: timestamp() });
    await emulator.notified();
    emulator.setWebhooks({ urls: [url] });
    emulator.notify({ type, public_id: "a", ...(members && { members: members as never }) });
    await emulator.notified();
    const { version: _, ...rest } = expected as { version?: number };
    expect(bodies()[1]).toMatchObject({ notification_type: type, ...rest });
    expect(received[1]).toMatchObject({ path: "/hook/own" });
    expect(isTaken(received[1]!)).toBe(true);
  });

  it("without an asset, to the account's addresses or one of its own", async () => {
    const emulator = await started();
    emulator.setWebhooks({ urls: [`${url}/1`] });
    emulator.notify({ type: "create_folder", members: { folder_path: "a" } });
    emulator.notify({ type: "create_folder", url: `${url}/2` });
    await emulator.notified();
    expect(emulator.notifications()[0]).not.toHaveProperty("publicId");
    expect(received.map(({ path }) => path).sort()).toEqual(["/hook/1", "/hook/2"]);
  });
});

describe("no other machine is sent to", () => {
  it.each([
    "https://www.example.com/hook",
    "http://127.0.0.1.example.com/",
    "http://127.0.0.1@example.com/",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest",
    "http://0.0.0.0:80/",
    "http://[::ffff:10.0.0.1]/",
    "http://localhost.example/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "nonsense",
  ])("%s", async (address) => {
    const onNotification = vi.fn<(notified: Notified) => void>();
    const emulator = await started({ onNotification });
    await uploaded(emulator, { notification_url: address });
    await emulator.notified();
    expect(emulator.notifications()).toMatchObject([{ url: address, state: "withheld", attempts: [] }]);
    expect(onNotification.mock.calls.map(([{ state }]) => state)).toEqual(["withheld"]);
  });

  it("but what stands for one of this machine", async () => {
    const forward = { "https://uploads.example.com": url };
    const emulator = await started({ forward });
    await uploaded(emulator, { notification_url: "https://uploads.example.com/notifications/x?y=1" });
    await uploaded(emulator, { notification_url: "https://uploads.example.com.evil.example/" });
    await emulator.notified();
    expect(received.map(({ path }) => path)).toEqual(["/hook/notifications/x?y=1"]);
    expect(stateOf(emulator)).toEqual(["delivered", "withheld"]);
  });
});

it("each attempt is told once", async () => {
  answers = [status(503), status(200)];
  const onNotification = vi.fn<(notified: Notified) => void>();
  const emulator = await started({ onNotification });
  await uploaded(emulator, { public_id: "a", notification_url: url });
  await emulator.notified();
  emulator.clock.advance(180);
  await emulator.notified();
  const told = onNotification.mock.calls.map(([{ state, attempts }]) => [state, attempts.length]);
  expect(told).toEqual([
    ["waiting", 1],
    ["delivered", 2],
  ]);
});

describe("from another process", () => {
  const control = async (emulator: Emulator, path: string, body: string, headers = {}) => {
    const response = await fetch(emulator.url + path, { method: "POST", body, headers });
    return { status: response.status, body: await response.json() };
  };

  it("they are set, sent and read", async () => {
    const emulator = await started();
    await control(emulator, "/_webhooks", JSON.stringify({ urls: [url], algorithm: "sha256" }));
    await uploaded(emulator, { public_id: "a" });
    const happening = { type: "moderation", public_id: "a", members: { moderation_status: "rejected" } };
    expect(await control(emulator, "/_notifications", JSON.stringify(happening))).toEqual({
      status: 200,
      body: {},
    });
    await emulator.notified();
    expect(await (await fetch(`${emulator.url}/_notifications`)).json()).toEqual(emulator.notifications());
    expect(emulator.notifications().map(({ type, state }) => [type, state])).toEqual([
      ["upload", "delivered"],
      ["moderation", "delivered"],
    ]);
  });

  it("and tried again by the clock's route", async () => {
    answers = [status(500), status(200)];
    const emulator = await started();
    await uploaded(emulator, { notification_url: url });
    await emulator.notified();
    await control(emulator, "/_clock", '{"advance":180}');
    await emulator.notified();
    expect(stateOf(emulator)).toEqual(["delivered"]);
  });

  it.each([
    ["/_webhooks", "", /^Send a JSON object such as {"urls":/],
    ["/_webhooks", "[]", /^Send a JSON object/],
    ["/_webhooks", '{"url":"x"}', /^Correct url: this emulator takes a JSON object such as {"urls":/],
    ["/_webhooks", '{"urls":"x"}', /^Correct urls:/],
    ["/_webhooks", '{"urls":[5]}', /^Correct urls\.0:/],
    ["/_webhooks", '{"times":0}', /^Correct times:/],
    ["/_webhooks", '{"times":1e9}', /^Correct times:/],
    ["/_webhooks", '{"times":1.5}', /^Correct times:/],
    ["/_webhooks", '{"delay":-1}', /^Correct delay:/],
    ["/_webhooks", '{"template":5}', /^Correct template:/],
    ["/_webhooks", '{"algorithm":"md5"}', /^Correct algorithm:/],
    ["/_notifications", "null", /^Send a JSON object such as {"type":"moderation"/],
    [
      "/_notifications",
      "{}",
      /^Correct type: this emulator takes a JSON object such as {"type":"moderation"/,
    ],
    ["/_notifications", '{"type":""}', /^Correct type:/],
    ["/_notifications", '{"type":"x","members":5}', /^Correct members:/],
    ["/_notifications", '{"type":"upload","public_id":"nobody"}', /^Resource not found - nobody$/],
  ])("%s refuses %j", async (path, body, message) => {
    const emulator = await started();
    const answer = await control(emulator, path, body);
    expect(answer.body.error.message).toMatch(message);
    expect(answer.status).toBe(message.source.startsWith("^Resource") ? 404 : 400);
    expect(emulator.notifications()).toEqual([]);
  });

  it.each(["/_webhooks", "/_notifications"])("%s is not for pages", async (path) => {
    const emulator = await started();
    const body = path === "/_webhooks" ? JSON.stringify({ urls: [url] }) : JSON.stringify({ type: "x", url });
    const answer = await control(emulator, path, body, { Origin: "https://www.example.com" });
    expect([answer.status, answer.body.error.message]).toEqual([403, expect.stringMatching(/^Control this/)]);
    await uploaded(emulator);
    await emulator.notified();
    expect([received, emulator.notifications()]).toEqual([[], []]);
    expect((await control(emulator, path, body)).status).toBe(200);
  });

  it("what is no setting throws in this process", async () => {
    const emulator = await started();
    expect(() => emulator.setWebhooks({ times: 0 })).toThrow(RangeError);
    expect(() => emulator.notify({ type: "upload", public_id: "nobody" })).toThrow(RangeError);
  });
});
