// docs/rotation.md: its commands for the emulator, as a shell runs them, its snippet, and what it says of two secrets of `jwt`.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSigner } from "../src/hono.ts";
import { MAX_TTL, SIGNATURE_LIFE } from "../src/policy/profile.ts";
import { type Emulator, startEmulator } from "../src/testing/emulator/emulator.ts";
import { PROJECT } from "../src/testing/local-worker.ts";
import { CONFIRMABLE } from "../src/tickets/upload-id.ts";
import { AUDIENCE, ISSUER } from "./access/identity.ts";
import { ACCOUNT, OPTIONS } from "./support/account.ts";
import { definitionOf, readBindings } from "./support/definition.ts";
import { HAS_CURL } from "./support/programs.ts";

/** The account of `npm start`, as docs/access.md has it too. */
const DEMO = {
  cloudName: "demo",
  apiKey: "874837483274837",
  apiSecret: "demo-Secret_that-opens-nothing",
};

const TEXT = await readFile(join(PROJECT, "docs/rotation.md"), "utf8");
const blocks = (language: string): string[] =>
  [...TEXT.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator(DEMO);
});
afterAll(() => emulator.close());

it.runIf(HAS_CURL)("the emulator's key pairs are added and disabled by its lines", async () => {
  const script = blocks("sh").find((text) => text.includes("/_keys"))!;
  const here = script.replaceAll("http://localhost:8788", emulator.url);
  await promisify(execFile)("sh", ["-ec", here]);
  expect(emulator.keys.list()).toEqual([
    { apiKey: DEMO.apiKey, active: false, requests: 0 },
    { apiKey: "135792468013579", active: true, requests: 0 },
  ]);
});

it("its line for an app is taken", () => {
  const [line = ""] = blocks("ts");
  const { cloudName, apiKey, apiSecret } = OPTIONS;
  const definition = definitionOf({ publicUrl: "https://uploads.example.com" });
  const given = { createSigner, definition, cloudName, apiKey, apiSecret };
  const process = { env: { CLOUDINARY_URL_PREVIOUS: `cloudinary://1:another-secret@${cloudName}` } };
  const names = [...Object.keys(given), "process"];
  expect(() => new Function(...names, `return ${line}`)(...Object.values(given), process)).not.toThrow();
});

it("how long an upload ID counts: by the default ttl, and at most", () => {
  const [usual, most] = [SIGNATURE_LIFE, MAX_TTL].map((ttl) => (ttl + CONFIRMABLE) / 3600);
  const flat = TEXT.replaceAll(/\s+/g, " ");
  expect(flat).toContain(`(${usual} hours where no \`ttl\` is written, and ${most} at most)`);
  expect(flat).toContain(`the profile's \`ttl\` and ${CONFIRMABLE / 3600} hours, ${most} at most`);
});

it.each([
  ["without {access} beside a claim", "users/{sub}", AUDIENCE, false],
  ["with it", "users/{access}/{sub}", "other", true],
  ["with one audience", "users/{access}/{sub}", AUDIENCE, false],
])("two secrets of jwt, %s", (_, folder, audience, isTaken) => {
  const method = { type: "jwt", issuer: ISSUER, audience: AUDIENCE };
  const read = readBindings({
    ...ACCOUNT,
    ONE: "1".repeat(40),
    TWO: "2".repeat(40),
    SIGNER: {
      access: { one: { ...method, secret: "ONE" }, two: { ...method, audience, secret: "TWO" } },
      profiles: { default: { access: ["one", "two"], set: { folder } } },
    },
  });
  expect(read.ok).toBe(isTaken);
});
