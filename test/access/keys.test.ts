// R14: keys of our own are HKDF-SHA-256 of the secret, salted with the cloud name, one for each purpose. The
// judge is Node's own HKDF.

import { createHmac, hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { loggedSubject } from "../../src/log.ts";
import { Secret } from "../../src/secret.ts";
import { API_SECRET, CLOUD_NAME } from "../support/account.ts";

const expected = (purpose: string, cloud: string) =>
  Buffer.from(hkdfSync("sha256", API_SECRET, cloud, `cloudinary-edge-signer/${purpose}/v1`, 32)).toString(
    "hex",
  );

describe("derived keys", () => {
  const secret = new Secret(API_SECRET);
  const hex = async (purpose: "link" | "log", cloud: string) =>
    Buffer.from(await secret.key(purpose, cloud)).toString("hex");

  it.each([
    ["link", CLOUD_NAME],
    ["log", CLOUD_NAME],
    ["link", "another-cloud"],
  ] as const)("%s of %s", async (purpose, cloud) => {
    expect(await hex(purpose, cloud)).toBe(expected(purpose, cloud));
    expect(await hex(purpose, cloud)).toBe(expected(purpose, cloud));
  });
});

it("a logged subject is an HMAC of way in and subject", async () => {
  const key = new Uint8Array(32).fill(7);
  const mac = createHmac("sha256", key).update("members\0someone").digest("hex");
  expect(await loggedSubject(key, "members", "someone")).toBe(mac.slice(0, 16));
});
