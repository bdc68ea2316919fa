// The docstrings tell the truth: each public function, class and constant has an example, which is taken from its
// source and run.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as client from "../../src/client/index.ts";
import { service } from "../../src/config.ts";
import * as hono from "../../src/hono.ts";
import * as library from "../../src/library/index.ts";
import * as testing from "../../src/testing/index.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { sdkSignature } from "../support/sdk.ts";
import { type Stack, startStack } from "../support/stack.ts";

const SRC = join(PROJECT, "src");
const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(SRC, path), "utf8"));

/** The example of an export's docstring. */
function exampleOf(name: string): string {
  const declared = new RegExp(
    `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n(?:// biome-ignore.*\\n)?export (?:async )?(?:function|class|const) ${name}\\b`,
  );
  const docstring = sources.map((text) => declared.exec(text)?.[1]).find((text) => text !== undefined) ?? "";
  const [, example = ""] = docstring.split("@example\n");
  return example.replaceAll(/^ *\* ?/gm, "");
}

const EXPORTS = { ...library, ...hono, ...client, ...testing };

/** Runs an example with what it takes for granted, and answers what `result` is at its end. */
async function run(name: string, given: object, result: string): Promise<unknown> {
  const scope = { ...EXPORTS, ...given };
  const code = `return (async () => { ${exampleOf(name)}\nreturn ${result}; })()`;
  return new Function(...Object.keys(scope), code)(...Object.values(scope));
}

const account = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET };
const now = (): number => Math.floor(Date.now() / 1000);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const signed = ({ api_key: _, signature, ...params }: Readonly<Record<string, string>>) => ({
  signature,
  expected: sdkSignature(params, API_SECRET, "sha256"),
});

let stack: Stack;
let file: File;
beforeAll(async () => {
  stack = await startStack({
    profiles: { default: { access: ["public"] }, avatars: { access: ["public"], resourceType: "image" } },
  });
  file = new File([new Uint8Array(readFileSync(join(PROJECT, "src/testing/sample.jpg")))], "sample.jpg");
});
afterAll(() => stack.close());

/** What each example is tried with, and what has to come of it. */
const TRIALS: Readonly<Record<string, () => Promise<void>>> = {
  async signUpload() {
    const { url, fields } = (await run("signUpload", account, "{ url, fields }")) as library.Ticket;
    expect(url).toBe(`https://api.cloudinary.com/v1_1/${CLOUD_NAME}/image/upload`);
    expect(fields.folder).toBe("avatars");
    expect(signed(fields).signature).toBe(signed(fields).expected);
  },
  async signRequest() {
    const asked: unknown[] = [];
    const given = { ...account, fetch: async (...args: unknown[]) => void asked.push(args) };
    const fields = (await run("signRequest", given, "fields")) as library.SignedRequest["fields"];
    expect(signed(fields).signature).toBe(signed(fields).expected);
    const url = `https://api.cloudinary.com/v1_1/${CLOUD_NAME}/image/destroy`;
    expect(asked).toEqual([[url, { method: "POST", body: new URLSearchParams(fields) }]]);
  },
  async stringToSign() {
    const [code = "", expected = ""] = exampleOf("stringToSign").trim().split("; // ");
    expect(new Function("stringToSign", `return ${code}`)(library.stringToSign)).toBe(JSON.parse(expected));
  },
  async verifyNotification() {
    const body = '{"notification_type":"upload"}';
    const headers = (signature: string) => ({
      "x-cld-timestamp": String(now()),
      "x-cld-signature": signature,
    });
    const ask = (signature: string) => {
      const request = new Request("https://www.example.com/", {
        method: "POST",
        body,
        headers: headers(signature),
      });
      return run("verifyNotification", { request, apiSecret: API_SECRET }, "verified");
    };
    expect(await ask(sha256(`${body}${now()}${API_SECRET}`))).toEqual({
      ok: true,
      value: JSON.parse(body),
    });
    const refused = (await ask(sha256("forged"))) as Response;
    expect([refused.status, await refused.text()]).toEqual([401, "invalid_signature"]);
  },
  async verifyUploadResponse() {
    const signature = sha256(`public_id=a&version=1${API_SECRET}`);
    const ask = (public_id: string) =>
      run(
        "verifyUploadResponse",
        { asset: { public_id, version: 1, signature }, apiSecret: API_SECRET },
        "true",
      );
    expect(await ask("a")).toBe(true);
    await expect(ask("b")).rejects.toThrow("not from Cloudinary");
  },
  async createSigner() {
    const app = new Hono();
    await run("createSigner", { ...account, app }, "undefined");
    const answer = await app.request("/api/uploads/sign", { method: "POST" });
    const { fields } = (await answer.json()) as library.Ticket;
    expect(signed(fields).signature).toBe(signed(fields).expected);
  },
  async createTicketSource() {
    const { fields } = (await run("createTicketSource", account, "answer")) as library.Ticket;
    expect(fields.public_id).toBe("users/42/avatar");
    expect(signed(fields).signature).toBe(signed(fields).expected);
  },
  async uploadTicket() {
    const app = new Hono<{ Variables: { userId: string } }>().use(async (c, next) => {
      c.set("userId", "7");
      await next();
    });
    await run("uploadTicket", { app }, "undefined");
    const answer = await app.request("/avatar", { method: "POST" }, { SIGNER: avatars() });
    expect(((await answer.json()) as library.Ticket).fields.public_id).toBe("users/7/avatar");
  },
  async Signer() {
    const given = (id: string) => ({ env: { SIGNER: avatars() }, user: { id } });
    expect(await run("Signer", given("7"), "answer")).toMatchObject({
      fields: { public_id: "users/7/avatar" },
    });
    expect(((await run("Signer", given("7/8"), "answer")) as Response).status).toBe(401);
  },
  async upload() {
    const image = { src: "" };
    // The example's signer is nobody's: this test's stands in its place.
    const upload = (file: File, options: client.UploadOptions) =>
      client.upload(file, {
        ...options,
        signer: String(options.signer).replace("https://signer.example.com", stack.signer),
      });
    await run("upload", { file, image, token: undefined, upload }, "asset");
    expect((await (await fetch(image.src)).arrayBuffer()).byteLength).toBe(file.size);
  },
  async uploadQueue() {
    const given = { files: [file, file], signer: stack.signer, onProgress: () => {} };
    const results = await run("uploadQueue", given, "results");
    expect(results).toMatchObject([{ value: { bytes: file.size } }, { value: { bytes: file.size } }]);
  },
  async UploadError() {
    const told = await run("UploadError", { file, signer: stack.signer }, "told");
    expect(told).toMatch(/^is not accepted by this profile/);
  },
  async audit() {
    const given = { apiSecret: API_SECRET, ...auditHere(), console: { log: () => {} } };
    expect(await run("audit", given, "report")).toMatchObject({ asked: true, forgeries: 0, doubts: [] });
  },
  async assertNoForgeries() {
    await run("assertNoForgeries", { apiSecret: API_SECRET, ...auditHere() }, "0");
  },
  async reportText() {
    const lines: string[] = [];
    await run("reportText", { ...auditHere(), console: { log: (line: string) => lines.push(line) } }, "0");
    expect(lines.join()).toMatch(/0 forgeries of \d+ attacks$/);
  },
  async ATTACKS() {
    const report = (await run("ATTACKS", auditHere(), "report")) as testing.AuditFindings;
    expect(report.findings.length).toBeGreaterThan(10);
    expect(new Set(report.findings.map(({ attack }) => attack.kind))).toEqual(new Set(["forgery"]));
  },
  async startEmulator() {
    const lines: unknown[][] = [];
    const { fields } = await library.signUpload(
      { folder: "a" },
      { cloudName: "demo", apiKey: "123", apiSecret: "abc" },
    );
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file);
    await run("startEmulator", { form, console: { log: (...line: unknown[]) => lines.push(line) } }, "0");
    expect(lines).toMatchObject([[expect.stringMatching(/^http:\/\/127\.0\.0\.1:/), [{ bytes: file.size }]]]);
  },
};

/** A source of tickets with a profile that an app vouches for. */
const avatars = () =>
  hono.createTicketSource(
    {
      access: { app: service() },
      profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
    },
    { ...account, log: () => {} },
  );

/** The audit, asking this test's signer in place of the example's. */
const auditHere = () => ({
  audit: (options: testing.AuditOptions) =>
    testing.audit({ ...options, url: options.url.replace("http://localhost:8787", stack.signer) }),
});

describe("examples of the docstrings", () => {
  it("there is one of every public function, class and constant", () => {
    expect(Object.keys(TRIALS).sort()).toEqual([...Object.keys(EXPORTS), "Signer"].sort());
    expect(Object.keys(TRIALS).filter((name) => exampleOf(name).trim() === "")).toEqual([]);
  });

  it.each(Object.entries(TRIALS))("%s", (_, trial) => trial());
});
