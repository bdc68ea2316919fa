// A stand-in for Cloudflare's REST API of queues, which can't be had offline. It is strict: paths, members and types are
// those of Cloudflare's own client library (`cloudflare` 7.3, resources/queues) and of the documentation's page on pull
// consumers, and whatever is not written there is refused. What it assumes beyond them is marked as assumed.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as v from "valibot";

export const ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
export const TOKEN = "a-token-with-Queues-Edit_Zk3";

/** A message as it lies in a queue. */
export interface Lying {
  readonly id: string;
  readonly body: string;
  readonly type: "json" | "text" | "bytes" | "v8";
  attempts: number;
  lease?: string;
}

export interface StandInQueue {
  readonly name: string;
  readonly consumers: readonly { readonly type: "worker" | "http_pull" }[];
  messages: Lying[];
}

/** A path below the queue, as `POST /messages/pull`. */
export type Asked = string;

const Lease = v.pipe(v.string(), v.nonEmpty());
const BODIES = {
  "/messages/peek": v.strictObject({
    batch_size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  }),
  "/messages/pull": v.strictObject({
    batch_size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
    visibility_timeout_ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(43_200_000))),
  }),
  "/messages/ack": v.strictObject({
    acks: v.optional(v.array(v.strictObject({ lease_id: Lease }))),
    retries: v.optional(
      v.array(
        v.strictObject({ lease_id: Lease, delay_seconds: v.optional(v.pipe(v.number(), v.integer())) }),
      ),
    ),
  }),
  "/messages": v.variant("content_type", [
    v.strictObject({ body: v.string(), content_type: v.literal("text") }),
    v.strictObject({ body: v.unknown(), content_type: v.literal("json") }),
  ]),
} as const;

/** Longest message, in bytes. https://developers.cloudflare.com/queues/platform/limits/ */
const MAX_MESSAGE = 128_000;

const lying = (body: string, type: Lying["type"]): Lying => ({
  id: randomBytes(16).toString("hex"),
  ...{ body, type, attempts: 0 },
});

/** What a pull and a peek answer: `json` and `bytes` in base64. */
const shown = ({ id, body, type, attempts }: Lying) => ({
  ...{ id, attempts, timestamp_ms: 1_795_468_800_000 },
  metadata: { "CF-sourceMessageSource": "worker", "CF-Content-Type": type },
  body: type === "text" ? body : Buffer.from(body).toString("base64"),
});

class Refused extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What a queue answers to one action. */
function act(queue: StandInQueue, path: string, given: unknown): unknown {
  if (path === "/metrics")
    return { backlog_count: queue.messages.length, backlog_bytes: 0, oldest_message_timestamp_ms: 0 };
  const parsed = v.safeParse(BODIES[path as keyof typeof BODIES], given);
  // Numbers of errors are assumed.
  if (!parsed.success) throw new Refused(400, 10_026, `bad body: ${v.getDotPath(parsed.issues[0])}`);
  const body = parsed.output as {
    batch_size?: number;
    acks?: { lease_id: string }[];
    retries?: { lease_id: string }[];
    body?: unknown;
    content_type?: "json" | "text";
  };
  const free = queue.messages.filter(({ lease }) => lease === undefined).slice(0, body.batch_size ?? 5);
  if (path === "/messages/peek")
    return { messages: free.map((one) => ({ ...shown(one), ref: `ref-${one.id}` })) };
  if (path === "/messages/pull") {
    if (!queue.consumers.some(({ type }) => type === "http_pull"))
      throw new Refused(405, 10_001, "HTTP pull is not enabled for this queue");
    for (const one of free)
      Object.assign(one, { attempts: one.attempts + 1, lease: randomBytes(8).toString("hex") });
    const messages = free.map((one) => ({ ...shown(one), lease_id: one.lease }));
    return { message_backlog_count: queue.messages.length, messages };
  }
  if (path === "/messages/ack") {
    const named = (leases: { lease_id: string }[] = []) => leases.map(({ lease_id }) => lease_id);
    const [acks, retries] = [named(body.acks), named(body.retries)];
    const known = new Set(queue.messages.map(({ lease }) => lease));
    if ([...acks, ...retries].some((lease) => !known.has(lease)))
      throw new Refused(400, 10_002, "no such lease");
    queue.messages = queue.messages.filter(({ lease }) => lease === undefined || !acks.includes(lease));
    for (const one of queue.messages)
      if (one.lease !== undefined && retries.includes(one.lease)) delete one.lease;
    return { ackCount: acks.length, retryCount: retries.length, warnings: {} };
  }
  const sent = body.content_type === "json" ? JSON.stringify(body.body) : String(body.body);
  if (Buffer.byteLength(sent) > MAX_MESSAGE) throw new Refused(413, 10_003, "message too large");
  queue.messages.push(lying(sent, body.content_type!));
  return {};
}

/** `fails` may answer a status in place of an action; `undefined` lets it be done, and `"hang"` answers nothing. */
export async function startQueues(
  queues: readonly StandInQueue[],
  fails: (asked: Asked) => number | "hang" | undefined = () => undefined,
) {
  const journal: string[] = [];
  const ids = queues.map(({ name }) => Buffer.from(name).toString("hex").padEnd(32, "0").slice(0, 32));

  async function answer(request: IncomingMessage): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url!, "http://stand-in");
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      throw new Refused(403, 10_000, "Authentication error");
    const [, account, id, path = ""] = /^\/accounts\/(\w+)\/queues(?:\/(\w+)(\/.+))?$/.exec(pathname) ?? [];
    if (account !== ACCOUNT_ID) throw new Refused(404, 7003, "Could not route to this account");
    journal.push(`${request.method} ${path || "list"}`);
    const failure = fails(`${request.method} ${path || "list"}`);
    if (failure === "hang") return new Promise(() => {});
    // A server that repeats what it was sent.
    if (failure !== undefined)
      throw new Refused(failure, failure, `failed, ${request.headers.authorization}`);
    if (id === undefined) {
      if (request.method !== "GET") throw new Refused(405, 10_405, "method");
      const name = searchParams.get("name");
      // That `name` looks for a part of it is assumed.
      return queues.flatMap((queue, i) =>
        queue.name.includes(name ?? "")
          ? [{ queue_id: ids[i], queue_name: queue.name, consumers: queue.consumers, producers: [] }]
          : [],
      );
    }
    const queue = queues[ids.indexOf(id)];
    const method = path === "/metrics" ? "GET" : "POST";
    if (queue === undefined || (path !== "/metrics" && !Object.hasOwn(BODIES, path)))
      throw new Refused(404, 10_404, "not found");
    if (request.method !== method) throw new Refused(405, 10_405, "method");
    if (method === "GET") return act(queue, path, undefined);
    if (request.headers["content-type"] !== "application/json") throw new Refused(415, 10_415, "not JSON");
    return act(queue, path, JSON.parse(await text(request)));
  }

  const server = createServer(async (request, response) => {
    let [status, said]: [number, object] = [200, {}];
    try {
      said = { success: true, errors: [], messages: [], result: await answer(request) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, message } = error;
      status = error.status;
      said = { success: false, errors: [{ code, message }], messages: [], result: null };
    }
    response.writeHead(status, {
      "content-type": "application/json",
      server: "stand-in-for-cloudflare-queues",
    });
    response.end(JSON.stringify(said));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    journal,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A queue with messages in it. */
export const queueOf = (
  name: string,
  type: "worker" | "http_pull" | undefined,
  ...messages: (readonly [body: string, type: Lying["type"]])[]
): StandInQueue => ({
  name,
  consumers: type === undefined ? [] : [{ type }],
  messages: messages.map(([body, kind]) => lying(body, kind)),
});
