// The Worker of `workers/notified.ts` beside the emulator: an upload by a ticket of its own, and what is sent to it after
// that. What one request calls and logs is counted.

import { v2 as cloudinary } from "cloudinary";
import type { Emulator } from "../../src/testing/emulator/emulator.ts";
import { now } from "../access/identity.ts";
import { ACCOUNT, API_SECRET } from "./account.ts";
import { ask, type Bundled, bundled } from "./contender.ts";
import type { Asking } from "./load.ts";
import { ORIGIN } from "./site.ts";
import type { Server } from "./workerd.ts";

/** What one request calls, or one message, and what it writes to the log. */
export interface Calls {
  readonly queue: number;
  readonly service: number;
  readonly cloudinary: number;
  /** Lines of the log, and their bytes. */
  readonly lines: number;
  readonly bytes: number;
}

export type Answer = Readonly<Record<string, unknown>>;

/** An upload by a ticket of the Worker's. */
export interface Uploaded {
  /** The ticket's. */
  readonly uploadId: string;
  /** The path of its notification, and the notification. */
  readonly path: string;
  readonly notification: string;
  /** What its client was answered. */
  readonly response: Answer;
}

const PUBLIC_URL = "https://uploads.example.com";
const PROFILE = { access: ["public"], file: { maxBytes: "1 MB" }, notify: true };

/** A notification as Cloudinary sends it, by the official SDK. */
export function signed(path: string, body: string): Asking {
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

/** A notification as the queue hands it to the consumer. */
export const message = (notification: string): Asking => ({
  ...{ path: "/consume", headers: {} },
  body: JSON.stringify({
    id: "an-id",
    type: "upload",
    profile: "default",
    subject: null,
    body: JSON.parse(notification),
  }),
});

async function uploaded(url: string, emulator: Emulator): Promise<Uploaded> {
  const { text } = await ask(url, { path: "/sign", headers: {}, body: "{}" });
  const { fields, ...ticket } = JSON.parse(text) as {
    url: string;
    upload_id: string;
    fields: Record<string, string>;
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob(["hello"]), "a.txt");
  const answer = await fetch(ticket.url, { method: "POST", body: form });
  if (!answer.ok) throw new Error(`the upload: ${await answer.text()}`);
  const { body } = emulator.notifications().at(-1)!;
  return {
    uploadId: ticket.upload_id,
    path: new URL(fields.notification_url!).pathname,
    notification: body,
    response: (await answer.json()) as Answer,
  };
}

/** A contender whose requests are known once it runs. */
export function contender(
  about: Pick<Bundled, "name" | "title">,
  emulator: Emulator,
  askingOf: (upload: Uploaded) => Asking,
  isRight: (answer: Answer) => boolean,
  changed: Readonly<Record<string, unknown>> = {},
): Bundled & { readonly server: () => Server } {
  let upload: Uploaded;
  let server: Server;
  const one = bundled({
    ...about,
    bundle: "notified",
    bindings: {
      ...{ ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: emulator.url },
      SIGNER: {
        ...{ publicUrl: PUBLIC_URL, allowedOrigins: [ORIGIN] },
        profiles: { default: { ...PROFILE, ...changed } },
      },
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

/** What one request to a Worker calls and logs. */
export async function callsOf(url: string, send: () => Promise<unknown>, emulator: Emulator): Promise<Calls> {
  const count = async () => {
    const counted = (await (await fetch(`${url}/calls`)).json()) as Omit<Calls, "cloudinary">;
    return { ...counted, cloudinary: emulator.acts().length };
  };
  const before = await count();
  await send();
  const after = await count();
  return {
    queue: after.queue - before.queue,
    service: after.service - before.service,
    cloudinary: after.cloudinary - before.cloudinary,
    lines: after.lines - before.lines,
    bytes: after.bytes - before.bytes,
  };
}
