// The README and the pages it leads to tell the truth: their snippets are taken from them, run and type-checked.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build, transform } from "esbuild";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { checkWranglerConfig } from "../src/cli/wrangler-config.ts";
import { upload } from "../src/client/index.ts";
import { createSigner, createTicketSource, uploadTicket } from "../src/hono.ts";
import * as library from "../src/library/index.ts";
import { type AuditReport, assertNoForgeries, audit, startEmulator } from "../src/testing/index.ts";
import { PROJECT, startWorker } from "../src/testing/local-worker.ts";
import type { Ticket } from "../src/ticket.ts";
import { AUDIENCE, ISSUER, SHARED_SECRET, signShared } from "./access/identity.ts";
import type { Plain } from "./support/definition.ts";
import { HAS_CURL } from "./support/programs.ts";
import { sdkSignature } from "./support/sdk.ts";
import { type Stack, startStack } from "./support/stack.ts";

const README = await readFile(join(PROJECT, "README.md"), "utf8");
const PAGES = ["docs/own-code.md", "docs/profiles.md", "docs/access.md", "docs/answers.md"];
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
function run(snippet: string, scope: Readonly<Record<string, unknown>>): Promise<unknown> {
  const code = snippet.replaceAll(IMPORTS, "");
  return new Function(...Object.keys(scope), `return (async () => { ${code} })()`)(...Object.values(scope));
}

const ACCOUNT = { cloudName: "demo", apiKey: "123456789012345", apiSecret: "s3cret-s3cret" };

/** What `Signer` of the Worker does, which test/worker/service.test.ts binds to another Worker. */
const SIGNER = createTicketSource({
  ...ACCOUNT,
  access: { app: { type: "service" } },
  profiles: { avatars: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
  log: () => {},
});

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
  snippet.replace(/(create(?:Signer|TicketSource)\(\{)/, `$1 ${options},`);

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
    await run(given(mount, "log: () => {}"), { app, createSigner, ...ACCOUNT });
    const answer = await app.request("/api/uploads/sign", { method: "POST" });
    expect(judged((await answer.json()) as Ticket)).toBe(true);
  });

  it("bind", async () => {
    const asked = (id: string) => run(bind, { env: { SIGNER }, user: { id } }) as Promise<Response>;
    const ticket = (await (await asked("42")).json()) as Ticket;
    expect(ticket).toHaveProperty("fields.public_id", "users/42/avatar");
    expect(judged(ticket)).toBe(true);
    const refused = await asked("4/2");
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: "invalid_token" }]);
  });

  it("import", async () => {
    const ticket = await run(`${bare} return ticket;`, { signUpload: library.signUpload, ...ACCOUNT });
    expect(ticket).toHaveProperty("fields.folder", "avatars");
    expect(judged(ticket as Ticket)).toBe(true);
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
    expect(() => createSigner({ ...without, profiles: { default: { access: ["public"] } } })).toThrow(
      "apiSecret",
    );
    await expect(library.signUpload({ folder: "a" }, without)).rejects.toThrow("apiSecret");
  });

  it("is the demo's where there is none: its emulator takes what is signed by these values", async () => {
    const snippet = block("js", 'uploadPrefix: "http://127.0.0.1:8788"');
    const account = (await run(`${snippet} return account;`, {})) as typeof ACCOUNT & {
      uploadPrefix: string;
    };
    const start = await readFile(join(PROJECT, "src/cli/start.ts"), "utf8");
    const toml = await readFile(join(PROJECT, "wrangler.toml"), "utf8");
    const demo = {
      cloudName: /^\[env\.local\.vars\]\nCLOUDINARY_CLOUD_NAME = "(.*)"$/m.exec(toml)?.[1] ?? "",
      apiKey: /^CLOUDINARY_API_KEY = "(\d+)"$/m.exec(toml)?.[1] ?? "",
      apiSecret: /^const DEMO_SECRET = "(.*)";$/m.exec(start)?.[1] ?? "",
    };
    const port = /^const DEFAULT_EMULATOR_PORT = (\d+);$/m.exec(start)?.[1];
    expect(account).toEqual({ ...demo, uploadPrefix: `http://127.0.0.1:${port}` });
    // The same values stand where another Worker is tried.
    expect(block("sh", "CLOUDINARY_API_SECRET=")).toBe(
      `CLOUDINARY_API_SECRET=${demo.apiSecret}\nCLOUDINARY_UPLOAD_PREFIX=${account.uploadPrefix}\n`,
    );
    const emulator = await startEmulator(demo);
    const options = { ...account, uploadPrefix: emulator.url, log: () => {} };
    const app = createSigner({ ...options, profiles: { default: { access: ["public"] } } });
    const address = "http://signer.test";
    const asset = await withApp(app, address, () => upload(new Blob(["Hello"]), { signer: address }));
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
    const snippets = [block("js", "import { upload } from"), block("js", "uploadQueue")];
    const { outputFiles } = await build({
      stdin: { contents: `${here(snippets.join("\n"))}\nexport { asset, all };`, resolveDir: PROJECT },
      alias: { "cloudinary-edge-signer/client": join(PROJECT, "src/client/index.ts") },
      bundle: true,
      format: "esm",
      target: "es2022",
      write: false,
      banner: { js: "const { file, files, console } = globalThis.readme;" },
    });
    const file = new File([new Uint8Array(sample)], "sample.jpg");
    const told: string[] = [];
    const console = { log: (line: string) => told.push(line) };
    Object.assign(globalThis, { readme: { file, files: [file, file, file, file], console } });
    const code = `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString("base64")}`;
    const { asset, all } = await import(/* @vite-ignore */ code);
    expect(asset).toMatchObject({ bytes: sample.length, context: { custom: { alt: "A cat" } } });
    expect(told).toContain(`sample.jpg: ${sample.length} of ${sample.length} bytes`);
    expect(new Set(all.map(({ value }: { value: { public_id: string } }) => value.public_id)).size).toBe(4);
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

  it("mounts a signer with a way in, its secret, and a log", async () => {
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
    const asset = await withApp(app, address, () =>
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
    const signer = createTicketSource({
      ...ACCOUNT,
      access: { app: { type: "service" } },
      profiles: {
        pictures: { access: ["app"], set: { folder: "{way}/{sub}" }, accept: { context: { keys: ["alt"] } } },
      },
      log: () => {},
    });
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
declare const user: { id: string };
declare const asset: SignedResponse;
declare const file: File;
declare const files: File[];
declare const cloudName: string, apiKey: string, apiSecret: string, jwtSecret: string;
`;

it("snippets are right in strict TypeScript, and mistakes in them are seen", async () => {
  const folder = await mkdtemp(join(tmpdir(), "edge-signer-readme-"));
  const snippets = [...blocks("js"), ...blocks("ts")].filter((text) =>
    /cloudinary-edge-signer|process\.env|env\.SIGNER|uploadTicket/.test(text),
  );
  expect(snippets.length).toBeGreaterThanOrEqual(12);
  const entry = (path: string) => [join(PROJECT, "src", path)];
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(PROJECT, "tsconfig.json"),
      compilerOptions: {
        lib: ["ES2024", "DOM", "DOM.Iterable"],
        types: ["node"],
        noUnusedLocals: false,
        paths: {
          "cloudinary-edge-signer": entry("library/index.ts"),
          "cloudinary-edge-signer/client": entry("client/index.ts"),
          "cloudinary-edge-signer/hono": entry("hono.ts"),
          "cloudinary-edge-signer/testing": entry("testing/index.ts"),
        },
      },
      include: ["*.ts"],
      exclude: [],
    }),
  );
  await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const wrong = snippets.map((text) => text.replace("emulator.url,", "emulator.address,"));
  const write = async (name: string, all: readonly string[]): Promise<void> => {
    for (const [index, text] of all.entries()) {
      const imports = text.match(IMPORTS)?.join("\n") ?? "";
      const rest = text.replaceAll(IMPORTS, "");
      const source = rest.includes("export default")
        ? text
        : `${GRANTED}${imports}\nexport async function snippet() {\n${rest}\nreturn undefined;\n}`;
      await writeFile(join(folder, `${name}-${index}.ts`), source);
    }
  };
  await write("right", snippets);
  await write("wrong", wrong);
  const said = await promisify(execFile)(join(PROJECT, "node_modules/.bin/tsc"), ["--noEmit"], {
    cwd: folder,
  }).then(
    () => "",
    ({ stdout }: { stdout: string }) => stdout,
  );
  await rm(folder, { recursive: true });
  // What belongs to a line is indented below it.
  const lines = said.split(/^(?=\S)/m);
  expect(lines.filter((line) => !line.startsWith("wrong-")).join("")).toBe("");
  expect(lines.join("")).toContain("TS2339");
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

  it.each([
    ["another Worker", 'type = "service"', "avatars"],
    ["members and jobs", 'type = "token"', "default"],
  ])("the profile for %s passes the check", async (_, part, profile) => {
    const snippet = blocks("toml").find((text) => text.includes(part)) ?? "";
    const path = join(folder, "wrangler.toml");
    const account = '[vars]\nCLOUDINARY_CLOUD_NAME = "demo"\nCLOUDINARY_API_KEY = "123456789012345"\n';
    await writeFile(path, `name = "x"\nmain = "x.ts"\n${account}${snippet}`);
    await writeFile(join(folder, "x.ts"), "");
    const { faults, config } = checkWranglerConfig(path, undefined);
    expect(faults).toEqual([]);
    expect(config.ok && [...config.value.profiles.keys()]).toEqual([profile]);
  });

  it("what nobody filled in is refused", async () => {
    const path = join(folder, "wrangler.toml");
    await writeFile(path, `name = "x"\nmain = "x.ts"\n${production}`);
    await writeFile(join(folder, "x.ts"), "");
    const { faults } = checkWranglerConfig(path, undefined);
    expect(faults.map(({ binding }) => binding)).toEqual(["CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY"]);
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
    [".", "docs", "docs/components", "examples"].map(async (folder) =>
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
      const anchors = [...headings.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
      if (found === undefined || (anchor !== undefined && !anchors.includes(anchor)))
        broken.push(`${page}: ${target}#${anchor ?? ""}`);
    }
  }
  expect(broken).toEqual([]);
});

it("docs/answers.md tells every reason that the log can have, and no other", async () => {
  const source = await readFile(join(PROJECT, "src/problem.ts"), "utf8");
  const docs = await readFile(join(PROJECT, "docs/answers.md"), "utf8");
  const type = /export type Reason =([^;]*);/.exec(source)![1]!;
  const table = docs.slice(docs.indexOf("| `reason` | |"), docs.indexOf("## The page"));
  const told = table
    .split("\n")
    .slice(2)
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map((match) => match[1]));
  expect(told.sort()).toEqual([...type.matchAll(/"(\w+)"/g)].map((match) => match[1]).sort());
});
