// From the ticket to the application, end to end: clients that vanish, and the emulator's own notifications, sent over HTTP to
// the signer, in all the ways that Cloudinary may send them. Nothing is signed by the test.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CloudinaryNotification } from "../../src/config/application.ts";
import type { WebhookSettings } from "../../src/testing/emulator/emulator.ts";
import { OPTIONS } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { type Server, serveLocally } from "../testing/audit/naive.ts";
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
  send,
  startCloudinary,
} from "../uploads/scene.ts";

const LIMITED = { resourceType: "image", file: { maxBytes: 1000 }, notify: true };
const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    open: { access: ["public"], ...LIMITED },
    photos: { access: ["members"], set: { public_id: "users/{sub}/{uuid}", overwrite: false }, ...LIMITED },
    eager: { access: ["public"], set: { eager: "w_10|w_20", eager_async: true }, ...LIMITED },
    waiting: { access: ["public"], ...LIMITED, file: { maxBytes: 1000, quarantine: true } },
    private: { access: ["public"], ...LIMITED, set: { type: "private" } },
  },
};
const LARGE = { bytes: new Uint8Array([...JPEG_5X4, ...new Uint8Array(1000)]) };
const [MINUTE, HOUR] = [60, 3600];

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
let server: Server;
let around: ReturnType<typeof scene>;
let heard: CloudinaryNotification[];
/** What the application does with each call, in its order; then it takes it. */
let takes: (() => unknown)[];
/** Answers of the signer that get lost on their way, as what stands before it tells it. */
let lost: number;
/** Called once an upload is stored, before its client is answered. */
let onStored: () => void;

beforeEach(async () => {
  clock.now = START;
  [heard, takes, lost, onStored] = [[], [], 0, () => {}];
  server = await serveLocally(async (request) => {
    const { method, headers } = request;
    const init = { method, headers, body: await request.arrayBuffer() };
    const { status, body } = await around.ask(new URL(request.url).pathname, init);
    return lost-- > 0 ? new Response("", { status: 502 }) : Response.json(body, { status });
  });
  const forward = { [PUBLIC_URL]: new URL(server.url).origin };
  emulator = await startCloudinary(OPTIONS, { forward, onUpload: () => onStored() });
  around = scene(emulator, DEFINITION, {
    onNotification: (one) => {
      heard.push(one);
      return takes.shift()?.();
    },
  });
});
afterEach(async () => {
  await emulator.close();
  await server.close();
});

/** Uploads, and is gone before there is an answer: all that is known is in the ticket. */
async function uploadAndVanish(profile: string, headers = {}, sending = {}): Promise<Answer> {
  const ticket = await around.sign(profile, headers);
  const gone = new AbortController();
  onStored = () => gone.abort();
  await expect(send(ticket, { ...sending, signal: gone.signal })).rejects.toThrow("aborted");
  onStored = () => {};
  return ticket;
}

/** Once whatever is due was sent, and answered. */
async function delivered(count = 1): Promise<void> {
  await expect.poll(() => emulator.notifications().length).toBe(count);
  await emulator.notified();
}

/** Time passes for the signer and Cloudinary alike. */
async function pass(seconds: number): Promise<void> {
  clock.now += seconds;
  emulator.clock.advance(0);
  await emulator.notified();
}

/** Until nothing is sent any more. */
async function passAll({ delay = 0 }: WebhookSettings): Promise<void> {
  for (const pause of [delay, 3 * MINUTE, 6 * MINUTE, 9 * MINUTE]) await pass(pause);
}

const held = () => emulator.uploads().length;
const statuses = () => emulator.notifications().map(({ attempts }) => attempts.map(({ status }) => status));
const states = () => emulator.notifications().map(({ state }) => state);
const ids = () => new Set(heard.map(({ id }) => id));
const outcomes = () => heard.map(({ enforced }) => enforced);
const lose = (answers: number) => {
  lost = answers;
};
const fails = () => {
  throw new Error("the application is down");
};

describe("the client vanished", () => {
  it.each([
    ["open", undefined],
    ["photos", "42"],
    ["waiting", undefined],
    ["private", undefined],
  ])("%s: a file over its limit is gone, and one within it stays", async (profile, sub) => {
    const headers = sub ? await member(sub) : {};
    await uploadAndVanish(profile, headers, LARGE);
    await delivered();
    expect([statuses(), held()]).toEqual([[[200]], 0]);
    await uploadAndVanish(profile, headers);
    await delivered(2);
    expect([statuses(), held()]).toEqual([[[200], [200]], 1]);
    const told = { type: "upload", profile, subject: sub ?? null };
    expect(heard).toMatchObject([
      { ...told, enforced: "destroyed", broke: "too_large", asset: { bytes: LARGE.bytes.length } },
      { ...told, enforced: "kept", asset: { bytes: JPEG_5X4.length } },
    ]);
    expect(ids().size).toBe(2);
  });
});

describe("of a file over its limit, the notification comes", () => {
  /** What is set and what goes wrong, what each attempt of each notification got, and how often it was told. */
  type Row = readonly [
    what: string,
    settings: WebhookSettings,
    begin: () => unknown,
    statuses: readonly (readonly (number | string)[])[],
    told: number,
  ];
  const nothing = () => {};
  const down = (times: number) => () => void takes.push(...Array(times).fill(fails));
  const unable = (method: "explicit" | "destroy") => () => emulator.fail({ method, as: 503, times: 1 });
  const TEMPLATE = `{"notification_type":"{{notification_type}}","public_id":"{{public_id}}","version":{{version}},
    "resource_type":"{{resource_type}}","type":"{{type}}"}`;
  const ROWS: readonly Row[] = [
    ["once", {}, nothing, [[200]], 1],
    ["by SHA-256", { algorithm: "sha256" }, nothing, [[200]], 1],
    ["twice", { times: 2 }, nothing, [[200], [200]], 2],
    ["an hour late", { delay: HOUR }, nothing, [[200]], 1],
    ["two hours late, and twice", { delay: 2 * HOUR, times: 2 }, nothing, [[200], [200]], 2],
    ["by a template, twice", { template: TEMPLATE, times: 2 }, nothing, [[200], [200]], 2],
    ["again, since the application failed", {}, down(1), [[503, 200]], 2],
    ["three times more, since it failed three times", {}, down(3), [[503, 503, 503, 200]], 4],
    ["in vain, since it failed four times", {}, down(4), [[503, 503, 503, 503]], 4],
    ["again, since Cloudinary could not be asked", {}, unable("explicit"), [[503, 200]], 1],
    ["again, since Cloudinary did not delete it", {}, unable("destroy"), [[503, 200]], 1],
    ["again, since the answer got lost", {}, () => lose(1), [[502, 200]], 2],
  ];

  it.each(ROWS)(
    "%s: it is told under one ID, and the file is gone",
    async (_, settings, begin, expected, told) => {
      emulator.setWebhooks(settings);
      begin();
      await uploadAndVanish("photos", await member("42"), LARGE);
      await delivered(settings.times);
      if (settings.delay) expect([heard, held()]).toEqual([[], 1]);
      await passAll(settings);
      expect(statuses()).toEqual(expected);
      for (const one of heard)
        expect(one).toMatchObject({ type: "upload", profile: "photos", subject: "42" });
      expect([heard.length, ids().size, held()]).toEqual([told, 1, 0]);
      // Two at once may both have found it.
      expect(outcomes()).toContain("destroyed");
      for (const enforced of outcomes()) expect(["destroyed", "not_stored"]).toContain(enforced);
    },
  );

  it.each<[string, WebhookSettings, string]>([
    ["over two hours late", { delay: 2 * HOUR + 1 }, "notification_old"],
    ["as a text of a template's", { template: "{{public_id}}" }, "notification_json"],
  ])("%s, and is refused: nothing is touched", async (_, settings, reason) => {
    emulator.setWebhooks(settings);
    await uploadAndVanish("open", {}, LARGE);
    await delivered();
    await passAll(settings);
    expect([statuses(), states()]).toEqual([[[401, 401, 401, 401]], ["lost"]]);
    expect(JSON.parse(around.logs.at(-1)!)).toMatchObject({ code: "invalid_notification", reason });
    expect([heard, held()]).toEqual([[], 1]);
  });

  it("by a template that leaves out what it needs: it is named, and nothing is touched", async () => {
    emulator.setWebhooks({ template: '{"notification_type":"upload","public_id":"{{public_id}}"}' });
    await uploadAndVanish("open", {}, LARGE);
    await delivered();
    expect(heard).toMatchObject([{ type: "upload", profile: "open" }]);
    expect([outcomes(), held()]).toEqual([[undefined], 1]);
  });
});

describe("what happens to an asset is handed on, and touches nothing", () => {
  const TYPES = ["eager", "delete", "rename", "moderation", "error", "sneeze"];

  it.each(TYPES)("%s: with profile and subject where the address is sealed", async (type) => {
    const ticket = await uploadAndVanish("photos", await member("42"));
    await delivered();
    const before = emulator.acts.length;
    const { public_id } = ticket.fields;
    emulator.notify({ type, public_id });
    emulator.notify({ type, public_id, url: `${PUBLIC_URL}/notifications` });
    await delivered(3);
    const told = heard.slice(1);
    const toldOf = (profile: string | null) => told.find((one) => one.profile === profile);
    expect(toldOf("photos")).toMatchObject({ type, subject: "42", body: { notification_type: type } });
    expect(toldOf(null)).toMatchObject({ type, subject: null, body: { notification_type: type } });
    for (const one of told) expect(one).not.toHaveProperty("enforced");
    expect([told.length, emulator.acts.length]).toEqual([2, before]);
  });

  it("what the ticket's own eager transformations became", async () => {
    await uploadAndVanish("eager");
    await delivered(2);
    const types = heard.map(({ type, profile, enforced }) => `${type} ${profile} ${enforced}`);
    expect(types.sort()).toEqual(["eager eager undefined", "upload eager kept"]);
  });

  it("of the whole account, to one address: what the signer deleted itself, too", async () => {
    emulator.setWebhooks({ urls: [`${PUBLIC_URL}/notifications`] });
    const { fields } = await uploadAndVanish("open", {}, LARGE);
    await delivered(2);
    expect(heard.toSorted((a, b) => (String(a.type) < String(b.type) ? -1 : 1))).toMatchObject([
      { type: "delete", profile: null, body: { resources: [{ public_id: fields.public_id }] } },
      { type: "upload", profile: "open", enforced: "destroyed" },
    ]);
  });

  it("a moderation that comes twice has one id, and the next one another", async () => {
    const { fields } = await uploadAndVanish("open");
    await delivered();
    emulator.setWebhooks({ times: 2 });
    for (const moderation_status of ["rejected", "approved"])
      emulator.notify({
        type: "moderation",
        public_id: fields.public_id,
        members: { moderation_status },
      });
    await delivered(5);
    const [, ...told] = heard;
    const byStatus = (status: string) =>
      told.filter(({ body }) => body.moderation_status === status).map(({ id }) => id);
    expect([byStatus("rejected").length, byStatus("approved").length]).toEqual([2, 2]);
    expect([new Set(byStatus("rejected")).size, ids().size]).toEqual([1, 3]);
    expect(holds(emulator, emulator.uploads()[0])).toBe(true);
  });
});
