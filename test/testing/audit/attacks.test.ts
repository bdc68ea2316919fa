// The table of attacks: each succeeds where everything is signed, and its proof takes nothing else for it.

import { v2 as cloudinary } from "cloudinary";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ATTACKS, type Attack } from "../../../src/testing/audit/attacks.ts";
import { audit } from "../../../src/testing/audit/audit.ts";
import { isProven } from "../../../src/testing/audit/proofs.ts";
import { API_SECRET } from "../../support/account.ts";
import { sdkSignature } from "../../support/sdk.ts";
import { type Server, startNaive } from "./naive.ts";

const account = { secret: API_SECRET, algorithm: "sha256" } as const;
const now = Math.floor(Date.now() / 1000);
const VICTIM = "audit-victim-0123456789ab";

const textOf = ({ ask }: Attack): string => JSON.stringify(ask(VICTIM, now));

const claim = (attack: Attack, signature: string, timestamp: number | undefined = now) => ({
  account,
  signature,
  victim: VICTIM,
  now,
  base: {},
  signed: { ...attack.ask(VICTIM, now), ...(attack.timestamp === "any" && { timestamp }) },
});

it("ids and titles are each attack's own, and there are forgeries of more than ten kinds", () => {
  expect(new Set(ATTACKS.map(({ id }) => id)).size).toBe(ATTACKS.length);
  expect(new Set(ATTACKS.map(({ title }) => title)).size).toBe(ATTACKS.length);
  expect(ATTACKS.filter(({ kind }) => kind === "forgery").length).toBeGreaterThan(10);
});

it("every attack names its victim and nobody else, but for the one that is about time", () => {
  for (const attack of ATTACKS.filter(({ timestamp }) => timestamp !== "own")) {
    const layers = textOf(attack).replace(/(?<=l_fetch:|"300)[\w+/-]+/, (text) =>
      Buffer.from(text, "base64url").toString(),
    );
    expect(layers, attack.id).toContain(VICTIM);
  }
});

describe.each([1, 2] as const)("the naive recipe with signature version %d", (version) => {
  let server: Server;
  beforeAll(async () => {
    server = await startNaive({ shape: "plain", version });
  });
  afterAll(() => server.close());

  const attacks = ATTACKS.filter(({ id }) => version === 1 || id !== "smuggled-parameter");
  it.each(attacks)("$id: $title", async (attack) => {
    const report = await audit({ url: server.url, shape: "plain", secret: API_SECRET, attacks: [attack] });
    expect(report).toMatchObject({ asked: true, forgeries: 1, findings: [{ verdict: "proven" }] });
  });
});

describe("a proof takes no other signature", () => {
  it.each(ATTACKS)("$id", (attack) => {
    const others = ATTACKS.filter((other) => textOf(other) !== textOf(attack));
    // The same request with another victim, another time, something more, or under another secret.
    const asked = claim(attack, "").signed;
    for (const signature of [
      sdkSignature({ timestamp: now }, API_SECRET, "sha256"),
      sdkSignature({ ...attack.ask("somebody-else", now), timestamp: now }, API_SECRET, "sha256"),
      sdkSignature({ ...asked, timestamp: now + 1 }, API_SECRET, "sha256"),
      sdkSignature({ ...asked, source: "uw" }, API_SECRET, "sha256"),
      sdkSignature(asked, "another-secret", "sha256"),
      sdkSignature(asked, API_SECRET, "sha1"),
      "0".repeat(64),
      ...others.map((other) => sdkSignature(claim(other, "").signed, API_SECRET, "sha256")),
    ]) {
      expect(isProven(attack.proof, claim(attack, signature))).toBe(false);
    }
  });

  it("the SDK's settings are as they were", () => {
    cloudinary.config({ api_secret: "mine", cloud_name: "mine" });
    const before = { ...cloudinary.config() };
    for (const attack of ATTACKS) isProven(attack.proof, claim(attack, "0".repeat(64)));
    expect(cloudinary.config()).toEqual(before);
    cloudinary.config(true);
  });
});
