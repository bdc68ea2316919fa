// Cloudflare's REST API of queues, as far as dead letters need it: shapes as its own client library (`cloudflare` 7.3) has
// them. What it answers is read as what it may be: a later version may write it otherwise.
// https://developers.cloudflare.com/queues/configuration/pull-consumers/

import { apiAddress } from "../web-address.ts";
import { askServer } from "./ask-server.ts";
import { Fixable } from "./fixable.ts";
import { plain } from "./terminal.ts";

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const tables = (value: unknown): Table[] => (Array.isArray(value) ? value.filter(isTable) : []);

/** A queue by its ID. */
export interface QueueFound {
  readonly id: string;
  /** Whether it can be pulled. */
  readonly isPulled: boolean;
}

/** How a message is published. */
export type Content =
  | { readonly body: string; readonly content_type: "text" }
  | { readonly body: unknown; readonly content_type: "json" };

/** A message that lies in a queue. */
export interface Letter {
  readonly id: string;
  readonly attempts: number;
  /** When it was published, in milliseconds of Unix time. */
  readonly at: number;
  /** By which it is acknowledged; nothing where it was only looked at. */
  readonly leaseId: string | undefined;
  /** What it holds; nothing where that can't be read. */
  readonly content: Content | undefined;
}

/** Largest answer, in bytes: the hundred that can be looked at, of 128 KB in base64, and what stands around them. */
const MAX_ANSWER_BYTES = 24 * 1024 * 1024;
/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** How long messages are ours after a pull, in milliseconds; what is not acknowledged by then comes back. */
const LEASE_MS = 600_000;

const BASE64 = /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/;

function parsed(text: string): { body: unknown } | undefined {
  try {
    return { body: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** JSON comes in base64, says the documentation, and shows some that does not; the other types but text are not ours. */
function contentOf({ body, metadata }: Table): Content | undefined {
  if (typeof body !== "string") return undefined;
  const type = isTable(metadata) ? (metadata["CF-Content-Type"] ?? "json") : "json";
  if (type === "text") return { body, content_type: "text" };
  if (type !== "json") return undefined;
  const decoded = BASE64.test(body) ? parsed(Buffer.from(body, "base64").toString("utf8")) : undefined;
  const found = decoded ?? parsed(body);
  return found && { ...found, content_type: "json" };
}

const letterOf = (message: Table): Letter => ({
  id: String(message.id ?? ""),
  attempts: Number(message.attempts ?? 0),
  at: Number(message.timestamp_ms ?? 0),
  leaseId: typeof message.lease_id === "string" ? message.lease_id : undefined,
  content: contentOf(message),
});

/** Who asks, and where. */
export interface QueuesAccess {
  readonly token: string;
  readonly account: string;
  readonly base: string;
}

/** The variables that wrangler reads too, and what its file says of the account. */
export function queuesAccess(
  env: Readonly<Record<string, string | undefined>>,
  account = env.CLOUDFLARE_ACCOUNT_ID,
): QueuesAccess {
  const token = env.CLOUDFLARE_API_TOKEN;
  if (!token)
    throw new Fixable(
      "set CLOUDFLARE_API_TOKEN to a token with the permission Account, Queues, Edit: https://dash.cloudflare.com/profile/api-tokens",
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Fixable("copy CLOUDFLARE_API_TOKEN anew: it holds what no token has");
  if (!account || !/^\w+$/.test(account))
    throw new Fixable("set CLOUDFLARE_ACCOUNT_ID to the account's ID, or write account_id in wrangler.toml");
  const base = apiAddress(env.CLOUDFLARE_API_BASE_URL || "https://api.cloudflare.com/client/v4");
  if (!base.ok) throw new Fixable(`correct CLOUDFLARE_API_BASE_URL: it ${base.error}`);
  return { token, account, base: base.value };
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "give CLOUDFLARE_API_TOKEN the permission Account, Queues, Edit: ",
  403: "give CLOUDFLARE_API_TOKEN the permission Account, Queues, Edit: ",
  429: "wait five minutes, and run it again: ",
};

/** What Cloudflare says is wrong. */
function problemOf(status: number, errors: unknown, token: string): string {
  const said = tables(errors).map(({ code, message }) => `${message} (${code})`);
  const what = said.length === 0 ? "" : `, ${plain(said.join("; ")).replaceAll(token, "…")}`;
  return `${ADVICE[status] ?? "run it again: "}Cloudflare answers ${status}${what}`;
}

/** A letter that Cloudflare does not take as it is, however often it is published. */
export class Unpublishable extends Fixable {}

/** The statuses by which it says so. */
const UNFIT: ReadonlySet<number> = new Set([400, 413, 422]);

export class QueuesApi {
  readonly #access: QueuesAccess;

  constructor(access: QueuesAccess) {
    this.#access = access;
  }

  async #ask(path: string, body?: object, Refused = Fixable): Promise<unknown> {
    const { token, account, base } = this.#access;
    const init = {
      method: body === undefined ? "GET" : "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body && { "Content-Type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    };
    const url = `${base}/accounts/${account}/queues${path}`;
    const asked = await askServer(url, init, TIMEOUT_MS, MAX_ANSWER_BYTES);
    if (!asked.ok) throw new Fixable(`run it again: ${base} ${asked.error.why}`);
    const { status, json } = asked.value;
    const Problem = UNFIT.has(status) ? Refused : Fixable;
    if (status !== 200 || json?.success !== true) throw new Problem(problemOf(status, json?.errors, token));
    return json.result;
  }

  /** The queue of a name. */
  async find(name: string): Promise<QueueFound> {
    const all = tables(await this.#ask(`?${new URLSearchParams({ page: "1", name })}`));
    const queue = all.find(({ queue_name }) => queue_name === name);
    if (typeof queue?.queue_id !== "string")
      throw new Fixable(`run \`npx wrangler queues create ${name}\`: the account has no queue of this name`);
    const isPulled = tables(queue.consumers).some(({ type }) => type === "http_pull");
    return { id: encodeURIComponent(queue.queue_id), isPulled };
  }

  /** How many messages there are, roughly. */
  async count({ id }: QueueFound): Promise<number> {
    const metrics = await this.#ask(`/${id}/metrics`);
    return isTable(metrics) ? Number(metrics.backlog_count ?? 0) : 0;
  }

  async #messages(path: string, body: object): Promise<Letter[]> {
    const result = await this.#ask(path, body);
    return isTable(result) ? tables(result.messages).map(letterOf) : [];
  }

  /** Looks at messages, which stay as they are: being pulled counts as an attempt. */
  peek({ id }: QueueFound, most: number): Promise<Letter[]> {
    return this.#messages(`/${id}/messages/peek`, { batch_size: most });
  }

  pull({ id }: QueueFound, most: number): Promise<Letter[]> {
    return this.#messages(`/${id}/messages/pull`, { batch_size: most, visibility_timeout_ms: LEASE_MS });
  }

  async push({ id }: QueueFound, content: Content): Promise<void> {
    await this.#ask(`/${id}/messages`, content, Unpublishable);
  }

  /** Takes messages out of a queue, and puts others back into it. */
  async settle({ id }: QueueFound, acks: readonly Letter[], retries: readonly Letter[]): Promise<void> {
    if (acks.length + retries.length === 0) return;
    const leases = (letters: readonly Letter[]) => letters.map(({ leaseId }) => ({ lease_id: leaseId }));
    await this.#ask(`/${id}/messages/ack`, { acks: leases(acks), retries: leases(retries) });
  }
}
