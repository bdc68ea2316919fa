// No forgery on our own signer's routes after the upload: renewals, lists of files, confirmations. The audit asks each
// profile in every way; what the routes answer beside signatures is tried as one; and whoever confirms gets at nobody else's
// asset. ways.test.ts has the endpoints on which the same audit finds them all.

import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../../src/http/app.ts";
import { ATTACKS } from "../../../src/testing/audit/attacks.ts";
import { audit } from "../../../src/testing/audit/audit.ts";
import { isForgery, judge } from "../../../src/testing/audit/judge.ts";
import { readAnswer } from "../../../src/testing/audit/signed-answer.ts";
import { type Emulator, startEmulator } from "../../../src/testing/emulator/emulator.ts";
import { SHARED_SECRET, signShared } from "../../access/identity.ts";
import { BY_SECRET, bearer } from "../../access/signer.ts";
import { ACCOUNT, API_SECRET, CLOUD_NAME, OPTIONS, unseen } from "../../support/account.ts";
import { sampled } from "../../support/counts.ts";
import { readBindings } from "../../support/definition.ts";
import { sdkSignature } from "../../support/sdk.ts";

const OWN = { public_id: "users/{sub}/{uuid}", overwrite: false };
const MEMBERS = { access: ["members"], resourceType: "image" };
const SIGNER = {
  publicUrl: "https://uploads.example.com",
  access: { members: BY_SECRET },
  profiles: {
    open: { access: ["public"], file: { maxBytes: "1 MB" } },
    long: { access: ["public"], ttl: 86_400 },
    pictures: { ...MEMBERS, set: OWN, ttl: 86_400, file: { maxBytes: 1000, formats: ["jpg", "png"] } },
    waiting: { ...MEMBERS, set: OWN, accept: { context: { keys: ["alt"] } }, file: { quarantine: true } },
  },
};
const PROFILES = Object.keys(SIGNER.profiles);
const MINE = await signShared({ sub: "42" });
const THEIRS = await signShared({ sub: "43" });

type Body = Record<string, unknown>;
interface Ticket {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly upload_id: string;
}

let emulator: Emulator;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  emulator = await startEmulator(OPTIONS);
  const bindings = { ...ACCOUNT, JWT_SECRET: SHARED_SECRET, CLOUDINARY_UPLOAD_PREFIX: emulator.url, SIGNER };
  app = createApp(readBindings(bindings), { log: unseen });
});
afterAll(() => emulator?.close());

const text = async (path: string, body: unknown, token = MINE): Promise<[status: number, text: string]> => {
  const init = { method: "POST", headers: bearer(token), body: JSON.stringify(body) };
  const response = await app.request(`http://localhost${path}`, init);
  return [response.status, unseen(await response.text())];
};
async function post(path: string, body: unknown, token = MINE): Promise<{ status: number; body: Body }> {
  const [status, said] = await text(path, body, token);
  return { status, body: JSON.parse(said) };
}
const ticketFor = async (profile: string, token = MINE): Promise<Ticket> =>
  (await post(`/sign/${profile}`, {}, token)).body as unknown as Ticket;

/** Uploads so many bytes that are, or begin as, a picture; the answer is Cloudinary's. */
async function uploaded({ url, fields }: Ticket, bytes: number): Promise<Body> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const gif = Buffer.from("R0lGODlhAgADAIAAAExpcaq7zCH5BAUAAAAALAAAAAACAAMAAAICjF8AOw==", "base64");
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const picture = fields.allowed_formats === undefined ? gif : png;
  form.append("file", new Blob([picture, new Uint8Array(Math.max(bytes - picture.length, 0))]), "a.png");
  const response = await fetch(url, { method: "POST", body: form });
  const answer = (await response.json()) as Body;
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

describe("the audit, in every way that a profile is asked", () => {
  it.each(PROFILES)("profile %s", async (profile) => {
    const asked: string[] = [];
    const report = await audit({
      url: `http://localhost/sign/${profile}`,
      secret: API_SECRET,
      headers: bearer(MINE),
      fetch: (input, init) => {
        asked.push(String(init.body));
        return app.request(String(input), init);
      },
    });
    unseen(JSON.stringify(report));
    expect(report).toMatchObject({ asked: true, forgeries: 0, doubts: [] });
    const findings = report.asked ? report.findings : [];
    // What a renewal does not take from the fields: the time, and where notifications go.
    const expected = profile === "long" || profile === "pictures" ? ["notification-url", "future"] : [];
    const others = findings.filter(({ verdict }) => verdict !== "refused");
    expect(others.map(({ attack, verdict }) => `${attack.id} ${verdict}`)).toEqual(
      expected.map((id) => `${id} signed something else`),
    );
    for (const part of ['"renew":', '"files":'])
      expect(asked.filter((body) => body.includes(part)).length).toBeGreaterThan(ATTACKS.length);
  });

  it.each(["long", "pictures"])(
    "and %s renews the ticket as it was, so that no refusal is blind",
    async (profile) => {
      const { fields, upload_id } = await ticketFor(profile);
      const { status, body } = await post(`/sign/${profile}`, { renew: upload_id, fields });
      expect(status).toBe(200);
      const { api_key: _, signature, ...signed } = (body as unknown as Ticket).fields;
      expect(signature).toBe(sdkSignature(signed, API_SECRET, "sha256"));
      const { timestamp: __, ...lasting } = signed;
      expect(fields).toMatchObject(lasting);
    },
  );

  it("nor are those of files", async () => {
    const { status, body } = await post("/sign/open", { files: [{}, {}] });
    expect([status, (body.tickets as unknown[]).length]).toEqual([200, 2]);
  });
});

describe("POST /confirm signs nothing", () => {
  it.each(["params", "paramsToSign", "plain"] as const)("asked as %s", async (shape) => {
    const report = await audit({
      url: "http://localhost/confirm/open",
      ...{ shape, secret: API_SECRET },
      fetch: (input, init) => app.request(String(input), init),
    });
    expect(report).toMatchObject({ asked: false, why: expect.stringContaining("harmless request") });
  });

  it("whatever stands in the answer that it is given", async () => {
    const ticket = await ticketFor("open");
    const answer = await uploaded(ticket, 500);
    for (const attack of ATTACKS) {
      const more = attack.ask("victim", 1_800_000_000);
      for (const response of [more, { ...answer, ...more }, { ...more, ...answer }]) {
        const [status, said] = await text("/confirm/open", { upload_id: ticket.upload_id, response });
        expect([200, 400, 422]).toContain(status);
        expect(readAnswer(said), attack.id).toBeUndefined();
        // No digest of either length, in whatever member.
        expect(said).not.toMatch(/\b([0-9a-f]{40}|[0-9a-f]{64})\b/);
      }
    }
    // Parameters that the answer may hold as well are not read: it stays the upload that it is.
    expect((await post("/confirm/open", { upload_id: ticket.upload_id, response: answer })).status).toBe(200);
  });
});

describe("what the routes answer beside signatures is none", () => {
  /** Everything of 20 and of 32 bytes in a text of base64url, as the hex that a signature is. */
  function digestsIn(token: string): Set<string> {
    const bytes = token.split(".").map((part) => Buffer.from(part, "base64url"));
    return new Set(
      bytes.flatMap((all) =>
        [20, 32].flatMap((length) =>
          Array.from({ length: Math.max(all.length - length + 1, 0) }, (_, at) =>
            all.subarray(at, at + length).toString("hex"),
          ),
        ),
      ),
    );
  }

  it("an upload ID, a receipt, its ID and its key", async () => {
    const ticket = await ticketFor("open");
    const answer = await uploaded(ticket, 500);
    const { body } = await post("/confirm/open", { upload_id: ticket.upload_id, response: answer });
    const receipt = String(body.receipt);
    const { jti } = JSON.parse(Buffer.from(receipt.split(".")[1]!, "base64url").toString());
    const keys = await (await app.request("http://localhost/.well-known/jwks.json")).json();
    const [key] = (keys as { keys: { x: string; kid: string }[] }).keys;
    const victim = String(answer.public_id);
    const now = Number(answer.version);
    const tokens = [ticket.upload_id, receipt, jti, key!.x, key!.kid];
    const digests = new Set(tokens.flatMap((token) => [...digestsIn(token)]));
    expect(digests.size).toBeGreaterThan(500);
    const answers = [...digests].map(
      (signature) => readAnswer(JSON.stringify({ signature, timestamp: now }))!,
    );
    const proven = sampled(ATTACKS, 3).flatMap((attack) => {
      const asked = attack.ask(victim, now);
      return answers.flatMap((read) => {
        const verdict = judge({ attack, victim, now, asked, base: {} }, read, API_SECRET);
        return isForgery(verdict) ? [attack.id] : [];
      });
    });
    expect(proven).toEqual([]);
    // What it is made of holds no secret.
    const { resource_type, public_id, version, etag } = answer;
    const named = JSON.stringify([CLOUD_NAME, resource_type, public_id, version, etag]);
    expect(jti).toBe(createHash("sha256").update(named).digest("base64url"));
  });

  it("and the judge would see one", () => {
    const signature = sdkSignature({ public_id: "x", timestamp: 7 }, API_SECRET, "sha256");
    const token = Buffer.concat([Buffer.alloc(9), Buffer.from(signature, "hex")]).toString("base64url");
    expect(digestsIn(`a.${token}`)).toContain(signature);
    const attack = ATTACKS.find(({ id }) => id === "destroy")!;
    const question = { attack, victim: "x", now: 7, asked: { public_id: "x" }, base: {} };
    expect(judge(question, readAnswer(JSON.stringify({ signature, timestamp: 7 }))!, API_SECRET)).toBe(
      "proven",
    );
  });
});

describe("who confirms gets at nobody else's asset", () => {
  /** What one may know of another's upload: Cloudinary's answer to it, and its upload ID. */
  interface Upload {
    readonly id: string;
    readonly answer: Body;
  }
  async function upload(profile: string, token: string, bytes: number): Promise<Upload> {
    const ticket = await ticketFor(profile, token);
    return { id: ticket.upload_id, answer: await uploaded(ticket, bytes) };
  }
  /** Too large for `pictures`: whoever could confirm it would have it deleted. */
  const LARGE = 2000;

  const ATTEMPTS: readonly (readonly [name: string, (mine: Upload, theirs: Upload) => Body])[] = [
    ["their answer under one's own ID", (mine, theirs) => ({ upload_id: mine.id, response: theirs.answer })],
    ["their answer under their ID", (_, theirs) => ({ upload_id: theirs.id, response: theirs.answer })],
    [
      "their public ID in one's own answer",
      (mine, { answer }) => ({
        upload_id: mine.id,
        response: { ...mine.answer, public_id: answer.public_id },
      }),
    ],
    [
      "their public ID and version in one's own answer",
      (mine, { answer: { public_id, version } }) => ({
        upload_id: mine.id,
        response: { ...mine.answer, public_id, version },
      }),
    ],
    [
      "one's own ID in their answer",
      (mine, theirs) => ({
        upload_id: mine.id,
        response: { ...theirs.answer, public_id: mine.answer.public_id },
      }),
    ],
    ["two IDs in one", (mine, theirs) => ({ upload_id: mine.id + theirs.id, response: theirs.answer })],
    [
      "the start of one ID and the end of the other",
      (mine, theirs) => ({
        upload_id: mine.id.slice(0, 40) + theirs.id.slice(40),
        response: theirs.answer,
      }),
    ],
    [
      "a path to their name",
      (mine, { answer }) => ({
        upload_id: mine.id,
        response: { ...mine.answer, public_id: `${mine.answer.public_id}/../../../${answer.public_id}` },
      }),
    ],
    [
      "a signature over their name and version, from a ticket",
      (mine, { answer: { public_id, version } }) => ({
        upload_id: mine.id,
        response: {
          ...mine.answer,
          ...{ public_id, version },
          signature: sdkSignature({ public_id, timestamp: version }, API_SECRET, "sha256"),
        },
      }),
    ],
  ];

  it.each(ATTEMPTS)("%s", async (_, attempt) => {
    const [mine, theirs] = [await upload("pictures", MINE, LARGE), await upload("pictures", THEIRS, LARGE)];
    const before = emulator.acts().length;
    const { status, body } = await post("/confirm/pictures", attempt(mine, theirs));
    expect([status, body.code]).toEqual([422, "upload_id_refused"]);
    // Nothing was asked of Cloudinary, which would tell what is there.
    expect(emulator.acts().length).toBe(before);
    const held = emulator.uploads().map(({ public_id }) => public_id);
    expect(held).toEqual(expect.arrayContaining([mine.answer.public_id, theirs.answer.public_id]));
  });

  it("while one's own is deleted where it breaks the limits", async () => {
    const mine = await upload("pictures", MINE, LARGE);
    const { status, body } = await post("/confirm/pictures", { upload_id: mine.id, response: mine.answer });
    expect([status, body.code]).toEqual([422, "file_refused"]);
    expect(emulator.uploads().some(({ public_id }) => public_id === mine.answer.public_id)).toBe(false);
  });

  it("and the answer is the same whether they have such an asset or not", async () => {
    const [mine, theirs] = [await upload("pictures", MINE, 500), await upload("pictures", THEIRS, 500)];
    const there = await post("/confirm/pictures", { upload_id: mine.id, response: theirs.answer });
    const response = { ...theirs.answer, public_id: "users/43/nothing", signature: "0".repeat(64) };
    const nothing = await post("/confirm/pictures", { upload_id: mine.id, response });
    const { request_id: _, ...one } = there.body;
    const { request_id: __, ...other } = nothing.body;
    expect([there.status, one]).toEqual([nothing.status, other]);
  });

  it("what waits is published by its own confirmation alone", async () => {
    const [mine, theirs] = [await upload("waiting", MINE, 500), await upload("waiting", THEIRS, 500)];
    const typeOf = ({ answer }: Upload) =>
      emulator.uploads().find(({ public_id }) => public_id === answer.public_id)?.type;
    for (const [, attempt] of ATTEMPTS) await post("/confirm/waiting", attempt(mine, theirs));
    expect([typeOf(mine), typeOf(theirs)]).toEqual(["authenticated", "authenticated"]);
    await post("/confirm/waiting", { upload_id: mine.id, response: mine.answer });
    expect([typeOf(mine), typeOf(theirs)]).toEqual(["upload", "authenticated"]);
  });
});
