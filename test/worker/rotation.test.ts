// A whole rotation under load, as docs/rotation.md has it: the built Worker in workerd is replaced by its next version
// again and again, while callers sign, upload, renew, confirm and make links, and Cloudinary reports each upload. Every
// version is there together with the one before for a while, as it is on its way around the world, and whatever is begun
// in one step may end in a later one. Nothing may fail, and the emulator tells by which key pair each request was signed.

import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyReceipt } from "../../src/library/verify-receipt.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { SHARED_SECRET, signShared } from "../access/identity.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { cases } from "../support/counts.ts";
import { startWatchedProxy, type WatchedProxy } from "../support/watched-proxy.ts";
import { builtWorker, COMPATIBILITY, startWorkers, type Workers } from "../support/workers.ts";
import { type Answer, five, MEMBERS, PUBLIC_URL, send } from "../uploads/scene.ts";

const OLD = { apiKey: "271828182845904", apiSecret: "Old-Secret_of-the-SUITE-271" };
const NEW = { apiKey: API_KEY, apiSecret: API_SECRET };
const urlOf = ({ apiKey, apiSecret }: typeof OLD): string =>
  `cloudinary://${apiKey}:${apiSecret}@${CLOUD_NAME}`;

/** Jobs at once, and how many have to end in each step. */
const AT_ONCE = cases(4, 8);
const JOBS = cases(4, 60);

/** The steps of a rotation; the last one before something changes is what a job waits for at most. */
const [ALONE, ANNOUNCED, SWAPPED, DISABLED, REMOVED] = [0, 1, 2, 3, 4] as const;
const BINDINGS: readonly Record<string, string>[] = [
  { CLOUDINARY_URL: urlOf(OLD) },
  { CLOUDINARY_URL: urlOf(OLD), CLOUDINARY_URL_PREVIOUS: urlOf(NEW) },
  { CLOUDINARY_URL: urlOf(NEW), CLOUDINARY_URL_PREVIOUS: urlOf(OLD) },
  { CLOUDINARY_URL: urlOf(NEW), CLOUDINARY_URL_PREVIOUS: urlOf(OLD) },
  { CLOUDINARY_URL: urlOf(NEW) },
];

const SIGNER = {
  publicUrl: PUBLIC_URL,
  access: { members: MEMBERS },
  profiles: {
    avatars: {
      access: ["members"],
      resourceType: "image",
      ttl: 7200,
      set: { public_id: "users/{sub}/{uuid}", overwrite: false },
      file: { maxBytes: "1 kB", quarantine: true },
      notify: true,
    },
    linked: { access: ["members"], set: { public_id: "users/{sub}/{uuid}", overwrite: false } },
  },
};

/** An event of the signer, or what the application was told. */
interface Line {
  readonly told?: string;
  readonly name?: string;
  readonly profile?: string | null;
  readonly enforced?: string;
  readonly previous?: true;
}

let emulator: Emulator;
let front: WatchedProxy;
let workers: Workers;
const lines: Line[] = [];

/** The addresses of the versions that answer now: a request meets any of them. */
let there: readonly string[] = [];

/** The version of a step. */
const deployed = (step: number): string => workers.urlOf(`${step}`);

/** Takes whatever it is told, and logs what it was. */
const APPLICATION = `import { WorkerEntrypoint } from "cloudflare:workers";
export class Application extends WorkerEntrypoint {
  onUploaded({ profile, asset }) {
    console.log(JSON.stringify({ told: "onUploaded", profile, name: asset.public_id }));
    return null;
  }
  onNotification({ profile, enforced, body: { public_id: name } }) {
    console.log(JSON.stringify({ told: "onNotification", profile, enforced, name }));
  }
}
export default {};
`;

beforeAll(async () => {
  front = await startWatchedProxy();
  front.wait.there = () => {
    front.target = there[Math.floor(Math.random() * there.length)]!;
    return undefined;
  };
  emulator = await startEmulator({ cloudName: CLOUD_NAME, ...OLD, forward: { [PUBLIC_URL]: front.url } });
  const more = { CLOUDINARY_UPLOAD_PREFIX: emulator.url, JWT_SECRET: SHARED_SECRET, SIGNER };
  const serviceBindings = { APP: { name: "application", entrypoint: "Application" } };
  workers = await startWorkers(
    [
      ...BINDINGS.map((pairs, i) => builtWorker(`${i}`, { ...pairs, ...more }, { serviceBindings })),
      {
        name: "application",
        modules: [{ type: "ESModule", path: "application.js", contents: APPLICATION }],
        ...COMPATIBILITY,
      },
    ],
    (line) => {
      for (const { apiSecret } of [OLD, NEW]) expect(line).not.toContain(apiSecret);
      lines.push(JSON.parse(line));
    },
  );
});
afterAll(async () => {
  await Promise.all([front.close(), emulator.close(), workers.close()]);
});

/** Requests that are under way, and what new ones wait for. */
let busy = 0;
let gate = Promise.resolve();

/** Asks once more where a connection broke that was kept too long, as every client does: no signer was asked then. */
async function through<T>(ask: () => Promise<T>): Promise<T> {
  await gate;
  busy += 1;
  try {
    return await ask().catch((error) => {
      if (error instanceof TypeError && error.message === "fetch failed") return ask();
      throw error;
    });
  } finally {
    busy -= 1;
  }
}

/** What is so between two requests, of whomever: nothing is under way, no notification either. */
async function meanwhile<T>(look: () => T): Promise<T> {
  let open = (): void => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  while (busy > 0) await new Promise((soon) => setTimeout(soon, 5));
  await emulator.notified();
  const seen = look();
  open();
  return seen;
}

const asking = (path: string, init: RequestInit): Promise<{ status: number; body: Answer }> =>
  through(async () => {
    const answer = await fetch(front.url + path, { method: "POST", ...init });
    return { status: answer.status, body: await answer.json() };
  });

async function post(path: string, body: object = {}): Promise<{ status: number; body: Answer }> {
  const authorization = `Bearer ${await signShared({ sub: "ann" })}`;
  const headers = { authorization, "content-type": "application/json" };
  return asking(path, { headers, body: JSON.stringify(body) });
}

/** Asks by a link, which is the only credential. */
function ask(link: string): Promise<{ status: number; body: Answer }> {
  const { pathname, search } = new URL(link);
  return asking(pathname + search, {});
}

/** What must be so of every answer: the words of a refusal are what is read when it is not. */
function good({ status, body }: { status: number; body: Answer }): Answer {
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

async function stored(ticket: Answer): Promise<Answer> {
  const response = await through(() => send(ticket));
  if (response.error) throw new Error(JSON.stringify(response.error));
  return response;
}

/** The key sets as they were in each step: whoever fetched one keeps it for a while. */
const keySets: Answer[] = [];

async function checkReceipt(receipt: string, jwks: Answer): Promise<void> {
  const verified = await verifyReceipt(receipt, { publicUrl: PUBLIC_URL, jwks, profile: "avatars" });
  if (!verified.ok) throw new Error(`receipt: ${verified.error}`);
}

let step: number;
let entered: (() => void)[] = [];
/** By their promise, until which step they must have ended. */
const running = new Map<Promise<void>, { until: number }>();
const failures: string[] = [];
/** Uploads that were confirmed, by what they are called. */
const names: string[] = [];
let ended = 0;

/** Goes on at once, or in the next step if that is not too late for what is at hand. */
async function pause(last: number): Promise<void> {
  if (step < last && Math.random() < 0.5) await new Promise<void>((resume) => entered.push(resume));
}

/** A job: everything that a caller does with one upload, or with one link. */
async function job(own: { until: number }): Promise<void> {
  // What is made while the old version may still answer has to be used while that key pair counts.
  const lastOf = (by: string): number => (by === OLD.apiKey ? DISABLED : REMOVED);
  const asLink = async () => {
    const began = step;
    const { url } = good(await post("/links/linked"));
    own.until = began <= SWAPPED ? DISABLED : REMOVED;
    await pause(own.until);
    return good(await ask(url));
  };
  if (Math.random() < 0.3) {
    const ticket = await asLink();
    own.until = ticket.api_key === OLD.apiKey ? SWAPPED : REMOVED;
    await pause(own.until);
    await stored(ticket);
    return;
  }
  let ticket = good(await post("/sign/avatars"));
  const last = lastOf(ticket.api_key);
  if (Math.random() < 0.5) {
    own.until = last;
    await pause(last);
    ticket = good(await post("/sign/avatars", { renew: ticket.upload_id, fields: ticket.fields }));
  }
  own.until = ticket.api_key === OLD.apiKey ? SWAPPED : last;
  await pause(own.until);
  const response = await stored(ticket);
  own.until = last;
  await pause(last);
  const { upload_id } = ticket;
  const { receipt, asset } = good(await post("/confirm/avatars", { upload_id, response: five(response) }));
  names.push(asset.public_id);
  // By a key set that was fetched before the present step, and by the one of a later step.
  await checkReceipt(receipt, keySets[Math.max(step - 1, 0)]);
  own.until = step <= SWAPPED ? DISABLED : REMOVED;
  await pause(own.until);
  await checkReceipt(receipt, keySets[step]);
}

function begin(): void {
  const own = { until: SWAPPED as number };
  const done: Promise<void> = job(own).then(
    () => void running.delete(done),
    (error) => {
      running.delete(done);
      failures.push(`step ${step}: ${error instanceof Error ? error.message : error}`);
    },
  );
  running.set(done, own);
  void done.finally(() => {
    ended += 1;
  });
}

/** Keeps as many jobs running as there should be, until enough have ended and none is left that may not go on. */
async function load(next: number): Promise<void> {
  const enough = ended + JOBS;
  const late = () => [...running].filter(([, { until }]) => until < next).map(([one]) => one);
  while (ended < enough || late().length > 0) {
    // Those that wait for the next step are as many as they are: others take their turn.
    while (running.size - entered.length < AT_ONCE) begin();
    await Promise.race([...running.keys(), new Promise((soon) => setTimeout(soon, 20))]);
    if (failures.length > 0) throw new Error(failures.join("\n"));
  }
}

/** The next version beside the present one, and then alone. */
async function roll(next: number): Promise<void> {
  const version = deployed(next);
  there = [...there, version];
  // Both answer meanwhile, and what waited goes on, at either.
  await enter(next);
  await load(next);
  there = [version];
  await fetchKeys(next);
  await load(next);
}

async function fetchKeys(of: number): Promise<void> {
  keySets[of] = await (await fetch(`${front.url}/.well-known/jwks.json`)).json();
}

async function enter(next: number): Promise<void> {
  await fetchKeys(next);
  step = next;
  const waiting = entered;
  entered = [];
  for (const resume of waiting) resume();
}

const requestsBy = ({ apiKey }: typeof OLD): number =>
  emulator.keys.list().find((one) => one.apiKey === apiKey)?.requests ?? 0;

/** Requests of the signer's own that a key pair signed: all but the uploads with its tickets. */
const ownRequestsBy = (pair: typeof OLD): number =>
  requestsBy(pair) - emulator.uploads().filter(({ fields }) => fields.api_key === pair.apiKey).length;

it("old, announced, swapped, disabled, removed: nothing fails, and the previous pair signs nothing", async () => {
  there = [deployed(ALONE)];
  await enter(ALONE);
  await load(ANNOUNCED);
  const link = good(await post("/links/linked")).url;
  const kept = good(await post("/sign/avatars"));
  expect(lines.filter(({ previous }) => previous)).toEqual([]);

  emulator.keys.add(NEW);
  await roll(ANNOUNCED);
  expect(requestsBy(NEW)).toBe(0);
  expect(lines.filter(({ previous }) => previous)).toEqual([]);

  await roll(SWAPPED);
  const own = await meanwhile(() => ownRequestsBy(OLD));
  expect(own).toBeGreaterThan(0);
  // All that the old key pair signed is uploaded before it is disabled, or an hour old.
  await load(DISABLED);
  await meanwhile(() => emulator.keys.disable(OLD.apiKey));
  await enter(DISABLED);
  await load(REMOVED);
  // From the swap on it signed nothing but what came with tickets of before.
  expect(await meanwhile(() => ownRequestsBy(OLD))).toBe(own);
  expect(lines.some(({ previous }) => previous)).toBe(true);
  const before = await meanwhile(() => lines.length);
  await load(REMOVED);
  expect(lines.slice(before).filter(({ previous }) => previous)).toEqual([]);

  await roll(REMOVED);
  expect(lines.slice(before).filter(({ previous }) => previous)).toEqual([]);
  await enter(REMOVED);
  while (running.size > 0) await Promise.all(running.keys());
  expect(failures).toEqual([]);

  // Each upload was reported, taken the first time, matched with its ticket and judged.
  await emulator.notified();
  const sent = emulator.notifications();
  expect(sent.map(({ state, attempts }) => [state, attempts.map(({ status }) => status)])).toEqual(
    sent.map(() => ["delivered", [200]]),
  );
  const heard = lines.filter(({ told }) => told === "onNotification");
  expect(heard.map(({ profile, enforced }) => [profile, enforced])).toEqual(
    heard.map(({ enforced }) => ["avatars", enforced && "kept"]),
  );
  const judged = new Set(heard.filter(({ enforced }) => enforced).map(({ name }) => name));
  expect(names.filter((name) => !judged.has(name))).toEqual([]);

  // What is left of the old pair is a stranger's now.
  expect(await ask(link)).toMatchObject({ status: 401, body: { code: "invalid_token" } });
  const renewal = { renew: kept.upload_id, fields: kept.fields };
  expect(await post("/sign/avatars", renewal)).toMatchObject({
    status: 422,
    body: { code: "upload_id_refused" },
  });
  expect(await send(kept)).toMatchObject({ error: { message: `Unknown API key ${OLD.apiKey}` } });
});
