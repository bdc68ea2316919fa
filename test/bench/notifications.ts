// What one notification costs: verified, judged where it is about a ticket's upload, and put into the queue; and what its
// consumer costs. Beside it a Worker that answers 200.

import { v2 as cloudinary } from "cloudinary";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { now } from "../access/identity.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME } from "./account.ts";
import { ask, type Bundled, bundled } from "./contender.ts";
import type { Asking, Loader } from "./load.ts";
import type { Progress } from "./progress.ts";
import { type Measured, measure, type Plan } from "./rounds.ts";
import type { Server } from "./workerd.ts";

const PLAN: Plan = { rounds: 5, seconds: 1.2, warmUp: 0.7 };

/** What one notification calls, or one message. */
export interface Calls {
  readonly queue: number;
  readonly service: number;
  readonly cloudinary: number;
}

export interface NotificationsRow extends Measured {
  readonly calls: Calls;
}

const PUBLIC_URL = "https://uploads.example.com";
const PROFILE = { access: ["public"], file: { maxBytes: "1 MB" }, notify: true };

type Answer = Readonly<Record<string, unknown>>;

/** A notification as Cloudinary sends it, by the official SDK. */
function signed(path: string, body: string): Asking {
  const timestamp = now();
  const { webhook_signature } = cloudinary.utils as unknown as {
    webhook_signature: (body: string, timestamp: number, options: object) => string;
  };
  const signature = webhook_signature(body, timestamp, {
    api_secret: API_SECRET,
    signature_algorithm: "sha1",
  });
  const headers = {
    "content-type": "application/json",
    "x-cld-timestamp": String(timestamp),
    "x-cld-signature": signature,
  };
  return { path, headers, body };
}

/** An upload by a ticket of the Worker's: the end of its address, and the notification of it. */
async function uploaded(url: string, emulator: Emulator): Promise<{ path: string; body: string }> {
  const { text } = await ask(url, { path: "/sign", headers: {}, body: "{}" });
  const { fields, ...ticket } = JSON.parse(text) as { url: string; fields: Record<string, string> };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob(["hello"]), "a.txt");
  const answer = await fetch(ticket.url, { method: "POST", body: form });
  if (!answer.ok) throw new Error(`the upload: ${await answer.text()}`);
  const { body } = emulator.notifications().at(-1)!;
  return { path: new URL(fields.notification_url!).pathname, body };
}

/** A contender whose requests are known once it runs. */
function contender(
  about: Pick<Bundled, "name" | "title">,
  emulator: Emulator,
  askingOf: (upload: { path: string; body: string }) => Asking,
  isRight: (answer: Answer) => boolean,
): Bundled & { readonly server: () => Server } {
  let upload: Awaited<ReturnType<typeof uploaded>>;
  let server: Server;
  const one = bundled({
    ...about,
    bundle: "notified",
    bindings: {
      ...{ ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: emulator.url },
      SIGNER: { publicUrl: PUBLIC_URL, profiles: { default: PROFILE } },
    },
    asking: () => askingOf(upload),
    fault: (answer) => (isRight(answer as Answer) ? undefined : "not what is answered"),
  });
  const start = async () => {
    server = await one.start();
    upload = await uploaded(server.url, emulator);
    return server;
  };
  return { ...one, start, server: () => server };
}

/** What one request calls. */
async function callsOf(one: ReturnType<typeof contender>, emulator: Emulator): Promise<Calls> {
  const { url } = one.server();
  const count = async () => {
    const { queue, service } = (await (await fetch(`${url}/calls`)).json()) as Calls;
    return { queue, service, cloudinary: emulator.acts().length };
  };
  const before = await count();
  await ask(url, one.asking());
  const after = await count();
  return {
    queue: after.queue - before.queue,
    service: after.service - before.service,
    cloudinary: after.cloudinary - before.cloudinary,
  };
}

export async function measureNotifications(
  progress: Progress,
  loader: Loader,
): Promise<{ rows: NotificationsRow[] }> {
  const account = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET };
  const emulator = await startEmulator(account);
  try {
    const isTold = ({ id }: Answer) => typeof id === "string";
    const ours = [
      contender(
        { name: "console", title: "ours, of the console's address, into the queue" },
        emulator,
        ({ body }) => signed("/notifications", body),
        isTold,
      ),
      contender(
        { name: "ticket", title: "ours, of a ticket's upload: judged first" },
        emulator,
        ({ path, body }) => signed(path, body),
        isTold,
      ),
      contender(
        { name: "consumer", title: "ours, the consumer of the queue, a message" },
        emulator,
        ({ body }) => ({
          ...{ path: "/consume", headers: {} },
          body: JSON.stringify({
            id: "an-id",
            type: "upload",
            profile: "default",
            subject: null,
            body: JSON.parse(body),
          }),
        }),
        ({ acknowledged }) => acknowledged === 1,
      ),
    ];
    const bare = bundled({
      ...{ name: "answering", title: "bare Worker: answers 200", bundle: "answering", bindings: {} },
      asking: () => signed("/", emulator.notifications()[0]?.body ?? "{}"),
      fault: () => undefined,
    });
    const calls = new Map<string, Calls>();
    const counted = ours.map((one) => ({
      ...one,
      start: async () => {
        const server = await one.start();
        calls.set(one.name, await callsOf(one, emulator));
        return server;
      },
    }));
    // Ours first: the bare one is sent the notification of an upload by one of them.
    const rows = await measure([...counted, bare], PLAN, loader, progress);
    const none = { queue: 0, service: 0, cloudinary: 0 };
    return { rows: rows.map((row) => ({ ...row, calls: calls.get(row.name) ?? none })) };
  } finally {
    await emulator.close();
  }
}
