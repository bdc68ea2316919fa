// R14: keys of our own are HKDF-SHA-256 of the secret, salted with the cloud name, one for each purpose. The
// judge is Node's own HKDF.

import { createHash, createHmac, hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/keys/secret.ts";
import { subjectHash } from "../../src/observe/event.ts";
import { bearer, signer } from "../access/signer.ts";
import { API_SECRET, CLOUD_NAME } from "../support/account.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

const expected = (purpose: string, cloud: string) =>
  createHmac(
    "sha256",
    Buffer.from(hkdfSync("sha256", API_SECRET, cloud, `cloudinary-edge-signer/${purpose}/v1`, 32)),
  )
    .update("a text")
    .digest("hex");

describe("derived keys", () => {
  const secret = new Secret(API_SECRET);
  const mac = async (purpose: "link" | "log", cloud: string) =>
    Buffer.from(
      await crypto.subtle.sign("HMAC", await secret.key(purpose, cloud), Buffer.from("a text")),
    ).toString("hex");

  it.each([
    ["link", CLOUD_NAME],
    ["log", CLOUD_NAME],
    ["link", "another-cloud"],
  ] as const)("%s of %s", async (purpose, cloud) => {
    expect(await mac(purpose, cloud)).toBe(expected(purpose, cloud));
    expect(await mac(purpose, cloud)).toBe(expected(purpose, cloud));
  });

  it("can be used and not read", async () => {
    const key = await secret.key("link", CLOUD_NAME);
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  });
});

it("the log's line of a caller is made with the key for the log", async () => {
  const { post, logs } = signer({
    access: { jobs: { type: "token", tokens: { ci: hash("a-token") } } },
    profiles: { default: { access: ["jobs"], set: { overwrite: false } } },
  });
  await post("/sign", bearer("a-token"));
  const key = Buffer.from(hkdfSync("sha256", API_SECRET, CLOUD_NAME, "cloudinary-edge-signer/log/v1", 32));
  const mac = createHmac("sha256", key).update("jobs\0ci").digest("hex");
  expect(JSON.parse(logs[0] ?? "{}").subject).toBe(mac.slice(0, 16));
});

it("a logged subject is an HMAC of access method and subject, whoever asked before", async () => {
  const hmacKey = (bytes: Uint8Array<ArrayBuffer>) =>
    crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const keys = new Map<number, Awaited<ReturnType<typeof hmacKey>>>();
  const callers = [
    ["members", "someone"],
    ["members", "another"],
    ["jobs", "someone"],
  ] as const;
  // Twice each, under two keys in turn: what is remembered is one caller's, under one key.
  for (const byte of [7, 8, 7, 8]) {
    const bytes = new Uint8Array(32).fill(byte);
    const key = keys.get(byte) ?? (await hmacKey(bytes));
    keys.set(byte, key);
    for (const [access, subject] of callers) {
      const mac = createHmac("sha256", bytes).update(`${access}\0${subject}`).digest("hex");
      expect(await subjectHash(key, access, subject)).toBe(mac.slice(0, 16));
    }
  }
});
