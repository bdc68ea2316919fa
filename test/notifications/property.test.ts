// What must never happen: that anything which /sign, /links or /confirm answers is taken as a notification, and that what is
// not sealed gets a profile, a subject or a deletion. The official SDK says which bodies its signatures fit.

import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { CloudinaryNotification } from "../../src/config/application.ts";
import { createApp } from "../../src/http/app.ts";
import { readNotification } from "../../src/signature/notification.ts";
import { SHARED_SECRET } from "../access/identity.ts";
import { scenarios } from "../policy/generators.ts";
import { notificationBodies } from "../policy/property-forgeries.ts";
import { answered, compiled, decided, ACCOUNT as POLICY_ACCOUNT } from "../policy/property-trial.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME, unseen } from "../support/account.ts";
import { cases } from "../support/counts.ts";
import { type Plain, readBindings } from "../support/definition.ts";
import { JPEG_5X4 } from "../testing/emulator/support.ts";
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
} from "../uploads/scene.ts";
import { pathOf, sdkWebhookSignature, uploadBody, webhook } from "./webhook.ts";

const file = { maxBytes: 1000 };
const context = { keys: ["alt", "caption"] };
const OWN = { public_id: { prefix: "users/{sub}/" } };
const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    open: { access: ["public"], accept: { context }, file, notify: true },
    long: { access: ["public"], ttl: 7200, accept: { context }, file, notify: true },
    named: {
      access: ["members"],
      set: { overwrite: false },
      accept: { ...OWN, context },
      file,
      notify: true,
    },
    components: { access: ["public"], dropIn: true, set: { source: "uw" }, accept: { context } },
    theirs: { access: ["members"], dropIn: true, set: { source: "uw" }, accept: { context } },
    remove: { method: "destroy", access: ["members"], resourceType: "image", accept: OWN },
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

function listening() {
  const heard: CloudinaryNotification[] = [];
  const made = scene(emulator, DEFINITION, {
    onNotification: (one) => void heard.push(one),
    onUploaded: () => null,
  });
  return { ...made, heard };
}

/** A text as its parameters are written into it, by their names' bytes. */
const textOf = (params: Answer): string =>
  Object.keys(params)
    .sort()
    .map((name) => `${name}=${String(params[name])}`.replaceAll("&", "%26"))
    .join("&");

it("no text that a generated profile signs is a notification, wherever it is cut", async () => {
  let [texts, genuine] = [0, 0];
  const secrets = [POLICY_ACCOUNT.secret];
  /** Judged by the clock that suits it best. */
  const read = async (body: string, timestamp: string, signature: string) => {
    const raw = new TextEncoder().encode(body);
    const now = Number(timestamp);
    const verified = await readNotification({ raw, timestamp, signature, secrets, now, maxAge: 7200 });
    return verified.ok ? "taken" : verified.error;
  };
  await fc.assert(
    fc.asyncProperty(scenarios, async ({ asker: { profile, caller, at, sends } }) => {
      const checked = compiled(profile);
      for (const form of ["ticket", "drop-in"] as const) {
        const signed = await decided(profile, caller, form, sends[form], at, checked);
        if (signed === undefined) continue;
        const { signature } = await answered(signed);
        const text = textOf(signed.params);
        // Each of these is validly signed, as the SDK says.
        const bodies = notificationBodies(text, signature, POLICY_ACCOUNT);
        for (const body of bodies)
          expect(await read(body, text.slice(body.length), signature)).toBe("not_json");
        for (let cut = 0; cut <= text.length; cut += 1) {
          if (bodies.includes(text.slice(0, cut))) continue;
          expect(await read(text.slice(0, cut), text.slice(cut), signature), text).not.toBe("taken");
          expect(await read(text.slice(cut), String(at.now), signature), text).not.toBe("taken");
          expect(await read(text.slice(0, cut), String(at.now), signature), text).not.toBe("taken");
        }
        texts += 1;
        genuine += bodies.length;
      }
    }),
    { numRuns: cases(150, 20_000), seed: 20261206, endOnFailure: false },
  );
  expect(texts).toBeGreaterThan(30);
  expect(genuine).toBeGreaterThan(5 * texts);
  // The twin: what differs by being JSON.
  const json = sdkWebhookSignature("{}", START, POLICY_ACCOUNT.secret);
  expect(await read("{}", String(START), json)).toBe("taken");
});

/** The account, as the SDK is set up. */
const SDK = { cloudName: CLOUD_NAME, apiKey: API_KEY, secret: API_SECRET, algorithm: "sha256" } as const;

/** Texts that look like JSON, and others. */
const text = fc.oneof(
  fc.constantFrom('{"notification_type":"upload"}', '{"a":"', '"}', "{}", "[]", "1795468800", "a=b|c"),
  fc.string({ maxLength: 20 }),
);

const asked = fc.record({
  profile: fc.constantFrom("open", "long", "named", "components", "theirs", "remove"),
  alt: text,
  caption: text,
  name: fc.oneof(fc.constantFrom("{}", '{"a":1}', "cat"), fc.stringMatching(/^[a-z{}":,]{1,12}$/)),
});

/** An app, and every answer that a client of it ever had, Cloudinary's too. */
function answering() {
  const heard: CloudinaryNotification[] = [];
  const logs: string[] = [];
  const take = (one: CloudinaryNotification) => void heard.push(one);
  const APP = { fetch, onNotification: take, onUploaded: () => ({ notification_type: "upload" }) };
  const more = { CLOUDINARY_UPLOAD_PREFIX: emulator.url, JWT_SECRET: SHARED_SECRET, APP };
  const app = createApp(readBindings({ ...ACCOUNT, SIGNER: DEFINITION, ...more }), {
    now: () => clock.now,
    log: (line) => void logs.push(unseen(line)),
  });
  let answers: string[] = [];
  async function ask(path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await app.request(`${PUBLIC_URL}${path}`, { ...init, headers });
    const answer = unseen(await response.text());
    answers.push(answer);
    return response.ok && answer.startsWith("{") ? JSON.parse(answer) : undefined;
  }
  const notify = async (path: string, body: string, timestamp: string | number, signature: string) => {
    const headers = { "x-cld-timestamp": String(timestamp), "x-cld-signature": signature };
    return (await app.request(PUBLIC_URL + path, { method: "POST", body, headers })).status;
  };
  /** One request in all its ways, and what follows it: everything that was answered, and what was signed. */
  async function all({ profile, alt, caption, name }: Answer) {
    answers = [];
    const headers = await member("42");
    const byComponent = { source: "uw", context: `alt=${alt}`, timestamp: clock.now };
    const params = {
      ...(profile !== "remove" && { context: { alt, caption } }),
      ...(["named", "remove"].includes(profile) && { public_id: `users/42/${name}` }),
    };
    const isDropIn = ["components", "theirs"].includes(profile);
    const sent = isDropIn ? { paramsToSign: byComponent } : { params };
    const path = `/sign/${profile}`;
    const ticket = await ask(path, sent, headers);
    await ask(path, undefined, headers);
    await ask(`${path}?format=curl`, sent, headers);
    const link = await ask(`/links/${profile}`, {}, headers);
    if (link) await ask(new URL(link.url).pathname + new URL(link.url).search, sent);
    await ask(path, { params, files: [{ name: "a.jpg" }, { name: "b.jpg" }] }, headers);
    if (ticket?.upload_id === undefined)
      return {
        answers,
        signed: ticket && { ...ticket.fields, ...(isDropIn && byComponent), signature: ticket.signature },
      };
    await ask(path, { renew: ticket.upload_id, fields: ticket.fields }, headers);
    const response = await send(ticket);
    answers.push(JSON.stringify(response));
    const upload = { upload_id: ticket.upload_id, response: five(response) };
    const confirmed = await ask(`/confirm/${profile}`, upload, headers);
    expect(confirmed?.receipt).toEqual(expect.any(String));
    return { answers, signed: ticket.fields, path: pathOf(ticket), response };
  }
  return { all, notify, heard, logs };
}

/** A text, and what is within it: the strings of its JSON, and whatever of them is base64. */
function textsIn(answer: string): string[] {
  const found = [answer];
  const walk = (value: unknown): void => {
    if (typeof value === "string") {
      found.push(value);
      for (const [part] of value.matchAll(/[\w-]{16,}/g))
        found.push(Buffer.from(part, "base64url").toString());
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  if (answer.startsWith("{")) walk(JSON.parse(answer));
  return found;
}

/** Every part of a text that is a JSON object: the only bodies that could be taken. */
function objectsIn(whole: string): string[] {
  const placesOf = (brace: string) =>
    [...whole.matchAll(new RegExp(`\\${brace}`, "g"))].map(({ index }) => index);
  const [starts, ends] = [placesOf("{"), placesOf("}")];
  return starts.flatMap((start) =>
    ends
      .filter((end) => end > start)
      .map((end) => whole.slice(start, end + 1))
      .filter((part) => {
        try {
          return typeof JSON.parse(part) === "object";
        } catch {
          return false;
        }
      }),
  );
}

it("nothing that is answered is a notification, or signs one: tickets, links, receipts and all", async () => {
  const around = answering();
  const reasons = new Set<string>();
  let [bodies, signatures, signed] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(asked, async (request) => {
      const { answers, signed: over, path, response } = await around.all(request);
      const texts = answers.flatMap(textsIn);
      const objects = new Set(texts.flatMap(objectsIn));
      const hashes = new Set(texts.flatMap((one) => one.match(/\b(?:[0-9a-f]{40}|[0-9a-f]{64})\b/g) ?? []));
      const times = new Set([String(clock.now), ...texts.flatMap((one) => one.match(/\d{10}/g) ?? [])]);
      const young = [...times].filter((time) => Math.abs(clock.now - Number(time)) <= 7200);
      for (const body of objects)
        for (const time of young)
          for (const algorithm of ["sha1", "sha256"] as const)
            expect(hashes).not.toContain(sdkWebhookSignature(body, time, API_SECRET, algorithm));
      const tried: [body: string, time: string, signature: string][] = [...objects]
        .slice(0, 3)
        .flatMap((body) =>
          [...hashes].map((hash): [string, string, string] => [body, String(clock.now), hash]),
        );
      // What the SDK takes for one, each way that it is cut.
      const { api_key: _, signature, ...params } = over ?? {};
      const known: [string, string][] = [
        ...(over ? [[textOf(params), signature] as [string, string]] : []),
        ...(response
          ? [
              [`public_id=${response.public_id}&version=${response.version}`, response.signature] as [
                string,
                string,
              ],
            ]
          : []),
      ];
      for (const [whole, by] of known)
        for (const body of notificationBodies(whole, by, SDK)) {
          tried.push([body, whole.slice(body.length), by]);
          signed += 1;
        }
      for (const [body, time, by] of tried)
        for (const to of ["/notifications", ...(path ? [path] : [])]) {
          expect(await around.notify(to, body, time, by)).toBe(401);
          reasons.add(JSON.parse(around.logs.at(-1)!).reason);
        }
      bodies += objects.size;
      signatures += hashes.size;
    }),
    { numRuns: cases(15, 2000), seed: 20261207, endOnFailure: false },
  );
  expect([bodies > 100, signatures > 40, signed > 200]).toEqual([true, true, true]);
  expect(reasons).toContain("notification_json");
  expect(reasons).toContain("notification_signature");
  expect(around.heard).toEqual([]);
  // The twin: what differs by its signature.
  expect(await around.notify("/notifications", "{}", START, sdkWebhookSignature("{}", START))).toBe(200);
});

/** How a notification tells what it is about. */
const ABOUT: readonly ((response: Answer) => object)[] = [
  () => ({}),
  ({ public_id }) => ({ public_id: undefined, from_public_id: public_id, to_public_id: "b" }),
  ({ public_id, version }) => ({ public_id: undefined, resources: [{ public_id, version }] }),
];

it("what is not sealed gets no profile, no subject and no deletion, whatever Cloudinary reports of it", async () => {
  const { upload, ask, heard } = listening();
  const large = { bytes: new Uint8Array([...JPEG_5X4, ...new Uint8Array(1000)]) };
  const params = { public_id: "users/7/cat" };
  const victim = await upload("named", await member("7"), { ...large, params });
  const own = await upload("open", {}, large);
  const id: string = own.ticket.upload_id;
  const from = emulator.acts.length;
  const unsealed = fc.oneof(
    fc.constantFrom("", "named", victim.ticket.signature, victim.response.public_id, btoa('["named"]'), id),
    fc.nat(id.length - 1).map((at) => id.slice(0, at) + (id[at] === "A" ? "B" : "A") + id.slice(at + 1)),
    fc.nat(id.length - 1).map((at) => id.slice(0, at)),
    fc.stringMatching(/^[A-Za-z0-9_-]{1,300}$/),
  );
  await fc.assert(
    fc.asyncProperty(
      unsealed,
      fc.constantFrom("upload", "delete", "moderation", "eager", "error"),
      fc.dictionary(fc.constantFrom("profile", "subject", "context", "upload_id", "asset", "enforced"), text),
      fc.constantFrom(...ABOUT),
      async (end, notification_type, claims, about) => {
        const path = end === "" ? "/notifications" : `/notifications/${encodeURIComponent(end)}`;
        const body = uploadBody(victim.response, { ...claims, notification_type, ...about(victim.response) });
        expect((await ask(path, webhook(body))).status).toBe(200);
        const { profile, subject, enforced, asset } = heard.at(-1)!;
        expect([profile, subject, enforced, asset]).toEqual([null, null, undefined, undefined]);
      },
    ),
    { numRuns: cases(30, 3000) },
  );
  expect(emulator.acts.slice(from)).toEqual([]);
  expect([holds(emulator, victim.response), holds(emulator, own.response)]).toEqual([true, true]);
});
