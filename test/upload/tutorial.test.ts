// Cloudinary's own guide, step by step: the texts, parameters, digest and command stand here as they stand there, and
// each is done with this package too. The guide's file has an address of nobody's; it is served by this machine.
// Sources: https://cloudinary.com/documentation/authentication_signatures (secret, parameters, digest) and
// https://cloudinary.com/documentation/generate_upload_signature_tutorial (the command).

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { signUpload, stringToSign } from "../../src/library/library.ts";
import { startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { readBindings } from "../support/definition.ts";
import { HAS_CURL } from "../support/programs.ts";
import { post } from "../support/targets.ts";

const run = promisify(execFile);

/** "If your API secret is abcd, your API key is 1234, the Unix time now is 1315060510". */
const GUIDE = { apiSecret: "abcd", apiKey: "1234", now: 1_315_060_510 };
const PARAMS = { eager: "w_400,h_300,c_pad|w_260,h_200,c_crop", public_id: "sample_image" };
const TO_SIGN = "eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp=1315060510";
const SIGNATURE = "bfd09f95f331f558cbd1320e67aa8d488770583e";
const FILE = "https://www.example.com/sample.jpg";
/** The tutorial's command, with its places for values; its account's address is left out of the stored text. */
const COMMAND =
  'curl -d "file={file}&api_key={api_key}&eager=w_400,h_300,c_pad|w_260,h_200,c_crop&public_id=sample_image&timestamp={timestamp}&signature={signature}" -X POST {url}';

const TOKEN = "a-token-of-the-back-end-that-asks";
const account = { cloudName: "demo", apiKey: GUIDE.apiKey, apiSecret: GUIDE.apiSecret };

const picture = await readFile(join(PROJECT, "src/testing/sample.jpg"));
const site = createServer((_, response) => response.end(picture)).listen(0, "127.0.0.1");
await once(site, "listening");
/** Where the guide's file is on this machine. */
const served = `http://127.0.0.1:${(site.address() as AddressInfo).port}/sample.jpg`;

const clock = { now: GUIDE.now };
const emulator = await startEmulator({ ...account, now: () => clock.now * 1000 });
afterAll(async () => {
  site.close();
  await emulator.close();
});

/** A signer whose profile sets what the guide signs: one name for all, and with it the risks that the check tells of. */
const allow = ["destroy", "explicit", "download"].map((method) => `${method}-by-public-id`);
const signer = createApp(
  readBindings({
    CLOUDINARY_URL: `cloudinary://${account.apiKey}:${account.apiSecret}@${account.cloudName}`,
    CLOUDINARY_UPLOAD_PREFIX: emulator.url,
    SIGNER: {
      signatureAlgorithm: "sha1",
      access: { jobs: { type: "token", tokens: { ci: createHash("sha256").update(TOKEN).digest("hex") } } },
      profiles: { default: { access: ["jobs"], resourceType: "image", set: PARAMS, allow } },
    },
  }),
  { now: () => clock.now, log: () => {} },
);

async function commandFor(file: string): Promise<string> {
  const init = post({});
  const headers = { ...init.headers, authorization: `Bearer ${TOKEN}` };
  const query = new URLSearchParams({ format: "curl", file });
  const answer = await signer.request(`/sign?${query}`, { ...init, headers });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return text;
}

const uploadBy = async (command: string): Promise<unknown> =>
  JSON.parse((await run("sh", ["-c", command])).stdout);

it.skipIf(!HAS_CURL)("Cloudinary's guide: generating authentication signatures", async () => {
  // 1. "Create a string with the parameters used in the POST request": sorted, joined with & and =.
  expect(stringToSign({ timestamp: GUIDE.now, ...PARAMS })).toBe(TO_SIGN);

  // 2. "Append your API secret to the end of the string", and 3. "create a hexadecimal message digest".
  const ticket = await signUpload(PARAMS, {
    ...account,
    signatureAlgorithm: "sha1",
    timestamp: GUIDE.now,
    uploadPrefix: emulator.url,
  });
  expect(ticket.signature).toBe(SIGNATURE);
  expect(createHash("sha1").update(`${TO_SIGN}abcd`).digest("hex")).toBe(SIGNATURE);

  // 4. The final parameters of the request: those of the guide, and no others.
  expect(ticket.fields).toEqual({
    timestamp: "1315060510",
    public_id: "sample_image",
    api_key: "1234",
    eager: "w_400,h_300,c_pad|w_260,h_200,c_crop",
    signature: SIGNATURE,
  });

  // 5. "Build a cURL command to call the upload API directly", and 6. "run the cURL command from the terminal".
  const values: Record<string, string> = { ...ticket.fields, file: served, url: ticket.url };
  const theirs = COMMAND.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name]!);
  const stored = { public_id: "sample_image", format: "jpg", bytes: picture.length };
  expect(await uploadBy(theirs)).toMatchObject(stored);

  // The same by the signer: a profile's ticket has the guide's digest, and its command uploads the guide's file.
  const ours = await commandFor(FILE);
  for (const [name, value] of Object.entries({ ...ticket.fields, file: FILE }))
    expect(ours).toContain(`--form-string '${name}=${value}'`);
  expect(await uploadBy(await commandFor(served))).toMatchObject(stored);
  expect(emulator.uploads()).toMatchObject([{ public_id: "sample_image", fields: ticket.fields }]);

  // "Signatures are valid for one hour": not a second longer, and a fresh one is.
  clock.now += 3601;
  expect(await uploadBy(theirs)).toMatchObject({
    error: { message: expect.stringMatching(/^Stale request/) },
  });
  expect(await uploadBy(await commandFor(served))).toMatchObject(stored);
});
