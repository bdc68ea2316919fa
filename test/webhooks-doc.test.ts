// docs/webhooks.md tells the truth: its snippet is run with a notification, its tables tell every member that is handed on
// and every reason to refuse one.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import { expect, it } from "vitest";
import * as config from "../src/config.ts";
import { createSigner } from "../src/hono.ts";
import { startEmulator } from "../src/testing/emulator/emulator.ts";
import { PROJECT } from "../src/testing/local-worker.ts";
import { uploadBody, webhook } from "./notifications/webhook.ts";
import { OPTIONS } from "./support/account.ts";
import { clock, send } from "./uploads/scene.ts";

const TEXT = await readFile(join(PROJECT, "docs/webhooks.md"), "utf8");
const [, SNIPPET = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(TEXT) ?? [];

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
