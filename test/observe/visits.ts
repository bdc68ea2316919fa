// What callers do with the configuration of docs/production.md: one kind of visit a row, how often it comes in a busy
// time, and the data points that it leaves. Runs in tests and in the command that draws the dashboard.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { signShared } from "../access/identity.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME } from "../bench/account.ts";
import { type Measured, startMeasured } from "./data-points.ts";

const JWT_SECRET = "a-shared-secret-of-more-than-32-bytes";
const ISSUER = "https://www.example.com/";
const PAGE = "https://www.example.com";
const PUBLIC_URL = "https://uploads.example.com";
const PICTURE = await readFile(join(PROJECT, "src/testing/sample.jpg"));
/** Over the 1 MB of both profiles. */
const LARGE = Buffer.concat([PICTURE, Buffer.alloc(1_000_000)]);

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = any;

/** The signer and Cloudinary. */
export interface Place extends Measured {
  readonly emulator: Emulator;
}

/** Starts both; `definition` is that of docs/production.md as JSON has it. */
export async function startPlace(build: string, definition: unknown, more: object = {}): Promise<Place> {
  const forward: Record<string, string> = {};
  const account = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET };
  const emulator = await startEmulator({ ...account, forward });
  const measured = await startMeasured(build, {
    ...{ ...ACCOUNT, CLOUDINARY_UPLOAD_PREFIX: emulator.url, JWT_SECRET, SIGNER: definition },
    ...more,
  });
  forward[PUBLIC_URL] = measured.url;
  const close = async () => void (await Promise.all([measured.close(), emulator.close()]));
  return { ...measured, emulator, close };
}

const post = async (place: Place, path: string, body: unknown, headers: Record<string, string> = {}) => {
  const init = { method: "POST", body: JSON.stringify(body), headers };
  return (await (await fetch(place.url + path, init)).json()) as Answer;
};
const member = async (sub = "42", claims = {}) => ({
  authorization: `Bearer ${await signShared({ iss: ISSUER, sub, ...claims }, JWT_SECRET)}`,
});
const page = { origin: PAGE };

/** Uploads under a ticket; done when Cloudinary has reported it, where it was to. */
async function send({ emulator }: Place, ticket: Answer, bytes: Buffer = PICTURE): Promise<object> {
  const form = new FormData();
  for (const [name, value] of Object.entries<string>(ticket.fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(bytes)]), "a.jpg");
  const response = (await (await fetch(ticket.url, { method: "POST", body: form })).json()) as Answer;
  await emulator.notified();
  const { public_id, version, signature, resource_type, type } = response;
  return { upload_id: ticket.upload_id, response: { public_id, version, signature, resource_type, type } };
}

/** A member's upload, confirmed by somebody. */
async function confirmed(place: Place, { by = "42", bytes = PICTURE } = {}): Promise<void> {
  const ticket = await post(place, "/sign/avatars", {}, await member());
  const sent = await send(place, ticket, bytes);
  await post(place, "/confirm/avatars", sent, await member(by));
}

async function feedback(place: Place, bytes = PICTURE): Promise<void> {
  await send(place, await post(place, "/sign/feedback", {}, page), bytes);
}

const status = (place: Place, path: string, init: RequestInit) =>
  fetch(place.url + path, init).then((answer) => answer.arrayBuffer());

/** A data point: profile, route, access method, verdict, status; code, reason, what became of the upload. */
export type Point = readonly [
  ...[profile: string, route: string, access: string, verdict: string, status: number],
  ...[code?: string, reason?: string, enforced?: string],
];

export interface Visit {
  readonly name: string;
  /** How many of 100 visits are such. */
  readonly share: number;
  run(place: Place): Promise<unknown>;
  readonly points: readonly Point[];
}

const SIGN = "/sign/{profile}";
const CONFIRM = "/confirm/{profile}";
const NOTIFIED = "/notifications/{upload_id}";
const SIGNED: Point = ["avatars", SIGN, "members", "signed", 200];
const FEEDBACK: Point = ["feedback", SIGN, "site", "signed", 200];
const confirm = (verdict: string, status: number, code = "", reason = ""): Point => [
  ...(["avatars", CONFIRM, "members", verdict, status] as const),
  code,
  reason,
];

export const VISITS: readonly Visit[] = [
  {
    name: "a ticket that nobody uses",
    share: 12,
    run: async (place) => post(place, "/sign/avatars", {}, await member()),
    points: [SIGNED],
  },
  {
    name: "an upload, confirmed",
    share: 30,
    run: (place) => confirmed(place),
    points: [SIGNED, confirm("confirmed", 200)],
  },
  {
    name: "an upload that is too large, deleted when it is confirmed",
    share: 5,
    run: (place) => confirmed(place, { bytes: LARGE }),
    points: [SIGNED, confirm("refused", 422, "file_refused")],
  },
  {
    name: "another's upload",
    share: 2,
    run: (place) => confirmed(place, { by: "43" }),
    points: [SIGNED, confirm("refused", 422, "upload_id_refused", "upload_id_caller")],
  },
  {
    name: "Cloudinary is down while an upload is confirmed",
    share: 2,
    run: async (place) => {
      const outage = place.emulator.fail({ method: "explicit", as: 503 });
      await confirmed(place);
      outage.end();
    },
    points: [SIGNED, confirm("failed", 503, "cloudinary_unavailable")],
  },
  {
    name: "a stranger's upload, reported by Cloudinary",
    share: 16,
    run: (place) => feedback(place),
    points: [FEEDBACK, ["feedback", NOTIFIED, "site", "taken", 200, "", "", "kept"]],
  },
  {
    name: "a stranger's upload that is too large",
    share: 3,
    run: (place) => feedback(place, LARGE),
    points: [FEEDBACK, ["feedback", NOTIFIED, "site", "taken", 200, "", "", "destroyed"]],
  },
  {
    name: "a token that is too old",
    share: 6,
    run: async (place) => post(place, "/sign/avatars", {}, await member("42", { exp: 1_700_000_000 })),
    points: [["avatars", SIGN, "members", "refused", 401, "expired_token", "expired"]],
  },
  {
    name: "no token",
    share: 4,
    run: (place) => post(place, "/sign/avatars", {}),
    points: [["avatars", SIGN, "", "refused", 401, "unauthenticated"]],
  },
  {
    name: "another issuer's token",
    share: 2,
    run: async (place) =>
      post(place, "/sign/avatars", {}, await member("42", { iss: "https://evil.example/" })),
    points: [["avatars", SIGN, "members", "refused", 401, "invalid_token", "iss_mismatch"]],
  },
  {
    name: "a folder of the client's choice",
    share: 4,
    run: async (place) => post(place, "/sign/avatars", { params: { folder: "x" } }, await member()),
    points: [["avatars", SIGN, "members", "refused", 422, "params_refused"]],
  },
  {
    name: "a file that is declared too large",
    share: 3,
    run: async (place) =>
      post(place, "/sign/avatars", { files: [{ name: "a.jpg", size: 9e6 }] }, await member()),
    points: [["avatars", SIGN, "members", "refused", 422, "file_refused"]],
  },
  {
    name: "another site's page",
    share: 4,
    run: (place) => post(place, "/sign/feedback", {}, { origin: "https://evil.example" }),
    points: [["", SIGN, "", "refused", 403, "origin_not_allowed", "unlisted_origin"]],
  },
  {
    name: "a profile that there is not",
    share: 2,
    run: (place) => post(place, "/sign/nope", {}),
    points: [["", SIGN, "", "refused", 404, "unknown_profile"]],
  },
  {
    name: "a notification that Cloudinary did not send",
    share: 1,
    run: (place) =>
      post(
        place,
        "/notifications",
        { notification_type: "upload" },
        {
          "x-cld-timestamp": String(Math.floor(Date.now() / 1000)),
          "x-cld-signature": "0".repeat(40),
        },
      ),
    points: [["", "/notifications", "", "refused", 401, "invalid_notification", "notification_signature"]],
  },
  {
    name: "a preflight and a question about a profile",
    share: 2,
    run: async (place) => {
      const headers = { ...page, "access-control-request-method": "POST" };
      await status(place, "/sign/feedback", { method: "OPTIONS", headers });
      await status(place, "/sign/feedback", { headers: page });
    },
    points: [
      ["", SIGN, "", "answered", 204],
      ["feedback", SIGN, "", "answered", 200],
    ],
  },
  {
    name: "an uptime check, and a scanner",
    share: 2,
    run: async (place) => {
      await status(place, "/health", {});
      await status(place, "/wp-login.php", {});
    },
    points: [
      ["", "/health", "", "answered", 200],
      ["", "(none)", "", "refused", 404, "not_found"],
    ],
  },
];
