// A signed upload, end to end: a ticket from the built Worker, an upload that the official SDK judges, the
// file read back; and every way in which the form can differ from what was signed.

import { readFile } from "node:fs/promises";
import http from "node:http";
import { join } from "node:path";
import { v2 as cloudinary } from "cloudinary";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import type { Ticket } from "../../src/tickets/ticket.ts";
import { API_SECRET, CLOUD_NAME, unseen } from "../support/account.ts";
import { sdkSignature } from "../support/sdk.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { post } from "../support/targets.ts";

const SAMPLE = join(PROJECT, "src/testing/sample.jpg");

let stack: Stack;
let sample: Buffer;

beforeAll(async () => {
  stack = await startStack({
    profiles: {
      default: {
        access: ["public"],
        set: { folder: "gallery", allowed_formats: ["jpg", "png"] },
        accept: { context: { keys: ["alt"] }, colors: {} },
      },
      widget: {
        access: ["public"],
        dropIn: true,
        set: { folder: "widget" },
        accept: { source: { enum: ["uw"] } },
      },
    },
  });
  sample = await readFile(SAMPLE);
});
afterAll(() => stack.close());

async function ticket(params: object = {}): Promise<Ticket> {
  const response = await fetch(`${stack.signer}/sign`, post({ params }));
  const text = unseen(await response.text());
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
}

async function upload(
  url: string,
  fields: Record<string, string>,
): Promise<{ status: number; body: Record<string, never> & { error?: { message: string } } }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(sample)], { type: "image/jpeg" }), "sample.jpg");
  const response = await fetch(url, { method: "POST", body: form });
  const text = unseen(await response.text());
  return { status: response.status, body: JSON.parse(text) };
}

it("a form of the ticket's fields uploads, and the file comes back byte for byte", async () => {
  const { url, fields } = await ticket({ context: { alt: "Salt & pepper = a|b" }, colors: true });
  const { status, body } = await upload(url, fields);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    public_id: `gallery/${fields.public_id}`,
    format: "jpg",
    width: 1200,
    height: 800,
    bytes: sample.length,
    context: { custom: { alt: "Salt & pepper = a|b" } },
  });
  const stored = await fetch(String(body.secure_url));
  expect(Buffer.from(await stored.arrayBuffer()).equals(sample)).toBe(true);
});

describe("a form that differs from what was signed is refused in Cloudinary's own words", () => {
  it.each([
    ["a field changed", { folder: "elsewhere" }],
    ["a boolean spelled otherwise", { overwrite: "0" }],
    ["a field added", { tags: "a" }],
    ["a timestamp changed", { timestamp: String(Math.floor(Date.now() / 1000) - 5) }],
    ["a field left out", { folder: undefined }],
    ["the signature cut", { signature: "0".repeat(64) }],
  ])("%s", async (_, changed) => {
    const { url, fields } = await ticket();
    const changedFields: Record<string, string> = {};
    for (const [name, value] of Object.entries({ ...fields, ...changed }))
      if (value !== undefined) changedFields[name] = value;
    const { signature, api_key, ...sent } = changedFields;
    const { status, body } = await upload(url, changedFields);
    expect(status).toBe(401);
    const message = body.error?.message ?? "";
    const parts = /^Invalid Signature ([0-9a-f]{64})\. String to sign - '([\s\S]*)'\.$/.exec(message);
    expect(parts, message).not.toBeNull();
    expect(parts?.[1]).toBe(signature);
    // The emulator's string to sign is the SDK's: it hashes to the signature that the SDK makes of what was sent.
    const { createHash } = await import("node:crypto");
    const hashed = createHash("sha256").update(`${parts?.[2]}${API_SECRET}`).digest("hex");
    expect(hashed).toBe(sdkSignature(sent, API_SECRET, "sha256"));
    // And the form as it was signed is taken.
    expect((await upload(url, fields)).status).toBe(200);
  });
});

it("one name: the second upload under a ticket finds the first, and overwrites nothing", async () => {
  const { url, fields } = await ticket();
  const first = await upload(url, fields);
  const second = await upload(url, fields);
  expect(first.body).not.toHaveProperty("existing");
  expect(second.body).toMatchObject({ existing: true, public_id: first.body.public_id });
});

it("the official SDK uploads with a ticket's fields", async () => {
  const { fields } = await ticket({ context: { alt: "by the SDK" } });
  // The SDK picks http or https when it is loaded; an agent says which.
  const options = {
    ...fields,
    cloud_name: CLOUD_NAME,
    upload_prefix: stack.emulator.url,
    agent: new http.Agent(),
  };
  const answer = await cloudinary.uploader.upload(SAMPLE, options as object);
  expect(answer).toMatchObject({
    public_id: `gallery/${fields.public_id}`,
    bytes: sample.length,
    width: 1200,
  });
  expect(stack.emulator.uploads().at(-1)?.fields.signature).toBe(fields.signature);
});

it("what a component chose is signed as it stands, and uploads", async () => {
  const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), folder: "widget", source: "uw" };
  const response = await fetch(`${stack.signer}/sign/widget`, post({ paramsToSign }));
  const { signature, api_key } = (await response.json()) as Ticket;
  const fields = { ...paramsToSign, timestamp: String(paramsToSign.timestamp), signature, api_key };
  const { status, body } = await upload(`${stack.emulator.url}/v1_1/${CLOUD_NAME}/auto/upload`, fields);
  expect(status, JSON.stringify(body)).toBe(200);
});
