// Components that choose a public ID or name a preset: what is signed is judged by the official SDK, what is not names
// the parameter, and no attack of the audit gets more out of either profile.

import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { ATTACKS } from "../../src/testing/audit/attacks.ts";
import { audit } from "../../src/testing/audit/audit.ts";
import { ACCOUNT, API_SECRET, unseen } from "../support/account.ts";
import { type Plain, readBindings } from "../support/definition.ts";
import { sdkSignature } from "../support/sdk.ts";
import { now } from "./suite.ts";

const MEMBERS_SECRET = "a-shared-secret-of-more-than-32-bytes";

const tokenOf = (sub: string): Promise<string> =>
  new SignJWT({ iss: "https://id.example.com/", aud: "uploads", sub })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("10m")
    .sign(new TextEncoder().encode(MEMBERS_SECRET));

const members = {
  ...{ type: "jwt", secret: "MEMBERS_SECRET" },
  ...{ issuer: "https://id.example.com/", audience: "uploads" },
};

/** An app with these profiles, and how member 42 asks it for a signature. */
function signer(profiles: Plain["profiles"]) {
  const SIGNER = { access: { members }, profiles };
  const app = createApp(readBindings({ ...ACCOUNT, MEMBERS_SECRET, SIGNER }), { log: unseen });
  const fetch: typeof globalThis.fetch = async (input, init) => app.fetch(new Request(input, init));
  const authorization = tokenOf("42").then((token) => `Bearer ${token}`);
  const ask = async (profile: string, paramsToSign: Record<string, unknown>) => {
    const answer = await fetch(`http://localhost/sign/${profile}`, {
      method: "POST",
      headers: { authorization: await authorization },
      body: JSON.stringify({ paramsToSign }),
    });
    return { status: answer.status, body: JSON.parse(unseen(await answer.text())) };
  };
  const refused = async (profile: string, sent: Record<string, unknown>) => {
    const { status, body } = await ask(profile, sent);
    expect([status, body.signature]).toEqual([422, undefined]);
    return body.errors as { param: string; code: string; detail: string }[];
  };
  const audited = async (profile: string, harmless: Record<string, string>) => {
    const report = await audit({
      ...{
        url: `http://localhost/sign/${profile}`,
        shape: "paramsToSign",
        secret: API_SECRET,
        harmless,
        fetch,
      },
      headers: { authorization: await authorization },
    });
    expect(report).toMatchObject({ asked: true, forgeries: 0, doubts: [] });
    expect(report.asked && report.findings.length).toBe(ATTACKS.length);
  };
  return { ask, refused, audited };
}

const signed = (sent: Record<string, string | number>) => ({
  status: 200,
  body: expect.objectContaining({ signature: sdkSignature(sent, API_SECRET, "sha256") }),
});

describe("a public ID that a component chooses", () => {
  const { ask, refused, audited } = signer({
    any: {
      access: ["members"],
      dropIn: true,
      set: { overwrite: false },
      accept: { public_id: { prefix: "users/{sub}/" } },
    },
    one: { access: ["members"], dropIn: true, set: { public_id: "users/{sub}/avatar" } },
  });

  it.each([
    ["any", { public_id: "users/42/cat", overwrite: "false" }],
    ["any", { overwrite: "false" }],
    ["one", { public_id: "users/42/avatar" }],
  ])("is signed as it was chosen: %s %j", async (profile, chosen) => {
    const sent = { ...chosen, timestamp: now() };
    expect(await ask(profile, sent)).toEqual(signed(sent));
  });

  it.each([
    ["any", { public_id: "users/43/cat", overwrite: "false" }, "invalid", "must begin with users/42/"],
    ["any", { public_id: "users/42", overwrite: "false" }, "invalid", "must begin with users/42/"],
    [
      "any",
      { public_id: "users/42/../43/cat", overwrite: "false" },
      "invalid",
      "a path segment is `.` or `..`",
    ],
    ["any", { public_id: "Users/42/cat", overwrite: "false" }, "invalid", "must begin with users/42/"],
    ["one", { public_id: "users/42/other" }, "different", "the profile wants: users/42/avatar"],
    ["one", { source: "uw" }, "missing", "the profile wants: users/42/avatar"],
  ])("is refused where it is not the caller's: %s %j", async (profile, chosen, code, detail) => {
    const errors = await refused(profile, { ...chosen, timestamp: now() });
    expect(errors).toEqual([expect.objectContaining({ param: "public_id", code, detail })]);
  });

  it("and neither profile signs anything else", async () => {
    await audited("any", { public_id: "users/42/cat", overwrite: "false" });
    await audited("one", { public_id: "users/42/avatar" });
  });
});

describe("a preset that decides", () => {
  const { ask, refused, audited } = signer({
    web: {
      ...{ access: ["members"], dropIn: true, allow: ["preset-decides"], set: { upload_preset: "web" } },
      accept: { context: { keys: ["alt"] } },
    },
  });

  it.each([{}, { source: "uw" }, { context: "alt=A cat", source: "uw" }])(
    "is signed beside %j",
    async (more) => {
      const sent = { ...more, upload_preset: "web", timestamp: now() };
      expect(await ask("web", sent)).toEqual(signed(sent));
    },
  );

  it.each([
    [{ upload_preset: "other" }, "upload_preset", "different"],
    [{ upload_preset: ["web"] }, "upload_preset", "different"],
    [{ upload_preset: "" }, "upload_preset", "missing"],
    [{}, "upload_preset", "missing"],
    [{ upload_preset: "web", public_id: "logo" }, "public_id", "forbidden"],
    [{ upload_preset: "web", overwrite: true }, "overwrite", "forbidden"],
    [{ upload_preset: "web", type: "private" }, "type", "forbidden"],
    [{ upload_preset: "web", use_filename: true }, "use_filename", "forbidden"],
    [{ upload_preset: "web", folder: "users/43" }, "folder", "forbidden"],
  ])("is refused with %j", async (sent, param, code) => {
    expect(await refused("web", { ...sent, timestamp: now() })).toEqual([
      expect.objectContaining({ param, code }),
    ]);
  });

  it("and nothing else is signed", async () => {
    await audited("web", { upload_preset: "web" });
  });
});
