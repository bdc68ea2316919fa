// What must never happen: that anything which /sign or /confirm answers is taken as a notification, and that what is not
// sealed gets a profile, a subject or a deletion. The official SDK says which bodies its signatures fit.

import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { CloudinaryNotification } from "../../src/config/application.ts";
import { stringToSign } from "../../src/signature/string-to-sign.ts";
import { notificationBodies } from "../policy/property-forgeries.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { cases } from "../support/counts.ts";
import type { Plain } from "../support/definition.ts";
import { JPEG_5X4 } from "../testing/emulator/support.ts";
import {
  type Answer,
  clock,
  holds,
  MEMBERS,
  member,
  PUBLIC_URL,
  START,
  scene,
  startCloudinary,
} from "../uploads/scene.ts";
import { pathOf, uploadBody, webhook } from "./webhook.ts";

const file = { maxBytes: 1000 };
const context = { keys: ["alt", "caption"] };
const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    open: { access: ["public"], accept: { context }, file, notify: true },
    named: {
      access: ["members"],
      set: { overwrite: false },
      accept: { public_id: { prefix: "users/{sub}/" }, context },
      file,
      notify: true,
    },
    components: { access: ["public"], dropIn: true, set: { source: "uw" }, accept: { context } },
    remove: {
      method: "destroy",
      access: ["members"],
      resourceType: "image",
      accept: { public_id: { prefix: "users/{sub}/" } },
    },
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

/** The account, as the SDK is set up. */
const SDK = { cloudName: CLOUD_NAME, apiKey: API_KEY, secret: API_SECRET, algorithm: "sha256" } as const;

/** Texts that look like JSON, and others. */
const text = fc.oneof(
  fc.constantFrom('{"notification_type":"upload"}', '{"a":"', '"}', "{}", "[]", "1795468800", "a=b|c"),
  fc.string({ maxLength: 20 }),
);

const asked = fc.record({
  profile: fc.constantFrom("open", "named", "components", "remove"),
  alt: text,
  caption: text,
  name: fc.oneof(fc.constantFrom("{}", '{"a":1}', "cat"), fc.stringMatching(/^[a-z{}":,]{1,12}$/)),
});

/** What was signed for a request, as a text that ends in digits, and its signature. */
async function signedFor(
  { post }: ReturnType<typeof listening>,
  { profile, alt, caption, name }: Answer,
): Promise<readonly [text: string, signature: string] | undefined> {
  const headers = await member("42");
  const byComponent = { source: "uw", context: `alt=${alt}`, timestamp: clock.now };
  const params = {
    ...(profile !== "remove" && { context: { alt, caption } }),
    ...(["named", "remove"].includes(profile) && { public_id: `users/42/${name}` }),
  };
  const sent = profile === "components" ? { paramsToSign: byComponent } : { params };
  const { status, body } = await post(`/sign/${profile}`, headers, sent);
  if (status !== 200) return undefined;
  if (profile === "components") return [stringToSign(byComponent), body.signature];
  const { signature, api_key: _, ...fields } = body.fields;
  return [stringToSign(fields), signature];
}

it("no signature of /sign is a notification's", async () => {
  const around = listening();
  const reasons = new Set<string>();
  await fc.assert(
    fc.asyncProperty(asked, async (request) => {
      const signed = await signedFor(around, request);
      if (signed === undefined) return;
      const [whole, signature] = signed;
      for (const body of notificationBodies(whole, signature, SDK)) {
        const headers = { "x-cld-timestamp": whole.slice(body.length), "x-cld-signature": signature };
        // To the SDK each is a notification: the time is the ticket's own, and not stale.
        const { status } = await around.ask("/notifications", { method: "POST", body, headers });
        expect(status).toBe(401);
        reasons.add(JSON.parse(around.logs.at(-1)!).reason);
      }
    }),
    { numRuns: cases(60, 3000) },
  );
  expect(reasons).toContain("notification_json");
  expect(around.heard).toEqual([]);
});

it("nor that of an upload's answer, a receipt, or an answer of ours as it is", async () => {
  const { upload, confirm, ask, heard } = listening();
  const done = await upload("open");
  const { body } = await confirm("open", done);
  const { public_id, version, signature } = done.response;
  const whole = `public_id=${public_id}&version=${version}`;
  const bodies = notificationBodies(whole, signature, SDK);
  expect(bodies).toContain(`public_id=${public_id}&version=`);
  const [head, claims, seal] = body.receipt.split(".");
  const tried: [raw: string, timestamp: string, signature: string][] = [
    ...bodies.map((raw): [string, string, string] => [raw, whole.slice(raw.length), signature]),
    ...[done.ticket.signature, signature, seal].flatMap((one): [string, string, string][] => [
      [JSON.stringify(done.ticket), String(START), one],
      [JSON.stringify(body), String(START), one],
      [`${head}.${claims}`, String(START), one],
      [Buffer.from(claims, "base64url").toString(), String(START), one],
    ]),
  ];
  for (const [raw, timestamp, by] of tried)
    for (const path of ["/notifications", pathOf(done.ticket)]) {
      const headers = { "x-cld-timestamp": timestamp, "x-cld-signature": by };
      const { status } = await ask(path, { method: "POST", body: raw, headers });
      expect(status).toBe(401);
    }
  expect(heard).toEqual([]);
});

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
      async (end, notification_type, claims) => {
        const path = end === "" ? "/notifications" : `/notifications/${encodeURIComponent(end)}`;
        const body = uploadBody(victim.response, { ...claims, notification_type });
        expect((await ask(path, webhook(body))).status).toBe(200);
        const { profile, subject, enforced, asset } = heard.at(-1)!;
        expect([profile, subject, enforced, asset]).toEqual([null, null, undefined, undefined]);
      },
    ),
    { numRuns: cases(60, 3000) },
  );
  expect(emulator.acts.slice(from)).toEqual([]);
  expect([holds(emulator, victim.response), holds(emulator, own.response)]).toEqual([true, true]);
});
