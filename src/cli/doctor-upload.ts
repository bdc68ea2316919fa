// The doctor's upload with a ticket: a picture of one pixel, or of a format that the profile takes.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT } from "../testing/local-worker.ts";
import { askServer } from "./ask-server.ts";
import { couldNot, fine, found, type Outcome } from "./doctor-outcome.ts";
import { messageOf } from "./doctor-pair.ts";

/** What is needed of a ticket. */
export interface TicketParts {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
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

export async function uploadSample(
  { url, fields }: TicketParts,
  timeoutMs: number | undefined,
): Promise<readonly Outcome[]> {
  const allowed = fields.allowed_formats?.split(",");
  const sample = SAMPLES.find(
    ([formats]) => allowed === undefined || formats.some((one) => allowed.includes(one)),
  );
  if (sample === undefined || /\/video\/upload$/.test(url))
    return couldNot("there is no sample of what the profile takes: try `upload FILE` with a file of yours");
  const [[format], read] = sample;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([await read()]), `doctor.${format}`);
  const asked = await askServer(url, { method: "POST", body: form }, timeoutMs);
  const host = new URL(url).host;
  if (!asked.ok)
    return asked.error.hangs ? found(`${host} ${asked.error.why}`) : couldNot(`${host} ${asked.error.why}`);
  const { public_id } = asked.value.json ?? {};
  if (asked.value.status === 200 && typeof public_id === "string")
    return fine(`stored as ${public_id}, where it stays until you delete it`);
  const message = messageOf(asked.value) ?? `status ${asked.value.status}`;
  const fix = FIXES.find(([pattern]) => pattern.test(message))?.[1];
  return found(
    `${host} refused it: ${message}`,
    fix ?? "run `cloudinary-edge-signer explain` with these words",
  );
}
