// Claims that fill templates (R10): as they are, hashed, or not at all.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fillFor } from "../../../src/policy/decide/fill.ts";
import type { ClaimUse, Profile } from "../../../src/policy/profile.ts";

const fill = (use: Partial<ClaimUse>, claims: object) =>
  fillFor(
    { claims: [{ claim: "sub", hash: false, separators: [], ...use }] } as unknown as Profile,
    { access: "members", claims: { ...claims } },
    0,
    "u",
  );

describe("as it is", () => {
  it.each(["a", "A-9_", "x".repeat(64)])("%s", async (sub) => {
    const filled = await fill({}, { sub });
    expect(filled.ok && filled.value.claims.get("sub")).toBe(sub);
  });

  it.each<[unknown, string]>([
    [undefined, "not_plain"],
    ["", "not_plain"],
    [42, "not_plain"],
    [["a"], "not_plain"],
    ["a/b", "not_plain"],
    ["a b", "not_plain"],
    ["ä", "not_plain"],
    ["x".repeat(65), "not_plain"],
  ])("not %j: %s", async (sub, reason) => {
    expect(await fill({}, { sub })).toEqual({ ok: false, error: { reason, claim: "sub" } });
  });

  it("not with a character that ends it in a template", async () => {
    expect(await fill({ separators: ["-"] }, { sub: "a-b" })).toEqual({
      ok: false,
      error: { reason: "claim_separator", claim: "sub", separators: "-" },
    });
    expect(await fill({ separators: ["-"] }, { sub: "a_b" })).toMatchObject({ ok: true });
  });

  it("not from what every object has", async () => {
    expect(await fill({ claim: "toString" }, {})).toMatchObject({ ok: false });
  });
});

describe("hashed", () => {
  // UTF-8 has no halves of surrogate pairs: all would be hashed as U+FFFD, which is a claim itself.
  it.each(["a/b", "ä", "\ufffd", "x".repeat(1024)])("%s", async (sub) => {
    const filled = await fill({ hash: true }, { sub });
    const hash = createHash("sha256").update(`members\0${sub}`).digest("hex").slice(0, 32);
    expect(filled.ok && filled.value.claims.get("sub|hash")).toBe(hash);
  });

  it.each([undefined, "", 42, "a\ud800", "x".repeat(1025)])("not %j", async (sub) => {
    expect(await fill({ hash: true }, { sub })).toEqual({
      ok: false,
      error: { reason: "not_claim", claim: "sub" },
    });
  });
});

it.each([undefined, false, "true", 1])("an email that is verified by %j is not", async (email_verified) => {
  const use = { claim: "email", hash: true };
  expect(await fill(use, { email: "a@x", email_verified })).toEqual({
    ok: false,
    error: { reason: "email" },
  });
  expect(await fill(use, { email: "a@x", email_verified: true })).toMatchObject({ ok: true });
});
