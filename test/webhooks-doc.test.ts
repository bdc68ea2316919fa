// docs/webhooks.md tells the truth: its snippet is run with a notification, its gallery as a process beside the emulator; its
// tables tell every member that is handed on, every reason to refuse one, and every attack of the audit.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as config from "../src/config.ts";
import { createSigner } from "../src/hono.ts";
import { signRequest } from "../src/library/library.ts";
import { assertNoForgeries } from "../src/testing/audit/report.ts";
import { WEBHOOK_ATTACKS } from "../src/testing/audit/webhook-attacks.ts";
import { auditWebhook } from "../src/testing/audit/webhook-audit.ts";
import { type Emulator, startEmulator } from "../src/testing/emulator/emulator.ts";
import { PROJECT } from "../src/testing/local-worker.ts";
import { uploadBody, webhook } from "./notifications/webhook.ts";
import { ACCOUNT, OPTIONS } from "./support/account.ts";
import { type AppProcess, startProcess } from "./support/app-process.ts";
import { newOwnerFolder, type OwnerFolder } from "./support/owner.ts";
import { apart } from "./support/tsc.ts";
import { JPEG_5X4 } from "./testing/emulator/support.ts";
import { type Answer, clock, type Sending, send } from "./uploads/scene.ts";

const TEXT = await readFile(join(PROJECT, "docs/webhooks.md"), "utf8");
const [SNIPPET = "", GALLERY = ""] = [...TEXT.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
  ([, text = ""]) => text,
);

/** The names in the first column of the table under a heading. */
const rows = (heading: string): string[] =>
  [
    ...TEXT.slice(TEXT.indexOf(heading))
      .split("\n\n## ")[0]!
      .matchAll(/^\| (`.*?) \|/gm),
  ].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));

it("its snippet stores an upload that nobody confirmed, once", async () => {
  clock.now = Math.floor(Date.now() / 1000);
  const emulator = await startEmulator(OPTIONS);
  const known: string[] = [];
  const stored: unknown[][] = [];
  const scope = {
    ...{ defineSigner: config.defineSigner, ...OPTIONS },
    ...{ limitByIp: { limit: async () => ({ success: true }) }, address: () => "192.0.2.1" },
    createSigner: (definition: object, options: object) =>
      createSigner(definition, { ...OPTIONS, ...options, uploadPrefix: emulator.url, log: () => {} }),
    isKnown: (id: string) => known.includes(id) || known.push(id) === 0,
    store: (...row: unknown[]) => void stored.push(row),
  };
  const code = `${SNIPPET.replaceAll(/^import .*;$/gm, "")}; return signer;`;
  const signer: Hono = new Function(...Object.keys(scope), code)(...Object.values(scope));
  const ticket = await (await signer.request("/sign/avatars", { method: "POST" })).json();
  expect(ticket.fields.notification_url).toBe(
    `https://www.example.com/api/uploads/notifications/${ticket.upload_id}`,
  );
  const response = await send(ticket);
  const heard: string[] = [];
  for (let times = 0; times < 2; times += 1) {
    const init = webhook(uploadBody(response));
    const answer = await signer.request(`/notifications/${ticket.upload_id}`, init);
    expect(answer.status).toBe(200);
    heard.push((await answer.json()).id);
  }
  await emulator.close();
  expect(heard[0]).toBe(heard[1]);
  expect(stored).toEqual([[expect.any(String), null, response.public_id]]);
});

it("has every member that is handed on", async () => {
  const source = await readFile(join(PROJECT, "src/config/application.ts"), "utf8");
  const [, members = ""] = /interface CloudinaryNotification \{([\s\S]*?)^\}/m.exec(source) ?? [];
  const names = [...members.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name!);
  expect(names).toContain("id");
  expect(rows("## What your application hears").sort()).toEqual(names.sort());
});

it("has every reason to refuse one", async () => {
  const source = await readFile(join(PROJECT, "src/failure.ts"), "utf8");
  const reasons = [...source.matchAll(/^ {2}(\w+): row[^(]*\(\s*"invalid_notification"/gm)].map(
    ([, name]) => name!,
  );
  expect(reasons.length).toBeGreaterThan(4);
  expect(
    rows("## What is refused")
      .filter((name) => name !== "reason")
      .sort(),
  ).toEqual(reasons.sort());
});

it("has every attack of the audit", () => {
  const names = [...TEXT.slice(TEXT.indexOf("## A webhook of your own")).matchAll(/^\| (`.*?) \|/gm)].flatMap(
    ([, cell]) => [...cell!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!),
  );
  expect(names).toEqual(WEBHOOK_ATTACKS.map(({ id }) => id));
});

describe("its gallery", () => {
  const HOOK = "https://www.example.com/api/uploads";
  /** What stands for the app's public address, once it runs. */
  const forward: Record<string, string> = {};
  let folder: OwnerFolder;
  let emulator: Emulator;
  let app: AppProcess;
  beforeAll(async () => {
    folder = await newOwnerFolder();
    emulator = await startEmulator({ ...OPTIONS, forward });
    emulator.setWebhooks({ urls: [`${HOOK}/notifications`] });
    const line = /^ {2}\/\/ (uploadPrefix: )"http:\/\/127\.0\.0\.1:8788",.*\n/m;
    expect(GALLERY).toMatch(line);
    await folder.write("here.ts", GALLERY.replace(line, `  $1"${emulator.url}",\n`));
    app = await startProcess(folder.path, "here.ts", {
      ...ACCOUNT,
      DATABASE: join(folder.path, "gallery.db"),
    });
    forward[HOOK] = `${app.url}/api/uploads`;
  });
  afterAll(async () => {
    await app?.close();
    await Promise.all([emulator?.close(), folder?.close()]);
  });

  const shows = async () =>
    [...(await (await fetch(app.url)).text()).matchAll(/<img src="(.*?)"/g)].map(([, url]) => url);
  const isShown = async (asset: Answer) => (await shows()).includes(asset.secure_url);
  const sent = async () => {
    await emulator.notified();
    const statuses = emulator.notifications().flatMap(({ attempts }) => attempts.map(({ status }) => status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  };
  /** What a client that never confirms stores. */
  async function upload(sending: Sending = {}): Promise<Answer> {
    const ticket = await (await fetch(`${app.url}/api/uploads/sign/gallery`, { method: "POST" })).json();
    const response = await send(ticket, sending);
    await sent();
    return response;
  }
  async function decide({ public_id }: Answer, moderation_status: string, more: object = {}) {
    emulator.notify({ type: "moderation", public_id, members: { moderation_status, ...more } });
    await sent();
  }
  /** What waited that long is sent; then it is the app's time again. */
  async function later(seconds: number): Promise<void> {
    emulator.clock.advance(seconds);
    await sent();
    emulator.clock.advance(-seconds);
  }
  const LARGE = { bytes: new Uint8Array([...JPEG_5X4, ...new Uint8Array(5_000_000)]) };

  it("shows what was approved, and nothing else", async () => {
    const [approved, rejected, waiting] = [await upload(), await upload(), await upload()];
    const large = await upload(LARGE);
    expect(await shows()).toEqual([]);
    await decide(approved, "approved");
    await decide(rejected, "rejected");
    await decide(waiting, "pending");
    expect(await shows()).toEqual([approved.secure_url]);
    expect(emulator.uploads().map(({ public_id }) => public_id)).not.toContain(large.public_id);
  });

  it("told of a decision before its upload, and of either twice", async () => {
    emulator.setWebhooks({ delay: 60, times: 2 });
    const asset = await upload();
    emulator.setWebhooks({ delay: 0 });
    await decide(asset, "approved");
    expect(await isShown(asset)).toBe(false);
    await later(60);
    expect(await isShown(asset)).toBe(true);
    emulator.setWebhooks({ times: 1 });
  });

  it("told of an older decision after a newer one", async () => {
    const asset = await upload();
    emulator.setWebhooks({ delay: 300 });
    await decide(asset, "rejected");
    emulator.setWebhooks({ delay: 0 });
    emulator.clock.advance(1);
    await decide(asset, "approved");
    expect(await isShown(asset)).toBe(true);
    await later(300);
    expect(await isShown(asset)).toBe(true);
    await decide(asset, "rejected");
    expect(await isShown(asset)).toBe(false);
  });

  it("a decision about another version, or of no ticket, is none", async () => {
    const asset = await upload();
    await decide(asset, "approved", { version: asset.version + 1 });
    const { public_id } = asset;
    const members = { moderation_status: "approved" };
    emulator.notify({ type: "moderation", public_id, members, url: `${HOOK}/notifications` });
    await sent();
    expect(await isShown(asset)).toBe(false);
    await decide(asset, "approved");
    expect(await isShown(asset)).toBe(true);
  });

  it("what was deleted is shown no more, and is not approved any more", async () => {
    const asset = await upload();
    await decide(asset, "approved");
    expect(await isShown(asset)).toBe(true);
    const { public_id } = asset;
    const { fields } = await signRequest("destroy", { public_id }, OPTIONS);
    const url = `${emulator.url}/v1_1/${OPTIONS.cloudName}/image/destroy`;
    expect((await fetch(url, { method: "POST", body: new URLSearchParams(fields) })).status).toBe(200);
    await sent();
    expect(await isShown(asset)).toBe(false);
  });

  it("takes nothing that Cloudinary did not send", async () => {
    const report = await auditWebhook({
      url: `${app.url}/api/uploads/notifications`,
      secret: OPTIONS.apiSecret,
    });
    assertNoForgeries(report);
    expect(report.findings.length).toBe(WEBHOOK_ATTACKS.length);
  });

  it("is right in strict TypeScript, and a mistake in it is seen", async () => {
    await folder.write("right/gallery.ts", GALLERY);
    await folder.write("mistaken/gallery.ts", GALLERY.replace("asset.secure_url", "asset.url"));
    const { about, others } = apart(
      await folder.tsc(["right/gallery.ts", "mistaken/gallery.ts"]),
      "mistaken/",
    );
    expect([others, about]).toEqual(["", expect.stringContaining("TS2339")]);
  });
});
