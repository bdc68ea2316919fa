// Whether a notification is Cloudinary's own: the published vectors, and what is refused, each with its word and an honest
// twin that is taken. The official SDK judges what is signed.

import { beforeEach, describe, expect, it } from "vitest";
import type { CloudinaryNotification } from "../../src/config/application.ts";
import { createApp } from "../../src/http/app.ts";
import { ACCOUNT, API_SECRET, unseen } from "../support/account.ts";
import { type Plain, readBindings } from "../support/definition.ts";
import { type Answer, clock, START } from "../uploads/scene.ts";
import file from "../vectors/signatures.json" with { type: "json" };
import { sdkWebhookSignature, webhook } from "./webhook.ts";

// The requests below are signed while this file loads; what ran before has left a time of its own.
clock.now = START;
beforeEach(() => {
  clock.now = START;
});

const DEFINITION: Plain = {
  publicUrl: "https://uploads.example.com",
  profiles: { open: { access: ["public"], file: {}, notify: true } },
};

/** A signer of one account at one time, and what its application heard. */
function receiver(bindings: Record<string, unknown> = {}, now = () => clock.now) {
  const heard: CloudinaryNotification[] = [];
  const logs: string[] = [];
  const APP = { fetch, onNotification: (one: CloudinaryNotification) => void heard.push(one) };
  const configured = readBindings({ ...ACCOUNT, SIGNER: DEFINITION, APP, ...bindings });
  const app = createApp(configured, { now, log: (line) => void logs.push(unseen(line)) });
  const send = async (init: RequestInit, path = "/notifications") => {
    const answer = await app.request(`https://signer.example${path}`, init);
    const body = JSON.parse(unseen(await answer.text()));
    return { status: answer.status, headers: answer.headers, body };
  };
  const reason = (): string => JSON.parse(logs.at(-1)!).reason;
  return { send, heard, logs, reason };
}

// biome-ignore lint/suspicious/noExplicitAny: vectors of many shapes
const vectors: any[] = file.vectors.filter(({ type }) => type === "notification_signature");

describe("the published vectors", () => {
  it("are three, by both hashes", () => {
    expect(new Set(vectors.map(({ algorithm }) => algorithm))).toEqual(new Set(["sha1", "sha256"]));
    expect(vectors.every(({ origin }) => origin === "published")).toBe(true);
  });

  it.each(vectors)("$name", async ({ body, timestamp, secret, algorithm, expected }) => {
    expect(sdkWebhookSignature(body, timestamp, secret, algorithm)).toBe(expected);
    const { send, heard } = receiver({ CLOUDINARY_API_SECRET: secret }, () => timestamp);
    const headers = { "x-cld-timestamp": String(timestamp), "x-cld-signature": expected };
    expect(await send({ method: "POST", body, headers })).toMatchObject({ status: 200 });
    expect(heard).toMatchObject([{ body: JSON.parse(body), profile: null, subject: null }]);
    const other = receiver({}, () => timestamp);
    expect((await other.send({ method: "POST", body, headers })).body.code).toBe("invalid_notification");
    expect(other.heard).toEqual([]);
  });
});

const BODY = { notification_type: "upload", request_id: "r1", public_id: "cat", tags: ["a"], width: 1.5 };
const RAW = JSON.stringify(BODY);

/** Signed with a time of its own. */
const at = (timestamp: number | string, raw = RAW): RequestInit =>
  webhook(raw, {
    "x-cld-timestamp": String(timestamp),
    "x-cld-signature": sdkWebhookSignature(raw, timestamp),
  });

const without = (name: string): RequestInit => {
  const { headers, ...init } = webhook(BODY);
  return {
    ...init,
    headers: Object.fromEntries(Object.entries(headers as object).filter(([one]) => one !== name)),
  };
};

const flip = (text: string): string => (text.startsWith("0") ? "1" : "0") + text.slice(1);
const signature = sdkWebhookSignature(RAW, START);
const signed = (value: string): RequestInit => webhook(BODY, { "x-cld-signature": value });
const changed = (body: string): RequestInit => ({ ...webhook(BODY), body });
/** What any ticket's string to sign is, cut before the digits of its time: a body that is validly signed. */
const TICKET = "overwrite=false&public_id=cat&timestamp=";

const SIGNATURE = "notification_signature";
type Refused = readonly [what: string, wrong: RequestInit, reason: string, twin: RequestInit];
const REFUSED: readonly Refused[] = [
  ["an altered body", changed(`${RAW} `), SIGNATURE, webhook(`${RAW} `)],
  ["a truncated body", changed(RAW.slice(0, -1)), SIGNATURE, webhook(BODY)],
  ["an empty body", changed(""), SIGNATURE, webhook("{}")],
  [
    "a body that was parsed and written again",
    changed(JSON.stringify(BODY, null, 1)),
    SIGNATURE,
    webhook(JSON.stringify(BODY, null, 1)),
  ],
  ["another's public ID", changed(RAW.replace("cat", "dog")), SIGNATURE, webhook(RAW.replace("cat", "dog"))],
  ["an altered signature", signed(flip(signature)), SIGNATURE, signed(signature)],
  ["a truncated signature", signed(signature.slice(1)), SIGNATURE, signed(signature)],
  ["a signature in capitals", signed(signature.toUpperCase()), SIGNATURE, signed(signature)],
  ["a signature twice", signed(`${signature}, ${signature}`), SIGNATURE, signed(signature)],
  ["a signature of zeros", signed("0".repeat(64)), SIGNATURE, signed(signature)],
  [
    "by the empty secret",
    signed(sdkWebhookSignature(RAW, START, "")),
    SIGNATURE,
    signed(sdkWebhookSignature(RAW, START)),
  ],
  [
    "by another secret",
    signed(sdkWebhookSignature(RAW, START, "another")),
    SIGNATURE,
    signed(sdkWebhookSignature(RAW, START, API_SECRET, "sha256")),
  ],
  ["under another time", webhook(BODY, { "x-cld-timestamp": String(START - 1) }), SIGNATURE, at(START - 1)],
  ["replayed after two hours", at(START - 7201), "notification_old", at(START - 7200)],
  ["of 1970", at(0), "notification_old", at(START)],
  ["of the future", at(START + 301), "notification_ahead", at(START + 300)],
  ["in milliseconds", at(START * 1000), "notification_ahead", at(START)],
  ["without a time", without("x-cld-timestamp"), "notification_headers", without("content-type")],
  ["with a time of words", at("now"), "notification_headers", at(START)],
  ["with a time of halves", at(`${START}.5`), "notification_headers", at(START)],
  ["with a negative time", at(-START), "notification_headers", at(START)],
  ["with an empty signature", signed(""), "notification_headers", signed(signature)],
  [
    "with nothing but its body",
    { method: "POST", body: RAW },
    "notification_headers",
    without("x-cld-signature_v2"),
  ],
  ["by version 2 alone", without("x-cld-signature"), "notification_v2", without("x-cld-signature_v2")],
  ["a ticket's text", webhook(TICKET), "notification_json", webhook({ text: TICKET })],
  ["a list", webhook([BODY]), "notification_json", webhook(BODY)],
  ["null", webhook("null"), "notification_json", webhook("{}")],
  ["a text", webhook(JSON.stringify(RAW)), "notification_json", webhook(RAW)],
  ["a number", webhook("1"), "notification_json", webhook('{"a":1}')],
  ["JSON with a comma too much", webhook('{"a":1,}'), "notification_json", webhook('{"a":1}')],
  ["two objects", webhook("{}{}"), "notification_json", webhook("{}")],
];

describe("refused, beside an honest twin", () => {
  it.each(REFUSED)("%s", async (_, wrong, reason, twin) => {
    const { send, heard, ...log } = receiver();
    const refused = await send(wrong, "/notifications/an-id");
    expect(refused).toMatchObject({ status: 401, body: { code: "invalid_notification" } });
    expect(refused.headers.get("www-authenticate")).toMatch(/^X-Cld-Signature /);
    expect([log.reason(), heard]).toEqual([reason, []]);
    expect(await send(twin)).toMatchObject({ status: 200 });
    expect(heard).toHaveLength(1);
  });

  it.each([
    ["notification_headers", without("x-cld-timestamp"), "X-Cld-Timestamp as"],
    ["notification_headers", signed(""), "X-Cld-Signature as"],
    ["notification_v2", without("x-cld-signature"), "X-Cld-Signature_v2 alone is not believed"],
    ["notification_old", at(START - 8000), "7200 s old"],
    ["notification_ahead", at(START + 8000), "300 s in the future"],
    ["notification_signature", signed(flip(signature)), "bytes that Cloudinary signed"],
    ["notification_json", webhook(TICKET), "JSON object"],
  ])("%s: the sentence names what is wrong, and no value", async (_, wrong, words) => {
    const { detail } = (await receiver().send(wrong)).body;
    expect(detail).toContain(words);
    for (const value of [RAW, TICKET, signature, flip(signature), String(START), "overwrite"])
      expect(detail).not.toContain(value);
  });

  it("bytes that are not UTF-8", async () => {
    const { createHash } = await import("node:crypto");
    const body = new Uint8Array([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]);
    const hash = createHash("sha256").update(body).update(String(START)).update(API_SECRET).digest("hex");
    const { send, reason } = receiver();
    const headers = { "x-cld-timestamp": String(START), "x-cld-signature": hash };
    expect((await send({ method: "POST", body, headers })).status).toBe(401);
    expect(reason()).toBe("notification_json");
  });
});

describe("its size and form", () => {
  const padded = (bytes: number): string => `{"a":"${"x".repeat(bytes - 8)}"}`;
  const MOST = 1024 * 1024;

  it.each([
    [MOST, true],
    [MOST, false],
  ])("%i bytes are taken, and one more is not (size told: %s)", async (most, isTold) => {
    const { send, heard } = receiver();
    for (const size of [most, most + 1]) {
      const init = webhook(padded(size));
      const headers = { ...(init.headers as object), ...(isTold && { "content-length": String(size) }) };
      const { status, body } = await send({ ...init, headers });
      expect([status, body.code]).toEqual(size === most ? [200, undefined] : [413, "body_too_large"]);
    }
    expect(heard).toHaveLength(1);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])(
    "the type %j is not looked at: the bytes are signed",
    async (type) => {
      expect((await receiver().send(webhook(BODY, { "content-type": type }))).status).toBe(200);
    },
  );

  it("an encoded one is not read", async () => {
    const { status, body } = await receiver().send(webhook(BODY, { "content-encoding": "gzip" }));
    expect([status, body.code]).toEqual([415, "unsupported_media_type"]);
  });
});

describe("the routes", () => {
  it.each(["/notifications", "/notifications/an-id"])("%s takes POST alone", async (path) => {
    const { send } = receiver();
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const { status, headers, body } = await send({ method }, path);
      expect([status, body.code, headers.get("allow")]).toEqual([405, "method_not_allowed", "POST"]);
      expect(body.detail).toContain("notification URL at Cloudinary");
    }
  });

  it("a page of another origin is not asked", async () => {
    const { status, body } = await receiver().send(webhook(BODY, { origin: "https://evil.example" }));
    expect([status, body.code]).toEqual([403, "origin_not_allowed"]);
  });

  it("no upload ID stands in the log", async () => {
    const { send, logs } = receiver();
    await send(webhook(BODY), "/notifications/an-id-of-an-upload");
    expect(JSON.parse(logs[0]!)).toMatchObject({ route: "/notifications/{upload_id}", status: 200 });
    expect(logs.join()).not.toContain("an-id-of-an-upload");
  });

  it.each(["/notifications", "/notifications/an-id"])(
    "%s of an account that is misconfigured says so, and takes nothing",
    async (path) => {
      const { send, heard } = receiver({ CLOUDINARY_API_KEY: undefined });
      const { status, body } = await send(webhook(BODY), path);
      expect([status, body.code, heard]).toEqual([500, "misconfigured", []]);
    },
  );

  it("not under the limiters: a burst of Cloudinary's comes from one address", async () => {
    const LIMIT = { limit: async () => ({ success: false }) };
    const { send } = receiver({ LIMIT_BY_IP: LIMIT, LIMIT_BY_SUBJECT: LIMIT });
    expect((await send(webhook(BODY))).status).toBe(200);
  });
});

it("under a secret that was changed in its store: by whichever the store has now", async () => {
  let text: string = API_SECRET;
  const changedTo = "Another-Secret_of-the-SUITE7";
  const { send, heard } = receiver({ CLOUDINARY_API_SECRET: { get: async () => text } });
  expect((await send(webhook(BODY))).status).toBe(200);
  text = changedTo;
  const late: Answer = await send(signed(sdkWebhookSignature(RAW, START, changedTo)));
  expect([late.status, heard.length]).toEqual([200, 2]);
  expect((await send(webhook(BODY))).status).toBe(401);
});
