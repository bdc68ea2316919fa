// Everything that is not confirmed: each with its code, with nothing deleted, published or told, and with its honest twin,
// which is the same upload confirmed as it should be.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signShared } from "../access/identity.ts";
import { bearer } from "../access/signer.ts";
import { API_KEY, CLOUD_NAME } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { GIF_2X3 } from "../testing/emulator/support.ts";
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

const OWN = { set: { public_id: "users/{sub}/{uuid}", overwrite: false }, file: { maxBytes: 1000 } };

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  allowedOrigins: ["https://www.example.com"],
  access: {
    members: MEMBERS,
    // The same people, by another header.
    staff: { ...MEMBERS, header: "x-staff", audience: "staff" },
    app: { type: "service" },
  },
  profiles: {
    photos: { access: ["members"], ...OWN },
    others: { access: ["members"], ...OWN },
    either: { access: ["members", "staff"], set: { public_id: "either/{access}/{sub}/{uuid}" }, file: {} },
    waiting: { access: ["members"], set: { public_id: "w/{sub}/{uuid}" }, file: { quarantine: true } },
    plain: { access: ["members"], set: { public_id: "plain/{sub}/{uuid}" } },
    long: { access: ["members"], ttl: 7200, set: { public_id: "long/{sub}/{uuid}" } },
    remove: {
      method: "destroy",
      access: ["members"],
      resourceType: "image",
      accept: { public_id: { prefix: "users/{sub}/" } },
    },
    service: { access: ["app"], set: { public_id: "service/{sub}/{uuid}" }, file: {} },
  },
};

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  emulator = await startCloudinary();
});
beforeEach(() => {
  clock.now = START;
});
afterAll(() => emulator.close());

/** What a request is made of: a good one, which a case makes wrong in one place. */
interface Request {
  path: string;
  headers: Record<string, string>;
  upload_id: Answer;
  response: Answer;
  more: object;
}

/** What a case may need to make it wrong. */
interface Around {
  readonly ticket: Answer;
  /** The same caller's other upload, another caller's, and one by another profile. */
  readonly second: { ticket: Answer; response: Answer };
  readonly stranger: { ticket: Answer; response: Answer };
  readonly elsewhere: { ticket: Answer; response: Answer };
}

type Case = readonly [
  what: string,
  code: string,
  change: (request: Request, around: Around) => Partial<Request> | Promise<Partial<Request>>,
];

const flipped = (text: string, at: number): string => {
  const i = at < 0 ? text.length + at : at;
  return text.slice(0, i) + (text[i] === "A" ? "B" : "A") + text.slice(i + 1);
};

const ID = "upload_id_refused";
const FORM = "malformed_request";

const UPLOAD_IDS: readonly Case[] = [
  ["none", FORM, () => ({ upload_id: undefined })],
  ["null", FORM, (_r) => ({ upload_id: null })],
  ["a number", FORM, (_r) => ({ upload_id: 7 })],
  ["a list", FORM, (r) => ({ upload_id: [r.upload_id] })],
  ["empty", FORM, (_r) => ({ upload_id: "" })],
  ["too long", FORM, (r) => ({ upload_id: r.upload_id + "A".repeat(1024) })],
  ["white space around it", ID, (r) => ({ upload_id: `${r.upload_id}\n` })],
  ["with its padding", ID, (r) => ({ upload_id: `${r.upload_id}=` })],
  [
    "in the other alphabet",
    ID,
    (r) => ({ upload_id: `${r.upload_id.replaceAll("-", "+").replaceAll("_", "/")}+` }),
  ],
  ["cut by one", ID, (r) => ({ upload_id: r.upload_id.slice(0, -1) })],
  ["cut at its beginning", ID, (r) => ({ upload_id: r.upload_id.slice(4) })],
  ["longer by one", ID, (r) => ({ upload_id: `${r.upload_id}A` })],
  ["twice", ID, (r) => ({ upload_id: r.upload_id + r.upload_id })],
  ...[0, 7, 15, 17, 60, 150, -30, -22, -1].map(
    (at): Case => [`another character at ${at}`, ID, (r) => ({ upload_id: flipped(r.upload_id, at) })],
  ),
  [
    "the halves of two",
    ID,
    (r, { second }) => {
      const half = r.upload_id.length >> 1;
      return { upload_id: r.upload_id.slice(0, half) + second.ticket.upload_id.slice(half) };
    },
  ],
  ["base64url of nothing", ID, (_r) => ({ upload_id: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })],
  ["the ticket's signature", ID, (_r, { ticket }) => ({ upload_id: ticket.signature })],
  ["the public ID", ID, (r) => ({ upload_id: r.response.public_id })],
  ["a claim in the clear", ID, (_r) => ({ upload_id: btoa(JSON.stringify(["photos"])).replace(/=+$/, "") })],
  ["another upload's of the same caller", ID, (_r, { second }) => ({ upload_id: second.ticket.upload_id })],
  ["another caller's", ID, (_r, { stranger }) => ({ upload_id: stranger.ticket.upload_id })],
  ["another profile's", ID, (_r, { elsewhere }) => ({ upload_id: elsewhere.ticket.upload_id })],
  [
    "of a renewable ticket of a profile without `file`",
    ID,
    async (r) => ({ upload_id: (await base.sign("long", r.headers)).upload_id }),
  ],
];

const RESPONSES: readonly Case[] = [
  ["none", FORM, () => ({ response: undefined })],
  ["a text", FORM, (r) => ({ response: JSON.stringify(r.response) })],
  ["a list", FORM, (r) => ({ response: [r.response] })],
  ["null", FORM, (_r) => ({ response: null })],
  ...["public_id", "version", "signature", "resource_type", "type"].map(
    (name): Case => [`without ${name}`, FORM, (r) => ({ response: { ...r.response, [name]: undefined } })],
  ),
  ["a version of halves", FORM, (r) => ({ response: { ...r.response, version: r.response.version + 0.5 } })],
  ["a negative version", FORM, (r) => ({ response: { ...r.response, version: -1 } })],
  ["a version of words", FORM, (r) => ({ response: { ...r.response, version: "now" } })],
  ["a huge version", FORM, (r) => ({ response: { ...r.response, version: 1e300 } })],
  ["a version in a list", FORM, (r) => ({ response: { ...r.response, version: [r.response.version] } })],
  ["a public ID of bytes", FORM, (r) => ({ response: { ...r.response, public_id: { 0: "a" } } })],
  ["a long public ID", FORM, (r) => ({ response: { ...r.response, public_id: "a".repeat(2000) } })],
  ["a resource type of uploads alone", FORM, (r) => ({ response: { ...r.response, resource_type: "auto" } })],
  ["a resource type in capitals", FORM, (r) => ({ response: { ...r.response, resource_type: "IMAGE" } })],
  [
    "a resource type with a path",
    FORM,
    (r) => ({ response: { ...r.response, resource_type: "image/upload/../raw" } }),
  ],
  ["a later version", ID, (r) => ({ response: { ...r.response, version: r.response.version + 1 } })],
  ["version 1", ID, (r) => ({ response: { ...r.response, version: 1 } })],
  ["no signature", FORM, (r) => ({ response: { ...r.response, signature: "" } })],
  ["a signature of zeros", ID, (r) => ({ response: { ...r.response, signature: "0".repeat(64) } })],
  [
    "a signature in capitals",
    ID,
    (r) => ({ response: { ...r.response, signature: r.response.signature.toUpperCase() } }),
  ],
  [
    "a signature cut to SHA-1's length",
    ID,
    (r) => ({ response: { ...r.response, signature: r.response.signature.slice(0, 40) } }),
  ],
  [
    "the ticket's signature",
    ID,
    (r, { ticket }) => ({ response: { ...r.response, signature: ticket.signature } }),
  ],
  [
    "the signature of another upload",
    ID,
    (r, { second }) => ({ response: { ...r.response, signature: second.response.signature } }),
  ],
  ["another upload's answer", ID, (_r, { second }) => ({ response: five(second.response) })],
  ["a stranger's answer", ID, (_r, { stranger }) => ({ response: five(stranger.response) })],
  ["another profile's answer", ID, (_r, { elsewhere }) => ({ response: five(elsewhere.response) })],
  [
    "a stranger's public ID",
    ID,
    (r, { stranger }) => ({ response: { ...r.response, public_id: stranger.response.public_id } }),
  ],
  [
    "a public ID in capitals",
    ID,
    (r) => ({ response: { ...r.response, public_id: r.response.public_id.toUpperCase() } }),
  ],
  [
    "a public ID with a space",
    ID,
    (r) => ({ response: { ...r.response, public_id: `${r.response.public_id} ` } }),
  ],
  [
    "a public ID with its version in it",
    ID,
    (r) => ({
      response: { ...r.response, public_id: `${r.response.public_id}&version=${r.response.version}` },
    }),
  ],
  [
    "a public ID encoded",
    ID,
    (r) => ({ response: { ...r.response, public_id: encodeURIComponent(r.response.public_id) } }),
  ],
  ["the type private", ID, (r) => ({ response: { ...r.response, type: "private" } })],
  ["the type authenticated", ID, (r) => ({ response: { ...r.response, type: "authenticated" } })],
  ["the type with a space", ID, (r) => ({ response: { ...r.response, type: "upload " } })],
  [
    "another resource type, under which nothing is",
    "not_stored",
    (r) => ({ response: { ...r.response, resource_type: "raw" } }),
  ],
];

const CALLERS: readonly Case[] = [
  ["no token", "unauthenticated", () => ({ headers: {} })],
  ["an empty token", "invalid_token", (r) => ({ headers: { ...r.headers, authorization: "Bearer " } })],
  ["another's token", ID, async (_r) => ({ headers: await member("43") })],
  ["a token whose subject begins alike", ID, async (_r) => ({ headers: await member("4") })],
  [
    "an expired token",
    "expired_token",
    async () => ({ headers: bearer(await signShared({ iat: START - 900, exp: START - 300 })) }),
  ],
  [
    "a token by another secret",
    "invalid_token",
    async () => ({ headers: bearer(await signShared({ iat: START, exp: START + 600 }, "z".repeat(40))) }),
  ],
  [
    "an origin that is not listed",
    "origin_not_allowed",
    (r) => ({ headers: { ...r.headers, origin: "https://evil.example" } }),
  ],
  ["the origin null", "origin_not_allowed", (r) => ({ headers: { ...r.headers, origin: "null" } })],
];

const ROUTES: readonly Case[] = [
  ["another profile", ID, (_r) => ({ path: "/confirm/others" })],
  ["an unknown profile", "unknown_profile", (_r) => ({ path: "/confirm/nobody" })],
  ["an inherited name", "unknown_profile", (_r) => ({ path: "/confirm/constructor" })],
  ["a profile without `file`", ID, (_r) => ({ path: "/confirm/plain" })],
  ["a profile of another method", ID, (_r) => ({ path: "/confirm/remove" })],
  ["a profile for Workers", "profile_not_allowed", (_r) => ({ path: "/confirm/service" })],
  ["no profile", "not_found", (_r) => ({ path: "/confirm" })],
  ["parameters in the address", FORM, (r) => ({ path: `${r.path}?public_id=a` })],
  ["a member beside them", FORM, (_r) => ({ more: { params: {} } })],
  ["fields to renew", FORM, (_r) => ({ more: { fields: {} } })],
  [
    "a form",
    "unsupported_media_type",
    (r) => ({
      headers: { ...r.headers, "content-type": "multipart/form-data; boundary=x", "content-length": "10" },
    }),
  ],
  [
    "an encoded body",
    "unsupported_media_type",
    (r) => ({ headers: { ...r.headers, "content-encoding": "gzip" } }),
  ],
  [
    "a deep body",
    FORM,
    (r) => ({ response: { ...r.response, eager: JSON.parse("[".repeat(40) + "]".repeat(40)) } }),
  ],
];

let base: ReturnType<typeof scene>;
const heard: unknown[] = [];
beforeAll(() => {
  base = scene(emulator, DEFINITION, { onUploaded: ({ jti }) => void heard.push(jti) });
});

async function good() {
  const headers = await member("42");
  const [mine, second, elsewhere, stranger] = await Promise.all([
    base.upload("photos", headers),
    base.upload("photos", headers),
    base.upload("others", headers),
    base.upload("photos", await member("43")),
  ]);
  const request: Request = {
    path: "/confirm/photos",
    headers: { ...headers },
    upload_id: mine.ticket.upload_id,
    response: five(mine.response),
    more: {},
  };
  return { headers, mine, request, around: { ticket: mine.ticket, second, elsewhere, stranger } };
}

describe.each([
  ["the upload ID", UPLOAD_IDS],
  ["Cloudinary's answer", RESPONSES],
  ["the caller", CALLERS],
  ["the request", ROUTES],
])("%s", (_, cases) => {
  it.each(cases)("%s: %s", async (_what, code, change) => {
    const { headers, mine, request, around } = await good();
    const changed: Request = { ...request, ...(await change(request, around)) };
    const { path, headers: sent, upload_id, response, more } = changed;
    const [acts, told] = [emulator.acts.length, heard.length];
    const { status, body } = await base.post(path, sent, { upload_id, response, ...more });
    expect([body.code, status]).toEqual([code, expect.any(Number)]);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(emulator.acts.slice(acts).filter(({ method }) => method !== "explicit")).toEqual([]);
    expect(heard).toHaveLength(told);
    for (const { response: one } of [mine, around.second, around.elsewhere, around.stranger])
      expect(holds(emulator, one)).toBe(true);
    expect((await base.confirm("photos", mine, headers)).status, "the honest twin").toBe(200);
  });
});

it("there are eighty of them, and more", () => {
  expect([UPLOAD_IDS, RESPONSES, CALLERS, ROUTES].flat().length).toBeGreaterThan(80);
});

describe("another signer", () => {
  const photos = { access: ["members"], ...OWN };

  it.each([
    ["of staging", { ...DEFINITION, publicUrl: "https://staging.example.com" }, {}],
    ["with a later policy", { ...DEFINITION, profiles: { photos: { ...photos, ttl: 600 } } }, {}],
    [
      "with other limits",
      { ...DEFINITION, profiles: { photos: { ...photos, file: { maxBytes: 999 } } } },
      {},
    ],
    [
      "whose access method is another",
      {
        ...DEFINITION,
        access: { ...DEFINITION.access, members: { ...MEMBERS, maxTokenAge: 7200 } },
      },
      {},
    ],
    ["of another cloud", DEFINITION, { CLOUDINARY_CLOUD_NAME: "other" }],
    ["with another secret", DEFINITION, { CLOUDINARY_API_SECRET: "Another-secret_of-27-chars0" }],
  ])("%s takes none of its upload IDs", async (_, definition, bindings) => {
    const headers = await member("42");
    const mine = await base.upload("photos", headers);
    const other = scene(emulator, definition, { bindings });
    const { status, body } = await other.confirm("photos", mine, headers);
    expect([status, body.code]).toEqual([422, ID]);
    expect(holds(emulator, mine.response)).toBe(true);
    expect((await base.confirm("photos", mine, headers)).status).toBe(200);
  });

  it("takes those of the same, whose order of writing or log differs", async () => {
    const headers = await member("42");
    const mine = await base.upload("photos", headers);
    const same = scene(emulator, { ...DEFINITION, log: "refusals", allowedOrigins: [] });
    expect((await same.confirm("photos", mine, headers)).status).toBe(200);
  });

  it("of another account: its answer to the same name is no answer of ours", async () => {
    const account = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: "Another-secret_of-27-chars0" };
    const other = await startCloudinary(account as never);
    try {
      const headers = await member("42");
      const mine = await base.upload("photos", headers);
      const theirs = scene(other, DEFINITION, { bindings: { CLOUDINARY_API_SECRET: account.apiSecret } });
      const named = await theirs.upload("photos", headers);
      const forged = { ...named.response, public_id: mine.response.public_id };
      expect((await base.confirm("photos", { ...mine, response: forged }, headers)).body.code).toBe(ID);
    } finally {
      await other.close();
    }
  });
});

describe("by another access method of the same profile", () => {
  const staff = async (sub: string) => ({
    "x-staff": await signShared({ sub, aud: "staff", iat: clock.now, exp: clock.now + 600 }),
  });

  it("the same subject is another caller", async () => {
    const headers = await member("42");
    const mine = await base.upload("either", headers);
    expect((await base.confirm("either", mine, await staff("42"))).body.code).toBe(ID);
    expect((await base.confirm("either", mine, { ...headers, ...(await staff("42")) })).body.code).toBe(FORM);
    expect((await base.confirm("either", mine, headers)).status).toBe(200);
  });
});

describe("what Cloudinary holds", () => {
  it("was deleted meanwhile", async () => {
    const headers = await member("42");
    const mine = await base.upload("photos", headers);
    const ticket = await base.sign("remove", headers, { params: { public_id: mine.response.public_id } });
    await fetch(ticket.url, { method: "POST", body: new URLSearchParams(ticket.fields) });
    expect(holds(emulator, mine.response)).toBe(false);
    expect((await base.confirm("photos", mine, headers)).body.code).toBe("not_stored");
  });

  it("was never uploaded", async () => {
    const headers = await member("42");
    const [mine, ticket] = [await base.upload("photos", headers), await base.sign("photos", headers)];
    const { status, body } = await base.confirm("photos", { ticket, response: mine.response }, headers);
    expect([status, body.code]).toEqual([422, ID]);
  });

  it("in quarantine, under the type that is published only later", async () => {
    const headers = await member("42");
    const mine = await base.upload("waiting", headers);
    const response = { ...mine.response, type: "upload" };
    expect((await base.confirm("waiting", { ...mine, response }, headers)).body.code).toBe(ID);
    expect((await base.confirm("waiting", mine, headers)).status).toBe(200);
  });

  it("in quarantine: a name that is uploaded again after it was published: that stays, and this waits", async () => {
    const headers = await member("42");
    const first = await base.upload("waiting", headers);
    expect((await base.confirm("waiting", first, headers)).status).toBe(200);
    clock.now += 10;
    const response = await send(first.ticket, { bytes: GIF_2X3, name: "b.gif" });
    expect(response).toMatchObject({
      public_id: first.response.public_id,
      type: "authenticated",
      format: "gif",
    });
    const { body } = await base.confirm("waiting", { ticket: first.ticket, response }, headers);
    expect(body.code).toBe("not_stored");
    expect(holds(emulator, { ...first.response, type: "upload" })).toBe(true);
    expect(holds(emulator, response)).toBe(true);
  });
});
