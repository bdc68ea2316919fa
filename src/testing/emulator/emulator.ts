// A local Cloudinary over real HTTP, for tests, demos and development: start it, upload to it, look at what it
// holds, stop it. It takes the signed methods of the upload API too: destroy, rename, explicit and the others. The official SDK judges every signature.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Result } from "../../result.ts";
import type { Act } from "./acted.ts";
import type { StoredUpload } from "./asset.ts";
import { Chunks } from "./chunks.ts";
import { type Clock, movable } from "./clock.ts";
import { type KeyPair, KeyPairs, type KeyUse } from "./key-pairs.ts";
import type { Happening, Notified, WebhookSettings } from "./notified.ts";
import { Notifier } from "./notifier.ts";
import { type OngoingOutage, type Outage, Outages } from "./outages.ts";
import type { Refusal } from "./refusals.ts";
import { createApp } from "./routes.ts";
import { Store } from "./store.ts";
import type { Uploaded } from "./store-upload.ts";
import { setWebhooks, tell } from "./webhook-controls.ts";

export type { Act, MethodName } from "./acted.ts";
export type { StoredUpload } from "./asset.ts";
export type { Clock } from "./clock.ts";
export type { KeyPair, KeyUse } from "./key-pairs.ts";
export type { Attempt, Happening, Notified, WebhookSettings } from "./notified.ts";
export type { OngoingOutage, Outage } from "./outages.ts";

/** The account, and what the emulator does otherwise than Cloudinary; the account alone is needed. */
export interface EmulatorOptions {
  cloudName: string;
  apiKey: string;
  apiSecret: string;
  /** TCP port on 127.0.0.1; 0 or absent picks a free one. */
  port?: number;
  /** Its address in what it answers, where something stands before it. Default its own. */
  publicUrl?: string;
  /** Clock in milliseconds; default `Date.now`. `emulator.clock` moves on from it. */
  now?: () => number;
  /** The greatest age of a signature, in seconds; default Cloudinary's 3600. */
  maxAge?: number;
  /** Least bytes of a part of a file, but for the last; default Cloudinary's 5 MiB. */
  minPartBytes?: number;
  /** Called after each upload that stored something. */
  onUpload?: (upload: StoredUpload) => void;
  /** Called after each request of another method than `upload` that was let pass. */
  onAct?: (act: Act) => void;
  /** Called after each refusal of the API, with the method where the address has one; a missing asset is not one. */
  onRefusal?: (refusal: { status: number; message: string; method?: string }) => void;
  /** Called after each attempt of a notification, and for one that is withheld. */
  onNotification?: (notified: Notified) => void;
  /**
   * Addresses that stand for one of this machine, as `{ "https://uploads.example.com": "http://127.0.0.1:8787" }`:
   * notifications to what lies below the first are sent to the second. To other machines nothing is ever sent.
   */
  forward?: Readonly<Record<string, string>>;
}

/** A local Cloudinary that runs. */
export interface Emulator {
  /** `http://127.0.0.1:8788`; the Node SDK uploads to it by `CLOUDINARY_URL=cloudinary://…?upload_prefix=` and this. */
  readonly url: string;
  readonly port: number;
  /** What is held now, with its present names and labels: the newest, or last renamed, is last. */
  uploads(): readonly StoredUpload[];
  /** What was done, in order: the requests of every method that were let pass. */
  acts(): readonly Act[];
  /** Moved by `clock.advance(seconds)`, or from another process by `POST /_clock` with `{"advance": seconds}`. */
  readonly clock: Clock;
  /**
   * Lets requests fail, until the outage is ended or they were as many as it says.
   *
   * @example
   * const outage = emulator.fail({ method: "explicit", as: "hang" });
   * // a request is sent, and then
   * outage.end(); // it is answered, late
   */
  fail(outage: Outage): OngoingOutage;
  /**
   * The account's key pairs, of which several are good at once: what it tells itself, notifications above all, the oldest
   * that is active signs. From another process `GET /_keys`, and `POST /_keys` with `{"add": {"api_key", "api_secret"}}`
   * or `{"disable": "…"}`. Throws a `RangeError` where that can't be.
   */
  readonly keys: {
    add(pair: KeyPair): void;
    disable(apiKey: string): void;
    /** Each with the number of requests that it signed; without its secret. */
    list(): readonly KeyUse[];
  };
  /** Every notification in its order, with each attempt; from another process `GET /_notifications`. */
  notifications(): readonly Notified[];
  /**
   * Says where the account's notifications go, and how all are sent from now on; from another process `POST /_webhooks`.
   * Throws a `RangeError` at settings that are none.
   */
  setWebhooks(settings: WebhookSettings): void;
  /**
   * Sends a notification of any type; from another process `POST /_notifications`. Throws a `RangeError` where the asset
   * is not held.
   *
   * @example
   * emulator.notify({ type: "moderation", public_id: "users/42/a", members: { moderation_status: "rejected" } });
   */
  notify(happening: Happening): void;
  /** Once no attempt is under way. What waits for the clock is not waited for. */
  notified(): Promise<void>;
  /** Stops listening, drops open connections, and removes every stored file. */
  close(): Promise<void>;
}

/** This machine alone: what any page may read and write is not for the network. */
const HOSTNAME = "127.0.0.1";

/**
 * Starts an emulator of one Cloudinary account; rejects with Node's `EADDRINUSE` error when the port is busy.
 *
 * @example
 * const emulator = await startEmulator({ cloudName: "demo", apiKey: "123", apiSecret: "abc" });
 * const answer = await fetch(`${emulator.url}/v1_1/demo/image/upload`, { method: "POST", body: form });
 * console.log((await answer.json()).secure_url, emulator.uploads());
 * await emulator.close();
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { cloudName, apiKey, apiSecret, onUpload, onAct, onRefusal, onNotification, forward } = options;
  const { server, folder } = await listening(options.port);

  // Nothing is awaited from here on, so no request comes before its handler.
  const { port } = server.address() as AddressInfo;
  const url = `http://${HOSTNAME}:${port}`;
  const store = new Store(folder);
  const chunks = new Chunks<Uploaded>(folder, options.minPartBytes);
  const account = new KeyPairs(cloudName, { apiKey, apiSecret });
  const clock = movable(options.now ?? Date.now, () => notifier.tick());
  const notifier = new Notifier({ account, now: clock.now, forward, onNotification });
  const webhooks = { notifier, store };
  const outages = new Outages();
  const acts: Act[] = [];
  const app = createApp({
    ...webhooks,
    account,
    keys: account,
    chunks,
    origin: options.publicUrl ?? url,
    now: clock.now,
    maxAge: options.maxAge,
    clock,
    outages,
    onUpload,
    onAct: (act) => {
      acts.push(act);
      if (act.method !== "upload") onAct?.(act);
    },
    onRefusal,
  });
  server.on("request", getRequestListener(app.fetch));

  let closing: Promise<void> | undefined;
  return {
    url,
    port,
    uploads: () => store.uploads(),
    acts: () => [...acts],
    clock,
    fail: (outage) => outages.begin(outage),
    keys: {
      add: (pair) => orThrow(account.add(pair)),
      disable: (key) => orThrow(account.disable(key)),
      list: () => account.list(),
    },
    notifications: () => notifier.list(),
    setWebhooks: (settings) => orThrow(setWebhooks(webhooks, settings)),
    notify: (happening) => orThrow(tell(webhooks, happening)),
    notified: () => notifier.idle(),
    close: () => {
      closing ??= notifier.close().then(() => stop(server, folder));
      return closing;
    },
  };
}

/** A server that listens, and the folder of its files. */
async function listening(port = 0): Promise<{ server: Server; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "cloudinary-emulator-"));
  const server = createServer();
  try {
    server.listen(port, HOSTNAME);
    await once(server, "listening");
    return { server, folder };
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
}

function orThrow(done: Result<void, Refusal>): void {
  if (!done.ok) throw new RangeError(done.error.message);
}

async function stop(server: Server, folder: string): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
