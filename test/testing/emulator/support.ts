// What the emulator's tests share: one account, a still clock, tiny real files, and requests signed by the
// official SDK.

import { createHash } from "node:crypto";
import { v2 as cloudinary } from "cloudinary";
import { onTestFinished } from "vitest";
import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../../../src/testing/emulator/emulator.ts";

export const ACCOUNT = {
  cloudName: "demo",
  apiKey: "123456789012345",
  apiSecret: "Xx1-a_Test-Secret0123456789",
};

/** 2023-11-14T22:13:20Z */
export const NOW = 1_700_000_000;

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(base64, "base64"));

/** Pictures of one color, made by libvips in the sizes that the tests expect. */
export const PNG_3X2 = bytesOf(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWNYtfsMBDHAWQCCxA0nyFbiWwAAAABJRU5ErkJggg==",
);
export const JPEG_5X4 = bytesOf(
  "/9j/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAAEAAUDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAf/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ALAEP//Z",
);
export const GIF_2X3 = bytesOf("R0lGODlhAgADAIAAAExpcaq7zCH5BAUAAAAALAAAAAACAAMAAAICjF8AOw==");
export const WEBP_4X3 = bytesOf("UklGRigAAABXRUJQVlA4IBwAAABwAQCdASoEAAMADMDOJYwCdAFAAAD+2ylieAAA");
export const AVIF_6X5 = bytesOf(
  "AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAANZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAAA+gABAAAAAAAAAB4AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABhdjAxAAAAAA5waXRtAAAAAAABAAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgSACAAAAABRpc3BlAAAAAAAAAAYAAAAFAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAgMAAAAmbWRhdBIACgg4CKxpAQ0GkDIQH/JihOAAFgAAkDWOPD/c0A==",
);
export const SVG_8X7 = new TextEncoder().encode(
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="7"><script>alert(1)</script></svg>',
);
/** One empty page, as short as a reader takes it. */
export const PDF = new TextEncoder().encode(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/MediaBox[0 0 3 3]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
);
export const TEXT = new TextEncoder().encode("just text\r\n--x\r\n");

export const png = (name = "cat.png"): File => new File([PNG_3X2], name, { type: "image/png" });

export type Fields = Record<string, string | readonly string[]>;

/** The SDK's function, with the arguments that its types leave out. */
const sdkSign: (params: object, secret: string, algorithm: string, version: number) => string =
  cloudinary.utils.api_sign_request;

/** `params` with the account's key, the present time and the SDK's signature. */
export function signed(params: Fields = {}, algorithm: "sha1" | "sha256" = "sha256"): Fields {
  const all = { timestamp: String(NOW), ...params };
  return { ...all, api_key: ACCOUNT.apiKey, signature: sdkSign(all, ACCOUNT.apiSecret, algorithm, 2) };
}

/** The signature that the SDK expects on an answer. */
export const answerSignature = (publicId: string, version: number, algorithm: string): string =>
  sdkSign({ public_id: publicId, version }, ACCOUNT.apiSecret, algorithm, 1);

/** A form; lists as `name[]`, repeated. */
export function formOf(fields: Fields, file?: File | string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") form.append(name, value);
    else for (const item of value) form.append(`${name}[]`, item);
  }
  if (file !== undefined) form.append("file", file);
  return form;
}

/** Bytes without a pattern, the same for each seed: a part in the wrong place shows. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

export const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The hash of what an address gives. */
export const delivered = async (url: string): Promise<string> =>
  sha(new Uint8Array(await (await fetch(url)).arrayBuffer()));

/** Starts an emulator that the end of the test stops. */
export async function started(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const emulator = await startEmulator({ ...ACCOUNT, now: () => NOW * 1000, ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test expects another shape
  readonly body: any;
}

/** Sends a body to a method, the upload unless another is named. */
export async function post(
  emulator: Emulator,
  body: RequestInit["body"],
  {
    method = "upload",
    resourceType = "image",
    cloud = ACCOUNT.cloudName,
    headers = {} as Record<string, string>,
  } = {},
): Promise<Answer> {
  const url = `${emulator.url}/v1_1/${cloud}/${resourceType}/${method}`;
  const response = await fetch(url, { method: "POST", body: body ?? null, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** A signed upload that must succeed; answers the body. */
export async function uploaded(
  emulator: Emulator,
  params: Fields = {},
  file: File | string = png(),
  resourceType = "image",
): Promise<Answer["body"]> {
  const answer = await post(emulator, formOf(signed(params), file), { resourceType });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}
