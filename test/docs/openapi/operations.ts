// What each operation of the route table is, in the words of docs/openapi.json: what it takes, what it answers, and which
// codes it can fail with. The rest of the document comes from the route table, the types and the table of problems.

import { MAX_NOTIFICATION_BYTES } from "../../../src/http/routes/notifying.ts";
import { MAX_FILES } from "../../../src/policy/profile.ts";
import type { ProblemCode } from "../../../src/problem.ts";
import { MAX_BODY_BYTES } from "../../../src/tickets/signing-request.ts";
import { ref, type Schema } from "../json-schema.ts";

/** What an operation answers where it succeeds, or says that something is wrong without a problem. */
export interface Answer {
  readonly description: string;
  readonly schema: Schema;
  readonly mediaType?: string;
  /** Whether it may be kept; default not. */
  readonly cacheControl?: readonly string[];
  /** The same as one runnable command, where that was asked for. */
  readonly asCommand?: string;
}

export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: "Sign" | "Confirm" | "Notifications" | "Operate";
  /** Names of security schemes, any one of which may do; `""`: none is needed where the profile is for anybody. */
  readonly security: readonly (keyof typeof SECURITY | "")[];
  /** Names of parameters beside that of the path. */
  readonly parameters?: readonly (keyof typeof PARAMETERS)[];
  readonly body?: Schema;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly codes: readonly ProblemCode[];
}

/** What is read of a caller, beside cookies and headers that a configuration names. */
export const SECURITY = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "A JWT (`jwt`), or a token of a back end (`token`).",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "session",
    description:
      "A cookie of your application (`jwt`, `custom`), by the name that the configuration gives it.",
  },
  turnstile: {
    type: "apiKey",
    in: "header",
    name: "cf-turnstile-response",
    description: "A token of Cloudflare Turnstile, good once.",
  },
  link: {
    type: "apiKey",
    in: "query",
    name: "link",
    description: "Stands in an address that `POST /links/{profile}` answered. Never logged.",
  },
} as const;

export const PARAMETERS = {
  origin: {
    name: "Origin",
    in: "header",
    description:
      "Of a page: browsers send it. It must be the signer's own or one of `allowedOrigins`; without it there is no page.",
    schema: { type: "string" },
  },
  format: {
    name: "format",
    in: "query",
    description:
      "`curl` asks for the ticket as one runnable command. A refusal is then a script that fails, for people pipe it to `sh`.",
    schema: { const: "curl" },
  },
  file: {
    name: "file",
    in: "query",
    description:
      "With `format=curl`: the file to name in the command, a path or a percent-encoded address; default `FILE`.",
    schema: { type: "string" },
  },
  signature: {
    name: "X-Cld-Signature",
    in: "header",
    required: true,
    description: "Cloudinary's: SHA-1 or SHA-256 of the body, the timestamp and the API secret, in hex.",
    schema: { type: "string" },
  },
  timestamp: {
    name: "X-Cld-Timestamp",
    in: "header",
    required: true,
    description: "Unix seconds, at most 7200 in the past and 300 in the future.",
    schema: { type: "string", pattern: "^\\d+$" },
  },
} as const;

/** What names one thing in a path. */
export const PATH_PARAMETERS: Readonly<Record<string, { readonly description: string }>> = {
  profile: { description: "A profile of the configuration." },
  upload_id: {
    description: "The upload ID of the ticket, which the signer itself wrote into `notification_url`.",
  },
};

const BROKEN = ["misconfigured", "internal"] as const;
const BODY = ["malformed_request", "body_too_large", "unsupported_media_type"] as const;
const CALLER = [
  ...["unauthenticated", "invalid_token", "expired_token", "origin_not_allowed", "profile_not_allowed"],
  ...[
    "unknown_profile",
    "rate_limited",
    "keys_unavailable",
    "limiter_unavailable",
    "application_unavailable",
  ],
] as const satisfies readonly ProblemCode[];

const params = (description: string): Schema => ({
  type: "object",
  description,
  additionalProperties: true,
  maxProperties: 100,
});
/** A body of these members alone. */
const members = (title: string, properties: Schema, required: readonly string[] = []): Schema => ({
  title,
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

const DROP_IN: Schema = params(
  "The parameters that a component chose, with its `timestamp` in Unix seconds.",
);
/** Bodies that several operations take. */
export const BODIES: Readonly<Record<string, Schema>> = {
  SignRequest: {
    description: `At most ${MAX_BODY_BYTES} bytes of JSON, whatever the Content-Type says; nothing means {}. Other members are refused.`,
    oneOf: [
      members("For tickets", {
        params: params(
          "Parameters by Cloudinary's names, as far as the profile accepts them: texts, numbers, booleans, lists, or objects of them. What is null, empty or an empty list counts as not sent.",
        ),
        files: {
          type: "array",
          description: "The files that are to be uploaded: a ticket is answered for each, in order.",
          items: ref("DeclaredFile"),
          minItems: 1,
          maxItems: MAX_FILES,
        },
      }),
      members("For a component that chooses the parameters", { paramsToSign: DROP_IN }, ["paramsToSign"]),
      members("The same, as Cloudinary's own starters spell it", { params_to_sign: DROP_IN }, [
        "params_to_sign",
      ]),
      members(
        "To renew a ticket whose profile has a `ttl` over an hour",
        {
          renew: { type: "string", description: "The upload ID of the ticket." },
          fields: {
            type: "object",
            description: "The fields of the ticket, as they were answered.",
            additionalProperties: { type: "string" },
          },
        },
        ["renew", "fields"],
      ),
    ],
  },
};

const sign = {
  summary: "Sign an upload",
  description:
    "Answers a ticket: the address to POST the file to, and every field of the form beside it. What a client may send is told by `GET` on the same address.",
  tag: "Sign",
  security: ["", "bearer", "session", "turnstile", "link"],
  parameters: ["origin", "format", "file"],
  body: ref("SignRequest"),
  answers: {
    200: {
      description: "A ticket, one for each of `files`, or a signature alone over `paramsToSign`.",
      schema: { anyOf: [ref("Ticket"), ref("Tickets"), ref("DropInAnswer")] },
      asCommand: "With `format=curl`: the ticket as one command for a POSIX shell.",
    },
  },
  codes: [...BODY, ...CALLER, "params_refused", "file_refused", "upload_id_refused", ...BROKEN],
} as const satisfies Omit<Operation, "id">;

const describe = {
  summary: "What a profile takes",
  description:
    "What a client may know before it asks: no set values, no prefixes, no names of folders. Asks for no credential.",
  tag: "Sign",
  security: [""],
  parameters: ["origin"],
  answers: { 200: { description: "The profile, described.", schema: ref("Description") } },
  codes: ["malformed_request", "origin_not_allowed", "unknown_profile", ...BROKEN],
} as const satisfies Omit<Operation, "id">;

const notify = {
  summary: "Take a notification of Cloudinary's",
  tag: "Notifications",
  security: [""],
  parameters: ["signature", "timestamp"],
  body: {
    type: "object",
    description: `What Cloudinary sends, at most ${MAX_NOTIFICATION_BYTES} bytes of it: the signature is over these very bytes.`,
  },
  answers: {
    200: {
      description: "It was handed on, or judged where nobody is to hear of it.",
      schema: ref("Received"),
    },
  },
  codes: [
    ...BODY,
    ...["invalid_notification", "origin_not_allowed", "keys_unavailable", "application_unavailable"],
    ...BROKEN,
  ] as readonly ProblemCode[],
} as const satisfies Omit<Operation, "id" | "description">;

/** One row for each operation of the route table. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET /sign": { ...describe, id: "describeDefault", summary: "What the profile `default` takes" },
  "POST /sign": { ...sign, id: "signDefault", summary: "Sign an upload by the profile `default`" },
  "GET /sign/{profile}": { ...describe, id: "describe" },
  "POST /sign/{profile}": { ...sign, id: "sign" },
  "POST /confirm/{profile}": {
    id: "confirm",
    summary: "Confirm what arrived",
    description:
      "Asks Cloudinary what it holds, deletes what breaks the profile's `file`, tells the application, and answers a receipt. The same call may be repeated.",
    tag: "Confirm",
    security: ["", "bearer", "session", "turnstile"],
    parameters: ["origin"],
    body: members(
      "A confirmation",
      {
        upload_id: { type: "string", description: "That of the ticket." },
        response: {
          type: "object",
          description:
            "Cloudinary's answer to the upload, as it came: these five members are read, and all others may be left out.",
          properties: {
            public_id: { type: "string" },
            version: {
              anyOf: [
                { type: "integer", minimum: 1 },
                { type: "string", pattern: "^\\d{1,15}$" },
              ],
            },
            signature: { type: "string" },
            resource_type: { enum: ["image", "video", "raw"] },
            type: { type: "string" },
          },
          required: ["public_id", "version", "signature", "resource_type", "type"],
        },
      },
      ["upload_id", "response"],
    ),
    answers: {
      200: { description: "The asset as Cloudinary holds it, and its receipt.", schema: ref("Confirmation") },
    },
    codes: [
      ...[...BODY, ...CALLER],
      ...(["file_refused", "upload_id_refused", "not_stored", "cloudinary_unavailable"] as const),
      ...BROKEN,
    ],
  },
  "POST /links/{profile}": {
    id: "makeLink",
    summary: "Make an address that needs no header",
    description:
      "For components that can send no header: good for at most 300 s, for this caller, profile and page. Not for callers who are no one in particular.",
    tag: "Sign",
    security: ["bearer", "session"],
    parameters: ["origin"],
    body: members("Nothing", {}),
    answers: { 200: { description: "The address.", schema: ref("Link") } },
    codes: [...BODY, ...CALLER, ...BROKEN],
  },
  "POST /notifications": {
    ...notify,
    id: "notify",
    description:
      "For a notification URL of the whole account. It names no upload, so nothing is judged by it.",
  },
  "POST /notifications/{upload_id}": {
    ...notify,
    codes: [...notify.codes, "cloudinary_unavailable"],
    id: "notifyUpload",
    description:
      "For profiles with `notify: true`, whose tickets hold this address: the upload is judged by the profile's `file`.",
  },
  "GET /.well-known/jwks.json": {
    id: "keys",
    summary: "The keys that receipts are verified with",
    description: "For any JWT library; none where the configuration has no `publicUrl`.",
    tag: "Confirm",
    security: [""],
    parameters: ["origin"],
    answers: {
      200: {
        description:
          "A key set (RFC 7517). It may not be kept where that of a second key pair can't be had at the moment.",
        schema: ref("KeySet"),
        mediaType: "application/jwk-set+json",
        cacheControl: ["public, max-age=300", "no-store"],
      },
    },
    codes: ["keys_unavailable", ...BROKEN],
  },
  "GET /health": {
    id: "health",
    summary: "Whether the signer can sign",
    description: "For monitors, which look at the status. Tells no values, and no names of profiles.",
    tag: "Operate",
    security: [""],
    parameters: ["origin"],
    answers: {
      200: { description: "It can.", schema: ref("Health") },
      503: { description: "Something is misconfigured, or a secret can't be had.", schema: ref("Health") },
    },
    codes: ["internal"],
  },
};
