// The examples of docs/openapi.json: what is asked for, by whom, and which answer has to come. `npm run docs` asks an app
// whose time stands still, and writes down both; test/docs/openapi.test.ts sends what is written there to the running
// Worker. What grows old (a time, a token, an upload) is made anew by `fresh`.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { v2 as cloudinary } from "cloudinary";
import { SignJWT } from "jose";
import type { ProblemCode } from "../../../src/problem.ts";
import type { Emulator } from "../../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../../src/testing/local-worker.ts";

/** The configuration that the examples are of. */
export const DEFINITION = {
  publicUrl: "https://uploads.example.com",
  allowedOrigins: ["https://www.example.com"],
  access: {
    site: { type: "origin" },
    members: { type: "jwt", secret: "JWT_SECRET", issuer: "https://id.example.com/", audience: "uploads" },
  },
  profiles: {
    default: { access: ["public"], accept: { context: { keys: ["alt"], maxLength: 200 } } },
    avatars: {
      access: ["members"],
      resourceType: "image",
      set: { public_id: "users/{sub}/{uuid}", overwrite: false },
      accept: { context: { keys: ["alt"], maxLength: 200 } },
      file: { maxBytes: "5 MB", formats: ["jpg", "png", "webp"], maxFiles: 10 },
    },
    videos: {
      access: ["members"],
      resourceType: "video",
      ttl: 86_400,
      set: { public_id: "videos/{sub}/{uuid}" },
    },
    widget: {
      access: ["site"],
      dropIn: true,
      set: { folder: "widget" },
      accept: { source: { enum: ["uw"] } },
    },
    "delete-picture": {
      method: "destroy",
      access: ["members"],
      resourceType: "image",
      accept: { public_id: { prefix: "users/{sub}/" } },
    },
  },
} as const;

/** An account of nobody, whose secret opens the emulator alone. */
export const CLOUD = {
  cloudName: "demo",
  apiKey: "874837483274837",
  apiSecret: "a-Secret_that-opens-nothing",
};
export const JWT_SECRET = "a-secret-of-the-examples-that-opens-nothing";
export const BINDINGS = {
  CLOUDINARY_URL: `cloudinary://${CLOUD.apiKey}:${CLOUD.apiSecret}@${CLOUD.cloudName}`,
  JWT_SECRET,
} as const;

/** A request, before it is one. */
export interface Asked {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A signer that is asked, and the Cloudinary that it works with. */
export interface Scene {
  /** Unix seconds. */
  readonly now: () => number;
  readonly ask: (path: string, init: RequestInit) => Promise<Answered>;
  readonly emulator: Emulator;
  /** Sends a form to an address of Cloudinary's. */
  readonly send: (url: string, form: FormData) => Promise<Response>;
}

export interface Example extends Partial<Asked> {
  readonly operation: string;
  readonly name: string;
  readonly summary: string;
  readonly status: number;
  readonly code?: ProblemCode;
  /** What the document's example does not hold, or holds of another day. */
  fresh?(scene: Scene): Promise<Partial<Asked>>;
}

const PAGE = { Origin: "https://www.example.com" };

/** The header of the user 42. */
async function member({ now }: Scene): Promise<{ readonly headers: Asked["headers"] }> {
  const token = await new SignJWT({ sub: "42" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer("https://id.example.com/")
    .setAudience("uploads")
    .setIssuedAt(now())
    .setExpirationTime(now() + 600)
    .sign(new TextEncoder().encode(JWT_SECRET));
  return { headers: { authorization: `Bearer ${token}` } };
}

interface TicketLike {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly upload_id: string;
}

async function ticket(scene: Scene, profile: string): Promise<TicketLike> {
  const { headers } = await member(scene);
  const { text } = await scene.ask(`/sign/${profile}`, { method: "POST", headers });
  return JSON.parse(text);
}

/** A picture of a format that the profile takes. */
const PICTURE = readFileSync(join(PROJECT, "src/testing/sample.jpg"));

/** An upload by `avatars`: what is sent to confirm it. */
async function uploaded(scene: Scene): Promise<{ upload_id: string; response: Record<string, unknown> }> {
  const { url, fields, upload_id } = await ticket(scene, "avatars");
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([PICTURE]), "cat.jpg");
  const answer = (await (await scene.send(url, form)).json()) as Record<string, unknown>;
  const { public_id, version, signature, resource_type, type } = answer;
  return { upload_id, response: { public_id, version, signature, resource_type, type } };
}

const NOTIFICATION = {
  notification_type: "moderation",
  public_id: "users/42/cat",
  moderation_status: "approved",
  moderation_kind: "manual",
};

interface SignOptions {
  readonly api_secret: string;
  /** Else it is what the SDK was last set to in this process. */
  readonly signature_algorithm: "sha1" | "sha256";
}
type Sign = (raw: string, timestamp: string, options: SignOptions) => string;
const { webhook_signature } = cloudinary.utils as unknown as { webhook_signature: Sign };

/** The headers by which Cloudinary signs a body: the official SDK's signature. */
function signedByCloudinary({ now }: Scene, body: unknown): { readonly headers: Asked["headers"] } {
  const time = String(now());
  const signature = webhook_signature(JSON.stringify(body), time, {
    api_secret: CLOUD.apiSecret,
    signature_algorithm: "sha1",
  });
  return { headers: { "X-Cld-Timestamp": time, "X-Cld-Signature": signature } };
}

const DROP_IN = { source: "uw", folder: "widget" };

export const EXAMPLES: readonly Example[] = [
  {
    operation: "GET /sign",
    name: "default",
    summary: "The profile `default`",
    status: 200,
  },
  {
    operation: "POST /sign",
    name: "ticket",
    summary: "A ticket, with a text that the client chose",
    body: { params: { context: { alt: "A cat" } } },
    status: 200,
  },
  {
    operation: "POST /sign",
    name: "otherPage",
    summary: "A page that is not listed",
    headers: { Origin: "https://evil.example" },
    body: {},
    status: 403,
    code: "origin_not_allowed",
  },
  {
    operation: "GET /sign/{profile}",
    name: "avatars",
    summary: "A profile with limits on what arrives",
    path: { profile: "avatars" },
    status: 200,
  },
  {
    operation: "GET /sign/{profile}",
    name: "unknown",
    summary: "A profile that is not there",
    path: { profile: "avatar" },
    status: 404,
    code: "unknown_profile",
  },
  {
    operation: "POST /sign/{profile}",
    name: "ticket",
    summary: "A ticket, by a member",
    path: { profile: "avatars" },
    headers: PAGE,
    body: { params: { context: { alt: "A cat" } } },
    status: 200,
    fresh: member,
  },
  {
    operation: "POST /sign/{profile}",
    name: "command",
    summary: "The same as a command",
    path: { profile: "avatars" },
    query: { format: "curl", file: "cat.jpg" },
    body: {},
    status: 200,
    fresh: member,
  },
  {
    operation: "POST /sign/{profile}",
    name: "files",
    summary: "Tickets for two files at once",
    path: { profile: "avatars" },
    body: {
      files: [
        { name: "cat.jpg", size: 81_234, type: "image/jpeg" },
        { name: "sun.png", size: 20_480, type: "image/png" },
      ],
    },
    status: 200,
    fresh: member,
  },
  {
    operation: "POST /sign/{profile}",
    name: "dropIn",
    summary: "A signature over what the Upload Widget chose",
    path: { profile: "widget" },
    headers: PAGE,
    body: { paramsToSign: DROP_IN },
    status: 200,
    fresh: async ({ now }) => ({ body: { paramsToSign: { timestamp: now(), ...DROP_IN } } }),
  },
  {
    operation: "POST /sign/{profile}",
    name: "renewal",
    summary: "The same upload under a signature of this hour",
    path: { profile: "videos" },
    status: 200,
    fresh: async (scene) => {
      const { upload_id, fields } = await ticket(scene, "videos");
      return { ...(await member(scene)), body: { renew: upload_id, fields } };
    },
  },
  {
    operation: "POST /sign/{profile}",
    name: "deletion",
    summary: "A ticket to delete what the caller owns",
    path: { profile: "delete-picture" },
    body: { params: { public_id: "users/42/cat" } },
    status: 200,
    fresh: member,
  },
  {
    operation: "POST /sign/{profile}",
    name: "nobody",
    summary: "Without a credential",
    path: { profile: "avatars" },
    body: {},
    status: 401,
    code: "unauthenticated",
  },
  {
    operation: "POST /sign/{profile}",
    name: "forbidden",
    summary: "A parameter that the server sets",
    path: { profile: "avatars" },
    body: { params: { public_id: "users/43/cat" } },
    status: 422,
    code: "params_refused",
    fresh: member,
  },
  {
    operation: "POST /sign/{profile}",
    name: "tooLarge",
    summary: "A file that is declared too large",
    path: { profile: "avatars" },
    body: { files: [{ name: "cat.png", size: 6_000_000, type: "image/png" }] },
    status: 422,
    code: "file_refused",
    fresh: member,
  },
  {
    operation: "POST /confirm/{profile}",
    name: "confirmed",
    summary: "An upload that keeps the limits",
    path: { profile: "avatars" },
    status: 200,
    fresh: async (scene) => ({ ...(await member(scene)), body: await uploaded(scene) }),
  },
  {
    operation: "POST /confirm/{profile}",
    name: "otherAnswer",
    summary: "An answer that Cloudinary did not give",
    path: { profile: "avatars" },
    status: 422,
    code: "upload_id_refused",
    fresh: async (scene) => {
      const { upload_id, response } = await uploaded(scene);
      return {
        ...(await member(scene)),
        body: { upload_id, response: { ...response, public_id: "users/43/cat" } },
      };
    },
  },
  {
    operation: "POST /confirm/{profile}",
    name: "deleted",
    summary: "An upload that was deleted meanwhile",
    path: { profile: "avatars" },
    status: 409,
    code: "not_stored",
    fresh: async (scene) => {
      const body = await uploaded(scene);
      const { headers } = await member(scene);
      const params = { public_id: body.response.public_id };
      const init = { method: "POST", headers, body: JSON.stringify({ params }) };
      const { url, fields } = JSON.parse((await scene.ask("/sign/delete-picture", init)).text) as TicketLike;
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      await scene.send(url, form);
      return { headers, body };
    },
  },
  {
    operation: "POST /links/{profile}",
    name: "link",
    summary: "For the page of a member",
    path: { profile: "avatars" },
    headers: PAGE,
    body: {},
    status: 200,
    fresh: member,
  },
  {
    operation: "POST /links/{profile}",
    name: "nobody",
    summary: "By a caller who is no one in particular",
    path: { profile: "default" },
    body: {},
    status: 403,
    code: "profile_not_allowed",
  },
  {
    operation: "POST /notifications",
    name: "moderated",
    summary: "That a moderator let a picture pass",
    body: NOTIFICATION,
    status: 200,
    fresh: async (scene) => signedByCloudinary(scene, NOTIFICATION),
  },
  {
    operation: "POST /notifications",
    name: "forged",
    summary: "A signature that is not Cloudinary's",
    headers: { "X-Cld-Signature": "0".repeat(40) },
    body: NOTIFICATION,
    status: 401,
    code: "invalid_notification",
    fresh: async ({ now }) => ({ headers: { "X-Cld-Timestamp": String(now()) } }),
  },
  {
    operation: "POST /notifications/{upload_id}",
    name: "uploaded",
    summary: "That a file arrived",
    status: 200,
    fresh: async (scene) => {
      const { upload_id, response } = await uploaded(scene);
      const { signature: _, ...named } = response;
      const body = { notification_type: "upload", ...named };
      return { path: { upload_id }, body, ...signedByCloudinary(scene, body) };
    },
  },
  { operation: "GET /.well-known/jwks.json", name: "keys", summary: "The one key", status: 200 },
  { operation: "GET /health", name: "ok", summary: "Nothing is wrong", status: 200 },
];

/** The request of an example: what it has, and what is fresh in the place of what grew old. */
export async function freshen(example: Example, written: Partial<Asked>, scene: Scene): Promise<Asked> {
  const fresh = (await example.fresh?.(scene)) ?? {};
  const body = fresh.body ?? written.body;
  return {
    path: { ...written.path, ...fresh.path },
    query: { ...written.query, ...fresh.query },
    headers: { ...written.headers, ...fresh.headers },
    ...(body !== undefined && { body }),
  };
}

/** Sends it to the operation that it is an example of. */
export function sendExample(
  operation: string,
  { path, query, headers, body }: Asked,
  scene: Scene,
): Promise<Answered> {
  const [method = "", template = ""] = operation.split(" ");
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]!));
  const search = new URLSearchParams(query).toString();
  const type = body === undefined ? {} : { "content-type": "application/json" };
  return scene.ask(search === "" ? filled : `${filled}?${search}`, {
    method,
    headers: { ...type, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
