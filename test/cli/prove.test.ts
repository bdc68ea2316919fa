// A mistake is proven with the secret: of Cloudinary's message alone, where the signed text can be worked out of it.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prove } from "../../src/cli/prove.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { evidenceOf, send } from "../explain/asking.ts";
import { MISTAKES, RIGHT, sha256, UNDER_THE_SECRET } from "../explain/mistakes.ts";
import { API_SECRET, OPTIONS } from "../support/account.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
});
afterAll(() => emulator.close());

/** What is signed of these can't be known from what was sent. */
const UNKNOWN = new Set([
  ...["signed_not_sent", "changed_after_signing", "sent_twice", "unknown_field", "mixed_tickets"],
  ...["secret_sent", "signature_not_text", "wrong_cloud", "another_method"],
]);
const NOT_IN_THE_MESSAGE = new Set([
  "the file",
  "an object for context",
  "a signature that was cut",
  "what is sent",
  "by URLSearchParams",
]);

describe("by the message alone", () => {
  const known = MISTAKES.filter(([cause, what]) => !UNKNOWN.has(cause) && !NOT_IN_THE_MESSAGE.has(what));
  it.each(known)("%s: %s", async (cause, _, make) => {
    const { message } = await send(make(), emulator);
    if (!message?.startsWith("Invalid Signature")) return;
    const proof = prove({ message }, OPTIONS);
    if (/^(base64|upper_case)_signature|other_hash$/.test(cause))
      expect(proof).toEqual({ proven: true, mistakes: [] });
    else expect(proof?.proven && proof.mistakes.map(({ code }) => code)).toContain(cause);
  });
});

describe("where both strings are the same", () => {
  it.each(UNDER_THE_SECRET)("%s: %s", async (cause, _, make) => {
    const request = make();
    const proof = prove(evidenceOf(request, await send(request, emulator)), OPTIONS);
    if (cause === "secret_or_key") expect(proof).toEqual({ proven: false });
    else expect(proof?.proven && proof.mistakes.map(({ code }) => code)).toEqual([cause]);
  });
});

it("a form by itself is enough", () => {
  const timestamp = "1765108774";
  const text = `timestamp=${timestamp}&folder=a`;
  const fields = Object.entries({
    timestamp,
    folder: "a",
    api_key: "1",
    signature: sha256(text + API_SECRET),
  });
  expect(prove({ sent: { fields } }, OPTIONS)).toEqual({
    proven: true,
    mistakes: [{ code: "sorted_otherwise" }],
  });
});

it.each(Object.entries(RIGHT))("a right signature is right: %s", (_, make) => {
  const { text, signature, fields } = make();
  expect(prove({ sent: { fields }, signed: { text, signature } }, OPTIONS)).toEqual({
    proven: true,
    mistakes: [],
  });
});

it("nothing to try is said as nothing", () => {
  expect(prove({ message: "Stale request" }, OPTIONS)).toBeUndefined();
  expect(
    prove({ message: "Invalid Signature undefined. String to sign - 'timestamp=1'." }, OPTIONS),
  ).toBeUndefined();
});
