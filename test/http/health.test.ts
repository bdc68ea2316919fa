// What `/health` says of the policy: one hash for one policy, however it was written, and another for any other. And of
// secrets that can't be had, without asking their stores for every stranger.

import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { hanging } from "../access/hanging.ts";
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
    ["with another secret of an access method", SIGNER, { JWT_SECRET: "y".repeat(40) }],
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

describe("secrets in stores", () => {
  const READ = {
    access: {
      members: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "a" },
      others: { type: "jwt", secret: "JWT_SECRET", issuer: "i", audience: "b" },
    },
    profiles: { default: { access: ["members", "others"], set: { folder: "users/{sub}" } } },
  };
  const GOOD: Readonly<Record<string, string>> = {
    CLOUDINARY_API_SECRET: "The_Secret-of-this-test-42",
    JWT_SECRET: "x".repeat(32),
  };

  afterEach(() => {
    vi.useRealTimers();
  });

  function start(answers: Readonly<Record<string, () => unknown>>) {
    const asked: Record<string, number> = {};
    const stores = Object.fromEntries(
      Object.keys(GOOD).map((name) => [
        name,
        {
          get: async () => {
            asked[name] = (asked[name] ?? 0) + 1;
            return (answers[name] ?? (() => GOOD[name]))();
          },
        },
      ]),
    );
    const clock = { now: 1_795_468_800 };
    const logs: string[] = [];
    const app = createApp(readBindings({ ...ACCOUNT, SIGNER: READ, ...stores }), {
      log: (line) => void logs.push(unseen(line)),
      now: () => clock.now,
    });
    const health = async () => {
      const answer = await app.request("/health");
      const text = unseen(await answer.text());
      for (const value of Object.values(GOOD)) expect(text).not.toContain(value);
      return { status: answer.status, body: JSON.parse(text) };
    };
    return { asked, clock, logs, health };
  }

  it("that can be read: ok, and they are kept", async () => {
    const { asked, health } = start({});
    for (let i = 0; i < 3; i += 1)
      expect(await health()).toMatchObject({ status: 200, body: { status: "ok", profiles: 1, faults: [] } });
    // Two methods name the one.
    expect(asked).toEqual({ CLOUDINARY_API_SECRET: 1, JWT_SECRET: 2 });
  });

  const FAULTS: [name: string, answer: () => unknown, words: string][] = [
    [
      "throws",
      () => Promise.reject(new Error(`down ${GOOD.JWT_SECRET}`)),
      "look at its store: it could not be read",
    ],
    ["hangs", () => new Promise(() => {}), "look at its store: it could not be read"],
    ["answers no text", () => 7, "is not a string"],
    ["answers an unfit text", () => "'short", ""],
    ["answers an empty text", () => "", ""],
  ];

  describe.each(FAULTS)("of which one %s: 503 and its name", (_, answer, words) => {
    it.each(Object.keys(GOOD))("%s", async (name) => {
      const { asked, clock, logs, health } = start({ [name]: answer });
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      const { status, body } = await hanging(health());
      expect([status, body.status, body.profiles]).toEqual([503, "misconfigured", 1]);
      expect(body.policy).toMatch(/^[0-9a-f]{64}$/);
      expect(body.faults.map(({ binding }: { binding: string }) => binding)).toEqual([name]);
      expect(Object.keys(body.faults[0])).toEqual(["binding", "problem"]);
      expect(body.faults[0].problem).toContain(words);
      expect(JSON.parse(logs[0]!)).toMatchObject({ route: "/health", status: 503, code: "misconfigured" });
      expect(JSON.parse(logs[0]!).detail).toContain(name);
      // Strangers who ask for it ask no store.
      const times = { ...asked };
      const storm = await Promise.all(Array.from({ length: 200 }, health));
      expect(new Set(storm.map((one) => one.status))).toEqual(new Set([503]));
      expect(asked).toEqual(times);
      // Several that want one which keeps silent ask once a second.
      expect(Math.max(...Object.values(times))).toBeLessThanOrEqual(6);
      clock.now += 11;
      expect((await hanging(health())).status).toBe(503);
    });
  });

  it("one that is too short: its binding once, and how to make another", async () => {
    const SHORT = {
      binding: "JWT_SECRET",
      problem: "make a longer one (`openssl rand -base64 32`): it has fewer than 32 bytes",
    };
    const { health } = start({ JWT_SECRET: () => "x".repeat(31) });
    expect((await health()).body.faults).toEqual([SHORT]);
    const texts = readBindings({ ...ACCOUNT, SIGNER: READ, ...GOOD, JWT_SECRET: "x".repeat(31) });
    const { faults } = await (await createApp(texts, { log: unseen }).request("/health")).json();
    expect(faults).toEqual([
      {
        binding: "JWT_SECRET",
        problem:
          "make a longer one (`openssl rand -base64 32`), then run `npx wrangler secret put JWT_SECRET` and paste the bare value (on this machine: a line JWT_SECRET=… in .dev.vars): it has fewer than 32 bytes",
      },
    ]);
  });

  it("is well again when they are", async () => {
    let answer: () => unknown = () => "'short";
    const { clock, health } = start({ CLOUDINARY_API_SECRET: () => answer() });
    expect((await health()).status).toBe(503);
    answer = () => GOOD.CLOUDINARY_API_SECRET;
    clock.now += 6;
    expect((await health()).body).toMatchObject({ status: "ok", faults: [] });
  });

  it("asked 200 times at once while a store hangs, it asks a few times and answers in time", async () => {
    let answer: () => unknown = () => GOOD.CLOUDINARY_API_SECRET;
    const { asked, clock, health } = start({ CLOUDINARY_API_SECRET: () => answer() });
    expect((await health()).status).toBe(200);
    answer = () => new Promise(() => {});
    clock.now += 300;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const before = performance.now();
    const answers = await hanging(Promise.all(Array.from({ length: 200 }, health)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(performance.now() - before).toBeLessThan(6500);
    expect(asked.CLOUDINARY_API_SECRET).toBeLessThanOrEqual(1 + 6);
  });
});
