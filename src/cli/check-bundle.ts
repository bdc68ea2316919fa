// `npm run check`: what is deployed and what browsers load stay small, and use web standards alone.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildWorker, newBuild, PROJECT, removeBuild } from "../testing/local-worker.ts";

/** Most bytes, minified and gzipped. */
const BUDGETS = {
  "the Worker": 48 * 1024,
  "the page's script and style": 30 * 1024,
  "the browser client": 5 * 1024,
  "signUpload alone": 2.5 * 1024,
} as const;
/** What only Node has. */
const FORBIDDEN = [/\bnode:/, /\bprocess\.env\b/, /\bBuffer\b/];

const folder = await newBuild();
// Builds the page too.
await buildWorker(folder);
const read = (path: string): Promise<string> => readFile(path, "utf8");
/** What a bundler makes of a module for its user. */
async function bundled(contents: string): Promise<string[]> {
  const stdin = { contents, resolveDir: PROJECT };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: "esm", write: false });
  return outputFiles.map(({ text }) => text);
}
const sources: Readonly<Record<keyof typeof BUDGETS, readonly string[]>> = {
  "the Worker": [await read(join(folder, "index.js"))],
  "the page's script and style": await Promise.all(
    ["page.js", "page.css"].map((file) => read(join(PROJECT, "dist/page", file))),
  ),
  "the browser client": await bundled('export * from "./src/client/index.ts"'),
  "signUpload alone": await bundled('export { signUpload } from "./src/library/index.ts"'),
};
await removeBuild(folder);

for (const [name, budget] of Object.entries(BUDGETS)) {
  const texts = sources[name as keyof typeof BUDGETS];
  const size = texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  const found = FORBIDDEN.filter((pattern) => texts.some((text) => pattern.test(text)));
  const wrong = [
    ...(size > budget ? [`has ${size} bytes gzipped, over ${budget}`] : []),
    ...(found.length > 0 ? [`holds ${found.join(", ")}`] : []),
  ];
  if (wrong.length > 0) {
    console.error(`✗ ${name} ${wrong.join(", and ")}`);
    process.exitCode = 1;
  } else console.log(`✓ ${name}: ${size} bytes gzipped, of ${budget} allowed; web standards alone`);
}
