// The doctor's upload with a ticket: a picture of one pixel, or of a format that the profile takes.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../testing/local-worker.ts";
import { askServer } from "./ask-server.ts";
import { type Check, couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import { messageOf } from "./doctor-pair.ts";

/** What is needed of a ticket. */
export interface TicketParts {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Where the profile has `file`, or a long `ttl`. */
  readonly upload_id?: unknown;
}

/** What Cloudinary answered to the upload; absent where nothing was stored. */
interface Sent {
  readonly outcomes: readonly Outcome[];
  readonly response?: Readonly<Record<string, unknown>>;
}

/** One pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Samples by their formats, the smallest first. */
const SAMPLES: readonly (readonly [
  formats: readonly string[],
  read: () => Promise<Uint8Array<ArrayBuffer>>,
])[] = [
  [["png"], async () => new Uint8Array(PNG)],
  [["jpg", "jpeg"], async () => new Uint8Array(await readFile(join(PROJECT, "src/testing/sample.jpg")))],
];

/** What Cloudinary's refusals of an upload mostly mean. */
const FIXES: readonly (readonly [RegExp, string])[] = [
  [
    /^invalid signature/i,
    "the signer's API secret does not belong to its API key: run doctor beside its wrangler.toml with the same account",
  ],
  [
    /^unknown api.key/i,
    "cloud name and API key of the signer belong to two accounts: set CLOUDINARY_URL anew",
  ],
  [/^stale request/i, "the clock of the signer's machine is slow: set it"],
];

async function uploadSample({ url, fields }: TicketParts, timeoutMs: number | undefined): Promise<Sent> {
  const allowed = fields.allowed_formats?.split(",");
  const sample = SAMPLES.find(
    ([formats]) => allowed === undefined || formats.some((one) => allowed.includes(one)),
  );
  if (sample === undefined || /\/video\/upload$/.test(url))
    return {
      outcomes: couldNot(
        "there is no sample of what the profile takes: try `upload FILE` with a file of yours",
      ),
    };
  const [[format], read] = sample;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([await read()]), `doctor.${format}`);
  const asked = await askServer(url, { method: "POST", body: form }, timeoutMs);
  const host = new URL(url).host;
  if (!asked.ok) return { outcomes: (asked.error.hangs ? found : couldNot)(`${host} ${asked.error.why}`) };
  const response = asked.value.json ?? {};
  const { public_id } = response;
  if (asked.value.status === 200 && typeof public_id === "string")
    return { outcomes: fine(`stored as ${public_id}, where it stays until you delete it`), response };
  const message = messageOf(asked.value) ?? `status ${asked.value.status}`;
  const fix = FIXES.find(([pattern]) => pattern.test(message))?.[1];
  const advice = fix ?? "run `cloudinary-edge-signer explain` with these words";
  return { outcomes: found(`${host} refused it: ${message}`, advice) };
}

/** How long a signer may take to confirm: it asks Cloudinary and the application, each in time. */
const CONFIRM_TIMEOUT_MS = 60_000;

/** Has the signer confirm what was stored, as the client does after each upload. */
async function confirmSample(
  address: string,
  headers: Readonly<Record<string, string>>,
  { upload_id }: TicketParts,
  response: Readonly<Record<string, unknown>>,
): Promise<readonly Outcome[]> {
  const { public_id, version, signature, resource_type, type } = response;
  const body = JSON.stringify({
    upload_id,
    response: { public_id, version, signature, resource_type, type },
  });
  const asked = await askServer(address, { method: "POST", headers, body }, CONFIRM_TIMEOUT_MS);
  if (!asked.ok) return found(`the signer ${asked.error.why}`);
  const { code, detail, receipt } = asked.value.json ?? {};
  if (asked.value.status === 200 && typeof receipt === "string")
    return fine("Cloudinary holds it, the application took it where it listens, and there is a receipt");
  return found(`${code ?? `status ${asked.value.status}`}: ${detail ?? "not the answer of a signer"}`);
}

/** Where the signer is asked, and with what. */
interface Asking {
  readonly address: string;
  readonly confirmAt: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number | undefined;
}

/** The rows of an upload with the ticket that there is by then, and of what the signer confirms of it. */
export function uploadChecks(ticketOf: () => TicketParts | undefined, asking: Asking): readonly Check[] {
  const { address, confirmAt, headers, timeoutMs } = asking;
  let response: Sent["response"];
  async function upload(): Promise<readonly Outcome[]> {
    const ticket = ticketOf();
    if (ticket === undefined) return couldNot("there is no ticket");
    const sent = await uploadSample(ticket, timeoutMs);
    response = sent.response;
    return sent.outcomes;
  }
  async function confirmation(): Promise<readonly Outcome[]> {
    const ticket = ticketOf();
    if (ticket === undefined || response === undefined) return couldNot("nothing was stored");
    const described = await askServer(address, { headers }, timeoutMs);
    const hasFile = described.ok && described.value.json?.file !== undefined;
    if (!hasFile) return fine("the profile has no `file`, so nothing is confirmed");
    return confirmSample(confirmAt, headers, ticket, response);
  }
  return [
    { name: "upload", run: upload },
    { name: "confirmation", run: confirmation },
  ];
}
