// The README and the pages it leads to tell the truth: their snippets are taken from them, run and type-checked.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { build, transform } from "esbuild";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { main } from "../src/cli/cli.ts";
import { checkProject } from "../src/cli/environments.ts";
import { type Uploaded, type UploadOptions, upload } from "../src/client/client.ts";
import { readBindings } from "../src/config/bindings.ts";
import * as config from "../src/config.ts";
import { createSigner, createTicketSource, uploadTicket } from "../src/hono.ts";
import { createApp } from "../src/http/app.ts";
import * as library from "../src/library/library.ts";
import { PROBLEMS } from "../src/problem.ts";
import { buildWorker, PROJECT, startWorker } from "../src/testing/local-worker.ts";
import { type AuditReport, assertNoForgeries, audit, startEmulator } from "../src/testing/testing.ts";
import type { Ticket } from "../src/tickets/ticket.ts";
import {
  AUDIENCE,
  ISSUER,
  JWKS_URL,
  KeyServer,
  makeKey,
  SHARED_SECRET,
  sign,
  signShared,
} from "./access/identity.ts";
import { bundleWorker } from "./support/bundle.ts";
import { runHere } from "./support/command.ts";
import type { Plain } from "./support/definition.ts";
import { newOwnerFolder } from "./support/owner.ts";
import { HAS_CURL } from "./support/programs.ts";
import { sdkSignature } from "./support/sdk.ts";
import { type Stack, startStack } from "./support/stack.ts";
import { apart } from "./support/tsc.ts";

const README = await readFile(join(PROJECT, "README.md"), "utf8");
const PAGES = [
  "docs/start.md",
  "docs/audit.md",
  "docs/guarantees.md",
  "docs/own-code.md",
  "docs/configuration.md",
  "docs/profiles.md",
  "docs/access.md",
  "docs/answers.md",
];
const TEXTS = await Promise.all(PAGES.map((path) => readFile(join(PROJECT, path), "utf8")));
const ALL = [README, ...TEXTS].join("\n");

/** The blocks of one language, without the indentation of the list they may stand in. */
function blocks(language: string): string[] {
  const found = ALL.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm"));
  return [...found].map(([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

/** The one block that holds this text. */
function block(language: string, part: string): string {
  const found = blocks(language).filter((text) => text.includes(part));
  expect(found, part).toHaveLength(1);
  return found[0]!;
}

const IMPORTS = /^import .*;$/gm;

/** Runs a snippet, whose imports are given to it. */
function run(snippet: string, given: Readonly<Record<string, unknown>>): Promise<unknown> {
  const scope = { ...config, ...given };
  const code = snippet.replaceAll(IMPORTS, "");
  return new Function(...Object.keys(scope), `return (async () => { ${code} })()`)(...Object.values(scope));
}

const ACCOUNT = { cloudName: "demo", apiKey: "123456789012345", apiSecret: "s3cret-s3cret" };

/** What `Signer` of the Worker does, which test/worker/service.test.ts binds to another Worker. */
const SIGNER = createTicketSource(
  {
    access: { app: config.service() },
    profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
  },
  { ...ACCOUNT, log: () => {} },
);

const folder = await newOwnerFolder();
afterAll(() => folder.close());

/** What the SDK would have signed too. */
const judged = ({ fields }: Ticket) => {
  const { api_key: _, signature, ...params } = fields;
  return signature === sdkSignature(params, ACCOUNT.apiSecret, "sha256");
};

/** Makes `fetch` ask an app for what begins with an address of nobody's, while something is done. */
async function withApp<T>(app: Pick<Hono, "fetch">, address: string, doing: () => Promise<T>): Promise<T> {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) =>
    String(input).startsWith(address) ? app.fetch(new Request(input, init)) : original(input, init);
  return doing().finally(() => {
    globalThis.fetch = original;
  });
}

/** Puts an option into the one call of a maker that a snippet has. */
const given = (snippet: string, options: string): string =>
  snippet.replace(/(create(?:Signer|TicketSource)\(definition, \{)/, `$1 ${options},`);

/** A section of the README, or of the pages. */
function section(title: string): string {
  const [, text = ""] = new RegExp(`^## ${title}$([\\s\\S]*?)^## `, "m").exec(ALL) ?? [];
  return text;
}

it("the README is read in one go", () => {
  expect(README.split("\n").length - 1).toBeLessThanOrEqual(180);
});

describe("the files of a deployment", () => {
  const URL_OF_ACCOUNT = `cloudinary://${ACCOUNT.apiKey}:${ACCOUNT.apiSecret}@${ACCOUNT.cloudName}`;
  const found = section("The files of a deployment").matchAll(
    /^```(?:ts|toml)\n(?:\/\/|#) (\S+)\n([\s\S]*?)^```$/gm,
  );
  const files = new Map([...found].map(([, path = "", text = ""]) => [path, text]));
  let toml: string;
  beforeAll(async () => {
    for (const [path, text] of files) await folder.write(path, text);
    toml = join(folder.path, "wrangler.toml");
  });

  it("is three files and a main file of three lines", () => {
    expect([...files.keys()]).toEqual(["signer.config.ts", "src/index.ts", "wrangler.toml"]);
    const statements = files
      .get("src/index.ts")!
      .split("\n")
      .filter((line) => /^(const|export)/.test(line));
    expect(statements).toHaveLength(3);
  });

  it("passes the check, without a warning", async () => {
    const [only, ...others] = await checkProject(toml);
    expect([only!.faults, only!.warnings, others]).toEqual([[], [], []]);
    expect(only!.config.ok && [...only!.config.value.profiles.keys()]).toEqual(["default"]);
  });

  it("is told in words by the line of the page", async () => {
    const [, line = ""] = /^npx cloudinary-edge-signer (check \S*)/m.exec(README) ?? [];
    const { code, stdout } = await runHere(main, [...line.split(" "), "--config", toml]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/default[\s\S]*pages of https:\/\/www\.example\.com/),
    ]);
  });

  it("is right in strict TypeScript", async () => {
    const names = ["signer.config.ts", "src/index.ts"];
    await folder.write(
      "src/mistaken.ts",
      files.get("src/index.ts")!.replace("config);", "{ profile: {} });"),
    );
    const said = await folder.tsc([...names, "src/mistaken.ts"], ["@cloudflare/workers-types"]);
    const { about, others } = apart(said, "src/mistaken.ts");
    expect([about, others]).toEqual([expect.stringContaining("TS2561"), ""]);
  });

  it("is bundled, and signs in workerd", async () => {
    const build = join(folder.path, "dist");
    await bundleWorker(build, toml);
    // An access method that is not imported is not in the bundle: of `jwt` jose's error codes would tell.
    expect(await readFile(join(build, "index.js"), "utf8")).not.toContain("ERR_JWT");
    expect(await readFile(join(inject("workerBuild"), "worker.js"), "utf8")).toContain("ERR_JWT");
    const page = { origin: "https://www.example.com" };
    const ask = async (bindings: Record<string, string>, asking: readonly Record<string, string>[]) => {
      const worker = await startWorker({ build, config: toml, env: "", bindings });
      const answers = asking.map(async (headers) => {
        const answer = await fetch(`${worker.url}/sign`, { method: "POST", headers });
        return { status: answer.status, body: (await answer.json()) as Ticket & { code?: string } };
      });
      return Promise.all(answers).finally(() => worker.close());
    };
    const [signed, stranger] = await ask({ CLOUDINARY_URL: URL_OF_ACCOUNT }, [page, {}]);
    const ticket = signed!.body;
    expect([judged(ticket), ticket.url.endsWith("/image/upload")]).toEqual([true, true]);
    expect([stranger!.status, stranger!.body.code]).toEqual([403, "origin_not_allowed"]);
    const [early] = await ask({}, [page]);
    expect([early!.status, early!.body.code]).toEqual([500, "misconfigured"]);
  });

  it("is not built by wrangler, whose build command checks it, where the configuration is wrong", async () => {
    const wrong = files.get("signer.config.ts")!.replace("ttl: 300", "ttl: 7");
    await folder.write("signer.config.ts", wrong);
    const built = buildWorker(join(folder.path, "dist"), { config: toml });
    const said = await built.then(
      () => "built",
      ({ message }: Error) => message,
    );
    await folder.write("signer.config.ts", files.get("signer.config.ts")!);
    expect(said).toContain("profiles.default.ttl");
  });
});

it("what a profile would do is told by the line that the pages have", async () => {
  const lines = blocks("sh").filter((text) => text.startsWith("npm run try"));
  expect(lines).toHaveLength(1);
  for (const line of lines) {
    // The shell reads the line, and says what the command would get.
    const script = `npm() { shift 3; printf '%s\\n' "$@"; }\n${line}`;
    const { stdout: args } = await promisify(execFile)("sh", ["-c", script]);
    const config = join(PROJECT, "wrangler.toml");
    const { code, stdout } = await runHere(main, ["try", ...args.trimEnd().split("\n"), "--config", config]);
    expect(code).toBe(0);
    expect(stdout).toContain("✓ It would be signed.");
  }
});

/** Two sections that go together: the second takes the first one's definition. */
const MOUNT = section("Mount it");
const DATABASE = section("From a page to the database");
const [, MOUNTED = ""] = /^```js\n([\s\S]*?)^```$/m.exec(MOUNT) ?? [];
const userOf = async (session: string) => (session === "s3ss10n" ? { sub: "42" } : undefined);
const COOKIE = { cookie: "session=s3ss10n" };

describe("mount it", () => {
  it.each([
    ["Deploy it", section("Deploy it")],
    ["Mount it", MOUNT],
    ["From a page to the database", DATABASE],
  ])("%s stands on one screen", (_, text) => {
    expect(text.split("\n").length).toBeLessThan(50);
  });

  it("signs for whose session it is, and for nobody else", async () => {
    const app = new Hono();
    await run(given(MOUNTED, "log: () => {}"), { app, createSigner, userOf, ...ACCOUNT });
    const page = { origin: "http://localhost" };
    const ask = async (headers: Record<string, string>) => {
      const answer = await app.request("/api/uploads/sign/avatars", { method: "POST", headers });
      return (await answer.json()) as Ticket & { code?: string };
    };
    const ticket = await ask({ ...page, ...COOKIE });
    expect([judged(ticket), ticket.fields.public_id]).toEqual([
      true,
      expect.stringMatching(/^users\/42\/[0-9a-f-]{36}$/),
    ]);
    expect((await ask(page)).code).toBe("unauthenticated");
    expect((await ask({ ...page, cookie: "session=other" })).code).toBe("invalid_token");
    expect((await ask({ ...COOKIE, origin: "https://other.example" })).code).toBe("origin_not_allowed");
  });
});

describe("the account", () => {
  const here = block("js", "process.env");

  it("comes from the environment, and a value that is missing is named", async () => {
    const take = (env: object) =>
      run(`${here} return { cloudName, apiKey, apiSecret };`, { process: { env } }) as Promise<
        typeof ACCOUNT
      >;
    const { cloudName, apiKey, apiSecret } = ACCOUNT;
    const env = {
      CLOUDINARY_CLOUD_NAME: cloudName,
      CLOUDINARY_API_KEY: apiKey,
      CLOUDINARY_API_SECRET: apiSecret,
    };
    expect(await take(env)).toEqual(ACCOUNT);
    const { CLOUDINARY_API_SECRET: _, ...others } = env;
    const without = await take(others);
    expect(() => createSigner({ profiles: { default: { access: ["public"] } } }, without)).toThrow(
      "apiSecret",
    );
    await expect(library.signUpload({ folder: "a" }, without)).rejects.toThrow("apiSecret");
  });

  it("is the demo's where there is none: its emulator takes what is signed by these values", async () => {
    const snippet = block("js", "demo-Secret_that-opens-nothing");
    const account = (await run(`${snippet} return account;`, {})) as typeof ACCOUNT & {
      uploadPrefix: string;
    };
    const start = await readFile(join(PROJECT, "src/cli/start.ts"), "utf8");
    const demoValue = (name: string): string =>
      new RegExp(`^  ${name}: "(.*)",$`, "m").exec(start)?.[1] ?? "";
    const demo = {
      cloudName: demoValue("cloudName"),
      apiKey: demoValue("apiKey"),
      apiSecret: demoValue("apiSecret"),
    };
    const port = /^const DEFAULT_EMULATOR_PORT = (\d+);$/m.exec(start)?.[1];
    expect(account).toEqual({ ...demo, uploadPrefix: `http://127.0.0.1:${port}` });
    // The same values stand where another Worker is tried.
    expect(block("sh", "CLOUDINARY_UPLOAD_PREFIX=")).toBe(
      `CLOUDINARY_URL=cloudinary://${demo.apiKey}:${demo.apiSecret}@${demo.cloudName}\nCLOUDINARY_UPLOAD_PREFIX=${account.uploadPrefix}\n`,
    );
    // And the ticket that the page shows is one of theirs.
    const { api_key, signature, ...params } = JSON.parse(block("json", '"expires_at"')).fields;
    expect([api_key, signature]).toEqual([demo.apiKey, sdkSignature(params, demo.apiSecret, "sha256")]);
    const emulator = await startEmulator(demo);
    const options = { ...account, uploadPrefix: emulator.url, log: () => {} };
    const app = createSigner({ profiles: { default: { access: ["public"] } } }, options);
    const address = "http://signer.test";
    const { asset } = await withApp(app, address, () => upload(new Blob(["Hello"]), { signer: address }));
    expect(emulator.uploads()).toMatchObject([{ public_id: asset.public_id, bytes: 5 }]);
    await emulator.close();
  });
});

describe("a signed upload", () => {
  let stack: Stack;
  let sample: Buffer;
  beforeAll(async () => {
    const members = { type: "jwt", secret: "JWT_SECRET", issuer: ISSUER, audience: AUDIENCE } as const;
    const SIGNER: Plain = {
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
    const lines = section("Try it").match(/^curl .*$/gm) ?? [];
    const said = await Promise.all(
      lines.map((line) => promisify(execFile)("sh", ["-c", here(line)], { cwd: PROJECT })),
    );
    expect(said.map(({ stdout }) => JSON.parse(stdout))).toMatchObject([
      { fields: { public_id: expect.any(String), signature: expect.any(String) } },
      { bytes: sample.length, format: "jpg" },
    ]);
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
    const snippets = [
      block("js", "const params = { context"),
      block("js", "uploadQueue"),
      block("js", "createUploads"),
    ];
    const { outputFiles } = await build({
      stdin: { contents: `${here(snippets.join("\n"))}\nexport { asset, all, list };`, resolveDir: PROJECT },
      alias: { "cloudinary-edge-signer/client": join(PROJECT, "src/client/client.ts") },
      bundle: true,
      format: "esm",
      target: "es2022",
      write: false,
      banner: { js: "const { file, files, console } = globalThis.readme;" },
    });
    const file = new File([new Uint8Array(sample)], "sample.jpg");
    const told: string[] = [];
    const console = { log: (...words: string[]) => told.push(words.join(" ")) };
    Object.assign(globalThis, { readme: { file, files: [file, file, file, file], console } });
    const code = `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString("base64")}`;
    const { asset, all, list } = await import(/* @vite-ignore */ code);
    expect(asset).toMatchObject({ bytes: sample.length, context: { custom: { alt: "A cat" } } });
    expect(told).toContain(`sample.jpg, sending: ${sample.length} of ${sample.length} bytes`);
    await expect.poll(() => list.getSnapshot().counts.done).toBe(4);
    expect(told.filter((line) => line === "sample.jpg done")).toHaveLength(4);
    await expect.poll(() => told.at(-1)).toBe("4 of 4 files, 100 %");
    expect(new Set(all.map(({ value }: { value: Uploaded }) => value.asset.public_id)).size).toBe(4);
  });

  it("by a link", async () => {
    const snippet = blocks("js").find((text) => text.includes("/links/")) ?? "";
    const run = new Function("token", `return (async () => { ${here(snippet)}; return url; })()`);
    const url = await run(await signShared());
    const paramsToSign = { timestamp: Math.floor(Date.now() / 1000), folder: "users/42", source: "uw" };
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ paramsToSign }) });
    expect(await answer.json()).toHaveProperty("signature");
  });
});

describe("from a page to the database", () => {
  const [, page = ""] = /^```html\n([\s\S]*?)^```$/m.exec(DATABASE) ?? [];

  it("a row for a file that is chosen, and none for one that breaks a limit", async () => {
    const emulator = await startEmulator(ACCOUNT);
    const app = new Hono();
    let db!: DatabaseSync;
    class InMemory extends DatabaseSync {
      constructor() {
        super(":memory:");
        db = this;
      }
    }
    const definition = await run(`${MOUNTED.replace(/^app\.route.*$/m, "")} return definition;`, { userOf });
    const server = given(block("js", "onUploaded("), `uploadPrefix: "${emulator.url}", log: () => {}`);
    await run(server, { app, createSigner, definition, DatabaseSync: InMemory, ...ACCOUNT });
    // What a browser sends by itself.
    const browsed = {
      fetch(request: Request) {
        for (const [name, value] of Object.entries({ ...COOKIE, origin: address }))
          request.headers.set(name, value);
        return app.fetch(request);
      },
    };

    const [, script = ""] = /<script type="module">([\s\S]*)<\/script>/.exec(page) ?? [];
    const address = "http://app.test";
    const image = { src: "" };
    const input: { onchange?: (event: object) => Promise<void> } = {};
    const document = { querySelector: (selector: string) => (selector === "img" ? image : input) };
    const told: Uploaded[] = [];
    const here = async (file: File, options: UploadOptions) => {
      told.push(await upload(file, { ...options, signer: address + options.signer }));
      return told.at(-1)!;
    };
    const shown: string[] = [];
    const alert = (sentence: string) => void shown.push(sentence);
    new Function("document", "upload", "alert", script.replaceAll(/^ *import .*;.*$/gm, ""))(
      document,
      here,
      alert,
    );
    const choose = (bytes: Uint8Array<ArrayBuffer>, name: string) =>
      withApp(browsed, address, () => input.onchange!({ target: { files: [new File([bytes], name)] } }));
    const sample = new Uint8Array(await readFile(join(PROJECT, "src/testing/sample.jpg")));
    await choose(sample, "cat.jpg");
    const rows = db.prepare("SELECT * FROM pictures").all();
    const { public_id } = emulator.uploads()[0]!;
    expect(rows).toEqual([{ jti: expect.any(String), user: "42", public_id, bytes: sample.length }]);
    expect(told[0]!.data).toEqual({ id: rows[0]!.jti });
    expect(new Uint8Array(await (await fetch(image.src)).arrayBuffer())).toEqual(sample);

    // Of another format than its name tells; and one whose size tells enough.
    const gif = new Uint8Array(
      Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64"),
    );
    await choose(gif, "cat.jpg");
    await choose(new Uint8Array(6_000_000), "cat.jpg");
    expect(shown).toEqual([expect.stringMatching(/format/), script.match(/"(send at most[^"]*)"/)![1]]);
    expect(db.prepare("SELECT * FROM pictures").all()).toEqual(rows);
    expect(emulator.uploads()).toHaveLength(1);
    await emulator.close();
  });
});

describe("in one's own code", () => {
  it("signs an upload and another method's request, and verifies an answer", async () => {
    const asked: unknown[] = [];
    const ask = async (...args: unknown[]) => void asked.push(args);
    const asset = { public_id: "a", version: 1, signature: "0".repeat(64) };
    const snippet = block("js", "signRequest");
    const code = `${snippet} return { ticket, fields, isCloudinarys };`;
    const said = (await run(code, { ...library, ...ACCOUNT, fetch: ask, asset })) as {
      ticket: Ticket;
      fields: Ticket["fields"];
      isCloudinarys: boolean;
    };
    const { api_key: _, signature: signed, ...params } = said.ticket.fields;
    expect(params).toMatchObject({ folder: "avatars", context: "alt=A cat|caption=Felix" });
    expect(signed).toBe(sdkSignature(params, ACCOUNT.apiSecret, "sha256"));
    expect(asked).toMatchObject([["https://api.cloudinary.com/v1_1/demo/image/destroy", { method: "POST" }]]);
    expect(said.fields.public_id).toBe("old");
    expect(said.isCloudinarys).toBe(false);
  });

  it("verifies a notification", async () => {
    const app = new Hono();
    const told: unknown[] = [];
    const console = { log: (text: unknown) => told.push(text) };
    await run(block("js", "verifyNotification(notification"), { app, console, ...library, ...ACCOUNT });
    const body = '{"notification_type":"upload"}';
    const now = Math.floor(Date.now() / 1000);
    const signature = createHash("sha256").update(`${body}${now}${ACCOUNT.apiSecret}`).digest("hex");
    const post = (headers: Record<string, string>) =>
      app.request("/webhooks/cloudinary", { method: "POST", body, headers });
    const good = await post({ "X-Cld-Timestamp": String(now), "X-Cld-Signature": signature });
    expect([good.status, told]).toEqual([200, ["upload"]]);
    const bad = await post({ "X-Cld-Timestamp": String(now), "X-Cld-Signature": "0".repeat(64) });
    expect([bad.status, await bad.text(), told]).toEqual([401, "invalid_signature", ["upload"]]);
    const bare = await post({});
    expect([bare.status, await bare.text()]).toEqual([401, "missing_header"]);
  });

  it("mounts a signer with an access method, its secret, and a log", async () => {
    const app = new Hono();
    const lines: string[] = [];
    const console = { info: (line: string) => lines.push(line) };
    await run(block("js", "JWT_SECRET: jwtSecret"), {
      ...{ app, console, createSigner, ...ACCOUNT },
      jwtSecret: SHARED_SECRET,
    });
    const answer = await app.request("/api/uploads/sign", { method: "POST" });
    expect(await answer.json()).toHaveProperty("code", "unauthenticated");
    expect(lines.map((line) => JSON.parse(line).status)).toEqual([401]);
    const token = await signShared({ iss: "https://id.example.com/", aud: "uploads", sub: "42" });
    const headers = { authorization: `Bearer ${token}` };
    const signed = await app.request("/api/uploads/sign", { method: "POST", headers });
    expect(await signed.json()).toHaveProperty("fields.folder", "users/42");
  });

  /** An app whose own middleware knows who asks. */
  const knowing = (userId: string) =>
    new Hono<{ Variables: { userId: string } }>().use(async (c, next) => {
      c.set("userId", userId);
      await next();
    });

  it("answers with a ticket for users whom the app knows, which the client asks for", async () => {
    const emulator = await startEmulator(ACCOUNT);
    const more = `uploadPrefix: ${JSON.stringify(emulator.url)}, log: () => {}`;
    const snippet = given(block("js", '"/avatar/sign"'), more);
    const app = knowing("7");
    await run(snippet, { app, createTicketSource, uploadTicket, ...ACCOUNT });
    const address = "http://app.test";
    const { asset } = await withApp(app, address, () =>
      upload(new Blob(["Hello"]), { signer: `${address}/avatar` }),
    );
    await emulator.close();
    expect(asset.public_id).toBe("users/7/avatar");
    const other = knowing("7/8");
    await run(snippet, { app: other, createTicketSource, uploadTicket, ...ACCOUNT });
    const refused = await other.request("/avatar/sign", { method: "POST" });
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: "invalid_token" }]);
  });

  it("hands on parameters, which the profile judges", async () => {
    const app = knowing("7");
    const signer = createTicketSource(
      {
        access: { app: config.service() },
        profiles: {
          pictures: {
            access: ["app"],
            set: { folder: "{access}/{sub}" },
            accept: { context: { keys: ["alt"] } },
          },
        },
      },
      { ...ACCOUNT, log: () => {} },
    );
    await run(block("js", '"/pictures/sign"'), { app, signer, uploadTicket });
    const ask = async (params: object) => {
      const answer = await app.request("/pictures/sign", {
        method: "POST",
        body: JSON.stringify({ params }),
      });
      return answer.json();
    };
    expect(await ask({ context: { alt: "A cat" } })).toHaveProperty("fields.context", "alt=A cat");
    expect(await ask({ folder: "x" })).toHaveProperty("code", "params_refused");
  });

  it("is tried in one's own tests", async () => {
    const told: unknown[] = [];
    await run(block("js", "startEmulator"), {
      ...{ audit, createSigner, startEmulator },
      assertNoForgeries: (report: AuditReport) => {
        assertNoForgeries(report);
        told.push(report.forgeries);
      },
      console: { log: (value: unknown) => told.push(value) },
    });
    expect(told).toEqual([1, 0]);
  });

  it("asks the signer from another Worker", async () => {
    const snippet = block("ts", "env: { SIGNER: TicketSource }");
    const { code } = await transform(snippet, { loader: "ts" });
    const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
    const worker = (await import(/* @vite-ignore */ url)).default;
    const answer = await worker.fetch(new Request("https://other.example/"), { SIGNER });
    expect(await answer.json()).toHaveProperty("fields.public_id", "users/42/avatar");
  });
});

/** What snippets take for granted, as a newcomer's own code would have it. */
const GRANTED = `
import type { Hono } from "hono";
import type { SignedResponse } from "cloudinary-edge-signer";
import type { TicketSource } from "cloudinary-edge-signer/hono";
declare const app: Hono<{ Variables: { userId: string } }>;
declare const env: { SIGNER: TicketSource };
declare const signer: TicketSource;
declare const userOf: (session: string) => Promise<{ sub: string } | undefined>;
declare const definition: import("cloudinary-edge-signer/config").SignerDefinition;
declare const asset: SignedResponse;
declare const file: File;
declare const files: File[];
declare const cloudName: string, apiKey: string, apiSecret: string, jwtSecret: string, token: string;
`;

it("snippets are right in strict TypeScript, and mistakes in them are seen", async () => {
  const snippets = [...blocks("js"), ...CONFIGURED].filter((text) =>
    /cloudinary-edge-signer|process\.env|env\.SIGNER|uploadTicket/.test(text),
  );
  expect(snippets.length).toBeGreaterThanOrEqual(16);
  const names: string[] = [];
  // A front end's configuration is the demo's.
  const demo = JSON.stringify(join(PROJECT, "demo/signer.config.ts"));
  const write = async (kind: string, all: readonly string[]): Promise<void> => {
    for (const [index, text] of all.entries()) {
      // A deployment's main file is of the Worker's types, above.
      if (text.includes("createWorker")) continue;
      const imports = (text.match(IMPORTS)?.join("\n") ?? "").replace('"../signer.config.ts"', demo);
      const rest = text.replaceAll(IMPORTS, "");
      const source = rest.includes("export default")
        ? text
        : `${GRANTED}${imports}\nexport async function snippet() {\n${rest}\nreturn undefined;\n}`;
      names.push(`snippets/${kind}-${index}.ts`);
      await folder.write(names.at(-1)!, source);
    }
  };
  await write("right", snippets);
  const MISTAKES = /emulator\.url,|access: \{|profiles: \{/;
  await write(
    "wrong",
    snippets.map((text) => text.replace(MISTAKES, (found) => found.replace(/\w+(?=[:,])/, "$&x"))),
  );
  const said = await folder.tsc(names);
  // What belongs to a line is indented below it.
  const lines = said.split(/^(?=\S)/m);
  expect(lines.filter((line) => !line.startsWith("snippets/wrong-")).join("")).toBe("");
  const mistaken = snippets.flatMap((text, i) =>
    MISTAKES.test(text) && !text.includes("createWorker") ? [`snippets/wrong-${i}.ts`] : [],
  );
  expect(mistaken.length).toBeGreaterThanOrEqual(8);
  expect([...new Set(lines.map((line) => line.split("(")[0]))].filter((name) => name !== "").sort()).toEqual(
    mistaken.sort(),
  );
});

/** The blocks of TypeScript, those of the page on components too. */
const CONFIGURED = [
  ...blocks("ts"),
  .../^```ts\n([\s\S]*?)^```$/m
    .exec(await readFile(join(PROJECT, "docs/components/widget.md"), "utf8"))!
    .slice(1),
];

describe("configurations", () => {
  const configurations = CONFIGURED.filter((text) => text.includes("export default defineSigner"));
  const account = {
    CLOUDINARY_URL: `cloudinary://${ACCOUNT.apiKey}:${ACCOUNT.apiSecret}@${ACCOUNT.cloudName}`,
  };
  const load = (part: string) => folder.load(block("ts", part));

  /** What the signer of an environment object answers. */
  const serve = (definition: unknown, bindings: Readonly<Record<string, unknown>>) => {
    const app = createApp(readBindings(definition, bindings), { log: () => {} });
    return (path: string, init?: RequestInit) => app.request(`https://x.example${path}`, init, bindings);
  };

  it("there are some, and each is whole", async () => {
    expect(configurations.length).toBeGreaterThanOrEqual(5);
    for (const text of configurations) {
      const configured = readBindings(await folder.load(text), account);
      expect(configured.ok ? [] : configured.error).toEqual([]);
    }
  });

  it("environments: each passes the check, and lets in its own pages and tokens", async () => {
    const definition = await load("environments:");
    await folder.write("staging/signer.config.ts", block("ts", "environments:"));
    await folder.write("staging/src/index.ts", "");
    const toml = `${block("toml", 'command = "npx cloudinary-edge-signer check"')}\n${block("toml", "[env.staging.vars]")}`;
    const checked = await checkProject(await folder.write("staging/wrangler.toml", toml));
    expect(checked.map(({ name, faults }) => [name, faults])).toEqual([
      [undefined, []],
      ["staging", []],
    ]);
    expect(new Set(checked.map(({ policy }) => policy)).size).toBe(2);

    const key = await makeKey("k1", "RS256");
    const keys = new KeyServer([key]);
    const ask = async (bindings: object, origin: string, issuer: string) => {
      const app = createApp(readBindings(definition, { ...account, ...bindings }), {
        fetch: (_, init) => keys.fetch(JWKS_URL, init),
        log: () => {},
      });
      const token = await sign(key, { iss: issuer, aud: "https://uploads.example.com" });
      const headers = { origin, authorization: `Bearer ${token}` };
      const answer = await app.request("https://x.example/sign", { method: "POST", headers });
      const { code = "signed" } = (await answer.json()) as { code?: string };
      return code;
    };
    const page = "https://www.example.com";
    const preview = "https://pr-1--shop.netlify.app";
    const issuer = "https://shop.eu.auth0.com/";
    const stagingIssuer = "https://shop-staging.eu.auth0.com/";
    const staging = { SIGNER_ENV: "staging" };
    expect(await ask({}, page, issuer)).toBe("signed");
    expect(await ask({}, preview, issuer)).toBe("origin_not_allowed");
    expect(await ask({}, page, stagingIssuer)).toBe("invalid_token");
    expect(await ask(staging, preview, stagingIssuer)).toBe("signed");
    expect(await ask(staging, page, stagingIssuer)).toBe("origin_not_allowed");
    expect(await ask(staging, preview, issuer)).toBe("invalid_token");
    expect(await ask({ SIGNER_ENV: "stagin" }, page, issuer)).toBe("misconfigured");
  });

  it("origins in a variable come beside those of the definition, outside of the policy's hash", async () => {
    const [, ALLOWED_ORIGINS = ""] = /= "(.*)"/.exec(block("toml", "ALLOWED_ORIGINS")) ?? [];
    const definition = config.defineSigner({
      allowedOrigins: ["https://own.example"],
      access: { site: config.origin() },
      profiles: { default: { access: ["site"] } },
    });
    const ask = async (origin: string, bindings: object) => {
      const asked = serve(definition, { ...account, ...bindings });
      const { status } = await asked("/sign", { method: "POST", headers: { origin } });
      return [status, ((await (await asked("/health")).json()) as { policy: string }).policy];
    };
    const [status, policy] = await ask("https://own.example", { ALLOWED_ORIGINS });
    expect([status, policy]).toEqual([200, expect.stringMatching(/^[0-9a-f]{64}$/)]);
    for (const origin of ["https://www.example.com", "https://shop.example.com"]) {
      expect(await ask(origin, { ALLOWED_ORIGINS })).toEqual([200, policy]);
      expect(await ask(origin, {})).toEqual([403, policy]);
    }
  });

  it("custom: the app's own sessions, by a cookie of its pages", async () => {
    const sessions = new Map([["s3ss10n", { userId: "7" }]]);
    const SESSIONS = {
      get: async (value: string, type: string) => {
        if (value === "down" || type !== "json") throw new Error("down");
        return sessions.get(value) ?? null;
      },
    };
    const asked = serve(await load("custom("), { ...account, SESSIONS });
    const page = { origin: "https://www.example.com" };
    const ask = async (headers: Record<string, string>) => {
      const answer = await asked("/sign", { method: "POST", headers });
      const body = (await answer.json()) as { code?: string; fields?: { folder: string } };
      return [answer.status, body.code ?? body.fields?.folder];
    };
    expect(await ask({ ...page, cookie: "session=s3ss10n" })).toEqual([200, "users/7"]);
    expect(await ask({ ...page, cookie: "session=another" })).toEqual([401, "invalid_token"]);
    expect(await ask({ ...page, cookie: "session=down" })).toEqual([503, "application_unavailable"]);
    expect(await ask(page)).toEqual([401, "unauthenticated"]);
    expect(await ask({ cookie: "session=s3ss10n" })).toEqual([403, "origin_not_allowed"]);
  });
});

/** What GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

it("links lead to files that exist, and to headings that they have", async () => {
  const listed = await Promise.all(
    [".", "docs", "docs/components", "docs/decisions", "examples"].map(async (folder) =>
      (await readdir(join(PROJECT, folder))).map((name) => join(folder, name)),
    ),
  );
  const pages = listed.flat().filter((path) => path.endsWith(".md"));
  expect(pages).toEqual(expect.arrayContaining(["README.md", "SECURITY.md", ...PAGES]));
  const broken: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(PROJECT, page), "utf8");
    const prose = text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, "");
    for (const [, target = "", anchor] of prose.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const path = target === "" ? join(PROJECT, page) : join(PROJECT, dirname(page), target);
      const found = await stat(path).catch(() => undefined);
      const headings = found?.isFile() && anchor !== undefined ? await readFile(path, "utf8") : "";
      const anchors = [
        ...[...headings.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading)),
        ...[...headings.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id),
      ];
      if (found === undefined || (anchor !== undefined && !anchors.includes(anchor)))
        broken.push(`${page}: ${target}#${anchor ?? ""}`);
    }
  }
  expect(broken).toEqual([]);
});

it("docs/answers.md tells every reason that the log can have, and no other", async () => {
  const source = await readFile(join(PROJECT, "src/failure.ts"), "utf8");
  const docs = await readFile(join(PROJECT, "docs/answers.md"), "utf8");
  const reasons = [...source.matchAll(/^ {2}(\w+): (?:row|wrongClaim)\b/gm)].map((match) => match[1]!);
  expect(reasons).toContain("aud_mismatch");
  const table = docs.slice(docs.indexOf("| `reason` | |"), docs.indexOf("## The page"));
  const told = table
    .split("\n")
    .slice(2)
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map((match) => match[1]));
  // One that says no more than its code is not logged.
  expect(told.sort()).toEqual(reasons.filter((reason) => !Object.hasOwn(PROBLEMS, reason)).sort());
});
