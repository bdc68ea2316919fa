// What `/health` says of the policy: one hash for one policy, however it was written, and another for any other.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { ACCOUNT, unseen } from "../support/account.ts";
import type { Plain } from "../support/definition.ts";
import { readBindings } from "../support/definition.ts";

const SIGNER: Plain = {
  signatureAlgorithm: "sha256",
  allowedOrigins: ["https://a.example", "https://b.example"],
  access: {
    members: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "a" },
    site: { type: "origin" },
  },
  profiles: {
    default: { access: ["site"], accept: { context: { keys: ["alt", "caption"], maxLength: 200 } } },
    members: { access: ["members"], set: { folder: "users/{sub}", tags: ["u-{sub}"] }, ttl: 300 },
  },
};

async function hashOf(settings: unknown, bindings: object = {}): Promise<string> {
  const secrets = { JWT_SECRET: "x".repeat(32), ASSETS: { fetch } };
  const read = readBindings({ ...ACCOUNT, ...secrets, ...bindings, SIGNER: settings });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const answer = await createApp(read, { log: unseen }).request("/health");
  const { policy } = (await answer.json()) as { policy: string };
  expect(policy).toMatch(/^[0-9a-f]{64}$/);
  return policy;
}

/** The same settings, every table written backwards. */
function backwards(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, backwards(member)]),
  );
}

describe("the hash of the policy", () => {
  it("is SHA-256 of the settings as JSON, names in order and defaults written out", async () => {
    const text = '{"access":{},"allowedOrigins":[],"page":false,"profiles":{},"signatureAlgorithm":"sha256"}';
    expect(await hashOf({})).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it.each<[string, unknown, object?]>([
    ["asked again", SIGNER],
    ["written backwards", backwards(SIGNER)],
    ["with a default left out", { ...SIGNER, signatureAlgorithm: undefined }],
    ["with another secret of a way in", SIGNER, { JWT_SECRET: "y".repeat(40) }],
    ["with another API secret", SIGNER, { CLOUDINARY_API_SECRET: "Another_Secret-of-this-test4" }],
    ["in another account", SIGNER, { CLOUDINARY_CLOUD_NAME: "other" }],
    ["with a limiter", SIGNER, { LIMIT_BY_IP: { limit: async () => ({ success: true }) } }],
  ])("is the same %s", async (_, settings, bindings) => {
    expect(await hashOf(settings, bindings)).toBe(await hashOf(SIGNER));
  });

  const { default: open, members } = SIGNER.profiles!;
  it.each<[string, Plain]>([
    ["algorithm", { ...SIGNER, signatureAlgorithm: "sha1" }],
    ["allowed origin", { ...SIGNER, allowedOrigins: ["https://a.example", "https://c.example"] }],
    ["page of its own", { ...SIGNER, page: true }],
    ["profile more", { ...SIGNER, profiles: { ...SIGNER.profiles, more: { access: ["public"] } } }],
    ["profile less", { ...SIGNER, profiles: { default: open! } }],
    ["life", { ...SIGNER, profiles: { ...SIGNER.profiles, members: { ...members!, ttl: 301 } } }],
    [
      "limit",
      {
        ...SIGNER,
        profiles: { ...SIGNER.profiles, default: { ...open!, accept: { context: { keys: ["alt"] } } } },
      },
    ],
    [
      "value",
      {
        ...SIGNER,
        profiles: { ...SIGNER.profiles, members: { ...members!, set: { folder: "people/{sub}" } } },
      },
    ],
    [
      "audience",
      {
        ...SIGNER,
        access: {
          ...SIGNER.access,
          members: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "b" },
        },
      },
    ],
  ])("is another for another %s", async (_, settings) => {
    expect(await hashOf(settings)).not.toBe(await hashOf(SIGNER));
  });
});
