// The whole way in workerd: client -> ticket -> emulator -> notification -> queue -> application, while the application
// fails a third of its calls, hangs, and is killed in the middle of one and started again; and workerd killed before it
// answered.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { OPTIONS } from "../support/account.ts";
import { cases } from "../support/counts.ts";
import { freePort } from "../support/ports.ts";
import { MAX_RETRIES, type QueueWorkers, startQueueWorkers } from "../support/queue-workers.ts";
import { startWatchedProxy, type WatchedProxy } from "../support/watched-proxy.ts";
import { PNG_3X2 } from "../testing/emulator/support.ts";

/** Uploads whose notifications are taken in the end, and those that fail to the end. */
const UPLOADS = cases(30, 1000);
const DOOMED = cases(2, 20);
/** How many are on their way at once. */
const AT_ONCE = 8;
/** In which of its calls the application hangs, and in which it ends. */
const HANGS = cases(11, 211);
const DIES = cases(23, 423);
/** A call that hangs lasts 15 seconds, and the local queue hands on one batch after the other. */
const LONG = cases(60_000, 600_000);

const PUBLIC_URL = "https://uploads.example.com";
const PROFILE = { access: ["public"], resourceType: "image", file: { maxBytes: "1 MB" }, notify: true };
const SIGNER = { publicUrl: PUBLIC_URL, profiles: { default: PROFILE, doomed: PROFILE } };

/** What the application wrote, in its order, over all its lives. */
interface Line {
  readonly was: "called" | "taken" | "started";
  readonly id: string;
  readonly publicId?: string;
  readonly type: string;
}
const lines: Line[] = [];
/** Public IDs of dead letters. */
const dead: string[] = [];

/** Waits for a state; whatever happens asks anew whether it is there. */
let happened = () => {};
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere())
    await new Promise<void>((resolve) => {
      happened = resolve;
    });
}

let [applicationPort, signerPort, lives] = [0, 0, 0];
let stopApplication = () => {};

/** Starts the application, and again whenever it ends. */
function startApplication(): void {
  const isFirst = lives++ === 0;
  const told = { port: applicationPort, hangs: isFirst ? [HANGS] : [], dies: isFirst ? DIES : 0 };
  const script = join(PROJECT, "test/support/application.ts");
  const child = spawn(process.execPath, [script, JSON.stringify(told)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface(child.stdout).on("line", (line) => {
    lines.push(JSON.parse(line));
    happened();
  });
  child.once("exit", startApplication);
  stopApplication = () => {
    child.off("exit", startApplication);
    child.kill("SIGKILL");
  };
}

const deadLetters = createServer(async (request, response) => {
  const { body } = (await json(request)) as { body: { public_id: string } };
  dead.push(body.public_id);
  response.end();
  happened();
});

let emulator: Emulator;
let proxy: WatchedProxy;
let workers: QueueWorkers;
const start = () =>
  startQueueWorkers({
    ...{ SIGNER, port: signerPort, uploadPrefix: proxy.url },
    application: `http://127.0.0.1:${applicationPort}`,
    dead: `http://127.0.0.1:${(deadLetters.address() as AddressInfo).port}`,
  });

beforeAll(async () => {
  [applicationPort, signerPort] = [await freePort(), await freePort()];
  const signer = `http://127.0.0.1:${signerPort}`;
  emulator = await startEmulator({
    ...OPTIONS,
    forward: { [PUBLIC_URL]: signer },
    onNotification: () => happened(),
  });
  emulator.setWebhooks({ urls: [`${PUBLIC_URL}/notifications`] });
  proxy = await startWatchedProxy();
  proxy.target = emulator.url;
  await once(deadLetters.listen(0, "127.0.0.1"), "listening");
  startApplication();
  workers = await start();
}, LONG);
afterAll(async () => {
  stopApplication();
  await Promise.all([workers?.close(), emulator?.close(), proxy?.close()]);
  deadLetters.close();
});

/** Uploads a small picture, as a client does that never confirms. */
async function upload(profile: string): Promise<string> {
  const signed = await fetch(`http://127.0.0.1:${signerPort}/sign/${profile}`, { method: "POST" });
  const { url, fields } = (await signed.json()) as { url: string; fields: Record<string, string> };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([PNG_3X2]), "a.png");
  const answer = await fetch(url, { method: "POST", body: form });
  return ((await answer.json()) as { public_id: string }).public_id;
}

async function uploads(profile: string, count: number): Promise<string[]> {
  const done: string[] = [];
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) done.push(await upload(profile));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return done;
}

/** What the application wrote of one upload. */
const linesOf = (publicId: string): Line[] => lines.filter((line) => line.publicId === publicId);
const isTaken = (publicId: string): boolean => linesOf(publicId).some(({ was }) => was === "taken");
const statesOf = () => emulator.notifications().map(({ state }) => state);

it(
  "each upload reaches the application, again only after a call that was not acknowledged, or the dead letters",
  async () => {
    const [kept, doomed] = await Promise.all([uploads("default", UPLOADS), uploads("doomed", DOOMED)]);
    const all = [...kept, ...doomed];
    expect(new Set(all).size).toBe(UPLOADS + DOOMED);
    await until(() => all.every((one) => isTaken(one) || dead.includes(one)));
    await emulator.notified();
    // Whatever the application did, Cloudinary had its answer the first time.
    expect(emulator.notifications().map(({ attempts }) => attempts.map(({ status }) => status))).toEqual(
      all.map(() => [200]),
    );

    for (const publicId of all) {
      const told = linesOf(publicId);
      const calls = told.filter(({ was }) => was === "called").length;
      expect(new Set(told.map(({ id }) => id)).size).toBe(1);
      const isDead = dead.includes(publicId);
      expect(told.map(({ was }) => was)).toEqual([
        ...Array.from({ length: calls }, () => "called"),
        ...(isDead ? [] : ["taken"]),
      ]);
      // A process that was not there yet was not called, but it was tried.
      expect(calls).toBeGreaterThanOrEqual(1);
      expect(calls).toBeLessThanOrEqual(MAX_RETRIES + 1);
    }
    expect(new Set(lines.flatMap(({ id }) => id ?? [])).size).toBe(all.length);
    // Once each, and all of the doomed; of the others, only what failed as often.
    expect(new Set(dead).size).toBe(dead.length);
    expect(dead).toEqual(expect.arrayContaining(doomed));
    const starts = lines.filter(({ was }) => was === "started").length;
    expect([starts, lives]).toEqual([2, 2]);
    expect(
      workers.logs.filter((line) => line.includes("onNotification did not answer within 15 s")).length,
    ).toBeGreaterThan(0);
  },
  LONG,
);

it(
  "what is too long for a queue reaches the application at once, or comes again from Cloudinary",
  async () => {
    emulator.notify({ type: "info", members: { public_id: "long", found: "x".repeat(130_000) } });
    const last = () => emulator.notifications().at(-1)!;
    await until(() => last().attempts.length > 0);
    if (last().state !== "delivered") {
      expect(last().attempts.map(({ status }) => status)).toEqual([503]);
      emulator.clock.advance(180);
      await until(() => last().attempts.length > 1);
    }
    expect([last().state, isTaken("long")]).toEqual(["delivered", true]);
  },
  LONG,
);

it(
  "workerd killed before it answered is asked again, and the application hears once",
  async () => {
    let isAsked = false;
    proxy.wait.there = async ({ path }) => {
      if (!path.endsWith("/explicit")) return undefined;
      isAsked = true;
      happened();
      await new Promise(() => {});
      return "lost";
    };
    const publicId = await upload("default");
    await until(() => isAsked);
    await workers.kill();
    await emulator.notified();
    expect([statesOf().at(-1), linesOf(publicId)]).toEqual(["waiting", []]);
    proxy.wait = {};
    workers = await start();
    emulator.clock.advance(180);
    await until(() => isTaken(publicId));
    await emulator.notified();
    expect(emulator.notifications().at(-1)).toMatchObject({
      state: "delivered",
      attempts: [{ status: "no_answer" }, { status: 200 }],
    });
    expect(linesOf(publicId).filter(({ was }) => was === "taken")).toHaveLength(1);
  },
  LONG,
);
