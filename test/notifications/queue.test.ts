// The queue in this process: what goes into it and what goes around it, and what its consumer makes of each message. The
// real one, in workerd, is in test/worker/queue.test.ts.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CloudinaryNotification } from "../../src/config/application.ts";
import { createConsumer } from "../../src/notifications/consume.ts";
import { signer } from "../access/signer.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";
import { clock } from "../uploads/scene.ts";
import { webhook } from "./webhook.ts";

/** What queues say of messages over their limit: 128,000 bytes, of which about 100 are their own. */
const LIMIT = 128_000;

const BODY = { notification_type: "upload", request_id: "abc", public_id: "a" };
const fetch = () => Promise.reject(new Error("nobody fetches from the application"));
const breaks = () => Promise.reject(new Error("the password is hunter2"));
const hangs = () => new Promise<never>(() => {});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A promise's value; what it waits for takes no time. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  let isDone = false;
  void promise.finally(() => {
    isDone = true;
  });
  while (!isDone) await vi.advanceTimersByTimeAsync(100);
  return promise;
}

describe("handing on", () => {
  /** A signer whose queue and application keep what they take; `false` is one that is not bound. */
  async function handed(
    body: object,
    queue: false | (() => Promise<unknown>),
    app: false | (() => Promise<unknown>),
  ) {
    const taken = { queue: [] as unknown[], app: [] as unknown[] };
    const made = signer(
      {},
      { now: () => clock.now },
      {
        ...(queue && {
          NOTIFICATIONS: {
            send: async (...message: unknown[]) => {
              await queue();
              taken.queue.push(message);
            },
          },
        }),
        ...(app && {
          APP: {
            fetch,
            onNotification: async (notification: unknown) => {
              await app();
              taken.app.push(notification);
            },
          },
        }),
      },
    );
    const { status, body: answer } = await soon(made.ask("/notifications", webhook(body)));
    return { status, code: answer.code, id: answer.id, ...taken, log: JSON.parse(made.logs.at(-1)!) };
  }
  const takes = async () => {};

  it("a notification waits in the queue, as JSON, and the application is not asked", async () => {
    const { status, id, queue, app, log } = await handed(BODY, takes, hangs);
    const message = { id, type: "upload", profile: null, subject: null, body: BODY };
    expect([status, app, queue]).toEqual([200, [], [[message, { contentType: "json" }]]]);
    expect(log).not.toHaveProperty("detail");
  });

  /** The longest that fits, and one that is longer than any queue takes, in characters of two bytes. */
  const ofBytes = (bytes: number): object => ({ ...BODY, tags: "é".repeat(Math.floor(bytes / 2)) });

  it("what a queue does not take goes to the application at once", async () => {
    const fits = await handed(ofBytes(LIMIT - 1500), takes, takes);
    expect([fits.status, fits.queue.length, fits.app.length]).toEqual([200, 1, 0]);
    expect(JSON.stringify((fits.queue[0] as unknown[])[0]).length).toBeLessThan(LIMIT / 2);
    const over = await handed(ofBytes(LIMIT), takes, takes);
    expect([over.status, over.queue.length, over.app.length]).toEqual([200, 0, 1]);
    expect(over.log.detail).toMatch(/^a queue does not take 128\d\d\d bytes: given to APP$/);
  });

  it.each<
    [string, number, false | (() => Promise<unknown>), false | (() => Promise<unknown>), number, string]
  >([
    ["a queue that fails", 0, breaks, takes, 200, "NOTIFICATIONS threw"],
    ["a queue that hangs", 0, hangs, takes, 200, "NOTIFICATIONS did not answer within 4 s: given to APP"],
    ["a queue that fails, without APP", 0, breaks, false, 503, "NOTIFICATIONS threw"],
    ["both fail", 0, breaks, breaks, 503, "onNotification threw Error"],
    ["both hang", 0, hangs, hangs, 503, "onNotification did not answer within 15 s"],
    ["too much, without APP", LIMIT, takes, false, 503, "and no APP is bound"],
    ["too much, and APP fails", LIMIT, takes, breaks, 503, "onNotification threw Error"],
  ])("%s", async (_, bytes, queue, app, status, detail) => {
    const ended = await handed(bytes ? ofBytes(bytes) : BODY, queue, app);
    expect([ended.status, ended.code]).toEqual([
      status,
      status === 200 ? undefined : "application_unavailable",
    ]);
    expect([ended.queue.length, ended.app.length]).toEqual([0, status === 200 ? 1 : 0]);
    expect(ended.log.detail).toContain(detail);
    expect(JSON.stringify(ended.log)).not.toContain("hunter2");
  });

  it("what both may take stays under the 20 seconds that Cloudinary waits", async () => {
    // From when the queue is asked: before that hashes are made, for which these timers do not wait.
    let from = Number.NEGATIVE_INFINITY;
    const asked = () => {
      from = Date.now();
      return hangs();
    };
    await handed(BODY, asked, hangs);
    expect(Date.now() - from).toBeLessThan(20_000);
  });

  it.each([[1], ["a-queue"], [{}], [null]])(
    "a binding NOTIFICATIONS that is %j is a fault",
    (NOTIFICATIONS) => {
      const configured = readBindings({ ...ACCOUNT, SIGNER: {}, NOTIFICATIONS, APP: 1 });
      const bindings = configured.ok ? [] : configured.error.map(({ binding }) => binding);
      expect(bindings).toEqual(["APP", "NOTIFICATIONS"]);
    },
  );
});

describe("the consumer", () => {
  const NOTIFICATION: CloudinaryNotification = {
    ...{ id: "an-id", type: "upload", profile: "photos", subject: "42" },
    body: BODY,
  };

  /** A message, and what became of it. */
  function message(body: unknown, attempts = 1) {
    const ends: unknown[] = [];
    return {
      ends,
      body,
      attempts,
      ack: () => void ends.push("ack"),
      retry: ({ delaySeconds }: { delaySeconds: number }) => void ends.push(delaySeconds),
    };
  }

  const PROFILES = { photos: { access: ["public"] } };
  /** Hands a batch on; `bindings` in place of an application. */
  async function consumed(
    messages: readonly ReturnType<typeof message>[],
    onNotification: (one: CloudinaryNotification) => unknown,
    bindings: object = { APP: { fetch, onNotification } },
  ) {
    const logs: string[] = [];
    const configured = readBindings({ ...ACCOUNT, SIGNER: { profiles: PROFILES }, ...bindings });
    const consume = createConsumer(configured, { log: (line) => void logs.push(unseen(line)) });
    await soon(consume({ messages }));
    return { ends: messages.map(({ ends }) => ends), logs: logs.map((line) => JSON.parse(line)) };
  }

  it("acknowledges each that was taken, and nothing is retried because of a neighbour", async () => {
    const ids = ["taken", "throws", "hangs", "rejects", "taken-too"];
    const heard: string[] = [];
    const { ends, logs } = await consumed(
      ids.map((id) => message({ ...NOTIFICATION, id }, 2)),
      ({ id }) => {
        heard.push(id);
        if (id === "throws") throw new Error("the password is hunter2");
        return id === "rejects" ? breaks() : id === "hangs" ? hangs() : "whatever";
      },
    );
    expect(heard).toEqual(ids);
    expect(ends).toEqual([["ack"], [60], [60], [60], ["ack"]]);
    expect(
      logs.map(({ route, profile, status, code, reason }) => [route, profile, status, code, reason]),
    ).toEqual(
      expect.arrayContaining([
        ["queue", "photos", 200, undefined, undefined],
        ["queue", "photos", 503, "application_unavailable", "notification_unheard"],
      ]),
    );
    const details = logs.flatMap(({ detail }) => detail ?? []);
    expect(details).toContain("onNotification did not answer within 15 s; attempt 2");
    expect(JSON.stringify(logs)).not.toMatch(/hunter2|an-id|taken/);
  });

  it.each([
    [1, 15],
    [2, 60],
    [3, 240],
    [4, 960],
    [5, 3840],
    [6, 15_360],
    [7, 43_200],
    // No pause is longer than a queue's longest.
    [8, 43_200],
    [100, 43_200],
  ])("after attempt %i it pauses %i seconds", async (attempts, seconds) => {
    expect((await consumed([message(NOTIFICATION, attempts)], breaks)).ends).toEqual([[seconds]]);
  });

  it.each<[string, unknown, unknown]>([
    ["as it was sent", NOTIFICATION, NOTIFICATION],
    [
      "without what an older version did not write",
      { id: "i", body: {} },
      { id: "i", type: null, profile: null, subject: null, body: {} },
    ],
    ["with what a later version adds", { ...NOTIFICATION, more: [1] }, { ...NOTIFICATION, more: [1] }],
  ])("a message %s is handed on", async (_, body, told) => {
    const heard: unknown[] = [];
    const { ends } = await consumed([message(body)], (one) => void heard.push(one));
    expect([ends, heard]).toEqual([[["ack"]], [told]]);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", JSON.stringify(NOTIFICATION)],
    ["a list", [NOTIFICATION]],
    ["no id", { ...NOTIFICATION, id: undefined }],
    ["an empty id", { ...NOTIFICATION, id: "" }],
    ["a number as id", { ...NOTIFICATION, id: 1 }],
    ["no body", { ...NOTIFICATION, body: undefined }],
    ["a text as body", { ...NOTIFICATION, body: "{}" }],
    ["a number as subject", { ...NOTIFICATION, subject: 42 }],
    ["an object as profile", { ...NOTIFICATION, profile: {} }],
    ["bytes", new Uint8Array(3)],
  ])("a message that is not a notification (%s) is kept, and nobody hears of it", async (_, body) => {
    const heard: unknown[] = [];
    const { ends, logs } = await consumed([message(body)], (one) => void heard.push(one));
    expect([ends, heard]).toEqual([[[15]], []]);
    expect(logs).toMatchObject([{ route: "queue", status: 400, reason: "queue_message" }]);
  });

  it.each<[string, object, string]>([
    ["without APP", {}, "APP: bind your Worker under [[services]] in wrangler.toml"],
    [
      "of a configuration that is wrong",
      { CLOUDINARY_API_SECRET: undefined, APP: { fetch } },
      "CLOUDINARY_API_SECRET: ",
    ],
  ])("one %s keeps every message, and says what is missing", async (_, bindings, detail) => {
    const { ends, logs } = await consumed(
      [message(NOTIFICATION), message(NOTIFICATION, 3)],
      () => {},
      bindings,
    );
    expect(ends).toEqual([[15], [240]]);
    for (const line of logs) {
      expect(line).toMatchObject({ route: "queue", status: 500, code: "misconfigured" });
      expect(line.detail).toContain(detail);
    }
  });

  it("a name in a message that no profile has is not logged", async () => {
    const { logs } = await consumed([message({ ...NOTIFICATION, profile: "hunter2" })], () => {});
    expect(JSON.stringify(logs)).not.toContain("hunter2");
  });
});
