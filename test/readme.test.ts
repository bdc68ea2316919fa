// The README tells the truth: its snippets are taken from it and run.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { checkWranglerConfig } from "../src/commands/wrangler-config.ts";
import type { SignerInput } from "../src/config/options.ts";
import { createSigner, createTicketSource, uploadTicket } from "../src/hono.ts";
import * as library from "../src/library/index.ts";
import { audit, startEmulator } from "../src/testing/index.ts";
import { PROJECT, startWorker } from "../src/testing/local-worker.ts";
import type { Ticket } from "../src/ticket.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "./access/identity.ts";
import { HAS_CURL } from "./support/programs.ts";
import { sdkSignature } from "./support/sdk.ts";
import { type Stack, startStack } from "./support/stack.ts";

const README = await readFile(join(PROJECT, "README.md"), "utf8");

/** The blocks of one language, without the indentation of the list they may stand in. */
function blocks(language: string): string[] {
  const found = README.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm"));
  return [...found].map(([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

/** Runs a snippet, whose imports are given to it. */
function run(snippet: string, scope: Readonly<Record<string, unknown>>): Promise<unknown> {
  const code = snippet.replaceAll(/^import .*;$/gm, "");
  return new Function(...Object.keys(scope), `return (async () => { ${code} })()`)(...Object.values(scope));
}

const ACCOUNT = { cloudName: "demo", apiKey: "123456789012345", apiSecret: "s3cret-s3cret" };

describe("four ways to use it", () => {
  const [, section = ""] = /^## Four ways to use it$([\s\S]*?)^## /m.exec(README) ?? [];
  const snippets = [...section.matchAll(/^```(?:js|toml)\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  const [deploy = "", mount = "", bind = "", bare = ""] = snippets;
  const judged = ({ fields }: Ticket) => {
    const { api_key: _, signature, ...params } = fields;
    return signature === sdkSignature(params, ACCOUNT.apiSecret, "sha256");
  };

  it("stands on one screen", () => {
    expect(snippets).toHaveLength(4);
    expect(section.split("\n").length).toBeLessThan(50);
  });

  it("deploy: the built Worker signs by these lines", async () => {
    const folder = await mkdtemp(join(tmpdir(), "edge-signer-readme-"));
    const path = join(folder, "wrangler.toml");
    await writeFile(path, `name = "x"\nmain = "x.ts"\n${deploy}`);
    const { vars } = unstable_readConfig({ config: path });
    await rm(folder, { recursive: true });
    const bindings = {
      CLOUDINARY_CLOUD_NAME: ACCOUNT.cloudName,
      CLOUDINARY_API_KEY: ACCOUNT.apiKey,
      CLOUDINARY_API_SECRET: ACCOUNT.apiSecret,
      ...vars,
    };
    const worker = await startWorker({ build: inject("workerBuild"), bindings, onLog: () => {} });
    const answer = await fetch(`${worker.url}/sign`, { method: "POST" });
    const ticket = (await answer.json()) as Ticket;
    await worker.close();
    expect([judged(ticket), ticket.url.endsWith("/image/upload")]).toEqual([true, true]);
  });

  it("mount", async () => {
    const app = new Hono();
    await run(mount, { app, createSigner, ...ACCOUNT });
    const answer = await app.request("/api/uploads/sign", { method: "POST" });
    expect(judged((await answer.json()) as Ticket)).toBe(true);
  });

  it("bind", async () => {
    // What `Signer` of the Worker does, which test/worker/service.test.ts binds to another Worker.
    const SIGNER = createTicketSource({
      ...ACCOUNT,
      access: { app: { type: "service" } },
      profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
      log: () => {},
    });
    const ticket = await run(`${bind} return ticket;`, { env: { SIGNER }, user: { id: "42" } });
    expect(ticket).toHaveProperty("fields.public_id", "users/42/avatar");
    expect(judged(ticket as Ticket)).toBe(true);
  });

  it("import", async () => {
    const ticket = await run(`${bare} return ticket;`, { signUpload: library.signUpload, ...ACCOUNT });
    expect(ticket).toHaveProperty("fields.folder", "avatars");
    expect(judged(ticket as Ticket)).toBe(true);
  });
});

describe("a signed upload", () => {
  let stack: Stack;
  let sample: Buffer;
  beforeAll(async () => {
    const members = { type: "jwt", secretBinding: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } as const;
    const SIGNER: SignerInput = {
      access: { members },
      profiles: {
        "member-widget": { access: ["members"], dropIn: true, set: { folder: "users/{sub}" } },
        default: { access: ["public"], accept: { context: { keys: ["alt"], maxLength: 100 } } },
        widget: {
          access: ["public"],
          dropIn: true,
          set: { folder: "widget" },
          accept: { source: { enum: ["uw"] } },
        },
      },
    };
    stack = await startStack(SIGNER, { JWT_SECRET: SHARED_SECRET });
    sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
  });
  afterAll(() => stack.close());

  const here = (text: string) => text.replaceAll("http://localhost:8787", stack.signer);

  it.skipIf(!HAS_CURL)("in the terminal", async () => {
    const line = blocks("sh").find((text) => text.includes("format=curl")) ?? "";
    const { stdout } = await promisify(execFile)("sh", ["-c", here(line)], { cwd: PROJECT });
    expect(JSON.parse(stdout)).toMatchObject({ bytes: sample.length, format: "jpg" });
  });

  it("in a page", async () => {
    const snippet = blocks("js").find((text) => text.includes("document.querySelector")) ?? "";
    expect(snippet.trim().split("\n").length).toBeLessThanOrEqual(15);
    const image = { src: "" };
    const input: { onchange?: (event: object) => Promise<void> } = {};
    const document = { querySelector: (selector: string) => (selector === "img" ? image : input) };
    new Function("document", here(snippet))(document);
    await input.onchange?.({ target: { files: [new File([new Uint8Array(sample)], "sample.jpg")] } });
    const stored = await fetch(image.src);
    expect(Buffer.from(await stored.arrayBuffer()).equals(sample)).toBe(true);
  });

  it("with the client", async () => {
    const snippet = blocks("js").find((text) => text.includes("cloudinary-edge-signer/client")) ?? "";
    const { outputFiles } = await build({
      stdin: { contents: `${here(snippet)}\nexport { asset, all };`, resolveDir: PROJECT },
      alias: { "cloudinary-edge-signer/client": join(PROJECT, "src/client/index.ts") },
      bundle: true,
      format: "esm",
      target: "es2022",
      write: false,
      banner: { js: "const { file, files } = globalThis.readme;" },
    });
    const file = new File([new Uint8Array(sample)], "sample.jpg");
    Object.assign(globalThis, { readme: { file, files: [file, file, file, file] } });
    const code = `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString("base64")}`;
    const { asset, all } = await import(/* @vite-ignore */ code);
    expect(asset).toMatchObject({ bytes: sample.length, context: { custom: { alt: "A cat" } } });
    expect(new Set(all.map(({ value }: { value: { public_id: string } }) => value.public_id)).size).toBe(4);
  });

  it("in one's own code", async () => {
    const snippet = blocks("js").find((text) => text.includes("signRequest")) ?? "";
    const [, ...lines] = snippet.split("\n");
    const run = new Function(
      ...["library", "fetch", "cloudName", "apiKey", "apiSecret", "body", "timestamp", "signature", "asset"],
      `const { signUpload, signRequest, verifyNotification, verifyUploadResponse } = library;
       return (async () => { ${lines.join("\n")}
         return { ticket, fields, verified, isCloudinarys }; })()`,
    );
    const asked: unknown[] = [];
    const now = Math.floor(Date.now() / 1000);
    const body = '{"notification_type":"upload"}';
    const signature = createHash("sha256").update(`${body}${now}s3cret`).digest("hex");
    const asset = { public_id: "a", version: 1, signature };
    const ask = async (...args: unknown[]) => void asked.push(args);
    const said = await run(library, ask, "demo", "1", "s3cret", body, String(now), signature, asset);
    const { api_key: _, signature: signed, ...params } = said.ticket.fields;
    expect(signed).toBe(sdkSignature(params, "s3cret", "sha256"));
    expect(asked).toMatchObject([["https://api.cloudinary.com/v1_1/demo/image/destroy", { method: "POST" }]]);
    expect(said.fields.public_id).toBe("old");
    expect(said.verified).toEqual({ ok: true, value: { notification_type: "upload" } });
    expect(said.isCloudinarys).toBe(false);
  });

  it("by one's own Hono app, for users whom it knows", async () => {
    const snippet = blocks("js").find((text) => text.includes("uploadTicket")) ?? "";
    const app = new Hono<{ Variables: { userId: string } }>().use(async (c, next) => {
      c.set("userId", "7");
      await next();
    });
    run(snippet, { app, createTicketSource, uploadTicket, ...ACCOUNT });
    const answer = await app.request("/avatar", { method: "POST" });
    expect(await answer.json()).toHaveProperty("fields.public_id", "users/7/avatar");
  });

  it("in one's own tests", async () => {
    const snippet = blocks("js").find((text) => text.includes("startEmulator")) ?? "";
    const profiles = { default: { access: ["public"] } };
    const app = new Hono().route("/api/uploads", createSigner({ ...ACCOUNT, profiles, log: () => {} }));
    const said = await run(`${snippet} return { url: emulator.url, forgeries: report.forgeries };`, {
      ...{ app, audit, startEmulator, ...ACCOUNT },
      console: { log: () => {} },
    });
    expect(said).toEqual({ url: expect.stringMatching(/^http:/), forgeries: 0 });
  });

  it("by a link", async () => {
    const snippet = blocks("js").find((text) => text.includes("/links/")) ?? "";
    const run = new Function("token", `return (async () => { ${here(snippet)}; return url; })()`);
    const url = await run(await signShared());
    const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), folder: "users/42", source: "uw" };
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ paramsToSign }) });
    expect(await answer.json()).toHaveProperty("signature");
  });

  it("with next-cloudinary: the endpoint and options of the snippet are signed", async () => {
    const [snippet = ""] = blocks("jsx");
    const endpoint = /signatureEndpoint="([^"]+)"/.exec(snippet)?.[1] ?? "";
    const folder = /folder: "([^"]+)"/.exec(snippet)?.[1];
    // What the Upload Widget adds by itself: the time and its source.
    const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), source: "uw", folder };
    const answer = await fetch(here(endpoint), {
      method: "POST",
      body: JSON.stringify({ paramsToSign }),
      headers: { "Content-Type": "application/json" },
    });
    expect(await answer.json()).toHaveProperty("signature");
  });
});

/** What a person writes in place of `<your …>`. */
const filledIn = (toml: string) =>
  toml.replace(/<your cloud name>/, "demo").replace(/<your API key>/, "123456789012345");

describe("production", () => {
  const production = blocks("toml").find((text) => text.includes("<your cloud name>")) ?? "";
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "edge-signer-readme-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("the configuration of the README passes the check", async () => {
    const snippet = production;
    const path = join(folder, "wrangler.toml");
    await writeFile(
      path,
      filledIn(`name = "x"\nmain = "x.ts"\ncompatibility_date = "2026-10-20"\n${snippet}`),
    );
    await writeFile(join(folder, "x.ts"), "");
    const { faults, config } = checkWranglerConfig(path, undefined);
    expect(faults).toEqual([]);
    expect(config.ok && [...config.value.profiles.keys()]).toEqual(["default"]);
  });

  it("the profile for another Worker passes the check", async () => {
    const snippet = blocks("toml").find((text) => text.includes('type = "service"')) ?? "";
    const path = join(folder, "wrangler.toml");
    const account = '[vars]\nCLOUDINARY_CLOUD_NAME = "demo"\nCLOUDINARY_API_KEY = "123456789012345"\n';
    await writeFile(path, `name = "x"\nmain = "x.ts"\n${account}${snippet}`);
    await writeFile(join(folder, "x.ts"), "");
    const { faults, config } = checkWranglerConfig(path, undefined);
    expect(faults).toEqual([]);
    expect(config.ok && [...config.value.profiles.keys()]).toEqual(["avatars"]);
  });

  it("what nobody filled in is refused", async () => {
    const path = join(folder, "wrangler.toml");
    await writeFile(path, `name = "x"\nmain = "x.ts"\n${production}`);
    await writeFile(join(folder, "x.ts"), "");
    const { faults } = checkWranglerConfig(path, undefined);
    expect(faults.map(({ binding }) => binding)).toEqual(["CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY"]);
  });
});

it("links lead to files that exist", async () => {
  for (const [, target = ""] of README.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
    await expect(readFile(join(PROJECT, target)), target).resolves.toBeDefined();
  }
});
