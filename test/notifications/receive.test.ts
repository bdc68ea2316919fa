// Whose upload a notification is about, what becomes of it, and what the application hears: only what is sealed gives it a
// profile and a subject, and only that lets a file be deleted.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { CloudinaryNotification } from "../../src/config/application.ts";
import { ACCOUNT } from "../support/account.ts";
import { type Plain, readBindings } from "../support/definition.ts";
import { JPEG_5X4, PNG_3X2 } from "../testing/emulator/support.ts";
import {
  type Answer,
  clock,
  type Given,
  holds,
  MEMBERS,
  member,
  PUBLIC_URL,
  START,
  scene,
  send,
  startCloudinary,
} from "../uploads/scene.ts";
import { pathOf, uploadBody, webhook } from "./webhook.ts";

const OWN = { public_id: "users/{sub}/{uuid}", overwrite: false };
const LIMITED = { resourceType: "image", file: { maxBytes: 1000 }, notify: true };

const DEFINITION: Plain = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    open: { access: ["public"], ...LIMITED },
    photos: { access: ["members"], set: OWN, ...LIMITED },
    avatar: {
      access: ["members"],
      allow: ["lose-previous"],
      set: { public_id: "avatars/{sub}/a", overwrite: true },
      ...LIMITED,
    },
    waiting: { access: ["public"], ...LIMITED, file: { maxBytes: 1000, quarantine: true } },
    private: { access: ["public"], ...LIMITED, set: { type: "private" } },
    silent: { access: ["public"], file: { maxBytes: 1000 } },
  },
};
/** The same under limits of another day. */
const CHANGED: Plain = {
  ...DEFINITION,
  profiles: { ...(DEFINITION.profiles as object), open: { access: ["public"], ...LIMITED, ttl: 600 } },
};

const LARGE = { bytes: new Uint8Array([...JPEG_5X4, ...new Uint8Array(1000)]) };

let emulator: Awaited<ReturnType<typeof startCloudinary>>;
beforeAll(async () => {
  emulator = await startCloudinary();
});
beforeEach(() => {
  clock.now = START;
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => emulator.close());

/** A signer, and what its application heard. */
function listening(definition: Plain = DEFINITION, given: Given = {}) {
  const heard: CloudinaryNotification[] = [];
  const made = scene(emulator, definition, {
    onNotification: (one) => void heard.push(one),
    ...given,
  });
  const notify = (path: string, body: unknown) => made.ask(path, webhook(body));
  return { ...made, heard, notify };
}

const destroyed = (from: number): string[] =>
  emulator.acts
    .slice(from)
    .filter(({ method }) => method === "destroy")
    .flatMap(({ publicIds }) => publicIds);

describe("a ticket", () => {
  it("has the address signed in, with its own upload ID", async () => {
    const { sign } = listening();
    const ticket = await sign("open");
    expect(ticket.fields.notification_url).toBe(`${PUBLIC_URL}/notifications/${ticket.upload_id}`);
  });

  it("each of several its own", async () => {
    const { post } = listening();
    const { body } = await post("/sign/open", {}, { files: [{ name: "a.jpg" }, { name: "b.jpg" }] });
    const urls = body.tickets.map(({ fields, upload_id }: Answer) => [fields.notification_url, upload_id]);
    for (const [url, id] of urls) expect(url).toBe(`${PUBLIC_URL}/notifications/${id}`);
    expect(new Set(urls.flat()).size).toBe(4);
  });

  it("keeps it when it is renewed, whatever was sent", async () => {
    const long: Plain = {
      ...DEFINITION,
      profiles: { long: { access: ["public"], ttl: 7200, file: {}, notify: true } },
    };
    const { sign, post } = listening(long);
    const ticket = await sign("long");
    clock.now += 100;
    const fields = { ...ticket.fields, notification_url: "https://evil.example/" };
    const { status, body } = await post("/sign/long", {}, { renew: ticket.upload_id, fields });
    expect([status, body.fields.notification_url]).toEqual([200, ticket.fields.notification_url]);
    expect(body.signature).not.toBe(ticket.signature);
    expect((await send(body)).public_id).toBe(ticket.fields.public_id);
  });

  it("can't be given another by its client, and without notify has none", async () => {
    const { post, sign } = listening();
    const params = { notification_url: "https://evil.example/" };
    const { body } = await post("/sign/open", {}, { params });
    expect(body.errors).toMatchObject([{ param: "notification_url", code: "forbidden", rule: "R5" }]);
    expect((await sign("silent")).fields).not.toHaveProperty("notification_url");
  });
});

describe("publicUrl, which the address begins with", () => {
  const faults = (publicUrl: string | undefined, notify: boolean): string[] => {
    const profiles = { open: { access: ["public"], file: {}, notify } };
    const configured = readBindings({ ...ACCOUNT, SIGNER: { ...(publicUrl && { publicUrl }), profiles } });
    return configured.ok ? [] : configured.error.map(({ at, problem }) => `${at}: ${problem}`);
  };

  it("is needed", () => {
    expect(faults(undefined, true)).toMatchObject([expect.stringMatching(/^publicUrl: write `publicUrl`/)]);
  });

  it.each(["https://a.example/b&c", "https://a.example/b%26c"])("%s can't be signed", (publicUrl) => {
    expect(faults(publicUrl, true)).toMatchObject([expect.stringMatching(/^publicUrl: holds `/)]);
    expect(faults(publicUrl, false)).toEqual([]);
    expect(faults("https://a.example/b", true)).toEqual([]);
  });
});

describe("an upload that nobody confirms", () => {
  it.each([
    ["open", undefined],
    ["photos", "42"],
    ["avatar", "7"],
    ["waiting", undefined],
    ["private", undefined],
  ])("%s: within its limits it stays, and the application hears of it", async (profile, sub) => {
    const { upload, notify, heard, logs } = listening();
    const { ticket, response } = await upload(profile, sub ? await member(sub) : {});
    const from = emulator.acts.length;
    const body = uploadBody(response);
    const { status, body: answer } = await notify(pathOf(ticket), body);
    expect([status, answer]).toEqual([200, { id: heard[0]?.id }]);
    const { public_id, version } = response;
    expect(heard).toEqual([
      {
        id: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        ...{ type: "upload", profile, subject: sub ?? null, enforced: "kept", body },
        jti: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        asset: expect.objectContaining({ public_id, version, bytes: JPEG_5X4.length, format: "jpg" }),
      },
    ]);
    // Nothing is published or deleted: it is where it was uploaded.
    expect(holds(emulator, response)).toBe(true);
    expect(emulator.acts.slice(from).map(({ method }) => method)).toEqual(["explicit"]);
    const line = JSON.parse(logs.at(-1)!);
    expect([line.profile, line.subject === undefined]).toEqual([profile, sub === undefined]);
  });

  it.each(["open", "waiting", "private"])(
    "%s: over its limit it is gone, whoever vanished",
    async (profile) => {
      const { upload, notify, heard, logs } = listening();
      const { ticket, response } = await upload(profile, {}, LARGE);
      expect(holds(emulator, response)).toBe(true);
      expect((await notify(pathOf(ticket), uploadBody(response))).status).toBe(200);
      expect(holds(emulator, response)).toBe(false);
      expect(heard).toMatchObject([
        { profile, enforced: "destroyed", broke: "too_large", asset: { bytes: LARGE.bytes.length } },
      ]);
      expect(JSON.parse(logs.at(-1)!).detail).toBe("file too_large: deleted");
      // What is gone is told to whoever comes late.
      expect((await notify(pathOf(ticket), uploadBody(response))).status).toBe(200);
      expect(heard[1]).toMatchObject({ id: heard[0]!.id, enforced: "not_stored" });
      expect(heard[1]).not.toHaveProperty("asset");
    },
  );

  it("another type, by another address", async () => {
    const { upload, notify, heard } = listening();
    const { ticket, response } = await upload("open", {}, { resourceType: "raw" });
    await notify(pathOf(ticket), uploadBody(response));
    expect([heard[0]?.broke, holds(emulator, response)]).toEqual(["resource_type", false]);
  });

  it("is judged by what Cloudinary says when asked, and by nothing in the notification", async () => {
    const { upload, notify, heard } = listening();
    const [large, small] = [await upload("open", {}, LARGE), await upload("open")];
    await notify(pathOf(large.ticket), uploadBody(large.response, { bytes: 1 }));
    await notify(pathOf(small.ticket), uploadBody(small.response, { bytes: 5000, format: "tiff" }));
    expect(heard.map(({ enforced }) => enforced)).toEqual(["destroyed", "kept"]);
    expect([holds(emulator, large.response), holds(emulator, small.response)]).toEqual([false, true]);
  });

  it("with nothing bound: 200 once its limits are enforced", async () => {
    const { upload, notify } = listening(DEFINITION, { onNotification: undefined } as unknown as Given);
    const { ticket, response } = await upload("open", {}, LARGE);
    expect((await notify(pathOf(ticket), uploadBody(response))).status).toBe(200);
    expect(holds(emulator, response)).toBe(false);
  });

  it("confirmed too: the same jti by both ways", async () => {
    const confirmed: string[] = [];
    const { upload, notify, confirm, heard } = listening(DEFINITION, {
      onNotification: (one) => void heard.push(one),
      onUploaded: ({ jti }) => void confirmed.push(jti),
    });
    for (const profile of ["open", "waiting"]) {
      const done = await upload(profile);
      await notify(pathOf(done.ticket), uploadBody(done.response));
      expect((await confirm(profile, done)).status).toBe(200);
      // In quarantine it was published since, and is found there.
      await notify(pathOf(done.ticket), uploadBody(done.response));
    }
    expect(heard.map(({ jti, enforced }) => [jti, enforced])).toEqual(
      confirmed.flatMap((jti) => [jti, jti]).map((jti) => [jti, "kept"]),
    );
  });
});

describe("what is deleted is this upload's alone", () => {
  it("a later one under the same name is not touched by the notification of the former", async () => {
    const { upload, notify, heard } = listening();
    const headers = await member("9");
    const first = await upload("avatar", headers, LARGE);
    clock.now += 5;
    const second = await upload("avatar", headers, { bytes: PNG_3X2, name: "b.png" });
    await notify(pathOf(first.ticket), uploadBody(first.response));
    expect([heard[0]?.enforced, holds(emulator, second.response)]).toEqual(["not_stored", true]);
  });

  it("and is judged by its own", async () => {
    const { upload, notify, heard } = listening();
    const headers = await member("10");
    await upload("avatar", headers);
    clock.now += 5;
    const second = await upload("avatar", headers, LARGE);
    await notify(pathOf(second.ticket), uploadBody(second.response));
    expect([heard[0]?.enforced, holds(emulator, second.response)]).toEqual(["destroyed", false]);
  });

  it.each([
    [60, "destroyed"],
    [61, "not_stored"],
  ])("a version that is %i s older than its ticket: %s", async (older, enforced) => {
    const early = listening(CHANGED);
    const ticket = await early.sign("open");
    clock.now -= older;
    const response = await send(ticket, LARGE);
    clock.now += older;
    await early.notify(pathOf(ticket), uploadBody(response));
    expect(early.heard[0]?.enforced).toBe(enforced);
    expect(holds(emulator, response)).toBe(enforced === "not_stored");
  });
});

describe("an answer about something else than was asked for deletes nothing", () => {
  it.each([{ public_id: "users/7/cat" }, { resource_type: "raw" }, { type: "private" }])(
    "%j",
    async (other) => {
      const { upload, notify, heard } = listening(DEFINITION, {
        onNotification: (one) => void heard.push(one),
        through: async (url, ask) => {
          const answer = await ask();
          return url.endsWith("/explicit") ? Response.json({ ...(await answer.json()), ...other }) : answer;
        },
      });
      const { ticket, response } = await upload("open", {}, LARGE);
      const from = emulator.acts.length;
      await notify(pathOf(ticket), uploadBody(response));
      expect([heard[0]?.enforced, destroyed(from)]).toEqual(["not_stored", []]);
      expect(holds(emulator, response)).toBe(true);
    },
  );
});

/** What names the upload of a ticket, and what else may be sent to its address. */
type Case = readonly [
  what: string,
  change: (around: Around) => { path?: string; body?: object },
  expected: Partial<CloudinaryNotification>,
];
interface Around {
  readonly ticket: Answer;
  readonly response: Answer;
  readonly other: { readonly ticket: Answer; readonly response: Answer };
}
const NOBODY = { profile: null, subject: null };
const NAMED = { profile: "photos", subject: "42" };
/** As Cloudinary tells of a deletion and of a rename: https://cloudinary.com/documentation/notifications. */
const listed = (...assets: readonly Answer[]) => ({
  notification_type: "delete",
  public_id: undefined,
  resources: assets.map(({ public_id, version, resource_type, type }) => ({
    ...{ public_id, version, resource_type, type },
  })),
});
const renamed = (from: Answer, to: Answer) => ({
  ...{ notification_type: "rename", public_id: undefined },
  ...{ from_public_id: from.public_id, to_public_id: to.public_id },
});
const CASES: readonly Case[] = [
  ["no ID", () => ({ path: "/notifications" }), NOBODY],
  ["an ID of nothing", () => ({ path: "/notifications/AAAA" }), NOBODY],
  ["an ID of words", () => ({ path: "/notifications/photos" }), NOBODY],
  ["an ID cut by one", ({ ticket }) => ({ path: pathOf(ticket).slice(0, -1) }), NOBODY],
  ["an ID longer by one", ({ ticket }) => ({ path: `${pathOf(ticket)}A` }), NOBODY],
  ["an ID that is too long", ({ ticket }) => ({ path: pathOf(ticket) + "A".repeat(1024) }), NOBODY],
  ["a signature as the ID", ({ ticket }) => ({ path: `/notifications/${ticket.signature}` }), NOBODY],
  ["another upload's ID", ({ other }) => ({ path: pathOf(other.ticket) }), NOBODY],
  ["another's public ID", ({ other }) => ({ body: { public_id: other.response.public_id } }), NOBODY],
  ["no public ID", () => ({ body: { public_id: undefined } }), NOBODY],
  ["a public ID of null", () => ({ body: { public_id: null } }), NOBODY],
  ["a public ID in a list", ({ response }) => ({ body: { public_id: [response.public_id] } }), NOBODY],
  [
    "a public ID in capitals",
    ({ response }) => ({ body: { public_id: response.public_id.toUpperCase() } }),
    NOBODY,
  ],
  ["another type of delivery", () => ({ body: { type: "private" } }), NOBODY],
  ["a type of delivery in a list", () => ({ body: { type: ["upload"] } }), NOBODY],
  ["a deletion", () => ({ body: { notification_type: "delete" } }), NAMED],
  ["a deletion that lists it", ({ response }) => ({ body: listed(response) }), NAMED],
  [
    "a deletion that lists another",
    ({ other }) => ({ body: listed(other.response) }),
    { ...NOBODY, type: "delete" },
  ],
  [
    "a deletion that lists two",
    ({ response, other }) => ({ body: listed(response, other.response) }),
    NOBODY,
  ],
  ["a deletion that lists none", () => ({ body: listed() }), NOBODY],
  ["a list of no assets", () => ({ body: { public_id: undefined, resources: ["a", null] } }), NOBODY],
  [
    "an upload that lists it",
    ({ response }) => ({ body: { ...listed(response), notification_type: "upload" } }),
    NAMED,
  ],
  [
    "one of its public ID that lists another",
    ({ response, other }) => ({
      body: { ...listed(other.response), public_id: response.public_id },
    }),
    NAMED,
  ],
  [
    "another type of delivery in a list",
    ({ response }) => ({ body: listed({ ...response, type: "private" }) }),
    NOBODY,
  ],
  ["a rename of it", ({ response, other }) => ({ body: renamed(response, other.response) }), NAMED],
  ["a rename to its name", ({ response, other }) => ({ body: renamed(other.response, response) }), NOBODY],
  [
    "a moderation, which tells no type of delivery",
    () => ({ body: { notification_type: "moderation", type: undefined } }),
    NAMED,
  ],
  [
    "a type that nobody knows",
    () => ({ body: { notification_type: "sneeze" } }),
    { ...NAMED, type: "sneeze" },
  ],
  ["no type", () => ({ body: { notification_type: undefined } }), { ...NAMED, type: null }],
  ["a type in a list", () => ({ body: { notification_type: ["upload"] } }), { ...NAMED, type: null }],
  ["no version", () => ({ body: { version: undefined } }), NAMED],
  ["a version of words", () => ({ body: { version: "now" } }), NAMED],
  ["no type of resource", () => ({ body: { resource_type: undefined } }), NAMED],
  ["a type of resource with a path", () => ({ body: { resource_type: "image/../raw" } }), NAMED],
  [
    "another version",
    ({ response }) => ({ body: { version: response.version + 1 } }),
    { ...NAMED, enforced: "not_stored" },
  ],
  ["another resource type", () => ({ body: { resource_type: "raw" } }), { ...NAMED, enforced: "not_stored" }],
];

describe("handed on, and nothing deleted", () => {
  it.each(CASES)("%s", async (_, change, expected) => {
    const { upload, notify, heard } = listening();
    const headers = await member("42");
    const done = await upload("photos", headers, LARGE);
    const around = { ...done, other: await upload("photos", await member("43"), LARGE) };
    const { path = pathOf(done.ticket), body = {} } = change(around);
    const from = emulator.acts.length;
    expect((await notify(path, uploadBody(done.response, body))).status).toBe(200);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject(expected);
    expect(heard[0]?.enforced).toBe(expected.enforced);
    expect(destroyed(from)).toEqual([]);
    expect([holds(emulator, done.response), holds(emulator, around.other.response)]).toEqual([true, true]);
    // The honest twin.
    expect((await notify(pathOf(done.ticket), uploadBody(done.response))).status).toBe(200);
    expect(heard[1]).toMatchObject({ ...NAMED, enforced: "destroyed" });
    expect(destroyed(from)).toEqual([done.response.public_id]);
  });

  it("nothing is asked of Cloudinary without a sealed ID", async () => {
    const { upload, notify, asked } = listening();
    const { response } = await upload("open", {}, LARGE);
    for (const path of ["/notifications", "/notifications/AAAA"]) await notify(path, uploadBody(response));
    expect(asked).toEqual([]);
  });

  it.each([
    ["of an older policy", CHANGED],
    ["of a profile that is no more", { publicUrl: PUBLIC_URL, profiles: {} }],
  ])("an ID %s names, and enforces nothing", async (_, later) => {
    const { upload } = listening();
    const { ticket, response } = await upload("open", {}, LARGE);
    const { notify, heard, asked } = listening(later as Plain);
    await notify(pathOf(ticket), uploadBody(response));
    expect(heard).toMatchObject([{ profile: "open", subject: null }]);
    expect([heard[0]?.enforced, asked, holds(emulator, response)]).toEqual([undefined, [], true]);
  });

  it("an ID of another signer's address says nothing", async () => {
    const { upload } = listening({ ...DEFINITION, publicUrl: "https://staging.example.com" });
    const { ticket, response } = await upload("open", {}, LARGE);
    const { notify, heard } = listening();
    await notify(pathOf(ticket), uploadBody(response));
    expect([heard[0]?.profile, holds(emulator, response)]).toEqual([null, true]);
  });

  it("an upload of a profile without notify, sent to the address of its ID", async () => {
    const { upload, notify, heard } = listening();
    const { ticket, response } = await upload("silent", {}, LARGE);
    await notify(`/notifications/${ticket.upload_id}`, uploadBody(response));
    expect([heard[0]?.profile, heard[0]?.enforced, holds(emulator, response)]).toEqual([
      "silent",
      undefined,
      true,
    ]);
  });

  it("one of what was in quarantine and is published names it, and judges nothing again", async () => {
    const { upload, notify, heard, asked } = listening();
    const { ticket, response } = await upload("waiting");
    await notify(pathOf(ticket), uploadBody(response, { type: "upload" }));
    await notify(pathOf(ticket), uploadBody(response, { type: "private" }));
    expect(heard.map(({ profile, enforced }) => [profile, enforced])).toEqual([
      ["waiting", undefined],
      [null, undefined],
    ]);
    expect(asked).toEqual([]);
  });

  it("until 24 hours after the life of the ticket", async () => {
    const { upload, notify, heard } = listening();
    const { ticket, response } = await upload("open", {}, LARGE);
    clock.now += 3600 + 86_400;
    await notify(pathOf(ticket), uploadBody(response));
    expect([heard[0]?.profile, heard[0]?.enforced]).toEqual(["open", undefined]);
    clock.now -= 1;
    await notify(pathOf(ticket), uploadBody(response));
    expect(heard[1]?.enforced).toBe("destroyed");
  });
});

describe("the id", () => {
  const context = { triggered_at: "2026-11-26T08:00:00.123456Z" };
  const id = async (body: object): Promise<string> => {
    const { notify, heard } = listening();
    await notify("/notifications", body);
    return heard[0]!.id;
  };
  const deletion = { notification_type: "delete", asset_id: "a", notification_context: context };

  it.each([
    ["a double of a request", { request_id: "r", timestamp: "1" }, { timestamp: "2", request_id: "r" }],
    ["a double of a deletion", { ...deletion, timestamp: "1" }, { ...deletion, timestamp: "2" }],
    ["a double of what has neither", { public_id: "a" }, { public_id: "a" }],
  ])("is the same for %s", async (_, one, other) => {
    expect(await id(one)).toBe(await id(other));
  });

  it.each([
    ["requests", { request_id: "r" }, { request_id: "s" }],
    [
      "types of one request",
      { request_id: "r", notification_type: "upload" },
      { request_id: "r", notification_type: "eager" },
    ],
    ["assets of one request", { request_id: "r", asset_id: "a" }, { request_id: "r", asset_id: "b" }],
    ["moments", deletion, { ...deletion, notification_context: { triggered_at: "2026-11-26T08:00:01Z" } }],
    ["deleted assets", deletion, { ...deletion, asset_id: "b" }],
    [
      "deleted assets of a list",
      { ...deletion, resources: [{ asset_id: "a" }] },
      { ...deletion, resources: [{ asset_id: "b" }] },
    ],
    [
      "add-ons that one request asked for",
      { request_id: "r", notification_type: "info", info_kind: "ocr" },
      { request_id: "r", notification_type: "info", info_kind: "google_tagging" },
    ],
    [
      "moderators of one upload",
      { request_id: "r", notification_type: "moderation", moderation_kind: "aws_rek" },
      { request_id: "r", notification_type: "moderation", moderation_kind: "duplicate" },
    ],
    [
      "decisions of one moderator",
      { request_id: "r", notification_type: "moderation", moderation_status: "approved" },
      { request_id: "r", notification_type: "moderation", moderation_status: "rejected" },
    ],
    [
      "renames at one moment",
      { notification_context: context, from_public_id: "a", to_public_id: "b" },
      { notification_context: context, from_public_id: "c", to_public_id: "d" },
    ],
    [
      "folders at one moment",
      { notification_context: context, folder_path: "a" },
      { notification_context: context, folder_path: "b" },
    ],
    ["what has neither", { public_id: "a" }, { public_id: "b" }],
    ["what has neither, by a member that is an object", { request_id: {} }, { request_id: [] }],
  ])("differs for two %s", async (_, one, other) => {
    expect(await id(one)).not.toBe(await id(other));
  });
});

describe("a body that is nested", () => {
  const nested = (levels: number) => `{"found":${"[".repeat(levels)}${"]".repeat(levels)}}`;

  it("199 deep is handed on", async () => {
    const { notify, heard } = listening();
    expect((await notify("/notifications", nested(199))).status).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it.each([200, 5000, 400_000])("%d deep is refused, though it is signed", async (levels) => {
    const { notify, heard } = listening();
    const { status, body } = await notify("/notifications", nested(levels));
    expect([status, body.code, body.detail]).toEqual([
      ...[400, "malformed_request"],
      "send a flatter body: this one is nested deeper than 200 levels",
    ]);
    expect(heard).toEqual([]);
  });
});

describe("what can't be done is 503, so that Cloudinary sends it again", () => {
  it("an application that throws; the second time it is told under the same id", async () => {
    const ids: string[] = [];
    const { upload, notify, logs } = listening(DEFINITION, {
      onNotification: ({ id, enforced }) => {
        ids.push(`${id} ${enforced}`);
        if (ids.length === 1) throw new Error("the database is down");
      },
    });
    const { ticket, response } = await upload("open");
    const failed = await notify(pathOf(ticket), uploadBody(response));
    expect([failed.status, failed.body.code]).toEqual([503, "application_unavailable"]);
    expect(failed.body.detail).not.toContain("database");
    expect(JSON.parse(logs.at(-1)!)).toMatchObject({
      reason: "notification_unheard",
      detail: expect.stringMatching(/^onNotification threw Error/),
    });
    expect((await notify(pathOf(ticket), uploadBody(response))).status).toBe(200);
    expect(ids[0]).toBe(ids[1]);
    expect(ids).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["an object whose message is none", { message: 5 }],
    ["an Error whose message is none", Object.assign(new Error("hunter2"), { message: null })],
    ["an Error without a stack", Object.assign(new Error("hunter2"), { stack: null })],
    [
      "an Error that throws when it is read",
      Object.defineProperty(new Error("hunter2"), "message", {
        get: () => {
          throw new Error("hunter2");
        },
      }),
    ],
  ])("one that throws %s", async (_, thrown) => {
    const breaks = () => {
      throw thrown;
    };
    const { ask, upload, confirm, logs } = listening(DEFINITION, {
      onNotification: breaks,
      onUploaded: breaks,
    });
    const notified = await ask("/notifications", webhook({ notification_type: "delete" }));
    const confirmed = await confirm("open", await upload("open"));
    for (const { status, body } of [notified, confirmed])
      expect([status, body.code]).toEqual([503, "application_unavailable"]);
    expect(logs.join()).not.toContain("hunter2");
  });

  it("one that hangs", async () => {
    const { ask } = listening(DEFINITION, { onNotification: () => new Promise(() => {}) });
    const init = webhook({ notification_type: "delete" });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answer = ask("/notifications", init);
    let status: number | undefined;
    void answer.then((done) => {
      status = done.status;
    });
    while (status === undefined) await vi.advanceTimersByTimeAsync(1000);
    expect((await answer).body.code).toBe("application_unavailable");
  });

  it("one without the method", async () => {
    const { ask, logs } = listening(DEFINITION, {
      onNotification: () => {
        throw new TypeError('The RPC receiver does not implement the method "onNotification".');
      },
    });
    expect((await ask("/notifications", webhook({ a: 1 }))).status).toBe(503);
    expect(JSON.parse(logs.at(-1)!).detail).toBe("onNotification is no method of the Worker that APP binds");
  });

  it.each(["explicit", "destroy"])(
    "Cloudinary that fails at %s: nothing is handed on, and then it is",
    async (method) => {
      let isDown = true;
      const { upload, notify, heard } = listening(DEFINITION, {
        onNotification: (one) => void heard.push(one),
        through: (url, ask) => (isDown && url.endsWith(method) ? Promise.reject(new Error("down")) : ask()),
      });
      const { ticket, response } = await upload("open", {}, LARGE);
      const { status, body } = await notify(pathOf(ticket), uploadBody(response));
      expect([status, body.code, heard]).toEqual([503, "cloudinary_unavailable", []]);
      expect(holds(emulator, response)).toBe(true);
      isDown = false;
      expect((await notify(pathOf(ticket), uploadBody(response))).status).toBe(200);
      expect([heard[0]?.enforced, holds(emulator, response)]).toEqual(["destroyed", false]);
    },
  );

  it("a profile whose access method lacks its secret", async () => {
    const { upload } = listening();
    const { ticket, response } = await upload("photos", await member("42"), LARGE);
    const { notify, heard } = listening(DEFINITION, { bindings: { JWT_SECRET: undefined } });
    const { status, body } = await notify(pathOf(ticket), uploadBody(response));
    expect([status, body.code, heard]).toEqual([500, "misconfigured", []]);
    expect(holds(emulator, response)).toBe(true);
  });
});
