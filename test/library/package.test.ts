// The package: what `npm pack` makes, unpacked into an empty project, is imported and type-checked.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { FULL, sampled } from "../support/counts.ts";
import { pack, unpack } from "../support/packed.ts";
import { tsc } from "../support/tsc.ts";
import { BARE_SOURCES, EXPECTED, RIGHT_SOURCES, uploaderSources } from "../support/typed-uploader.ts";

const run = promisify(execFile);

let folder: string;
let files: readonly string[];
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edge-signer-package-"));
  ({ tarball, files } = await pack());
  const home = join(folder, "node_modules/cloudinary-edge-signer");
  await unpack(home);
  // As its dependencies would be installed, and what its tests need: the SDK, and Node's types.
  await mkdir(join(folder, "node_modules/@types"), { recursive: true });
  for (const name of ["hono", "jose", "leven", "valibot", "cloudinary", "@types/node", "undici-types"])
    await symlink(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
  const expectType = join(PROJECT, "test/node_modules/expect-type");
  await symlink(expectType, join(folder, "node_modules/expect-type"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Type-checks modules of the empty project at once: what the compiler says of each, and of anything else. */
async function typeCheck(sources: Readonly<Record<string, string>>, ...options: string[]) {
  const names = Object.keys(sources).map((name) => `${name}.ts`);
  for (const [name, source] of Object.entries(sources)) await writeFile(join(folder, `${name}.ts`), source);
  const said = await tsc([...options, "--strict", "--noEmit", ...names], folder);
  // What belongs to a line is indented below it.
  const lines = said.split(/^(?=\S)/m);
  const about = (name: string) => lines.filter((line) => line.startsWith(`${name}(`)).join("");
  return {
    about: (name: string) => about(`${name}.ts`),
    other: lines.filter((line) => !names.some((name) => line.startsWith(`${name}(`))).join(""),
  };
}
const BROWSER = ["--lib", "es2022,dom", "--target", "es2022"];
const NO_BROWSER = ["--lib", "es2023", "--target", "es2023", "--types", "node"];
const BUNDLER = ["--module", "esnext", "--moduleResolution", "bundler"];

/** Somebody's own test: the emulator, a signer that is audited, and an oracle that is. */
const TRY = `
import { createHash } from "node:crypto";
import { signUpload } from "cloudinary-edge-signer";
import { createSigner } from "cloudinary-edge-signer/hono";
import { audit, startEmulator } from "cloudinary-edge-signer/testing";
const account = { cloudName: "demo", apiKey: "123456789012345", apiSecret: "s3cret-s3cret" };
const emulator = await startEmulator(account);
const { url, fields } = await signUpload({ folder: "a" }, { ...account, uploadPrefix: emulator.url });
const form = new FormData();
for (const [name, value] of Object.entries(fields)) form.append(name, value);
const gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
form.append("file", new Blob([Buffer.from(gif, "base64")]), "a.gif");
const asset = await (await fetch(url, { method: "POST", body: form })).json();
await emulator.close();
const signer = createSigner({ profiles: { default: { access: ["public"] } } }, { ...account, log: () => {} });
const ask = (app) => audit({
  url: "http://localhost/sign",
  secret: account.apiSecret,
  fetch: (input, init) => app(new Request(input, init)),
});
const signAnything = async (request) => {
  const { params } = await request.json();
  const fields = { timestamp: Math.floor(Date.now() / 1000), ...params };
  const text = Object.keys(fields).sort().map((name) => name + "=" + fields[name]).join("&");
  const signature = createHash("sha1").update(text + account.apiSecret).digest("hex");
  return Response.json({ signature, timestamp: fields.timestamp });
};
`;

/** Somebody's own app: the signer mounted, and a ticket for a route of its own. */
const MOUNT = `
import { Hono } from "hono";
import { service } from "cloudinary-edge-signer/config";
import { createSigner, createTicketSource, uploadTicket } from "cloudinary-edge-signer/hono";
const account = { cloudName: "demo", apiKey: "123456789012345", apiSecret: "s3cret-s3cret", log: () => {} };
const signer = createTicketSource({
  access: { app: service() },
  profiles: { default: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
}, account);
const app = new Hono()
  .route("/api/uploads", createSigner({ profiles: { default: { access: ["public"] } } }, account))
  .post("/avatar", uploadTicket({ signer, claims: () => ({ sub: "42" }) }), (c) => c.json(c.get("ticket")));
const ask = (path, method) => app.request("http://localhost" + path, { method });
const { status } = await ask("/api/uploads/sign", "POST");
const { fields } = await (await ask("/avatar", "POST")).json();
const preflight = (await ask("/api/uploads/sign/default", "OPTIONS")).status;
const other = (await ask("/api/uploads/nothing", "POST")).status;
console.log(JSON.stringify({ status, ticket: fields.public_id, preflight, other }));
`;

/** What needs no browser. */
const SERVER = `
import { defineSigner, service } from "cloudinary-edge-signer/config";
import { type ConfirmedUpload, type ReceiptFailure, RejectUpload, type RequestParams, signRequest, signUpload, type Ticket, verifyNotification, verifyReceipt } from "cloudinary-edge-signer";
import { createSigner, createTicketSource, type SignerOptions, type TicketSource, uploadTicket } from "cloudinary-edge-signer/hono";
import { type AuditReport, assertNoForgeries, audit, type Emulator, startEmulator } from "cloudinary-edge-signer/testing";
import { Hono } from "hono";
const account = { cloudName: "demo", apiKey: "1", apiSecret: "s" };
const ticket: Ticket = await signUpload({ tags: ["a"] }, account);
const params: RequestParams["destroy"] = { public_id: "a" };
export const { url } = await signRequest("destroy", params, account);
const verified = await verifyNotification({ body: "{}", timestamp: "1", signature: "a" }, account);
export const kind: unknown = verified.ok ? verified.value.notification_type : verified.error === "too_old";
export { ticket };
export const confirmed = await verifyReceipt("a.b.c", { publicUrl: "https://uploads.example.com", profile: ["avatars"] });
export const taken: ConfirmedUpload | ReceiptFailure = confirmed.ok ? confirmed.value : confirmed.error;
const onUploaded = ({ subject, asset }: ConfirmedUpload): { bytes: number } => {
  if (subject === null) throw new RejectUpload("sign in first");
  return { bytes: asset.bytes };
};
const options: SignerOptions = { ...account, onUploaded };
const definition = defineSigner({ access: { app: service() }, profiles: { default: { access: ["app"], ttl: 300 } } });
type AppEnv = { Bindings: { SIGNER: TicketSource }; Variables: { userId: string } };
export const app = new Hono<AppEnv>().route("/api/uploads", createSigner(definition, options)).post(
  "/avatar",
  uploadTicket<AppEnv>({ signer: (c) => c.env.SIGNER, claims: (c) => ({ sub: c.get("userId") }) }),
  (c) => c.json({ until: c.get("ticket").expires_at }),
).post(
  "/untyped",
  uploadTicket({ signer: createTicketSource(definition, options), claims: (c) => ({ sub: c.req.header("x-user") ?? "" }) }),
  (c) => c.text(c.var.ticket.url),
);
const emulator: Emulator = await startEmulator({ ...account, onUpload: ({ public_id }) => console.log(public_id) });
const report: AuditReport = await audit({ url: emulator.url, fetch: (input, init) => app.fetch(new Request(input, init)) });
export const forged: number | string = report.asked ? report.forgeries : report.why;
assertNoForgeries(report);
`;

const RIGHT = `${SERVER}
import { type CloudinaryAnswer, type Problem, type Uploaded, UploadError, type UploadItem, type UploadResponse, createUploads, describeProfile, upload, uploadQueue } from "cloudinary-edge-signer/client";
const onTicket = ({ expires_at, fields }: Ticket): [number, string | undefined] => [expires_at, fields.folder];
const onAnswer = ({ status, headers, text }: CloudinaryAnswer) => console.log(status, headers["x-cld-error"], text);
const { asset, receipt, data }: Uploaded = await upload(new Blob(["a"]), { signer: "/api", onTicket, onAnswer });
export const stored: [UploadResponse, string | undefined, unknown] = [asset, receipt, data];
export const most: number | undefined = (await describeProfile({ signer: "/api" })).file?.maxBytes;
await uploadQueue(2)(new Blob(["a"]), { signer: "/api", signal: AbortSignal.timeout(5) });
const list = createUploads({ signer: "/api", onSettled: ({ result }: UploadItem) => result?.receipt });
export const left: number | undefined = list.getSnapshot().total.secondsLeft;
const why = (error: unknown): string | undefined => {
  if (!(error instanceof UploadError)) return undefined;
  const problem: Problem | undefined = error.problem;
  return error.code === "params_refused" ? problem?.errors?.[0]?.param : error.message;
};
export { asset, why };
`;

const HOME = "node_modules/cloudinary-edge-signer/dist/package";

/** A module of the package and those that it imports: the packages that each names. */
async function modulesOf(
  path: string,
  found = new Map<string, Set<string>>(),
): Promise<Map<string, Set<string>>> {
  if (found.has(path)) return found;
  const code = await readFile(join(folder, HOME, path), "utf8");
  const names = [...code.matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom "([^"]+)";/gm)].map(
    ([, name = ""]) => name,
  );
  found.set(path, new Set(names.filter((name) => !name.startsWith(".")).map((name) => name.split("/")[0]!)));
  for (const name of names.filter((name) => name.startsWith(".")))
    await modulesOf(join(dirname(path), name), found);
  return found;
}
const importsOf = async (path: string): Promise<Set<string>> =>
  new Set([...(await modulesOf(path)).values()].flatMap((names) => [...names]));

describe("the package", () => {
  it("holds each entry once, with its types, and no source", () => {
    const scripts = files.filter((path) => /^dist\/package\/[^/]+\.js$/.test(path));
    expect(scripts.filter((path) => !/\/cli-/.test(path)).sort()).toEqual(
      ["cli", "client", "index", "react", "testing"].map((name) => `dist/package/${name}.js`),
    );
    for (const entry of ["config", "hono", "worker"])
      for (const end of ["js", "d.ts"]) expect(files).toContain(`dist/package/modules/${entry}.${end}`);
    expect(files).toContain("dist/package/testing.LICENSES.txt");
    const sources = files.filter((path) => /\.(ts|tsx)$/.test(path) && !path.endsWith(".d.ts"));
    expect(sources.filter((path) => !path.startsWith("template/"))).toEqual([]);
    // What tests and commands alone need is in no module of theirs.
    expect(
      files.filter((path) => /^dist\/package\/modules\/(testing|cli|page|client|react)\//.test(path)),
    ).toEqual([]);
  });

  it.each([
    ["index.js", ["jose"]],
    ["client.js", []],
    ["react.js", ["react"]],
  ])("%s imports %j, and nothing else", async (name, packages) => {
    const code = await readFile(join(folder, HOME, name), "utf8");
    expect([...(await importsOf(name))]).toEqual(packages);
    expect(code).not.toMatch(/\bimport\(|\brequire\(/);
    if (packages.length === 0) expect(code).not.toMatch(/^\s*import\b/m);
  });

  it("a bundle of who verifies no receipt has no jose, and of who does", async () => {
    const bundled = async (...names: string[]): Promise<string> => {
      const stdin = { contents: `export { ${names} } from "cloudinary-edge-signer";`, resolveDir: folder };
      const built = await build({ stdin, bundle: true, format: "esm", minify: true, write: false });
      return built.outputFiles[0]!.text;
    };
    const JOSE = /ERR_J(OSE|WT|WS|WK)/;
    const others = ["signUpload", "signRequest", "verifyNotification", "RejectUpload"];
    expect(await bundled(...others)).not.toMatch(JOSE);
    expect(await bundled("verifyReceipt")).toMatch(JOSE);
  });

  const LINTERS = [
    ["publint", ["--strict"]],
    // What it looks at, the compiler below finds too, if not in so many kinds of projects.
    ["attw", ["--profile", "esm-only"]],
  ] as const;
  it.each(sampled(LINTERS, 2))("%s finds nothing", async (linter, options) => {
    const tool = join(PROJECT, "test/node_modules/.bin", linter);
    // Both exit with 1 where they find something.
    await run(tool, [tarball, ...options], { cwd: folder });
  });

  it("each declaration names the files that it imports, as Node finds them", async () => {
    const unknown: string[] = [];
    for (const path of files.filter((name) => name.endsWith(".d.ts"))) {
      const text = await readFile(join(folder, "node_modules/cloudinary-edge-signer", path), "utf8");
      for (const [, to = ""] of text.matchAll(/^(?! *\*).*(?:\bfrom |\bimport[( ])"(\.[^"]+)"/gm))
        if (!files.includes(join(dirname(path), to).replace(/\.[jt]sx?$/, ".d.ts")))
          unknown.push(`${path}: ${to}`);
    }
    expect(unknown).toEqual([]);
  });

  it("testing.js imports the SDK and Hono, and nothing else but what Node has", async () => {
    expect([...(await importsOf("testing.js"))].filter((name) => !name.startsWith("node:")).sort()).toEqual([
      "cloudinary",
      "hono",
    ]);
  });

  it.each([
    ["worker", ["cloudflare:workers", "hono", "leven", "valibot"]],
    ["hono", ["hono", "leven", "valibot"]],
    ["config", ["hono", "jose", "leven", "valibot"]],
  ])("%s and its modules import %j", async (entry, packages) => {
    const found = await importsOf(`modules/${entry}.js`);
    for (const name of found) expect(packages).toContain(name);
    // Who imports no \`jwt\` gets no jose: it stands behind one module.
    const jose = [...(await modulesOf("modules/config.js"))].filter(([, names]) => names.has("jose"));
    expect(jose.every(([path]) => /modules\/access\/(jwt|key-set)/.test(path))).toBe(true);
  });

  it("runs where it is installed, in Node: an upload to the emulator, and an audit; and exports what it says", async () => {
    const exported = {
      "": "RejectUpload,signRequest,signUpload,stringToSign,verifyNotification,verifyReceipt,verifyUploadResponse",
      "/client": "UploadError,act,createUploader,createUploads,describeProfile,upload,uploadQueue",
      "/config":
        "auth0,clerk,cloudflareAccess,custom,defineSigner,firebase,jwt,origin,service,supabase,token,turnstile",
      "/hono": "RejectUpload,createSigner,createTicketSource,uploadTicket",
      "/testing": "ATTACKS,WEBHOOK_ATTACKS,assertNoForgeries,audit,auditWebhook,reportText,startEmulator",
    };
    await writeFile(
      join(folder, "try.js"),
      `${TRY}
const names = {};
for (const entry of ${JSON.stringify(Object.keys(exported))})
  names[entry] = Object.keys(await import("cloudinary-edge-signer" + entry)).sort().join();
console.log(JSON.stringify({ names, asset, safe: await ask((request) => signer.fetch(request)), oracle: await ask(signAnything) }));
`,
    );
    const { stdout } = await run(process.execPath, ["try.js"], { cwd: folder });
    const { names, asset, safe, oracle } = JSON.parse(stdout);
    expect(names).toEqual(exported);
    expect(asset).toMatchObject({ format: "gif", width: 1, height: 1 });
    expect(safe).toMatchObject({ asked: true, forgeries: 0, doubts: [] });
    expect(oracle.asked && oracle.forgeries).toBeGreaterThan(10);
  });

  // All in one run of the compiler for each, which takes longer than what it checks.
  const RESOLUTIONS = [
    ["bundlers", BUNDLER],
    ["Node", ["--module", "nodenext"]],
  ] as const;
  // The quick run finds the types as bundlers do where Hono is older.
  describe.each(sampled(RESOLUTIONS, 2, 1))("its types, for %s", (_, resolution) => {
    const mistakes: [change: [string, string], code: string][] = [
      [['"params_refused"', '"parms_refused"'], "TS2367"],
      [['{ public_id: "a" }', '{ public_ids: "a" }'], "TS2561"],
      [["expires_at,", "expire_at,"], "TS2339"],
      [['get("userId")', 'get("user")'], "TS2769"],
    ];
    let definition: string;
    let said: Awaited<ReturnType<typeof typeCheck>>;
    beforeAll(async () => {
      definition = await readFile(join(PROJECT, "test/config/definition-types.ts"), "utf8");
      const packed = definition.replace("../../src/config.ts", "cloudinary-edge-signer/config");
      const bare = packed.replaceAll("// @ts-expect-error", "//");
      const wrong = mistakes.map(([[from, to]], i) => [`wrong-${i}`, RIGHT.replace(from, to)]);
      said = await typeCheck(
        {
          right: RIGHT,
          ...Object.fromEntries(wrong),
          packed,
          "bare-definition": bare,
          ...(await uploaderSources()),
        },
        ...[...BROWSER, ...resolution, "--exactOptionalPropertyTypes"],
        // The declarations themselves are checked with the oldest Hono, below, and the client's where React is.
        ...(FULL ? [] : ["--skipLibCheck"]),
      );
    });

    it("are right", () => {
      expect([said.about("right"), said.about("packed"), said.other]).toEqual(["", "", ""]);
    });

    it.each(mistakes.map(([[, to], code], i) => [to, code, `wrong-${i}`]))("see %s: %s", (_, code, name) => {
      expect(said.about(name)).toContain(code);
    });

    it("see each mistake in a configuration", () => {
      const seen = new Set(said.about("bare-definition").match(/^bare-definition\.ts\(\d+/gm));
      expect(seen.size).toBe(definition.match(/^\/\/ @ts-expect-error/gm)!.length);
    });

    it.each(RIGHT_SOURCES)("know the profiles of a configuration: %s", (name) => {
      expect(said.about(name)).toBe("");
    });

    it.each(BARE_SOURCES)("see each mistake of a front end: %s", (name) => {
      const seen = new Set(said.about(name).match(/^[\w-]+\.ts\(\d+/gm));
      expect(seen.size).toBe(EXPECTED.match(/^\/\/ @ts-expect-error/gm)!.length);
    });
  });

  it("fits an app with an older Hono, down to the oldest that it says, and its types need no browser's", async () => {
    const { peerDependencies } = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8"));
    const oldest = join(PROJECT, "test/node_modules/hono-oldest");
    const { version } = JSON.parse(await readFile(join(oldest, "package.json"), "utf8"));
    expect(peerDependencies.hono).toBe(`^${version}`);
    const hono = join(folder, "node_modules/hono");
    await rm(hono);
    await symlink(oldest, hono);
    try {
      const said = await typeCheck({ right: SERVER }, ...NO_BROWSER, ...BUNDLER);
      const ofPackage = said.other.split("\n").filter((line) => line.includes("cloudinary-edge-signer"));
      expect([said.about("right"), ofPackage]).toEqual(["", []]);
      await writeFile(join(folder, "mount.js"), MOUNT);
      const { stdout } = await run(process.execPath, ["mount.js"], { cwd: folder });
      expect(JSON.parse(stdout)).toEqual({
        status: 200,
        ticket: "users/42/avatar",
        preflight: 204,
        other: 404,
      });
    } finally {
      await rm(hono);
      await symlink(join(PROJECT, "node_modules/hono"), hono);
    }
  });
});
