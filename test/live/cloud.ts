// One Cloudinary account, or the emulator of one, asked over HTTP as clients ask it; the official SDK signs each request.
// All that is stored lies in one folder with a random name, and is deleted at the end.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "../../src/keys/account.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { sdkSignature } from "../support/sdk.ts";

/** A picture, and another one of another format. */
export const JPEG: Uint8Array<ArrayBuffer> = new Uint8Array(
  await readFile(join(PROJECT, "src/testing/sample.jpg")),
);
export const PNG: Uint8Array<ArrayBuffer> = Uint8Array.from(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWNYtfsMBDHAWQCCxA0nyFbiWwAAAABJRU5ErkJggg==",
    "base64",
  ),
);

export type Params = Readonly<Record<string, string>>;
export type ResourceType = "image" | "video" | "raw";

/** Names one asset. */
export interface Name {
  readonly resource_type: ResourceType;
  readonly type: string;
  readonly public_id: string;
}

export interface Answer {
  readonly status: number;
  /** What it answered as JSON; `{}` where that is none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Of a refusal: Cloudinary's words, without what differs by the run. */
  readonly message: string;
}

export interface File {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
}

/** An answer that has to be a success, or else nothing is learnt of what comes after it. */
export function succeeded(answer: Answer): Answer["body"] {
  if (answer.status === 200) return answer.body;
  throw new Error(`it answered ${answer.status} ${answer.message}`);
}

/** One request. */
export interface Asked {
  readonly params: Params;
  readonly file?: File;
  readonly headers?: Params;
  /** A field that is left out after all was signed. */
  readonly without?: string;
  /** Whether it goes as JSON, its file as a `data:` URI. */
  readonly json?: boolean;
}

export interface CloudOptions {
  readonly account: Account;
  /** `https://api.cloudinary.com` */
  readonly prefix: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Unix seconds; default this machine's clock. */
  readonly now?: () => number;
  /** Lets two seconds pass, so that versions differ. */
  readonly pause?: () => Promise<void>;
}

/** How long one request may take, in milliseconds: five megabytes go out over any line. */
const TIMEOUT_MS = 120_000;
/** What clients send again. */
const PATIENCE: readonly number[] = [420, 423, 429];
const MAX_TRIES = 5;

export class Cloud {
  /** The statuses that asked for patience, as often as they came. */
  readonly met: number[] = [];
  readonly now: () => number;
  readonly pause: () => Promise<void>;
  readonly account: Account;
  readonly folder = `signer-live-${randomBytes(6).toString("hex")}`;
  readonly #options: CloudOptions;
  readonly #stored = new Map<string, Name>();
  #names = 0;

  constructor(options: CloudOptions) {
    this.#options = options;
    this.account = options.account;
    this.now = options.now ?? (() => Math.floor(Date.now() / 1000));
    this.pause = options.pause ?? (() => new Promise((resolve) => setTimeout(resolve, 2000)));
  }

  /** A public ID that nothing else has. */
  newId(): string {
    this.#names += 1;
    return `${this.folder}/${this.#names}`;
  }

  fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options;
    return fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  }

  /** Asks a method, and again where Cloudinary asks for patience. Without a resource type the address has none. */
  async ask(resourceType: ResourceType | undefined, method: string, asked: Asked): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#askOnce(resourceType, method, asked);
      if (!PATIENCE.includes(answer.status)) return answer;
      this.met.push(answer.status);
      if (tries === MAX_TRIES) return answer;
      await this.pause();
    }
  }

  async #askOnce(
    resourceType: ResourceType | undefined,
    method: string,
    { params, file, headers = {}, without, json = false }: Asked,
  ): Promise<Answer> {
    const { apiKey, apiSecret, cloudName } = this.account;
    const signed = { timestamp: String(this.now()), ...params };
    const all = { ...signed, api_key: apiKey, signature: sdkSignature(signed, apiSecret, "sha256") };
    const form = new FormData();
    for (const [name, value] of Object.entries(all)) if (name !== without) form.append(name, value);
    if (file !== undefined && without !== "file") form.append("file", new Blob([file.bytes]), file.name);
    const url = [this.#options.prefix, "v1_1", cloudName, resourceType, method].filter(Boolean).join("/");
    const init = json ? asJson({ ...all, ...(file && { file: dataUri(file) }) }) : { body: form, headers };
    const response = await this.fetch(url, { method: "POST", ...init });
    const body = asTable(await response.text());
    const { error } = body as { error?: { message?: unknown } };
    return { status: response.status, body, message: this.#lasting(String(error?.message ?? "")) };
  }

  /** A message as it is in every run. */
  #lasting(message: string): string {
    return message
      .replaceAll(new RegExp(`${this.folder}/\\d+`, "g"), "…")
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000/g, "…");
  }

  /** Uploads; what may be stored by it is deleted at the end, whatever becomes of the answer. */
  upload(
    { resource_type, type, public_id }: Name,
    file: File,
    { params = {}, headers = {} }: { params?: Params; headers?: Params } = {},
  ): Promise<Answer> {
    this.note({ resource_type, type, public_id });
    const asked = { public_id, ...(type !== "upload" && { type }), ...params };
    return this.ask(resource_type, "upload", { params: asked, file, headers });
  }

  /** A new picture that is stored; rejects where it is not. */
  async stored(type = "upload", params: Params = {}): Promise<Name & Answer["body"]> {
    const name = { resource_type: "image", type, public_id: this.newId() } as const;
    return { ...succeeded(await this.upload(name, { bytes: JPEG, name: "a.jpg" }, { params })), ...name };
  }

  explicit({ resource_type, type, public_id }: Name): Promise<Answer> {
    return this.ask(resource_type, "explicit", { params: { public_id, type } });
  }

  /** Moves an asset to another type, under its name. */
  publish({ resource_type, type, public_id }: Name): Promise<Answer> {
    this.note({ resource_type, type: "upload", public_id });
    const params = { from_public_id: public_id, to_public_id: public_id, type, to_type: "upload" };
    return this.ask(resource_type, "rename", { params });
  }

  destroy({ resource_type, type, public_id }: Name): Promise<Answer> {
    return this.ask(resource_type, "destroy", { params: { public_id, type, invalidate: "true" } });
  }

  /** Remembers what is to be deleted at the end. */
  note(name: Name): void {
    this.#stored.set(Object.values(name).join(" "), name);
  }

  /** Deletes all that may have been stored; answers what could not be deleted. */
  async clear(): Promise<readonly Name[]> {
    const left: Name[] = [];
    for (const name of this.#stored.values()) {
      const { body } = await this.destroy(name).catch(() => ({ body: {} as Answer["body"] }));
      if (body.result !== "ok" && body.result !== "not found") left.push(name);
    }
    return left;
  }
}

const asJson = (body: object): RequestInit => ({
  body: JSON.stringify(body),
  headers: { "Content-Type": "application/json" },
});

const dataUri = ({ bytes }: File): string => `data:;base64,${Buffer.from(bytes).toString("base64")}`;

function asTable(text: string): Answer["body"] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Answer["body"]) : {};
  } catch {
    return {};
  }
}
