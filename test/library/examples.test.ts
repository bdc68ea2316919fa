// The docstrings tell the truth: each public function, class and constant has an example, which is taken from its
// source and run.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as client from "../../src/client/client.ts";
import { readBindings } from "../../src/config/bindings.ts";
import * as config from "../../src/config.ts";
import * as hono from "../../src/hono.ts";
import * as library from "../../src/library/library.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import * as testing from "../../src/testing/testing.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME } from "../support/account.ts";
import { bundleWorker } from "../support/bundle.ts";
import { sampled } from "../support/counts.ts";
import { newOwnerFolder } from "../support/owner.ts";
import { sdkSignature } from "../support/sdk.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { startTwoWorkers, type TwoWorkers } from "../support/two-workers.ts";

const SRC = join(PROJECT, "src");
const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(SRC, path), "utf8"));

/** The example of an export's docstring. */
function exampleOf(name: string): string {
  const declared = new RegExp(
    `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n(?:// biome-ignore.*\\n)?(?:export (?:async )?(?:function|class|const)| *class) ${name}\\b`,
  );
  const docstring = sources.map((text) => declared.exec(text)?.[1]).find((text) => text !== undefined) ?? "";
  const [, example = ""] = docstring.split("@example\n");
  return example.replaceAll(/^ *\* ?/gm, "");
}

const EXPORTS = { ...library, ...hono, ...client, ...testing, ...config };

/** Runs an example with what it takes for granted, and answers what `result` is at its end. */
async function run(name: string, given: object, result: string): Promise<unknown> {
  const scope = { ...EXPORTS, ...given };
  const example = exampleOf(name).replaceAll(/^import type .*$/gm, "");
  const { code } = await transform(`(async () => { ${example}\nreturn ${result}; })()`, { loader: "ts" });
  return new Function(...Object.keys(scope), `return ${code}`)(...Object.values(scope));
}

const account = { cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET };
const now = (): number => Math.floor(Date.now() / 1000);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const signed = ({ api_key: _, signature, ...params }: Readonly<Record<string, string>>) => ({
  signature,
  expected: sdkSignature(params, API_SECRET, "sha256"),
});

const TOKEN = "a-token-of-a-back-end-of-this-test";
const folder = await newOwnerFolder();
afterAll(() => folder.close());

let stack: Stack;
let file: File;
beforeAll(async () => {
  stack = await startStack({
    publicUrl: "https://signer.example.com",
    access: { robots: { type: "token", tokens: { ci: sha256(TOKEN) } } },
    profiles: {
      default: { access: ["public"] },
      avatars: { access: ["public"], resourceType: "image" },
      pictures: { access: ["public"], resourceType: "image", file: { formats: ["jpg", "png"] } },
      own: { access: ["robots"], resourceType: "image", set: { public_id: "users/{sub}/cat" } },
      remove: {
        method: "destroy",
        access: ["robots"],
        resourceType: "image",
        accept: { public_id: { prefix: "users/{sub}/" } },
      },
    },
  });
  file = new File([new Uint8Array(readFileSync(join(PROJECT, "src/testing/sample.jpg")))], "sample.jpg");
});
afterAll(() => stack.close());

/** The access methods: the variable of each example, and what a folder of its profile may hold. */
const ACCESS_METHODS = [
  ["jwt", "members", "{sub}"],
  ["token", "jobs", "{sub}"],
  ["turnstile", "people", "all"],
  ["origin", "site", "all"],
  ["service", "backend", "{sub}"],
  ["auth0", "members", "{sub|hash}"],
  ["clerk", "members", "{sub}"],
  ["supabase", "members", "{sub}"],
  ["firebase", "members", "{sub}"],
  ["cloudflareAccess", "staff", "{sub}"],
] as const;

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
  async verifyReceipt() {
    const signer = hono.createSigner(
      {
        publicUrl: "https://uploads.example.com",
        profiles: { avatars: { access: ["public"], resourceType: "image", file: {} } },
      },
      { ...account, uploadPrefix: stack.emulator.url, log: () => {} },
    );
    // What the example's signer would be reached at is nobody's: the key set is given in its place.
    const jwks = await (await signer.request("/.well-known/jwks.json")).json();
    const verifyReceipt = (receipt: string, options: library.VerifyReceiptOptions) =>
      library.verifyReceipt(receipt, { ...options, jwks });
    const ask = async (path: string, body: object) =>
      (await signer.request(path, { method: "POST", body: JSON.stringify(body) })).json();
    const ticket = (await ask("/sign/avatars", {})) as library.Ticket & { upload_id: string };
    const form = new FormData();
    for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
    form.append("file", file);
    const response = await (await fetch(ticket.url, { method: "POST", body: form })).json();
    const { receipt } = (await ask("/confirm/avatars", { upload_id: ticket.upload_id, response })) as {
      receipt: string;
    };
    expect(await run("verifyReceipt", { receipt, verifyReceipt }, "asset")).toMatchObject({
      bytes: file.size,
    });
    const refused = (await run("verifyReceipt", { receipt: "forged", verifyReceipt }, "asset")) as Response;
    expect([refused.status, await refused.text()]).toEqual([422, "malformed"]);
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
  async RejectUpload() {
    const ask = (isFull: boolean) =>
      run("RejectUpload", { subject: "42", isOverQuota: async () => isFull }, "true");
    expect(await ask(false)).toBe(true);
    const rejected = { name: "RejectUpload", message: "RejectUpload: your album is full" };
    await expect(ask(true)).rejects.toMatchObject(rejected);
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
  async defineSigner() {
    const text = `import { defineSigner, origin } from "cloudinary-edge-signer/config";\n${exampleOf("defineSigner")}`;
    const configured = readBindings(await folder.load(text), ACCOUNT);
    expect(configured.ok ? [...configured.value.profiles.keys()] : configured.error).toEqual(["default"]);
  },
  ...Object.fromEntries(
    ACCESS_METHODS.map(([name, variable, folder]) => [name, () => tryMethod(name, variable, folder)]),
  ),
  async custom() {
    const { verify } = (await tryMethod("custom", "people", "{sub}")) as unknown as config.CustomOptions;
    const SESSIONS = { get: async (id: string) => (id === "a" ? { userId: "7" } : null) };
    const told = ["a", "b"].map((id) => verify(id, { env: { SESSIONS }, now: now() }));
    expect(await Promise.all(told)).toEqual([{ sub: "7" }, undefined]);
  },
  async createWorker() {
    expect((await askDeployed("7")).body).toMatchObject({ fields: { public_id: "users/7/avatar" } });
  },
  async Signer() {
    expect(await askDeployed("7/8")).toMatchObject({ status: 401, body: { code: "invalid_token" } });
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
  async act() {
    const [target, options] = ["users/ci/cat", { signer: stack.signer, token: TOKEN }];
    const { asset } = await client.upload(file, { ...options, profile: "own" });
    const gone: string[] = [];
    const given = { ...options, asset, image: { remove: () => gone.push(asset.public_id) } };
    expect([asset.public_id, await run("act", given, "result")]).toEqual([target, "ok"]);
    expect(gone).toEqual([target]);
    expect(stack.emulator.uploads().map(({ public_id }) => public_id)).not.toContain(target);
  },
  async describeProfile() {
    const input = { accept: "" };
    // The example's signer is nobody's: this test's stands in its place.
    const describeProfile = () => client.describeProfile({ signer: stack.signer, profile: "pictures" });
    const { formats } = (await run("describeProfile", { input, describeProfile }, "file")) as {
      formats: string[];
    };
    expect([input.accept, formats]).toEqual([".jpg,.png", ["jpg", "png"]]);
  },
  async uploadQueue() {
    const given = { files: [file, file], signer: stack.signer, onProgress: () => {} };
    const results = await run("uploadQueue", given, "results");
    expect(results).toMatchObject([
      { value: { asset: { bytes: file.size } } },
      { value: { asset: { bytes: file.size } } },
    ]);
  },
  async createUploads() {
    const [bar, list, input] = [{ value: 0 }, { textContent: "" }, {} as { onchange: () => unknown }];
    // The example's signer is nobody's: this test's stands in its place.
    const createUploads = (given: client.UploadsOptions) =>
      client.createUploads({ ...given, signer: stack.signer });
    const uploads = (await run(
      "createUploads",
      { bar, list, input, createUploads },
      "uploads",
    )) as client.Uploads;
    Object.assign(input, { files: [file, new File([], "empty.jpg")] });
    await input.onchange();
    await expect.poll(() => list.textContent).toMatch(/^sample\.jpg: done\nempty\.jpg: This file is empty/);
    expect([bar.value, uploads.getSnapshot().counts.done]).toEqual([1, 1]);
  },
  async createUploader() {
    // The example's signer is nobody's: this test's stands in its place.
    const createUploader = (options: client.UploaderOptions) =>
      client.createUploader({
        ...options,
        signer: String(options.signer).replace("https://signer.example.com", stack.signer),
      });
    const phases = new Set<string>();
    const given = { file, token: undefined, createUploader };
    const onProgress = ({ phase }: client.UploadProgress) => phases.add(phase);
    expect(await run("createUploader", { ...given, onProgress }, "asset")).toMatchObject({
      bytes: file.size,
    });
    expect([...phases]).toEqual(["signing", "sending"]);
  },
  async UploadError() {
    const told = await run("UploadError", { file, signer: stack.signer }, "told");
    expect(told).toMatch(/^is not accepted; this profile accepts/);
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
    const given = auditHere({ attacks: sampled(testing.ATTACKS, 8) });
    await run("reportText", { ...given, console: { log: (line: string) => lines.push(line) } }, "0");
    expect(lines.join()).toMatch(/0 forgeries of \d+ attacks$/);
  },
  async ATTACKS() {
    const report = (await run("ATTACKS", auditHere(), "report")) as testing.AuditFindings;
    expect(report.findings.length).toBeGreaterThan(10);
    expect(new Set(report.findings.map(({ attack }) => attack.kind))).toEqual(new Set(["forgery"]));
  },
  async auditWebhook() {
    await run("auditWebhook", { apiSecret: API_SECRET, ...webhookHere() }, "0");
  },
  async WEBHOOK_ATTACKS() {
    const report = (await run("WEBHOOK_ATTACKS", webhookHere(), "report")) as testing.WebhookFindings;
    expect(report.findings.map(({ attack }) => attack.needsSecret)).toEqual([false, false, false, false]);
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

/** What an example makes of an access method, after it was checked in a configuration whose profile has this folder. */
async function tryMethod(name: string, variable: string, folder: string): Promise<config.AccessMethod> {
  const method = (await run(name, {}, variable)) as config.AccessMethod;
  const definition = {
    allowedOrigins: ["https://www.example.com"],
    access: { [variable]: method },
    profiles: { default: { access: [variable], set: { folder: `users/${folder}` } } },
  };
  const configured = readBindings(definition, { ...ACCOUNT, TURNSTILE_SECRET: "a-turnstile-secret" });
  expect(configured.ok ? [...configured.value.access.keys()] : configured.error).toEqual([
    "public",
    variable,
  ]);
  return method;
}

/** The example of `createWorker` in workerd, asked by another Worker that is the example of `Signer`. */
async function startDeployed(): Promise<TwoWorkers> {
  await folder.write("signer.config.ts", AVATARS);
  const text = exampleOf("createWorker");
  await folder.write(
    "src/index.ts",
    `import { createWorker } from "cloudinary-edge-signer/worker";\n${text}`,
  );
  const toml = 'name = "x"\nmain = "src/index.ts"\ncompatibility_date = "2026-10-20"\n';
  const build = join(folder.path, "dist");
  await bundleWorker(build, await folder.write("wrangler.toml", toml));
  const caller = `export default {
    async fetch(request, env) {
      const user = { id: new URL(request.url).searchParams.get("id") };
      ${exampleOf("Signer")}
      return Response.json(answer);
    },
  };`;
  return startTwoWorkers({ caller, SIGNER: {}, uploadPrefix: stack.emulator.url, build });
}

let deployed: Promise<TwoWorkers> | undefined;
afterAll(async () => (await deployed)?.close());

async function askDeployed(id: string) {
  deployed ??= startDeployed();
  const answer = await fetch(`${(await deployed).url}/?id=${encodeURIComponent(id)}`);
  return { status: answer.status, body: (await answer.json()) as Partial<hono.Problem> };
}

const AVATARS = `import { defineSigner, service } from "cloudinary-edge-signer/config";
export default defineSigner({
  access: { app: service() },
  profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
});`;

/** A source of tickets with a profile that an app vouches for. */
const avatars = () =>
  hono.createTicketSource(
    {
      access: { app: config.service() },
      profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
    },
    { ...account, log: () => {} },
  );

let audited: Promise<testing.AuditReport> | undefined;

/** The audit, asking this test's signer in place of the example's; what two examples ask with the secret is asked once. */
const auditHere = (more: Partial<testing.AuditOptions> = {}) => ({
  audit: (options: testing.AuditOptions) => {
    const url = options.url.replace("http://localhost:8787", stack.signer);
    const ask = () => testing.audit({ ...more, ...options, url });
    if (Object.keys(options).join() !== "url,secret") return ask();
    audited ??= ask();
    return audited;
  },
});

/** The audit of notifications, sending to this test's signer in place of the example's application. */
const webhookHere = () => ({
  auditWebhook: (options: testing.WebhookAuditOptions) => {
    const url = options.url.replace("http://localhost:3000/api/cloudinary", `${stack.signer}/notifications`);
    return testing.auditWebhook({ ...options, url });
  },
});

describe("examples of the docstrings", () => {
  it("there is one of every public function, class and constant", () => {
    expect(Object.keys(TRIALS).sort()).toEqual([...Object.keys(EXPORTS), "createWorker", "Signer"].sort());
    expect(Object.keys(TRIALS).filter((name) => exampleOf(name).trim() === "")).toEqual([]);
  });

  it.each(Object.entries(TRIALS))("%s", (_, trial) => trial());
});
