// Tickets that live longer than a signature: the same fields under a fresh timestamp for a day at most, signed as the
// SDK signs them, and for nobody else and nothing else.

import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { type Asked, bearer, ORIGIN, outcome, signer } from "../access/signer.ts";
import { API_KEY, API_SECRET } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { sdkSignature } from "../support/sdk.ts";

const START = 1_795_468_800;
const DAY = 86_400;

const DEFINITION: Plain = {
  access: {
    members: { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE, maxTokenAge: 2 * DAY },
  },
  profiles: {
    default: { access: ["public"], ttl: DAY },
    videos: {
      ...{ access: ["members"], resourceType: "video", ttl: DAY },
      set: { public_id: "users/{sub}/{uuid}", notification_url: "https://www.example.com/heard" },
      accept: { context: { keys: ["alt"] } },
    },
    two: { access: ["public"], ttl: 7200 },
    hour: { access: ["public"], file: {} },
  },
  publicUrl: ORIGIN,
};

function start(definition = DEFINITION, bindings = {}) {
  const clock = { now: START };
  const { post, logs } = signer(
    definition,
    { now: () => clock.now },
    { JWT_SECRET: SHARED_SECRET, ...bindings },
  );
  const show = async (sub: string | undefined): Promise<Record<string, string>> =>
    sub === undefined ? {} : bearer(await signShared({ sub, iat: START, exp: START + 2 * DAY }));
  const ask = async (profile: string, sub: string | undefined, body: unknown) =>
    post(`/sign/${profile}`, await show(sub), body);
  const renew = ({ body }: Asked, profile = "default", sub?: string, fields: object = body.fields) =>
    ask(profile, sub, { renew: body.upload_id, fields });
  return { clock, post, ask, renew, reason: () => JSON.parse(logs.at(-1)!).reason as string };
}

/** The parameters of a ticket, after the SDK has judged its signature. */
function judged({ status, body }: Asked, secret: string = API_SECRET): Record<string, string> {
  expect(status, JSON.stringify(body)).toBe(200);
  const { api_key, signature, ...params } = body.fields;
  expect(signature).toBe(sdkSignature(params, secret, "sha256"));
  expect([api_key, body.api_key, body.signature]).toEqual([API_KEY, API_KEY, signature]);
  expect(body.timestamp).toBe(Number(params.timestamp));
  expect(body.expires_at).toBe(body.timestamp + 3600);
  return params;
}

describe("renewed", () => {
  it("it is the same upload, under the time it is", async () => {
    const { clock, ask, renew } = start();
    const first = await ask("videos", "42", { params: { context: { alt: "A cat & a dog" } } });
    const before = judged(first);
    clock.now += 3000;
    const second = await renew(first, "videos", "42");
    expect(judged(second)).toEqual({ ...before, timestamp: String(START + 3000) });
    expect(second.body.upload_id).toBe(first.body.upload_id);
    expect(second.body.url).toBe(first.body.url);
  });

  it.each<[string, number]>([
    ["default", DAY],
    ["two", 7200],
  ])("again and again until the life of %s is over, and no signature outlives it", async (profile, life) => {
    const { clock, ask, renew, reason } = start();
    let ticket = await ask(profile, undefined, {});
    expect(ticket.body.expires_at).toBe(START + 3600);
    for (clock.now = START + 1800; clock.now < START + life; clock.now += 1800) {
      ticket = await renew(ticket, profile);
      judged(ticket);
      expect(ticket.body.expires_at).toBe(Math.min(clock.now + 3600, START + life));
    }
    clock.now = START + life - 1;
    expect((await renew(ticket, profile)).body.expires_at).toBe(START + life);
    clock.now = START + life;
    expect(outcome(await renew(ticket, profile))).toBe("422 upload_id_refused");
    expect(reason()).toBe("upload_id_expired");
  });

  it.each<[what: string, change: (fields: Record<string, string>) => object]>([
    ["the first signature", (fields) => fields],
    ["no signature", ({ signature: _, ...fields }) => fields],
    ["no timestamp", ({ timestamp: _, ...fields }) => fields],
    ["a timestamp of another time", (fields) => ({ ...fields, timestamp: "9999999999" })],
    ["another API key", (fields) => ({ ...fields, api_key: "1" })],
    ["its fields in another order", (fields) => Object.fromEntries(Object.entries(fields).reverse())],
    [
      "another address for notifications",
      (fields) => ({ ...fields, notification_url: "https://evil.example" }),
    ],
    ["no address for notifications", ({ notification_url: _, ...fields }) => fields],
  ])("with %s sent, the server's count", async (_, change) => {
    const { clock, ask, renew } = start();
    const first = await ask("videos", "42", {});
    const before = judged(first);
    clock.now += 60;
    const again = await renew(first, "videos", "42", change(first.body.fields));
    expect(judged(again)).toEqual({ ...before, timestamp: String(START + 60) });
  });
});

it("under a secret that was changed in its store: signed by the new one, by whoever still had the old one", async () => {
  const CHANGED = "Another-Secret_of-the-SUITE7";
  let text: string = API_SECRET;
  const bindings = { CLOUDINARY_API_SECRET: { get: async () => text } };
  const [here, elsewhere] = [start(DEFINITION, bindings), start(DEFINITION, bindings)];
  judged(await here.ask("default", undefined, {}));
  text = CHANGED;
  const ticket = await elsewhere.ask("default", undefined, {});
  expect(judged(await here.renew(ticket), CHANGED)).toEqual(judged(ticket, CHANGED));
});

describe("refused", () => {
  type Fields = Record<string, string>;
  it.each<[what: string, change: (fields: Fields) => Fields]>([
    ["another value", (fields) => ({ ...fields, overwrite: "true" })],
    ["another name", (fields) => ({ ...fields, public_id: "users/42/other" })],
    ["a field more", (fields) => ({ ...fields, tags: "a" })],
    ["a field more that is empty", (fields) => ({ ...fields, tags: "" })],
    ["a field less", ({ overwrite: _, ...fields }) => fields],
    [
      "two fields as one",
      ({ overwrite, ...fields }) => ({ ...fields, public_id: `${fields.public_id}&overwrite=${overwrite}` }),
    ],
    ["none", () => ({})],
    [
      "a field of every object",
      (fields) => JSON.parse(`{"__proto__": "x", ${JSON.stringify(fields).slice(1)}`),
    ],
  ])("fields with %s", async (_, change) => {
    const { ask, renew, reason } = start();
    const ticket = await ask("default", undefined, {});
    expect(outcome(await renew(ticket, "default", undefined, change(ticket.body.fields)))).toBe(
      "422 upload_id_refused",
    );
    expect(reason()).toBe("upload_id_fields");
    expect(outcome(await renew(ticket))).toBe("signed");
  });

  it("another upload's fields", async () => {
    const { ask, renew, reason } = start();
    const [one, other] = [await ask("default", undefined, {}), await ask("default", undefined, {})];
    expect(outcome(await renew(one, "default", undefined, other.body.fields))).toBe("422 upload_id_refused");
    expect(reason()).toBe("upload_id_fields");
  });

  it.each<[what: string, of: string, profile: string, sub: string | undefined, code: string, reason: string]>(
    [
      ["another caller", "videos", "videos", "43", "422 upload_id_refused", "upload_id_caller"],
      ["nobody", "videos", "videos", undefined, "401 unauthenticated", "unauthenticated"],
      ["another profile", "videos", "default", undefined, "422 upload_id_refused", "upload_id_profile"],
      ["a profile of an hour", "videos", "hour", undefined, "422 upload_id_refused", "not_renewable"],
      ["its own profile, of an hour", "hour", "hour", undefined, "422 upload_id_refused", "not_renewable"],
    ],
  )("by %s", async (_, of, profile, sub, code, reason) => {
    const run = start();
    const ticket = await run.ask(of, of === "videos" ? "42" : undefined, {});
    expect(outcome(ticket)).toBe("signed");
    expect(outcome(await run.renew(ticket, profile, sub))).toBe(code);
    // A reason that is its code is not told twice.
    expect(run.reason() ?? code.slice(4)).toBe(reason);
  });

  it("under another policy than it was signed under", async () => {
    const ticket = await start().ask("default", undefined, {});
    const profiles = { ...DEFINITION.profiles, default: { access: ["public"], ttl: DAY - 1 } };
    const later = start({ ...DEFINITION, profiles });
    expect(outcome(await later.renew(ticket))).toBe("422 upload_id_refused");
    expect(later.reason()).toBe("upload_id_policy");
    expect(outcome(await start().renew(ticket))).toBe("signed");
  });

  it.each<[what: string, body: (id: string, fields: Fields) => object, reason: string]>([
    ["without fields", (renew) => ({ renew }), "renew_malformed"],
    ["without an upload ID", (_, fields) => ({ fields }), "renew_malformed"],
    ["with an upload ID that is no text", (_, fields) => ({ renew: 1, fields }), "renew_malformed"],
    ["with a list of fields", (renew) => ({ renew, fields: [] }), "renew_malformed"],
    ["with fields that are null", (renew) => ({ renew, fields: null }), "renew_malformed"],
    [
      "with a number among them",
      (renew, fields) => ({ renew, fields: { ...fields, overwrite: 0 } }),
      "renew_malformed",
    ],
    [
      "with a list among them",
      (renew, fields) => ({ renew, fields: { ...fields, overwrite: ["false"] } }),
      "renew_malformed",
    ],
    [
      "with too many of them",
      (renew) => ({
        renew,
        fields: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, ""])),
      }),
      "renew_malformed",
    ],
    ["beside parameters", (renew, fields) => ({ renew, fields, params: {} }), "two_forms"],
    ["beside files", (renew, fields) => ({ renew, fields, files: [{}] }), "two_forms"],
    ["beside a component's", (renew, fields) => ({ renew, fields, paramsToSign: {} }), "two_forms"],
    ["beside something else", (renew, fields) => ({ renew, fields, more: 1 }), "unknown_members"],
  ])("%s", async (_, body, reason) => {
    const run = start();
    const { body: ticket } = await run.ask("default", undefined, {});
    const answer = await run.ask("default", undefined, body(ticket.upload_id, ticket.fields));
    expect(outcome(answer)).toBe("400 malformed_request");
    expect(run.reason()).toBe(reason);
  });
});
