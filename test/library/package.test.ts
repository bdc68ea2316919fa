// The package: what `npm pack` makes, unpacked into an empty project, is imported and type-checked.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../src/testing/local-worker.ts";

const run = promisify(execFile);
const TSC = join(PROJECT, "node_modules/.bin/tsc");

let folder: string;
let files: string[];
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edge-signer-package-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: PROJECT });
  const [packed] = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m)))) as {
    filename: string;
    files: { path: string }[];
  }[];
  tarball = packed!.filename;
  files = packed!.files.map(({ path }) => path);
  const home = join(folder, "node_modules/cloudinary-edge-signer");
  await mkdir(home, { recursive: true });
  await run("tar", ["-xzf", join(folder, packed!.filename), "-C", home, "--strip-components=1"]);
  // As its dependencies would be installed, and what its tests need: the SDK, and Node's types.
  await mkdir(join(folder, "node_modules/@types"), { recursive: true });
  for (const name of ["hono", "jose", "valibot", "cloudinary", "@types/node", "undici-types"])
    await symlink(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Type-checks modules of the empty project at once: what the compiler says of each, and of anything else. */
async function typeCheck(sources: Readonly<Record<string, string>>, ...options: string[]) {
  const names = Object.keys(sources).map((name) => `${name}.ts`);
  for (const [name, source] of Object.entries(sources)) await writeFile(join(folder, `${name}.ts`), source);
  const said = await run(TSC, [...options, "--strict", "--noEmit", ...names], { cwd: folder }).then(
    () => "",
    ({ stdout }: { stdout: string }) => stdout,
  );
  // What belongs to a line is indented below it.
  const lines = said.split(/^(?=\S)/m);
  const about = (name: string) => lines.filter((line) => line.startsWith(`${name}(`)).join("");
  return {
    about: (name: string) => about(`${name}.ts`),
    other: lines.filter((line) => !names.some((name) => line.startsWith(`${name}(`))).join(""),
  };
}
const BROWSER = ["--lib", "es2022,dom", "--target", "es2022"];
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
const signer = createSigner({ ...account, profiles: { default: { access: ["public"] } }, log: () => {} });
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
console.log(JSON.stringify({ asset, safe: await ask((request) => signer.fetch(request)), oracle: await ask(signAnything) }));
`;

const NODE_TYPES = `
import { signUpload } from "cloudinary-edge-signer";
import { createSigner } from "cloudinary-edge-signer/hono";
import { startEmulator } from "cloudinary-edge-signer/testing";
export { createSigner, signUpload, startEmulator };
`;

/** Somebody's own app: the signer mounted, and a ticket for a route of its own. */
const MOUNT = `
import { Hono } from "hono";
import { createSigner, createTicketSource, uploadTicket } from "cloudinary-edge-signer/hono";
const account = { cloudName: "demo", apiKey: "123456789012345", apiSecret: "s3cret-s3cret", log: () => {} };
const signer = createTicketSource({
  ...account,
  access: { app: { type: "service" } },
  profiles: { default: { access: ["app"], set: { public_id: "users/{sub}/avatar", overwrite: true } } },
});
const app = new Hono()
  .route("/api/uploads", createSigner({ ...account, profiles: { default: { access: ["public"] } } }))
  .post("/avatar", uploadTicket({ signer, claims: () => ({ sub: "42" }) }), (c) => c.json(c.get("ticket")));
const ask = (path, method) => app.request("http://localhost" + path, { method });
const { status } = await ask("/api/uploads/sign", "POST");
const { fields } = await (await ask("/avatar", "POST")).json();
const preflight = (await ask("/api/uploads/sign/default", "OPTIONS")).status;
const other = (await ask("/api/uploads/nothing", "POST")).status;
console.log(JSON.stringify({ status, ticket: fields.public_id, preflight, other }));
`;

const RIGHT = `
import { type Problem, type Ticket, UploadError, type UploadResponse, upload, uploadQueue } from "cloudinary-edge-signer/client";
import { type RequestParams, signRequest, signUpload, verifyNotification } from "cloudinary-edge-signer";
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
const options: SignerOptions = { ...account, profiles: { default: { access: ["public"], ttl: 300 } } };
type AppEnv = { Bindings: { SIGNER: TicketSource }; Variables: { userId: string } };
export const app = new Hono<AppEnv>().route("/api/uploads", createSigner(options)).post(
  "/avatar",
  uploadTicket<AppEnv>({ signer: (c) => c.env.SIGNER, claims: (c) => ({ sub: c.get("userId") }) }),
  (c) => c.json({ until: c.get("ticket").expires_at }),
).post(
  "/untyped",
  uploadTicket({ signer: createTicketSource(options), claims: (c) => ({ sub: c.req.header("x-user") ?? "" }) }),
  (c) => c.text(c.var.ticket.url),
);
const emulator: Emulator = await startEmulator({ ...account, onUpload: ({ public_id }) => console.log(public_id) });
const report: AuditReport = await audit({ url: emulator.url, fetch: (input, init) => app.fetch(new Request(input, init)) });
export const forged: number | string = report.asked ? report.forgeries : report.why;
assertNoForgeries(report);
const onTicket = ({ expires_at, fields }: Ticket): [number, string | undefined] => [expires_at, fields.folder];
const asset: UploadResponse = await upload(new Blob(["a"]), { signer: "/api", onTicket });
await uploadQueue(2)(new Blob(["a"]), { signer: "/api", signal: AbortSignal.timeout(5) });
const why = (error: unknown): string | undefined => {
  if (!(error instanceof UploadError)) return undefined;
  const problem: Problem | undefined = error.problem;
  return error.code === "params_refused" ? problem?.errors?.[0]?.param : error.message;
};
export { asset, why };
`;

describe("the package", () => {
  it("holds the library, the client and their types, and nothing of the Worker's code", () => {
    const scripts = files.filter((path) => path.endsWith(".js"));
    expect(scripts.sort()).toEqual([
      "dist/package/client.js",
      "dist/package/hono.js",
      "dist/package/index.js",
      "dist/package/testing.js",
    ]);
    expect(files).toContain("dist/package/testing.LICENSES.txt");
    expect(files.filter((path) => /\.(ts|tsx)$/.test(path) && !path.endsWith(".d.ts"))).toEqual([]);
  });

  it.each(["index.js", "client.js"])("%s imports nothing", async (name) => {
    const code = await readFile(
      join(folder, "node_modules/cloudinary-edge-signer/dist/package", name),
      "utf8",
    );
    expect(code).not.toMatch(/^\s*import\b|\brequire\(/m);
  });

  it.each([
    ["publint", ["--strict"]],
    ["attw", ["--profile", "esm-only"]],
  ])("%s finds nothing", async (linter, options) => {
    const tool = join(PROJECT, "test/node_modules/.bin", linter);
    // Both exit with 1 where they find something.
    await run(tool, [join(folder, tarball), ...options], { cwd: folder });
  });

  it.each([
    ["hono.js", ["hono", "jose", "valibot"]],
    ["testing.js", ["cloudinary", "hono"]],
  ])("%s imports %s and nothing else, but what Node has", async (name, packages) => {
    const code = await readFile(
      join(folder, "node_modules/cloudinary-edge-signer/dist/package", name),
      "utf8",
    );
    const names = [...code.matchAll(/^\s*import\b[^;]*?"([^"]+)";/gm)]
      .map(([, module = ""]) => module.split("/")[0]!)
      .filter((module) => name === "hono.js" || !module.startsWith("node:"));
    expect([...new Set(names)].sort()).toEqual(packages);
  });

  it("testing.js runs where it is installed: an upload to the emulator, and an audit", async () => {
    await writeFile(join(folder, "try.js"), TRY);
    const { stdout } = await run(process.execPath, ["try.js"], { cwd: folder });
    const { asset, safe, oracle } = JSON.parse(stdout);
    expect(asset).toMatchObject({ format: "gif", width: 1, height: 1 });
    expect(safe).toMatchObject({ asked: true, forgeries: 0, doubts: [] });
    expect(oracle.asked && oracle.forgeries).toBeGreaterThan(10);
  });

  it("exports what it says, in Node too", async () => {
    const exported = {
      "": "signRequest,signUpload,stringToSign,verifyNotification,verifyUploadResponse",
      "/client": "UploadError,upload,uploadQueue",
      "/hono": "createSigner,createTicketSource,uploadTicket",
      "/testing": "ATTACKS,assertNoForgeries,audit,reportText,startEmulator",
    };
    const script = `
      const names = {};
      for (const entry of ${JSON.stringify(Object.keys(exported))})
        names[entry] = Object.keys(await import("cloudinary-edge-signer" + entry)).sort().join();
      console.log(JSON.stringify(names));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual(exported);
  });

  it.each([
    ["bundlers", BUNDLER],
    ["Node", ["--module", "nodenext"]],
  ])("its types are right for %s, and see mistakes", async (_, resolution) => {
    const mistakes: [change: [string, string], code: string][] = [
      [['"params_refused"', '"parms_refused"'], "TS2367"],
      [['{ public_id: "a" }', '{ public_ids: "a" }'], "TS2561"],
      [["expires_at,", "expire_at,"], "TS2339"],
      [['get("userId")', 'get("user")'], "TS2769"],
    ];
    const wrong = mistakes.map(([[from, to]], i) => [`wrong-${i}`, RIGHT.replace(from, to)]);
    const said = await typeCheck({ right: RIGHT, ...Object.fromEntries(wrong) }, ...BROWSER, ...resolution);
    expect([said.about("right"), said.other]).toEqual(["", ""]);
    for (const [i, [, code]] of mistakes.entries()) expect(said.about(`wrong-${i}`)).toContain(code);
  });

  it("its types need no browser's", async () => {
    const options = ["--lib", "es2023", "--target", "es2023", "--types", "node", "--module", "nodenext"];
    const said = await typeCheck({ node: NODE_TYPES }, ...options);
    const lines = (said.about("node") + said.other).split("\n");
    expect(lines.filter((line) => line.includes("cloudinary-edge-signer"))).toEqual([]);
  });

  it("fits an app with an older Hono, down to the oldest that it says", async () => {
    const { peerDependencies } = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8"));
    const oldest = join(PROJECT, "test/node_modules/hono-oldest");
    const { version } = JSON.parse(await readFile(join(oldest, "package.json"), "utf8"));
    expect(peerDependencies.hono).toBe(`^${version}`);
    const hono = join(folder, "node_modules/hono");
    await rm(hono);
    await symlink(oldest, hono);
    try {
      const said = await typeCheck({ right: RIGHT }, ...BROWSER, ...BUNDLER);
      expect([said.about("right"), said.other]).toEqual(["", ""]);
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
