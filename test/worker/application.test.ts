// The binding `APP`: the signer in workerd calls the class of docs/uploads.md in another Worker, over a real service
// binding, and the asset is kept or deleted by what it answers. An older compatibility date too: over it an error keeps
// its message alone.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyReceipt } from "../../src/library/library.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { sdkWebhookSignature } from "../notifications/webhook.ts";
import { OPTIONS, unseen } from "../support/account.ts";
import { newOwnerFolder } from "../support/owner.ts";
import { apart } from "../support/tsc.ts";
import { startPairs } from "../support/two-workers.ts";
import type { Workers } from "../support/workers.ts";

const TEXT = await readFile(join(PROJECT, "docs/uploads.md"), "utf8");
/** The Worker of the page, and how the signer binds it. */
const [, WORKER = ""] = /^```ts\n\/\/ src\/index\.ts\n([\s\S]*?)^```$/m.exec(TEXT) ?? [];
const [, TOML = ""] = /^```toml\n# wrangler\.toml\n([\s\S]*?)^```$/m.exec(TEXT) ?? [];
const [, ENTRYPOINT = ""] = /^entrypoint = "(\w+)"/m.exec(TOML) ?? [];

/**
 * The page's class, and what goes wrong with others: which, the profile says. Beside it the Worker passes requests on to
 * the signer, and shows its rows.
 */
const TRIED = `
  import { RejectUpload } from "cloudinary-edge-signer";
  import { ${ENTRYPOINT} as Documented } from "./src/index.ts";
  class OtherError extends Error {}
  let isDown = true;
  const heard = [];
  const ACTS = {
    rejects: () => { throw new RejectUpload("no dogs, please"); },
    "rejects-in-words": () => { throw new Error("RejectUpload: by another copy of the class"); },
    throws: () => { throw new OtherError("the database is down"); },
    "throws-a-text": () => { throw "the database is down"; },
    "mentions-it": () => { throw new Error("could not make RejectUpload: undefined"); },
    never: () => new Promise(() => {}),
    sleeps: () => scheduler.wait(60_000),
    "down-once": (upload) => { if (isDown) { isDown = false; throw new Error("down"); } return upload; },
    nothing: () => undefined,
    list: () => [1, { two: null }],
    date: () => ({ at: new Date(0) }),
    huge: () => "a".repeat(100_000),
    "a-function": () => () => 1,
  };
  export class ${ENTRYPOINT} extends Documented {
    onUploaded(upload) {
      return Object.hasOwn(ACTS, upload.profile) ? ACTS[upload.profile](upload) : super.onUploaded(upload);
    }
    onNotification(notification) {
      if (notification.type === "refused-once" && !heard.some(({ type }) => type === "refused-once")) {
        heard.push(notification);
        throw new OtherError("the database is down");
      }
      heard.push(notification);
    }
  }
  export default {
    async fetch(request, { SIGNER_HTTP, DB }) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/fill") {
        await DB.exec("CREATE TABLE pictures (id INTEGER PRIMARY KEY, jti TEXT NOT NULL UNIQUE, owner TEXT, public_id TEXT NOT NULL, bytes INTEGER NOT NULL)");
        const insert = DB.prepare("INSERT INTO pictures (jti, owner, public_id, bytes) VALUES (?, 'full', 'x', 1)");
        await DB.batch(Array.from({ length: 100 }, (_, i) => insert.bind("full-" + i)));
        return new Response("done");
      }
      if (pathname === "/heard") return Response.json(heard);
      if (pathname === "/rows") {
        const rows = DB.prepare("SELECT * FROM pictures WHERE public_id = ?").bind(searchParams.get("id"));
        return Response.json((await rows.all()).results);
      }
      return SIGNER_HTTP.fetch(request);
    },
  };`;

/** A class that lacks the method. */
const WITHOUT = `import { WorkerEntrypoint } from "cloudflare:workers";
  export class Uploads extends WorkerEntrypoint { hello() { return 1; } }
  export default { fetch: (request, env) => env.SIGNER_HTTP.fetch(request) };`;

const PUBLIC_URL = "https://uploads.example.com";
const TOKENS: Readonly<Record<string, string>> = {
  "42": "a-token-of-the-user-42",
  full: "a-token-of-the-full-one",
};
const sha256 = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString("hex");

const folder = await newOwnerFolder();
let emulator: Emulator;
let workers: Workers;
beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
  await folder.write("src/index.ts", WORKER);
  const { outputFiles } = await build({
    entryPoints: [await folder.write("tried.ts", TRIED)],
    bundle: true,
    format: "esm",
    external: ["cloudflare:workers"],
    write: false,
  });
  const caller = outputFiles[0]!.text;
  const tokens = Object.fromEntries(
    await Promise.all(
      Object.entries(TOKENS).map(async ([sub, token]) => [sub, await sha256(token)] as const),
    ),
  );
  const access = { users: { type: "token", tokens } };
  const open = { default: { access: ["public"], file: {} } };
  const uploadPrefix = emulator.url;
  const SIGNER = { publicUrl: PUBLIC_URL, access, profiles: PROFILES };
  const app = { entrypoint: ENTRYPOINT };
  workers = await startPairs({
    "of today": { caller, SIGNER, uploadPrefix, app },
    "of 2024": { caller, SIGNER, uploadPrefix, app: { ...app, compatibilityDate: "2024-09-01" } },
    without: {
      caller: WITHOUT,
      SIGNER: { publicUrl: PUBLIC_URL, profiles: open },
      uploadPrefix,
      app: { entrypoint: "Uploads" },
    },
  });
});
afterAll(async () => {
  await Promise.all([workers?.close(), emulator?.close(), folder.close()]);
});

const file = { maxBytes: "5 MB" };
const PROFILES = Object.fromEntries(
  [
    ...[
      "avatars",
      "rejects",
      "rejects-in-words",
      "throws",
      "throws-a-text",
      "mentions-it",
      "never",
      "sleeps",
    ],
    ...["down-once", "nothing", "list", "date", "huge", "a-function"],
  ].map((name) => [name, { access: ["users"], resourceType: "image", set: { public_id: "{uuid}" }, file }]),
);

it("the page's Worker is right in strict TypeScript, and a mistake in it is seen", async () => {
  await folder.write(
    "src/mistaken.ts",
    WORKER.replace("}: ConfirmedUpload", "}: { jti: number; subject: null; asset: never }"),
  );
  const said = await folder.tsc(["src/index.ts", "src/mistaken.ts"], ["@cloudflare/workers-types"]);
  const { about, others } = apart(said, "src/mistaken.ts");
  expect([about, others]).toEqual([expect.stringContaining("TS2416"), ""]);
});

it("the page binds it as the signer reads it", () => {
  expect(TOML).toMatch(/^\[\[services\]\]\nbinding = "APP"\n/);
  expect(WORKER).toContain(
    `export class ${ENTRYPOINT} extends WorkerEntrypoint<Env> implements Application {`,
  );
});

/** What goes wrong, and is no refusal. */
const BREAKS = ["throws", "throws-a-text", "mentions-it", "never", "huge", "a-function"];

describe.each<[string, readonly string[]]>([
  // The signer's patience is the same whichever Worker tries it.
  ["of today", [...BREAKS, "sleeps"]],
  ["of 2024", BREAKS],
])("a Worker %s", (name, breaks) => {
  let url: string;
  beforeAll(async () => {
    url = workers.urlOf(name);
    expect(await (await fetch(`${url}/fill`)).text()).toBe("done");
  });

  async function post(path: string, body: object, user: string) {
    const headers = { authorization: `Bearer ${TOKENS[user]}` };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, body: JSON.parse(unseen(await answer.text())) };
  }

  /** Uploads by a profile; `confirm` may be called again. */
  async function upload(profile: string, user = "42") {
    const { body: ticket } = await post(`/sign/${profile}`, {}, user);
    const form = new FormData();
    for (const [name, value] of Object.entries<string>(ticket.fields)) form.append(name, value);
    form.append("file", new Blob([await readFile(join(PROJECT, "src/testing/sample.jpg"))]), "a.jpg");
    const response = await (await fetch(ticket.url, { method: "POST", body: form })).json();
    const { public_id } = response as { public_id: string };
    return {
      public_id,
      confirm: () => post(`/confirm/${profile}`, { upload_id: ticket.upload_id, response }, user),
      isHeld: () => emulator.uploads().some((one) => one.public_id === public_id),
      rows: async () => (await fetch(`${url}/rows?id=${public_id}`)).json(),
    };
  }

  it("hears of an upload, stores it once, and its answer comes back as data", async () => {
    const { public_id, confirm, rows, isHeld } = await upload("avatars");
    const answers = [await confirm(), ...(await Promise.all([confirm(), confirm()]))];
    const stored = (await rows()) as { id: number; jti: string }[];
    expect(stored).toMatchObject([{ owner: "42", public_id, bytes: answers[0]!.body.asset.bytes }]);
    for (const { status, body } of answers) {
      expect([status, body.data]).toEqual([200, { id: stored[0]!.id }]);
      const { cloudName, apiSecret } = OPTIONS;
      const verified = await verifyReceipt(body.receipt, {
        publicUrl: PUBLIC_URL,
        account: { cloudName, apiSecret },
      });
      expect(verified).toMatchObject({
        ok: true,
        value: { jti: stored[0]!.jti, subject: "42", asset: body.asset },
      });
    }
    expect(isHeld()).toBe(true);
  });

  it.each([
    ["the page's own class, over a full album", "avatars", "full", "your album is full"],
    ["RejectUpload", "rejects", "42", "no dogs, please"],
    ["what another copy of the class says", "rejects-in-words", "42", "by another copy of the class"],
  ])("%s deletes the asset, and its reason is told", async (_, profile, user, detail) => {
    const { confirm, isHeld, rows } = await upload(profile, user);
    expect(isHeld()).toBe(true);
    const refused = await confirm();
    expect(refused).toMatchObject({
      status: 422,
      body: { code: "file_refused", errors: [{ param: "file", code: "rejected", detail }] },
    });
    expect(refused.body).not.toHaveProperty("receipt");
    expect([isHeld(), await rows()]).toEqual([false, []]);
    expect((await confirm()).body.code).toBe("not_stored");
  });

  it.concurrent.each(breaks)(
    "one that breaks (%s) is not available, and the asset stays",
    async (profile) => {
      const { confirm, isHeld } = await upload(profile);
      const refused = await confirm();
      expect(refused).toMatchObject({ status: 503, body: { code: "application_unavailable" } });
      expect(JSON.stringify(refused.body)).not.toMatch(/database is down|receipt/);
      expect(isHeld()).toBe(true);
    },
  );

  it("hears of notifications, and again of one that it did not take", async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const [type, statuses] of [
      ["moderation", [200]],
      ["refused-once", [503, 200]],
    ] as const) {
      const raw = JSON.stringify({
        notification_type: type,
        request_id: `a-${type}`,
        info: { a: [1, null] },
      });
      const headers = {
        "x-cld-timestamp": String(now),
        "x-cld-signature": sdkWebhookSignature(raw, now, OPTIONS.apiSecret, "sha256"),
      };
      for (const status of statuses) {
        const answer = await fetch(`${url}/notifications`, { method: "POST", headers, body: raw });
        expect([answer.status, unseen(await answer.text())]).toEqual([
          status,
          expect.not.stringContaining("down"),
        ]);
      }
      const heard = (await (await fetch(`${url}/heard`)).json()) as { id: string; type: string }[];
      const told = heard.filter((one) => one.type === type);
      expect(told).toEqual(
        statuses.map(() => ({
          ...{ id: told[0]?.id, type, profile: null, subject: null },
          body: JSON.parse(raw),
        })),
      );
    }
  });

  it("one that was down is told again when it is confirmed again", async () => {
    const { public_id, confirm, isHeld } = await upload("down-once");
    expect((await confirm()).body.code).toBe("application_unavailable");
    expect(isHeld()).toBe(true);
    const confirmed = await confirm();
    const told = { profile: "down-once", subject: "42", asset: { public_id } };
    expect(confirmed).toMatchObject({ status: 200, body: { asset: { public_id }, data: told } });
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["list", [1, { two: null }]],
    ["date", { at: "1970-01-01T00:00:00.000Z" }],
  ])("what it returns is data, as JSON has it: %s", async (profile, data) => {
    expect(await (await upload(profile)).confirm()).toMatchObject({ status: 200, body: { data } });
  });
});

it("one without the method is not available, and the asset stays", async () => {
  const url = workers.urlOf("without");
  const post = async (path: string, body: object) =>
    JSON.parse(await (await fetch(url + path, { method: "POST", body: JSON.stringify(body) })).text());
  const ticket = await post("/sign", {});
  const form = new FormData();
  for (const [name, value] of Object.entries<string>(ticket.fields)) form.append(name, value);
  form.append("file", new Blob(["Hello"]), "a.txt");
  const response = await (await fetch(ticket.url, { method: "POST", body: form })).json();
  const refused = await post("/confirm/default", { upload_id: ticket.upload_id, response });
  expect(refused).toMatchObject({ status: 503, code: "application_unavailable" });
  expect(emulator.uploads().map(({ public_id }) => public_id)).toContain(
    (response as { public_id: string }).public_id,
  );
});
