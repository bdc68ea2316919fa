// docs/frameworks.md tells the truth: its files are taken from it, bundled, called as each framework calls them, and
// type-checked.

import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { upload } from "../../src/client/client.ts";
import { type Emulator, startEmulator } from "../../src/testing/emulator/emulator.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { ACCOUNT, API_KEY, API_SECRET, CLOUD_NAME, unseen } from "../support/account.ts";
import { post } from "../support/targets.ts";
import { tsc } from "../support/tsc.ts";
import { ADDRESS, type Files, FRAMEWORKS, type Framework, type Handler } from "./framework-calls.ts";

const TEXT = await readFile(join(PROJECT, "docs/frameworks.md"), "utf8");
/** The blocks that are files: their first line is their path. */
const BLOCKS = new Map(
  [...TEXT.matchAll(/^```(?:ts|json)\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, path = "", text = ""]) => [
    path,
    text,
  ]),
);

/** The package's entries that the files import. */
const ENTRIES = { config: join(PROJECT, "src/config.ts"), hono: join(PROJECT, "src/hono.ts") };

const SITE = "https://www.example.com";
const UPLOADS = `${SITE}/api/uploads`;

let emulator: Emulator;
let folder: string;
let files: Files;
/** The keys that the limiter was asked for. */
const asked: string[] = [];

beforeAll(async () => {
  emulator = await startEmulator({ cloudName: CLOUD_NAME, apiKey: API_KEY, apiSecret: API_SECRET });
  folder = await mkdtemp(join(tmpdir(), "edge-signer-frameworks-"));
  await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of BLOCKS)
    await write(path, path === "lib/uploads.ts" ? atTheEmulator(text) : text);
  await buildEntries();
  for (const [name, value] of Object.entries(ACCOUNT)) vi.stubEnv(name, value);
  const limitByIp = { limit: async ({ key }: { key: string }) => ({ success: asked.push(key) > 0 }) };
  Object.assign(globalThis, { frameworks: { log: unseen, limitByIp } });
  files = {
    paths: [...BLOCKS.keys()],
    text: (path) => BLOCKS.get(path)!,
    load: async (path) => {
      const outfile = join(folder, "built", `${path}.mjs`);
      await bundle(path, { format: "esm", outfile });
      return import(/* @vite-ignore */ pathToFileURL(outfile).href);
    },
    script: async (path) => {
      const built = await bundle(path, { format: "iife", globalName: "handler", write: false });
      return built.outputFiles![0]!.text;
    },
    variables: ACCOUNT,
  };
});
afterAll(async () => {
  await Promise.all([emulator.close(), rm(folder, { recursive: true, force: true })]);
});
beforeEach(() => {
  asked.length = 0;
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** The signer's file with its line for the emulator, at this one, and with what a test adds to its options. */
function atTheEmulator(text: string): string {
  const line = /^ {4}\/\/ (uploadPrefix: )"http:\/\/127\.0\.0\.1:8788",.*\n/m;
  expect(text).toMatch(line);
  return text.replace(line, `    $1"${emulator.url}",\n    ...Reflect.get(globalThis, "frameworks"),\n`);
}

/** What the frameworks' own builds put in place of these modules. */
const VIRTUAL: Readonly<Record<string, () => string | Promise<string>>> = {
  "astro:env/server": () => "export const getSecret = (name) => process.env[name];",
  "$app/env/private": async () => {
    const { variables } = (await files.load("src/env.ts")) as Handler;
    return Object.keys(variables)
      .map((name) => `export const ${name} = process.env.${name};`)
      .join("\n");
  },
  "@sveltejs/kit/env": () => "export const defineEnvVars = (variables) => variables;",
  "@react-router/dev/routes": () => "export const route = (path, file) => ({ path, file });",
};
const virtual: Plugin = {
  name: "virtual",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(astro:|\$app\/|@sveltejs\/|@react-router\/)/ }, ({ path }) => ({
      path,
      namespace: "virtual",
    }));
    onLoad({ filter: /./, namespace: "virtual" }, async ({ path }) => ({
      contents: await VIRTUAL[path]!(),
    }));
  },
};

const BUNDLED: BuildOptions = {
  bundle: true,
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
};

/** The package's entries, built once: each of the files would be bundled with a hundred modules. */
const buildEntries = () =>
  build({
    ...BUNDLED,
    entryPoints: ENTRIES,
    outdir: join(folder, "package"),
    format: "esm",
    splitting: true,
    // An app that imports it has one copy.
    external: ["hono", "hono/*"],
  });

const bundle = (path: string, options: BuildOptions) =>
  build({
    ...BUNDLED,
    entryPoints: [join(folder, path)],
    alias: Object.fromEntries(
      Object.keys(ENTRIES).map((name) => [
        `cloudinary-edge-signer/${name}`,
        join(folder, `package/${name}.js`),
      ]),
    ),
    plugins: [virtual],
    ...options,
  });

it("has a framework for each heading that shows files, and no other", () => {
  const sections = TEXT.split(/^## /m).slice(1);
  const shown = sections.filter((text) => /^\/\/ \S+$/m.test(text)).map((text) => text.split("\n")[0]);
  expect(shown).toEqual(["One file for all", ...FRAMEWORKS.map(({ name }) => name)]);
});

describe.each(FRAMEWORKS)("$name", ({ start, address }) => {
  let answer: Framework;
  beforeAll(async () => {
    answer = await start(files);
  });

  async function ask(path: string, init?: RequestInit) {
    const answered = await answer(new Request(`${UPLOADS}${path}`, init));
    const text = unseen(await answered!.text());
    return { status: answered!.status, headers: answered!.headers, body: text && JSON.parse(text) };
  }

  it("an upload to the emulator, by the client", async () => {
    const sample = await readFile(join(PROJECT, "src/testing/sample.jpg"));
    const original = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      if (!String(input).startsWith(UPLOADS)) return original(input, init);
      const request = new Request(input, init);
      // As a browser does.
      request.headers.set("origin", SITE);
      return (await answer(request))!;
    };
    try {
      const { asset } = await upload(new File([new Uint8Array(sample)], "a.jpg"), { signer: UPLOADS });
      expect(asset).toMatchObject({ bytes: sample.length, format: "jpg" });
      expect(emulator.uploads().at(-1)?.public_id).toBe(asset.public_id);
    } finally {
      globalThis.fetch = original;
    }
  });

  it("a body of untold length is read, and its caller counted", async () => {
    const body = new Blob(["{}"]).stream();
    const init = { method: "POST", body, duplex: "half", headers: { origin: SITE } };
    const signed = await ask("/sign", init);
    expect(signed.body).toHaveProperty("signature");
    expect(asked).toEqual([address ? ADDRESS : "unknown"]);
  });

  it.each<[string, string, RequestInit, number, string]>([
    ["of a parameter", "/sign", post({ params: { folder: "x" } }, { origin: SITE }), 422, "params_refused"],
    ["of an origin", "/sign", post({}, { origin: "https://evil.example" }), 403, "origin_not_allowed"],
    ["of a profile", "/sign/another", post({}, { origin: SITE }), 404, "unknown_profile"],
    ["of a method", "/links/default", {}, 405, "method_not_allowed"],
  ])("a refusal %s passes through", async (_, path, init, status, code) => {
    const refused = await ask(path, init);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
  });

  it("a preflight of a listed origin is answered by the signer, and of no other", async () => {
    const preflight = (origin: string) =>
      ask("/sign", {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
      });
    const { status, headers } = await preflight(SITE);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(SITE);
    expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD, POST");
    expect(headers.get("access-control-allow-headers")).toContain("content-type");
    expect((await preflight("http://localhost:3000")).status).toBe(204);
    expect((await preflight("https://evil.example")).status).toBe(403);
  });

  it("its health is told", async () => {
    expect((await ask("/health")).body).toMatchObject({ status: "ok", profiles: 1, faults: [] });
  });

  it.each(["/", "/sign", "/health", "/api/upload", "/api/uploads-of-others", "/api/other/sign"])(
    "%s is none of its own",
    async (path) => {
      expect(await answer(new Request(SITE + path))).toBeUndefined();
    },
  );
});

/** The few types of frameworks that the files name, as the frameworks declare them. */
const AMBIENT = `
declare module "astro" {
  export type APIRoute = (context: { request: Request; clientAddress: string }) => Response | Promise<Response>;
}
declare module "astro:env/server" {
  export const getSecret: (key: string) => string | undefined;
}
declare module "$app/env/private" {
  export const CLOUDINARY_CLOUD_NAME: string;
  export const CLOUDINARY_API_KEY: string;
  export const CLOUDINARY_API_SECRET: string;
}
declare module "@sveltejs/kit" {
  export type RequestHandler = (event: {
    request: Request;
    getClientAddress: () => string;
  }) => Response | Promise<Response>;
}
declare module "@sveltejs/kit/env" {
  export function defineEnvVars<T extends Record<string, { public?: boolean }>>(variables: T): T;
}
declare module "@react-router/dev/routes" {
  interface Entry { path?: string; file: string }
  export type RouteConfig = Entry[] | Promise<Entry[]>;
  export function route(path: string | null | undefined, file: string): Entry;
}
declare module "@netlify/edge-functions" {
  export interface Context { ip: string }
  export interface Config { path?: \`/\${string}\` }
}
declare var Netlify: { env: { get(key: string): string | undefined } };
`;

it("types are right, and see mistakes", async () => {
  const mistakes = [
    ["apiKey:", "apikey:"],
    ["profiles:", "profile:"],
    ["resourceType:", "resourcetype:"],
  ] as const;
  const right = files.text("lib/uploads.ts");
  for (const [i, [from, to]] of mistakes.entries()) await write(`lib/wrong-${i}.ts`, right.replace(from, to));
  await write("lib/uploads.ts", right);
  await write("ambient.d.ts", AMBIENT);
  const compilerOptions = {
    lib: ["ES2024", "DOM", "DOM.Iterable"],
    types: ["node"],
    paths: Object.fromEntries(
      Object.entries(ENTRIES).map(([name, file]) => [`cloudinary-edge-signer/${name}`, [file]]),
    ),
  };
  const config = { extends: join(PROJECT, "tsconfig.json"), compilerOptions, include: [], exclude: [] };
  const sources = files.paths.filter((path) => path.endsWith(".ts"));
  const wrong = mistakes.map((_, i) => `lib/wrong-${i}.ts`);
  await write("tsconfig.json", JSON.stringify({ ...config, files: [...sources, "ambient.d.ts", ...wrong] }));
  const said = await tsc(["-p", "."], folder);
  // What belongs to a line is indented below it.
  const lines = said.split(/^(?=\S)/m);
  expect(lines.filter((line) => !line.startsWith("lib/wrong-")).join("")).toBe("");
  for (const [i, [, to]] of mistakes.entries())
    expect(lines.filter((line) => line.startsWith(`lib/wrong-${i}.ts`)).join(""), to).toMatch(
      /TS2561|TS2353/,
    );
});
