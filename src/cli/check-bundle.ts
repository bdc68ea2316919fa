// `npm run check`: what is deployed and what browsers load stay small, and use web standards alone.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildWorker, PROJECT } from "../testing/local-worker.ts";
import { EXAMPLES } from "./access-methods.ts";
import { type BROWSER_ENTRIES, buildForBrowsers } from "./build-browser-entries.ts";

/** What only Node has. */
const NODE = [/\bnode:/, /\bprocess\.env\b/, /\bBuffer\b/];
/** What jose is known by in a minified bundle: the codes of its errors. */
const JOSE = [/ERR_J(OSE|WT|WS|WK)/];

interface Checked {
  readonly name: string;
  /** Most bytes, minified and gzipped. */
  readonly budget: number;
  readonly texts: readonly string[];
  /** Of which the bytes do not count: what is loaded anyway. */
  readonly beyond?: readonly string[];
  readonly forbidden?: readonly RegExp[];
  /** What must be found, or else it would be looked for in vain elsewhere. */
  readonly wanted?: readonly RegExp[];
}

const PAGES = "site: origin()";
const TOKENS = 'members: jwt({ secret: "JWT_SECRET", issuer: "a", audience: "b" })';
/** Every access method, and a provider. */
const EVERYTHING = [...EXAMPLES, 'cloudflareAccess({ team: "a", audience: "b" })']
  .map((example, i) => `m${i}: ${example}`)
  .join(", ");

/** Workers by what their configurations import. */
const WORKERS = [
  { name: "a Worker without jwt", budget: 60.5 * 1024, access: PAGES, page: false, forbidden: JOSE },
  {
    name: "a Worker with jwt",
    budget: 70.5 * 1024,
    access: `${PAGES}, ${TOKENS}`,
    page: false,
    wanted: JOSE,
  },
  {
    name: "a Worker with everything",
    budget: 72.5 * 1024,
    access: `${PAGES}, ${EVERYTHING}`,
    page: true,
  },
] as const;

/** The bundle that wrangler deploys for a configuration, with the settings that `init` writes. */
async function deployed(access: string, page: boolean): Promise<string> {
  await mkdir(join(PROJECT, "dist"), { recursive: true });
  // Below this project, where the dependencies are found.
  const folder = await mkdtemp(join(PROJECT, "dist/bundle-"));
  const toml = await readFile(join(PROJECT, "template/wrangler.toml"), "utf8");
  const settings = toml.split("\n").filter((line) => /^(compatibility_|minify|keep_names)/.test(line));
  const methods = [...new Set([...access.matchAll(/(\w+)\(/g)].map(([, name]) => name))].join(", ");
  const files = {
    "wrangler.toml": [...settings, 'name = "signer"', 'main = "index.ts"'].join("\n"),
    "index.ts": `import { createWorker } from "../../src/worker.ts";
import config from "./signer.config.ts";
const worker = createWorker(config);
export default worker;
export const { Signer } = worker;`,
    "signer.config.ts": `import { defineSigner, ${methods} } from "../../src/config.ts";
export default defineSigner({ page: ${page}, access: { ${access} }, profiles: { default: { access: ["site"] } } });`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const out = join(folder, "out");
  await buildWorker(out, { config: join(folder, "wrangler.toml") });
  const bundle = await readFile(join(out, "index.js"), "utf8");
  await rm(folder, { recursive: true });
  return bundle;
}

/** What a bundler makes of a module for its user. */
async function bundled(contents: string): Promise<string[]> {
  const stdin = { contents, resolveDir: PROJECT };
  const external = ["react"];
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    external,
  });
  return outputFiles.map(({ text }) => text);
}

const pageFile = (file: string): Promise<string> => readFile(join(PROJECT, "dist/page", file), "utf8");

const gzipped = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);

function report({ name, budget, texts, beyond = [], forbidden = [], wanted = [] }: Checked): void {
  const size = gzipped(texts) - gzipped(beyond);
  const found = [...NODE, ...forbidden].filter((pattern) => texts.some((text) => pattern.test(text)));
  const wrong = [
    ...(size > budget ? [`has ${size} bytes gzipped, over ${budget}`] : []),
    ...(found.length > 0 ? [`holds ${found.join(", ")}`] : []),
    ...wanted.filter((pattern) => !texts.some((text) => pattern.test(text))).map((one) => `lacks ${one}`),
  ];
  if (wrong.length > 0) {
    console.error(`✗ ${name} ${wrong.join(", and ")}`);
    process.exitCode = 1;
    return;
  }
  const without =
    forbidden.length > 0 ? `, and nothing of ${forbidden.map(({ source }) => source).join(", ")}` : "";
  console.log(`✓ ${name}: ${size} bytes gzipped, of ${budget} allowed; web standards alone${without}`);
}

const bundles = await Promise.all(WORKERS.map(({ access, page }) => deployed(access, page)));
for (const [i, bundle] of bundles.entries()) report({ ...WORKERS[i]!, texts: [bundle] });
await import("./build-page.ts");
report({
  name: "the page, all that it loads at first",
  budget: 36 * 1024,
  texts: await Promise.all(["index.html", "page.js", "page.css", "favicon.svg"].map(pageFile)),
});
report({
  name: "the page's explanations, loaded when they are wanted",
  budget: 30 * 1024,
  texts: [await pageFile("explainer.js")],
});
/** The client and React's part, as they are published: one file each. */
const published = await mkdtemp(join(PROJECT, "dist/client-"));
await writeFile(join(published, "package.json"), '{ "sideEffects": false }');
await buildForBrowsers(published);
/** What a page loads of them: its bundler leaves out what it can. */
const client = (names: string, entry: keyof typeof BROWSER_ENTRIES = "client"): Promise<string[]> =>
  bundled(`export ${names} from ${JSON.stringify(join(published, `${entry}.js`))}`);
const upload = await client("{ upload }");
/** What a page that only uploads does not load. */
const STORE = [/beforeunload/, /webkitGetAsEntry/];
const DESCRIPTIONS = [/video\/quicktime/];
report({
  name: "the browser client's upload alone",
  budget: 5 * 1024,
  texts: upload,
  forbidden: [...STORE, ...DESCRIPTIONS],
});
report({
  name: "the store of uploads, beside upload",
  budget: 5.75 * 1024,
  texts: await client("{ upload, createUploads }"),
  beyond: upload,
  wanted: [...STORE, ...DESCRIPTIONS],
});
/** What a page that has no dropzone does not load. */
const DROPZONE = [/dataTransfer\.dropEffect/, /data-dragging/];
const store = await client("{ createUploads }");
for (const { names, ...row } of [
  {
    name: "React's hook, beside the store",
    budget: 0.5 * 1024,
    names: "{ useUploads }",
    forbidden: [/webkitdirectory/, ...DROPZONE],
  },
  {
    name: "React's button, beside the store",
    budget: 1024,
    names: "{ UploadButton }",
    forbidden: DROPZONE,
  },
  {
    name: "React's part, all of it, beside the store",
    budget: 1.6 * 1024,
    names: "*",
    wanted: [/webkitdirectory/, ...DROPZONE],
  },
])
  report({ ...row, texts: await client(names, "react"), beyond: store });
report({ name: "the browser client, all of it", budget: 11.5 * 1024, texts: await client("*") });
await rm(published, { recursive: true });
report({
  name: "signUpload alone",
  // Half of it is the table of parameters, by which what Cloudinary does not know is refused.
  budget: 5.25 * 1024,
  texts: await bundled('export { signUpload } from "./src/library/library.ts"'),
  forbidden: JOSE,
});
report({
  name: "createUploader, with the queue, act and describeProfile",
  budget: 7.5 * 1024,
  texts: await bundled('export { createUploader } from "./src/client/client.ts"'),
});
