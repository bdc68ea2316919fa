// One signer and one emulator: callers who sign, upload and confirm, and what happened to whose assets, as the emulator
// tells it. Both keep the test's own time.

import { expect } from "vitest";
import type { CloudinaryNotification, ConfirmedUpload } from "../../src/config/application.ts";
import type { Account } from "../../src/keys/account.ts";
import {
  type Act,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../src/testing/emulator/emulator.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "../access/identity.ts";
import { type Asked, signer } from "../access/signer.ts";
import { OPTIONS } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { JPEG_5X4 } from "../testing/emulator/support.ts";

export const PUBLIC_URL = "https://uploads.example.com";
export const START = 1_795_468_800;

export const MEMBERS = {
  type: "jwt",
  secret: "JWT_SECRET",
  issuer: ISSUER,
  audience: AUDIENCE,
} as const;

/** The time of the signer and of the emulator, in Unix seconds. */
export const clock = { now: START };

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, read by tests that know them
export type Answer = any;

export interface Stored {
  readonly ticket: Answer;
  /** What Cloudinary answered to the upload. */
  readonly response: Answer;
}

/** How an upload is made. */
export interface Sending {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly name?: string;
  readonly params?: object;
  /** In place of that of the ticket's address. */
  readonly resourceType?: string;
  /** Ends it in the middle. */
  readonly signal?: AbortSignal;
}

/** An emulator whose acts are kept. */
export async function startCloudinary(
  account: Account = OPTIONS,
  more: Partial<EmulatorOptions> = {},
): Promise<Emulator & { readonly acts: Act[] }> {
  const acts: Act[] = [];
  const emulator = await startEmulator({
    ...account,
    now: () => clock.now * 1000,
    onAct: (act) => void acts.push(act),
    ...more,
  });
  return Object.assign(emulator, { acts });
}

/** Sends a file under a ticket, as a form does. */
export async function send(
  ticket: Answer,
  { bytes = JPEG_5X4, name = "a.jpg", resourceType, signal }: Sending = {},
) {
  const form = new FormData();
  for (const [field, value] of Object.entries<string>(ticket.fields)) form.append(field, value);
  form.append("file", new Blob([bytes]), name);
  const url = resourceType ? ticket.url.replace(/\/[a-z]+\/upload$/, `/${resourceType}/upload`) : ticket.url;
  const answer = await fetch(url, { method: "POST", body: form, ...(signal && { signal }) });
  return (await answer.json()) as Answer;
}

/** The five members of an answer that a client hands on. */
export const five = ({ public_id, version, signature, resource_type, type }: Answer) => ({
  ...{ public_id, version, signature, resource_type, type },
});

/** The caller's headers. */
export const member = async (sub: string, claims = {}): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await signShared({ sub, iat: clock.now, exp: clock.now + 3600, ...claims })}`,
});

/** What a scene may be given. */
export interface Given {
  readonly bindings?: Record<string, unknown>;
  /** Stands between the signer and Cloudinary. */
  readonly through?: (url: string, ask: () => Promise<Response>) => Promise<Response>;
  readonly onUploaded?: (upload: ConfirmedUpload) => unknown;
  readonly onNotification?: (notification: CloudinaryNotification) => unknown;
}

/** A signer over a definition, before an emulator. */
export function scene(emulator: Emulator, definition: Plain, given: Given = {}) {
  const { bindings, through, onUploaded, onNotification } = given;
  const asked: string[] = [];
  const app = {
    // As the platform's service bindings are: an object that can fetch, whatever else it can.
    fetch: () => Promise.reject(new Error("nobody fetches from the application")),
    onUploaded,
    onNotification,
  };
  const { post, ask, logs } = signer(
    definition,
    {
      now: () => clock.now,
      fetch: (input, init) => {
        const url = String(input);
        asked.push(url);
        const ask = () => fetch(input, init);
        return through === undefined ? ask() : through(url, ask);
      },
    },
    {
      CLOUDINARY_UPLOAD_PREFIX: emulator.url,
      JWT_SECRET: SHARED_SECRET,
      ...((onUploaded || onNotification) && { APP: app }),
      ...bindings,
    },
  );

  async function sign(profile: string, headers = {}, body: object = {}): Promise<Answer> {
    const answer = await post(`/sign/${profile}`, headers, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  }

  async function upload(profile: string, headers = {}, sending: Sending = {}): Promise<Stored> {
    const ticket = await sign(profile, headers, { params: sending.params ?? {} });
    const response = await send(ticket, sending);
    expect(response.error, JSON.stringify(response)).toBeUndefined();
    return { ticket, response };
  }

  const confirm = (profile: string, { ticket, response }: Stored, headers = {}): Promise<Asked> =>
    post(`/confirm/${profile}`, headers, { upload_id: ticket.upload_id, response: five(response) });

  return { post, ask, logs, asked, sign, upload, confirm };
}

/** Whether the emulator still holds this very upload: its name, type and bytes of that version. */
export const holds = (emulator: Emulator, { public_id, version, resource_type, type }: Answer): boolean =>
  emulator
    .uploads()
    .some(
      (one) =>
        one.public_id === public_id &&
        one.version === version &&
        one.resource_type === resource_type &&
        one.type === type,
    );
