// docs/uploads.md tells the truth: its commands, snippets and back ends are taken from it and run, over HTTP and with the
// emulator. (Its Worker is run by test/worker/application.test.ts.)

import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { getRequestListener } from "@hono/node-server";
import { build } from "esbuild";
import * as jose from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import demo from "../demo/signer.config.ts";
import { createSigner, type SignerDefinition } from "../src/hono.ts";
import { verifyReceipt } from "../src/library/library.ts";
import { type Emulator, startEmulator } from "../src/testing/emulator/emulator.ts";
import { PROJECT } from "../src/testing/local-worker.ts";
import { nextRoute } from "./hono/framework-calls.ts";
import { ACCOUNT, OPTIONS, unseen } from "./support/account.ts";
import { startProcess } from "./support/app-process.ts";
import { readBindings } from "./support/definition.ts";
import { newOwnerFolder } from "./support/owner.ts";
import { HAS_CURL } from "./support/programs.ts";
import { apart } from "./support/tsc.ts";

const TEXT = await readFile(join(PROJECT, "docs/uploads.md"), "utf8");
const blocks = (language: string): string[] =>
  [...TEXT.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
/** The blocks that are files: their first line is their path. */
const FILES = new Map(
  blocks("ts").map((text) => [/^\/\/ (\S+)\n/.exec(text)![1]!, text.slice(text.indexOf("\n") + 1)]),
);
const SAMPLE = join(PROJECT, "src/testing/sample.jpg");
const SIGNER_URL = "https://uploads.example.com";

const folder = await newOwnerFolder();
const emulator: Emulator = await startEmulator(OPTIONS);
const closing: (() => unknown)[] = [() => folder.close(), () => emulator.close()];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** Serves whatever answers requests, and tells its address before it is made. */
async function serve(
  make: (url: string) => (request: Request) => Response | Promise<Response>,
): Promise<string> {
  const server: Server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on("request", getRequestListener(make(url)));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return url;
}

const signerOf = (definition: unknown) => {
  const options = { ...OPTIONS, uploadPrefix: emulator.url, log: unseen };
  const secrets = { JWT_SECRET: "a-shared-secret-of-more-than-32-bytes" };
  const signer = createSigner(definition as SignerDefinition<never, never>, { ...options, secrets });
  return (request: Request) => signer.fetch(request);
};

// biome-ignore lint/suspicious/noExplicitAny: tickets, assets, confirmations and problems
async function post(url: string, body: BodyInit | object = ""): Promise<{ status: number; body: any }> {
  const isPlain = typeof body === "string" || body instanceof FormData;
  const answer = await fetch(url, { method: "POST", body: isPlain ? body : JSON.stringify(body) });
  return { status: answer.status, body: JSON.parse(unseen(await answer.text())) };
}

/** Uploads by a profile of a signer: what is handed to its `/confirm`. */
async function upload(signer: string, profile: string) {
  const { body: ticket } = await post(`${signer}/sign/${profile}`);
  const form = new FormData();
  for (const [name, value] of Object.entries<string>(ticket.fields)) form.append(name, value);
  form.append("file", new Blob([await readFile(SAMPLE)]), "sample.jpg");
  const { body: response } = await post(ticket.url, form);
  return { upload_id: ticket.upload_id, response };
}

it("its profile passes the check", async () => {
  const configured = readBindings({
    ...ACCOUNT,
    SIGNER: await folder.load(FILES.get("signer.config.ts")!),
  });
  expect(configured.ok ? [...configured.value.profiles.keys()] : configured.error).toEqual(["avatars"]);
});

describe.skipIf(!HAS_CURL)("by hand, at the demo's profile", () => {
  let here: string;
  let signer: string;
  const sh = async (script: string) => {
    const { stdout } = await promisify(execFile)(
      "sh",
      ["-ec", script.replaceAll("http://localhost:8787", signer)],
      {
        cwd: here,
      },
    );
    return JSON.parse(unseen(stdout));
  };
  const [script = ""] = blocks("sh");
  const [again = ""] = script.match(/.*\n$/)!;
  beforeAll(async () => {
    here = await mkdtemp(join(tmpdir(), "edge-signer-by-hand-"));
    closing.push(() => rm(here, { recursive: true, force: true }));
    await symlink(join(PROJECT, "src"), join(here, "src"));
    const { page: _, ...definition } = demo as unknown as Record<string, unknown>;
    signer = await serve(() => signerOf(definition));
  });

  it("the commands upload and confirm; the last one does it again; an altered signature is refused", async () => {
    const jtiOf = ({ receipt }: { receipt: string }) => jose.decodeJwt(receipt).jti;
    const confirmed = await sh(script);
    expect(confirmed).toMatchObject({
      asset: { bytes: (await readFile(SAMPLE)).length, format: "jpg" },
      data: null,
    });
    expect(emulator.uploads().map(({ public_id }) => public_id)).toContain(confirmed.asset.public_id);
    expect(jtiOf(await sh(again))).toBe(jtiOf(confirmed));
    const text = await readFile(join(here, "confirm.json"), "utf8");
    const forged = text.replace(/("signature":")(.)/, (_, name, digit) => name + (digit === "0" ? "1" : "0"));
    await writeFile(join(here, "confirm.json"), forged);
    expect(await sh(again)).toMatchObject({ status: 422, code: "upload_id_refused" });
  });
});

/** A signer elsewhere, as the receipts' examples have one; and one that is not theirs, of the same account. */
const PROFILES = {
  avatars: { access: ["public"], resourceType: "image", file: { maxBytes: "5 MB", formats: ["jpg", "png"] } },
  covers: { access: ["public"], resourceType: "image", file: {} },
};
const signer = await serve((publicUrl) => signerOf({ publicUrl, profiles: PROFILES }));
const staging = await serve((publicUrl) => signerOf({ publicUrl, profiles: PROFILES }));

async function receiptOf(from: string, profile = "avatars"): Promise<string> {
  const { status, body } = await post(`${from}/confirm/${profile}`, await upload(from, profile));
  expect(status, JSON.stringify(body)).toBe(200);
  return body.receipt;
}

/** The same words under a key of somebody else's, by the name of the right one. */
async function resigned(receipt: string): Promise<string> {
  const { privateKey } = await jose.generateKeyPair("EdDSA");
  const { kid } = jose.decodeProtectedHeader(receipt) as { kid: string };
  return new jose.SignJWT(jose.decodeJwt(receipt)).setProtectedHeader({ alg: "EdDSA", kid }).sign(privateKey);
}

const FORGERIES: readonly [string, () => Promise<string>][] = [
  ["under another key", async () => resigned(await receiptOf(signer))],
  ["of another profile", () => receiptOf(signer, "covers")],
  ["of another signer", () => receiptOf(staging)],
  [
    "without a signature",
    async () => new jose.UnsecuredJWT(jose.decodeJwt(await receiptOf(signer))).encode(),
  ],
  ["a word", async () => "receipt"],
  ["nothing", async () => ""],
  ["too much", async () => "a".repeat(100_000)],
];

describe("the receipt's snippets", () => {
  const snippets = blocks("js");
  it("there are two", () => expect(snippets).toHaveLength(2));

  it.each(snippets.map((text) => [/from "(.*)"/.exec(text)![1], text]))("by %s", async (_, snippet = "") => {
    const code = snippet.replaceAll(/^import .*;$/gm, "").replaceAll(SIGNER_URL, signer);
    const given = { ...jose, verifyReceipt, cloudName: OPTIONS.cloudName };
    const run = (receipt: string): Promise<unknown> =>
      new Function(
        ...Object.keys(given),
        "receipt",
        `return (async () => { ${code}\nreturn "verified"; })()`,
      )(...Object.values(given), receipt);
    expect(await run(await receiptOf(signer))).toBe("verified");
    for (const [, forge] of FORGERIES) await expect(run(await forge())).rejects.toThrow();
  });
});

const rowsOf = (database: string) =>
  new DatabaseSync(database, { readOnly: true }).prepare("SELECT * FROM pictures ORDER BY id").all();

/** Starts a file of the folder, until the end of the tests. */
async function start(file: string, env: Record<string, string>): Promise<string> {
  const { url, close } = await startProcess(folder.path, file, env);
  closing.push(close);
  return url;
}

beforeAll(async () => {
  for (const [path, text] of FILES) await folder.write(path, text);
});

/** Back ends that are handed receipts: the address that takes them. */
const BACK_ENDS: readonly [string, (database: string) => Promise<string>][] = [
  [
    "Next.js",
    async (DATABASE) => {
      const file = "app/api/pictures/route.ts";
      const outfile = join(folder.path, "built/route.mjs");
      await build({
        entryPoints: [join(folder.path, file)],
        outfile,
        bundle: true,
        platform: "node",
        format: "esm",
        preserveSymlinks: false,
      });
      vi.stubEnv("DATABASE", DATABASE);
      vi.stubEnv("SIGNER_URL", signer);
      const route = await nextRoute(
        "app/api/pictures",
        await import(/* @vite-ignore */ pathToFileURL(outfile).href),
      );
      return `${await serve(() => route)}/api/pictures`;
    },
  ],
  ["Node", async (DATABASE) => `${await start("server.ts", { DATABASE, SIGNER_URL: signer })}/pictures`],
];

describe.each(BACK_ENDS)("%s stores what a receipt proves", (name, start) => {
  const database = join(folder.path, `${name}.db`);
  let address: string;
  beforeAll(async () => {
    address = await start(database);
  });

  it("in one row, however often it is handed in, and confirmed", async () => {
    const uploaded = await upload(signer, "avatars");
    const receipts = [];
    for (const _ of [1, 2]) receipts.push((await post(`${signer}/confirm/avatars`, uploaded)).body.receipt);
    const answers = await Promise.all([...receipts, ...receipts].map((receipt) => post(address, receipt)));
    for (const answer of answers) expect(answer).toEqual({ status: 200, body: { id: 1 } });
    const { public_id, bytes } = uploaded.response;
    expect(rowsOf(database)).toEqual([{ id: 1, jti: expect.any(String), owner: null, public_id, bytes }]);
    const other = await post(address, await receiptOf(signer));
    expect([other.body, rowsOf(database).length]).toEqual([{ id: 2 }, 2]);
  });

  it.each(FORGERIES)("and none for one %s", async (_, forge) => {
    const before = rowsOf(database).length;
    const refused = await post(address, await forge()).catch(() => ({ status: 0, body: {} }));
    expect(refused.status).not.toBe(200);
    expect(refused.status).toBeLessThan(500);
    expect(rowsOf(database)).toHaveLength(before);
  });
});

describe("Hono stores what its own signer confirms", () => {
  const database = join(folder.path, "hono.db");
  let uploads: string;
  beforeAll(async () => {
    const line = /^ {2}\/\/ (uploadPrefix: )"http:\/\/127\.0\.0\.1:8788",.*\n/m;
    const text = FILES.get("hono.ts")!;
    expect(text).toMatch(line);
    await folder.write("hono-here.ts", text.replace(line, `  $1"${emulator.url}",\n`));
    uploads = `${await start("hono-here.ts", { ...ACCOUNT, DATABASE: database })}/api/uploads`;
  });

  it("in one row, however often it is confirmed; the row's ID comes back as data", async () => {
    const uploaded = await upload(uploads, "avatars");
    const answers = await Promise.all([1, 2, 3].map(() => post(`${uploads}/confirm/avatars`, uploaded)));
    for (const { status, body } of answers) expect([status, body.data]).toEqual([200, { id: 1 }]);
    const { public_id, bytes } = uploaded.response;
    expect(rowsOf(database)).toEqual([{ id: 1, jti: expect.any(String), owner: null, public_id, bytes }]);
  });

  it.each<[string, (mine: Awaited<ReturnType<typeof upload>>) => Promise<object>]>([
    [
      "with another's answer",
      async (mine) => ({ ...mine, response: (await upload(uploads, "avatars")).response }),
    ],
    ["with an altered version", async (mine) => ({ ...mine, response: { ...mine.response, version: 1 } })],
    ["with an upload ID of another signer", async () => upload(signer, "avatars")],
  ])("and none for a confirmation %s", async (_, forge) => {
    const before = rowsOf(database).length;
    const refused = await post(`${uploads}/confirm/avatars`, await forge(await upload(uploads, "avatars")));
    expect([refused.status, refused.body.code]).toEqual([422, "upload_id_refused"]);
    expect(rowsOf(database)).toHaveLength(before);
  });
});

it("its files are right in strict TypeScript, and mistakes in them are seen", async () => {
  const paths = [...FILES.keys()].filter((path) => path !== "src/index.ts");
  // Next.js's own settings let imports end without `.ts`, which these of Node don't.
  const here = new Map(paths.map((path) => [path, FILES.get(path)!.replace(/(lib\/pictures)"/, '$1.ts"')]));
  const mistakes = [
    ["app/api/pictures/route.ts", '"keys_unavailable"', '"keys_unavailible"', "TS2367"],
    ["server.ts", 'profile: "avatars"', 'profil: "avatars"', "TS2561"],
    ["hono.ts", "onUploaded:", "onUpload:", "TS2561"],
    ["signer.config.ts", "maxBytes", "maxByte", "TS2561"],
    ["lib/pictures.ts", "asset.bytes", "asset.size", "TS2339"],
  ] as const;
  for (const [path, text] of here) {
    const [, from = "", to = ""] = mistakes.find(([mistaken]) => mistaken === path) ?? [];
    await folder.write(`types/${path}`, text);
    await folder.write(`mistaken/${path}`, text.replace(from, to));
  }
  const said = await folder.tsc(paths.flatMap((path) => [`types/${path}`, `mistaken/${path}`]));
  const { about, others } = apart(said, "mistaken/");
  expect(others).toBe("");
  for (const [path, , to, code] of mistakes)
    expect(about, to).toMatch(new RegExp(`mistaken/${path}.*${code}`));
});
