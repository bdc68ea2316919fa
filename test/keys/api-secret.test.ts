// A secret of an access method that is the API secret verifies nothing, wherever the two are kept: who makes tokens by
// it could sign anything. Where one is in a store, that is seen when both were read.

import { afterEach, describe, expect, it, vi } from "vitest";
import { faultsOf } from "../../src/config/checked.ts";
import { createApp } from "../../src/http/app.ts";
import { hanging } from "../access/hanging.ts";
import { SHARED_SECRET, signShared } from "../access/identity.ts";
import { bearer, outcome, signer, UNDER_SECRETS } from "../access/signer.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import { readBindings } from "../support/definition.ts";

/** Fit for both, and so mistaken for each other. */
const SAME = "One_Secret-for-both-of-them-0123456789";
const START = 1_795_468_800;

const TURNSTILE = { "cf-turnstile-response": "a-token" };
const siteverify: typeof fetch = async () =>
  Response.json({ success: true, hostname: "a.example", action: "up" });

function start(bindings: Record<string, unknown>) {
  const clock = { now: START };
  const run = signer(
    UNDER_SECRETS,
    { now: () => clock.now, fetch: siteverify },
    { JWT_SECRET: SHARED_SECRET, TURNSTILE_SECRET: "0x4AAA", ...bindings },
  );
  const token = (secret: string) => signShared({ iat: clock.now, exp: clock.now + 7200 }, secret);
  return { ...run, clock, token };
}

const store = (text: string) => ({ text, get: async () => text });

afterEach(() => {
  vi.useRealTimers();
});

describe.each<[string, () => [api: unknown, own: unknown]]>([
  ["the API secret in a store, the method's a text", () => [store(SAME), SAME]],
  ["both in stores", () => [store(SAME), store(SAME)]],
  ["the API secret a text, the method's in a store", () => [SAME, store(SAME)]],
])("%s", (_, make) => {
  it("a token that was made by it does not come in, and the others do", async () => {
    const [api, own] = make();
    const { post, token, logs } = start({ CLOUDINARY_API_SECRET: api, JWT_SECRET: own });
    const answer = await post("/sign", bearer(await token(SAME)));
    expect(outcome(answer)).toBe("503 keys_unavailable");
    expect(answer.body.detail).toMatch(/^the secret JWT_SECRET is the API secret, /);
    expect(JSON.parse(logs.at(-1)!)).toMatchObject({ reason: "unfit_secret", access: "members" });
    expect(outcome(await post("/sign/open"))).toBe("signed");
    expect(outcome(await post("/sign/humans", TURNSTILE))).toBe("signed");
    expect(logs.join()).not.toContain(SAME);
  });

  it("Turnstile is not asked with it", async () => {
    const [api, own] = make();
    const { post } = start({ CLOUDINARY_API_SECRET: api, TURNSTILE_SECRET: own });
    const answer = await post("/sign/humans", TURNSTILE);
    expect(outcome(answer)).toBe("503 keys_unavailable");
    expect(answer.body.detail).toMatch(/^the secret TURNSTILE_SECRET is the API secret, /);
  });
});

it("one that becomes the same later is refused as soon as that is read", async () => {
  let api = "Another-Secret_of-the-SUITE7";
  const { clock, post, token } = start({
    CLOUDINARY_API_SECRET: { get: async () => api },
    JWT_SECRET: SAME,
  });
  const shown = bearer(await token(SAME));
  expect(outcome(await post("/sign", shown))).toBe("signed");
  api = SAME;
  clock.now = START + 300;
  expect(outcome(await post("/sign", shown))).toBe("503 keys_unavailable");
  api = "Another-Secret_of-the-SUITE8";
  clock.now = START + 600;
  expect(outcome(await post("/sign", shown))).toBe("signed");
});

describe.each<[string, () => unknown]>([
  ["throws", () => Promise.reject(new Error("down"))],
  ["hangs", () => new Promise(() => {})],
  ["answers an unfit text", () => `'${SAME}'`],
])("while the store of the API secret %s", (_, answer) => {
  it("tokens are still judged by themselves, and nothing is signed", async () => {
    const { post, token } = start({
      CLOUDINARY_API_SECRET: { get: async () => answer() },
      JWT_SECRET: SAME,
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const forged = bearer(await token("a-secret-of-nobody-of-32-bytes-and-more"));
    expect(outcome(await hanging(post("/sign", forged)))).toBe("401 invalid_token");
    expect(outcome(await post("/sign", bearer(await token(SAME))))).toMatch(/^50[03] /);
  });
});

it.each(["JWT_SECRET", "TURNSTILE_SECRET"])("two texts: %s is refused by the check", (name) => {
  const bindings = { JWT_SECRET: SHARED_SECRET, TURNSTILE_SECRET: "0x4AAA", [name]: SAME };
  const read = readBindings({ ...ACCOUNT, ...bindings, CLOUDINARY_API_SECRET: SAME, SIGNER: UNDER_SECRETS });
  expect(faultsOf(read)).toMatchObject([
    { secret: name, problem: expect.stringContaining("is the API secret, ") },
  ]);
});

it.each([
  ["a text", (text: string) => text],
  ["a store", (text: string) => store(text)],
])("nor is the whole address one that holds it, where the API secret is %s", async (_, kept) => {
  const address = `cloudinary://123456789012345:${SAME}@cloud`;
  const bindings = { ...ACCOUNT, JWT_SECRET: address, TURNSTILE_SECRET: "0x4AAA" };
  const read = readBindings({ ...bindings, CLOUDINARY_API_SECRET: kept(SAME), SIGNER: UNDER_SECRETS });
  const answer = await createApp(read, { log: unseen }).request("/health");
  expect(await answer.json()).toMatchObject({
    faults: [{ binding: "JWT_SECRET", problem: expect.stringContaining("is the API secret, ") }],
  });
});

it("a secret of three letters is found nowhere by accident, and still is no other's", () => {
  const faulty = (turnstile: string) => {
    const bindings = { ...ACCOUNT, JWT_SECRET: `abc${SHARED_SECRET}`, TURNSTILE_SECRET: turnstile };
    const read = readBindings({ ...bindings, CLOUDINARY_API_SECRET: "abc", SIGNER: UNDER_SECRETS });
    return faultsOf(read).map(({ secret }) => secret);
  };
  expect([faulty("0x4AAA"), faulty("abc")]).toEqual([[], ["TURNSTILE_SECRET"]]);
});

it("/health tells it", async () => {
  const bindings = { ...ACCOUNT, JWT_SECRET: SAME, TURNSTILE_SECRET: "0x4AAA" };
  const read = readBindings({ ...bindings, CLOUDINARY_API_SECRET: store(SAME), SIGNER: UNDER_SECRETS });
  const answer = await createApp(read, { log: unseen }).request("/health");
  expect([answer.status, await answer.json()]).toMatchObject([
    503,
    { faults: [{ binding: "JWT_SECRET", problem: expect.stringContaining("is the API secret, ") }] },
  ]);
});
