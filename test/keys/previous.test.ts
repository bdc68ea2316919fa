// A rotation, one request at a time: what was made with the old key pair is verified and opened while
// `CLOUDINARY_URL_PREVIOUS` has it, nothing is signed with it, and afterwards it counts no more than a stranger's. The
// emulator, which knows both pairs, tells who signed what, and the official SDK and `jose` judge.

import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createSigner } from "../../src/hono.ts";
import { createApp } from "../../src/http/app.ts";
import type { Secret, VerifyingSecret } from "../../src/keys/secret.ts";
import { signTicket } from "../../src/tickets/issue.ts";
import { makeLink } from "../../src/tickets/link.ts";
import { sealUploadId } from "../../src/tickets/upload-id.ts";
import { type Asked, signer } from "../access/signer.ts";
import { undocumented } from "../docs/openapi/contract.ts";
import { sdkWebhookSignature, uploadBody } from "../notifications/webhook.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { definitionOf, type Plain, readBindings } from "../support/definition.ts";
import { sdkSignature } from "../support/sdk.ts";
import {
  type Answer,
  clock,
  MEMBERS,
  member,
  PUBLIC_URL,
  START,
  type Stored,
  scene,
  send,
  startCloudinary,
} from "../uploads/scene.ts";

interface Pair {
  readonly apiKey: string;
  readonly apiSecret: string;
}
const NEW: Pair = { apiKey: API_KEY, apiSecret: API_SECRET };
const OLD: Pair = { apiKey: "271828182845904", apiSecret: "Old-Secret_of-the-SUITE-271" };
/** Of nobody: the emulator does not know it. */
const THIRD: Pair = { apiKey: "161803398874989", apiSecret: "Third-Secret_of-a-FORGER-16" };

const urlOf = ({ apiKey, apiSecret }: Pair, cloud = CLOUD_NAME): string =>
  `cloudinary://${apiKey}:${apiSecret}@${cloud}`;

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    avatars: {
      access: ["members"],
      resourceType: "image",
      ttl: 7200,
      set: { public_id: "users/{sub}/{uuid}", overwrite: false },
      file: { maxBytes: "1 kB" },
      notify: true,
    },
    linked: { access: ["members"], set: { folder: "users/{sub}" } },
  },
};

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  emulator = await startCloudinary({ cloudName: CLOUD_NAME, ...OLD });
  emulator.keys.add(NEW);
});
beforeEach(() => {
  clock.now = START;
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => emulator.close());

type Signer = ReturnType<typeof scene>;

/** A signer that signs with a pair, beside another one or alone. */
function signerOf({ apiKey, apiSecret }: Pair, previous?: unknown, definition = DEFINITION): Signer {
  const account = { CLOUDINARY_API_KEY: apiKey, CLOUDINARY_API_SECRET: apiSecret };
  const bindings = { ...account, ...(previous !== undefined && { CLOUDINARY_URL_PREVIOUS: previous }) };
  const onNotification = (one: unknown) => void heard.push(one);
  return scene(emulator, definition, { bindings, onUploaded: () => null, onNotification });
}

/** What `/health` of a signer with the new pair says; it has no Retry-After, as answers to callers have. */
async function healthOf(previous: unknown): Promise<{ status: number; body: Answer }> {
  const bindings = {
    ...ACCOUNT,
    JWT_SECRET: "x".repeat(40),
    ...(previous !== undefined && { CLOUDINARY_URL_PREVIOUS: previous }),
  };
  const app = createApp(readBindings({ ...bindings, SIGNER: DEFINITION }), { log: () => {} });
  const answer = await app.request("/health");
  const { status, headers } = answer;
  const text = await answer.text();
  expect(undocumented({ method: "GET", path: "/health" }, { status, headers, text }), text).toEqual([]);
  return { status, body: JSON.parse(text) };
}
let heard: Answer[] = [];
beforeEach(() => {
  heard = [];
});

const ann = () => member("ann");

/** The last event, which holds no secret. */
function eventOf({ logs }: Signer): Answer {
  const line = logs.at(-1)!;
  for (const { apiSecret } of [OLD, NEW, THIRD]) expect(line).not.toContain(apiSecret);
  return JSON.parse(line);
}

/** Who signed a ticket, by the SDK: its key says so, and its signature proves it. */
function signedBy(fields: Readonly<Record<string, string>>): Pair | undefined {
  const { signature, api_key, ...params } = fields;
  return [OLD, NEW, THIRD].find(
    ({ apiKey, apiSecret }) => apiKey === api_key && sdkSignature(params, apiSecret, "sha256") === signature,
  );
}

/** An upload as Cloudinary would have answered it, under whatever secret. */
async function uploaded(maker: Signer, pair: Pair): Promise<Stored> {
  const ticket = await maker.sign("avatars", await ann());
  if (pair !== THIRD) return { ticket, response: await send(ticket) };
  const { public_id } = ticket.fields;
  const signature = sdkSignature({ public_id, version: clock.now }, pair.apiSecret, "sha1");
  return {
    ticket,
    response: { public_id, version: clock.now, resource_type: "image", type: "upload", signature },
  };
}

interface Thing {
  readonly name: string;
  /** Makes one with a pair, and tells how it is shown to a signer. */
  make(maker: Signer, pair: Pair): Promise<(to: Signer) => Promise<Asked>>;
  /** What is signed for who shows it: the fields of a ticket. */
  signed?(answer: Answer): Readonly<Record<string, string>>;
}

const THINGS: readonly Thing[] = [
  {
    name: "a link",
    async make(maker) {
      const { body } = await maker.post("/links/linked", await ann());
      const { pathname, search } = new URL(body.url);
      return (to) => to.post(pathname + search);
    },
    signed: ({ fields }) => fields,
  },
  {
    name: "the upload ID of a renewal",
    async make(maker) {
      const { upload_id, fields } = await maker.sign("avatars", await ann());
      return async (to) => to.post("/sign/avatars", await ann(), { renew: upload_id, fields });
    },
    signed: ({ fields }) => fields,
  },
  {
    name: "the upload ID and the answer of a confirmation",
    async make(maker, pair) {
      const stored = await uploaded(maker, pair);
      return async (to) => to.confirm("avatars", stored, await ann());
    },
  },
  {
    name: "a notification",
    async make(_, { apiKey, apiSecret }) {
      const raw = JSON.stringify(
        uploadBody({ public_id: "a", version: clock.now }, { signature_key: apiKey }),
      );
      const signature = sdkWebhookSignature(raw, clock.now, apiSecret);
      const headers = { "x-cld-timestamp": String(clock.now), "x-cld-signature": signature };
      return (to) => to.ask("/notifications", { method: "POST", body: raw, headers });
    },
  },
];

/** A refusal without what no two have in common. */
const refusal = ({ status, body: { request_id: _, ...body } }: Asked) => ({ status, body });

describe.each(THINGS)("$name", ({ name, make, signed }) => {
  const shown = async (pair: Pair, to: Signer): Promise<Asked> => (await make(signerOf(pair), pair))(to);

  it("made with the old pair is good while that is the previous one, and the log tells", async () => {
    const during = signerOf(NEW, urlOf(OLD));
    const before = emulator.keys.list();
    const answer = await shown(OLD, during);
    expect([answer.status, eventOf(during).previous], JSON.stringify(answer.body)).toEqual([200, true]);
    if (signed) expect(signedBy(signed(answer.body))).toBe(NEW);
    // By the old one, no request but the upload of the ticket that was made with it.
    const [old] = emulator.keys.list();
    expect(old!.requests - before[0]!.requests).toBeLessThanOrEqual(1);
  });

  it("made with the new pair needs no previous one, and the log tells none", async () => {
    for (const to of [signerOf(NEW, urlOf(OLD)), signerOf(NEW)]) {
      expect((await shown(NEW, to)).status).toBe(200);
      expect(eventOf(to)).not.toHaveProperty("previous");
    }
  });

  it("made with the new pair is good where that is still to come, and the old one signs", async () => {
    const announced = signerOf(OLD, urlOf(NEW));
    const answer = await shown(NEW, announced);
    expect([answer.status, eventOf(announced).previous]).toEqual([200, true]);
    if (signed) expect(signedBy(signed(answer.body))).toBe(OLD);
  });

  it("of a third secret is refused, and what the old one made as well once it is gone: in the same words", async () => {
    const forged = await shown(THIRD, signerOf(NEW, urlOf(OLD)));
    expect(forged.status).toBeGreaterThanOrEqual(400);
    expect(forged.status).toBeLessThan(500);
    for (const [pair, to] of [
      [THIRD, signerOf(NEW)],
      [OLD, signerOf(NEW)],
      [OLD, signerOf(NEW, urlOf(THIRD))],
    ] as const) {
      expect(refusal(await shown(pair, to))).toEqual(refusal(forged));
      expect(eventOf(to)).not.toHaveProperty("previous");
    }
  });

  it("is refused for what else is wrong with it, as one of the new pair is", async () => {
    const show = [];
    for (const pair of [OLD, NEW]) show.push(await make(signerOf(pair), pair));
    clock.now += 5 * 86_400;
    const during = signerOf(NEW, urlOf(OLD));
    const old = await show[0]!(during);
    // It was needed to see what is wrong; but an old notification costs no hash.
    expect(eventOf(during).previous).toBe(name === "a notification" ? undefined : true);
    const young = await show[1]!(during);
    expect(eventOf(during)).not.toHaveProperty("previous");
    expect(old.status).toBeGreaterThanOrEqual(400);
    expect(refusal(old)).toEqual(refusal(young));
  });
});

describe("the upload ID in the address of a notification, whoever signed that", () => {
  it.each([
    ["the old pair's, during the rotation", OLD, () => signerOf(NEW, urlOf(OLD)), "avatars", true],
    ["the new pair's", NEW, () => signerOf(NEW), "avatars", undefined],
    ["the old pair's, once it is gone", OLD, () => signerOf(NEW), null, undefined],
    ["a third's", THIRD, () => signerOf(NEW, urlOf(OLD)), null, undefined],
  ] as const)("%s", async (_, pair, signerAt, profile, previous) => {
    const maker = signerOf(pair);
    const { ticket, response } = await uploaded(maker, pair);
    const raw = JSON.stringify(uploadBody(response));
    const headers = {
      "x-cld-timestamp": String(clock.now),
      "x-cld-signature": sdkWebhookSignature(raw, clock.now, NEW.apiSecret),
    };
    const to = signerAt();
    const path = new URL(ticket.fields.notification_url).pathname;
    const before = emulator.keys.list()[0]!.requests;
    const { status } = await to.ask(path, { method: "POST", body: raw, headers });
    expect([status, heard.at(-1).profile, eventOf(to).previous]).toEqual([200, profile, previous]);
    expect(heard.at(-1).enforced).toBe(profile === null ? undefined : "kept");
    expect(emulator.keys.list()[0]!.requests).toBe(before);
  });
});

describe("receipts", () => {
  async function keysOf(pair: Pair, previous?: unknown): Promise<Answer> {
    return (await signerOf(pair, previous).ask("/.well-known/jwks.json", {})).body;
  }
  async function receiptOf(pair: Pair, previous?: unknown): Promise<string> {
    const maker = signerOf(pair, previous);
    const made = await maker.upload("avatars", await ann());
    return (await maker.confirm("avatars", made, await ann())).body.receipt;
  }
  const verify = async (receipt: string, keys: Answer): Promise<string> =>
    jwtVerify(receipt, createLocalJWKSet(keys), { currentDate: new Date(clock.now * 1000) }).then(
      () => "verified",
      ({ code }) => code,
    );

  it("of both pairs are verified by the key set, which announces the next one before it signs", async () => {
    const [old, young] = [await receiptOf(OLD), await receiptOf(NEW)];
    for (const keys of [await keysOf(NEW, urlOf(OLD)), await keysOf(OLD, urlOf(NEW))]) {
      expect(keys.keys).toHaveLength(2);
      expect([await verify(old, keys), await verify(young, keys)]).toEqual(["verified", "verified"]);
      expect(JSON.stringify(keys)).not.toContain('"d"');
    }
  });

  it("are signed with the current pair alone", async () => {
    const alone = await keysOf(NEW);
    expect(alone.keys).toHaveLength(1);
    expect(await verify(await receiptOf(NEW, urlOf(OLD)), alone)).toBe("verified");
    expect(await verify(await receiptOf(OLD), alone)).toBe("ERR_JWKS_NO_MATCHING_KEY");
  });

  it("of an upload of the old pair that is confirmed now are signed with the new one", async () => {
    const during = signerOf(NEW, urlOf(OLD));
    const made = await signerOf(OLD).upload("avatars", await ann());
    const { body } = await during.confirm("avatars", made, await ann());
    expect(await verify(body.receipt, await keysOf(NEW))).toBe("verified");
  });
});

it("a ticket that was renewed in between: ID and answer of two pairs", async () => {
  const { upload_id, fields } = await signerOf(OLD).sign("avatars", await ann());
  const during = signerOf(NEW, urlOf(OLD));
  const { body: ticket } = await during.post("/sign/avatars", await ann(), { renew: upload_id, fields });
  const response = await send(ticket);
  expect(signedBy(ticket.fields)).toBe(NEW);
  expect((await during.confirm("avatars", { ticket, response }, await ann())).status).toBe(200);
});

it.each(["refusals", { sample: 0 }] as const)(
  "is logged where log is %j, or silence would tell nothing",
  async (log) => {
    const during = signerOf(NEW, urlOf(OLD), { ...DEFINITION, log });
    const lines = async (pair: Pair) => {
      const { body } = await signerOf(pair).post("/links/linked", await ann());
      const before = during.logs.length;
      const { pathname, search } = new URL(body.url);
      await during.post(pathname + search);
      return during.logs.length - before;
    };
    expect([await lines(NEW), await lines(OLD)]).toEqual([0, 1]);
  },
);

it("who asks as everybody does costs no more hash, cipher or signature with a previous pair than without", async () => {
  const names = ["digest", "sign", "verify", "encrypt", "decrypt", "importKey", "deriveKey"] as const;
  async function calls(to: Signer): Promise<number[]> {
    const { body } = await to.post("/links/linked", await ann());
    const { pathname, search } = new URL(body.url);
    await to.post(pathname + search);
    const spies = names.map((name) => vi.spyOn(crypto.subtle, name));
    await to.post(pathname + search);
    const counted = spies.map(({ mock }) => mock.calls.length);
    vi.restoreAllMocks();
    return counted;
  }
  expect(await calls(signerOf(NEW, urlOf(OLD)))).toEqual(await calls(signerOf(NEW)));
});

/** Signs, by a link of its own and by one of the old pair. */
async function signs(to: Signer): Promise<[own: number, old: Asked]> {
  const links = [];
  for (const maker of [signerOf(NEW), signerOf(OLD)])
    links.push(new URL((await maker.post("/links/linked", await ann())).body.url));
  const [own, old] = links.map(({ pathname, search }) => pathname + search);
  return [(await to.post(own!)).status, await to.post(old!)];
}

/** A store, and how often it was asked. */
class Store {
  asked = 0;
  answer: () => string | Promise<string>;

  constructor(answer: () => string | Promise<string>) {
    this.answer = answer;
  }

  async get(): Promise<string> {
    this.asked += 1;
    return this.answer();
  }
}

it("to sign with it does not compile, nor to make a link, an upload ID or a receipt", () => {
  const sign = (current: Secret, previous: VerifyingSecret, any: Answer) => [
    ...[current.sign, current.receiptKey, makeLink(any, current, any, any, any)],
    ...[sealUploadId(any, current, any, any, any), signTicket(any, current, any, any)],
    // @ts-expect-error
    previous.sign,
    // @ts-expect-error
    previous.receiptKey,
    // @ts-expect-error
    makeLink(any, previous, any, any, any),
    // @ts-expect-error
    sealUploadId(any, previous, any, any, any),
    // @ts-expect-error
    signTicket(any, previous, any, any),
  ];
  // Types are all of it.
  expect(sign).toBeTypeOf("function");
});

describe("what is wrong with the previous one keeps nobody from signing, and is told", () => {
  const WRONG: readonly (readonly [name: string, value: unknown, place: string, words: string])[] = [
    ["of another cloud", urlOf(OLD, "another-cloud"), "CLOUDINARY_URL_PREVIOUS", "it is of another cloud"],
    ["empty", "", "CLOUDINARY_URL_PREVIOUS", "empty"],
    ["half of it", "cloudinary://271828182845904", "CLOUDINARY_URL_PREVIOUS", "must have the form"],
    ["the bare secret", OLD.apiSecret, "CLOUDINARY_URL_PREVIOUS", "must have the form"],
    [
      "the whole line",
      `CLOUDINARY_URL_PREVIOUS=${urlOf(OLD)}`,
      "CLOUDINARY_URL_PREVIOUS",
      "npx wrangler secret put CLOUDINARY_URL_PREVIOUS",
    ],
    [
      "key and secret swapped",
      `cloudinary://${OLD.apiSecret}:${OLD.apiKey}@${CLOUD_NAME}`,
      "CLOUDINARY_URL_PREVIOUS (its API secret)",
      "swapped",
    ],
  ];

  it.each(WRONG)("%s", async (_, value, binding, words) => {
    const to = signerOf(NEW, value);
    const health = await healthOf(value);
    expect([health.status, health.body.faults]).toEqual([
      503,
      [{ binding, problem: expect.stringContaining(words) }],
    ]);
    const [own, old] = await signs(to);
    expect([own, old.status, old.body.code]).toEqual([200, 500, "misconfigured"]);
    expect(old.body.detail).toContain("CLOUDINARY_URL_PREVIOUS");
    expect((await to.ask("/.well-known/jwks.json", {})).body.keys).toHaveLength(1);
    const said = [health, old].map(({ body }) => JSON.stringify(body)).join();
    for (const part of [OLD.apiSecret, OLD.apiKey]) expect(said + to.logs.join()).not.toContain(part);
  });

  it.each(WRONG.filter(([, value]) => value !== ""))("%s, in a store", async (_, value, binding, words) => {
    const to = signerOf(NEW, new Store(() => String(value)));
    const [own, old] = await signs(to);
    expect([own, old.status, old.body.code]).toEqual([200, 500, "misconfigured"]);
    const health = await healthOf(new Store(() => String(value)));
    expect([health.status, health.body.faults]).toEqual([
      503,
      [{ binding, problem: expect.stringContaining(words) }],
    ]);
    expect(JSON.stringify([old.body, health.body]) + to.logs.join()).not.toContain(OLD.apiSecret);
  });

  it("a store that fails: what may have been its own can be tried again", async () => {
    const store = new Store(() => Promise.reject(new Error("down")));
    const to = signerOf(NEW, store);
    const [own, old] = await signs(to);
    expect([own, old.status, old.body.code]).toEqual([200, 503, "keys_unavailable"]);
    const { body, headers } = await to.ask("/.well-known/jwks.json", {});
    // Else a back end would go on for minutes without the other key, when that is long there again.
    expect([body.keys.length, headers.get("cache-control")]).toEqual([1, "no-store"]);
    expect(await healthOf(store)).toMatchObject({
      status: 503,
      body: { faults: [{ binding: "CLOUDINARY_URL_PREVIOUS" }] },
    });
  });

  it("and every other fault is told with it", () => {
    const read = readBindings({
      ...ACCOUNT,
      CLOUDINARY_API_KEY: "",
      CLOUDINARY_URL_PREVIOUS: "x",
      SIGNER: {},
    });
    expect(read.ok ? [] : read.error.map(({ binding }) => binding).sort()).toEqual([
      "CLOUDINARY_API_KEY",
      "CLOUDINARY_URL_PREVIOUS",
    ]);
  });
});

describe("a store", () => {
  it("is asked when something of the old pair is shown, and for nothing else", async () => {
    const store = new Store(() => urlOf(OLD));
    const to = signerOf(NEW, store);
    const made = await to.upload("avatars", await ann());
    expect((await to.confirm("avatars", made, await ann())).status).toBe(200);
    expect(store.asked).toBe(0);
    expect((await signs(to))[1].status).toBe(200);
    expect(store.asked).toBe(1);
  });

  /** A signer that has the old pair in its own store, and the new one in the store of the previous. */
  const beforeTheSwap = () => {
    const [current, previous] = [new Store(() => OLD.apiSecret), new Store(() => urlOf(NEW))];
    const bindings = {
      CLOUDINARY_API_KEY: NEW.apiKey,
      CLOUDINARY_API_SECRET: current,
      CLOUDINARY_URL_PREVIOUS: previous,
    };
    return { current, previous, to: scene(emulator, DEFINITION, { bindings }) };
  };

  it("whose pair is swapped for the other while both are kept: neither waits five minutes", async () => {
    const { current, previous, to } = beforeTheSwap();
    const made = await signs(to);
    expect([made[0], made[1].status]).toEqual([200, 200]);
    current.answer = () => NEW.apiSecret;
    previous.answer = () => urlOf(OLD);
    clock.now += 1;
    const after = await signs(to);
    expect([after[0], after[1].status]).toEqual([200, 200]);
  });

  it("of which one was read anew and the other not: it is asked as well", async () => {
    const { current, previous, to } = beforeTheSwap();
    await to.sign("linked", await ann());
    clock.now += 200;
    expect((await signs(to))[0]).toBe(200);
    current.answer = () => NEW.apiSecret;
    previous.answer = () => urlOf(OLD);
    clock.now += 101;
    expect((await signs(to))[1].status).toBe(200);
    expect([current.asked, previous.asked]).toEqual([2, 2]);
  });

  it("that holds the current pair: one key in the key set", async () => {
    const to = signerOf(NEW, new Store(() => urlOf(NEW)));
    expect((await to.ask("/.well-known/jwks.json", {})).body.keys).toHaveLength(1);
    expect((await signs(to))[1].body.code).toBe("invalid_token");
  });
});

describe("/health", () => {
  it.each([
    ["there is one", urlOf(OLD), { previous: true }],
    ["there is none", undefined, {}],
    ["it is the current one, as when a rotation begins", urlOf(NEW), {}],
  ])("%s", async (_, previous, told) => {
    const { status, body } = await healthOf(previous);
    expect([status, body]).toEqual([
      200,
      { status: "ok", policy: expect.any(String), profiles: 2, faults: [], ...told },
    ]);
  });
});

describe("where it must not be", () => {
  it("in the definition: it is a secret as the current one is", () => {
    const SIGNER = { ...DEFINITION, publicUrl: `https://${OLD.apiSecret}.example.com` };
    const read = readBindings({ ...ACCOUNT, CLOUDINARY_URL_PREVIOUS: urlOf(OLD), SIGNER });
    expect(read.ok ? "fine" : read.error).toEqual([
      { binding: "signer.config.ts", at: "publicUrl", problem: expect.stringMatching(/^remove the secret/) },
    ]);
  });

  it.each([
    ["as the secret of an access method", "x".repeat(40)],
    ["as its whole address", urlOf({ ...OLD, apiSecret: "x".repeat(40) })],
  ])("%s", (_, secret) => {
    const read = readBindings({
      ...ACCOUNT,
      CLOUDINARY_URL_PREVIOUS: urlOf({ ...OLD, apiSecret: "x".repeat(40) }),
      JWT_SECRET: secret,
      SIGNER: DEFINITION,
    });
    expect(read.ok && read.value.faults).toMatchObject([{ secret: "JWT_SECRET" }]);
  });
});

describe("createSigner", () => {
  const options = { cloudName: CLOUD_NAME, ...NEW, secrets: { JWT_SECRET: "x".repeat(40) }, log: () => {} };
  const make = (previous: Answer) => createSigner(definitionOf(DEFINITION), { ...options, previous });

  it.each([
    ["a text", urlOf(OLD)],
    ["a store", new Store(() => urlOf(OLD))],
  ])("takes it as %s", async (_, previous) => {
    const keys = await (await make(previous).request("/.well-known/jwks.json")).json();
    expect(keys.keys).toHaveLength(2);
  });

  it.each([undefined, urlOf(NEW)])("takes none, or the current one: %s", async (previous) => {
    const keys = await (await make(previous).request("/.well-known/jwks.json")).json();
    expect(keys.keys).toHaveLength(1);
  });

  it.each([
    ["another cloud", urlOf(OLD, "another-cloud"), /^createSigner: previous: .*another cloud/],
    [
      "half of it",
      "cloudinary://1",
      /^createSigner: previous: give createSigner the option previous: .*form/,
    ],
    ["a number", 1, /^createSigner: previous: .*string/],
  ])("throws at %s, as it does at every option", (_, previous, words) => {
    expect(() => make(previous)).toThrow(words);
  });
});

it("the suite's own signer is told what CLOUDINARY_URL has, and the previous one fits that", async () => {
  const account = { CLOUDINARY_CLOUD_NAME: undefined, CLOUDINARY_API_KEY: undefined };
  const { ask } = signer(
    { publicUrl: PUBLIC_URL },
    {},
    {
      ...{ ...account, CLOUDINARY_API_SECRET: undefined, CLOUDINARY_URL: urlOf(NEW) },
      CLOUDINARY_URL_PREVIOUS: urlOf(OLD),
    },
  );
  expect((await ask("/.well-known/jwks.json", {})).body.keys).toHaveLength(2);
});
