// Several key pairs of one account, as at Cloudinary while one replaces another: added and disabled from a program of this
// machine or another process, and never by a page.

import { v2 as cloudinary } from "cloudinary";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../../src/testing/emulator/emulator.ts";
import { sdkSignature } from "../../support/sdk.ts";
import { ACCOUNT, png } from "./support.ts";

const SECOND = { apiKey: "543210987654321", apiSecret: "Yy2-b_Test-Secret9876543210" };

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator(ACCOUNT);
});
afterEach(() => emulator.close());

async function upload({ apiKey, apiSecret }: typeof SECOND, secret = apiSecret, more: object = {}) {
  const params = { timestamp: String(Math.floor(Date.now() / 1000)), ...more };
  const signature = sdkSignature(params, secret, "sha256");
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...params, api_key: apiKey, signature }))
    form.append(name, value);
  form.append("file", png());
  const url = `${emulator.url}/v1_1/${ACCOUNT.cloudName}/image/upload`;
  const answer = await fetch(url, { method: "POST", body: form });
  return { status: answer.status, body: await answer.json() };
}

const control = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${emulator.url}/_keys`, { method: "POST", headers, body: JSON.stringify(body) });

const FIRST_USE = { apiKey: ACCOUNT.apiKey, active: true, requests: 0 };

it("each is good with its own secret alone, signs the answer, and is counted", async () => {
  expect((await upload(SECOND)).body.error.message).toBe(`Unknown API key ${SECOND.apiKey}`);
  emulator.keys.add(SECOND);
  for (const pair of [ACCOUNT, SECOND]) {
    const { status, body } = await upload(pair);
    expect(status).toBe(200);
    const { public_id, version } = body;
    expect(body.signature).toBe(sdkSignature({ public_id, version }, pair.apiSecret, "sha256"));
  }
  expect((await upload(ACCOUNT, SECOND.apiSecret)).status).toBe(401);
  expect((await upload(SECOND, ACCOUNT.apiSecret)).status).toBe(401);
  expect(emulator.keys.list()).toEqual([
    { ...FIRST_USE, requests: 1 },
    { apiKey: SECOND.apiKey, active: true, requests: 1 },
  ]);
  expect(emulator.uploads().map(({ fields }) => fields.api_key)).toEqual([ACCOUNT.apiKey, SECOND.apiKey]);
});

it("the oldest that is active signs notifications, whoever uploaded, and says so", async () => {
  emulator.keys.add(SECOND);
  const notification_url = "https://elsewhere.example/hook";
  const signer = () => JSON.parse(emulator.notifications().at(-1)!.body).signature_key;
  await upload(SECOND, undefined, { notification_url });
  expect(signer()).toBe(ACCOUNT.apiKey);
  emulator.keys.disable(ACCOUNT.apiKey);
  await upload(SECOND, undefined, { notification_url });
  expect(signer()).toBe(SECOND.apiKey);
});

it("one that is disabled is good for nothing: upload, or signed address", async () => {
  const { body } = await upload(ACCOUNT, undefined, { type: "authenticated" });
  expect((await fetch(body.secure_url)).status).toBe(200);
  emulator.keys.add(SECOND);
  emulator.keys.disable(ACCOUNT.apiKey);
  expect((await upload(ACCOUNT)).status).toBe(401);
  expect((await fetch(body.secure_url)).status).toBe(401);
  const signed = cloudinary.url(`${body.public_id}.${body.format}`, {
    ...{ cloud_name: ACCOUNT.cloudName, api_secret: SECOND.apiSecret, sign_url: true, urlAnalytics: false },
    ...{ type: "authenticated", version: body.version, signature_algorithm: "sha1" },
  } as object);
  expect((await fetch(signed.replace(/^https?:\/\/res\.cloudinary\.com/, emulator.url))).status).toBe(200);
});

it("is changed from another process, which hears no secret", async () => {
  const { apiKey: api_key, apiSecret: api_secret } = SECOND;
  const added = await control({ add: { api_key, api_secret } });
  const text = await added.text();
  expect(JSON.parse(text)).toEqual([
    { api_key: ACCOUNT.apiKey, active: true, requests: 0 },
    { api_key, active: true, requests: 0 },
  ]);
  expect(text).not.toContain(api_secret);
  expect((await control({ disable: ACCOUNT.apiKey })).status).toBe(200);
  expect(await (await fetch(`${emulator.url}/_keys`)).json()).toMatchObject([{ active: false }, {}]);
});

it.each([
  ["nothing", undefined, 400, "Send a JSON object such as"],
  ["half a pair", { add: { api_key: "1" } }, 400, "Send a JSON object such as"],
  ["one that is there", { add: { api_key: ACCOUNT.apiKey, api_secret: "x" } }, 400, "has 123456789012345"],
  ["one that is not there", { disable: "1" }, 401, "Unknown API key 1"],
  ["the only one", { disable: ACCOUNT.apiKey }, 400, "Add another key pair before"],
])("refuses %s", async (_, body, status, words) => {
  const answer = await control(body);
  expect([answer.status, (await answer.json()).error.message]).toEqual([
    status,
    expect.stringContaining(words),
  ]);
  expect(emulator.keys.list()).toEqual([FIRST_USE]);
});

it("pages may look, and change nothing", async () => {
  const answer = await control({ add: { api_key: "1", api_secret: "x" } }, { origin: "https://a.example" });
  expect(answer.status).toBe(403);
  expect(() => emulator.keys.disable("1")).toThrow(RangeError);
  expect(emulator.keys.list()).toEqual([FIRST_USE]);
});
