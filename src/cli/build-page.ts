// The page's files into dist/page: wrangler runs this before each bundle.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const FOLDER = at("dist/page");

/** Puts a file in place at once: another bundle may be reading it, or writing it too. */
async function put(name: string, content: Uint8Array): Promise<void> {
  // Outside the folder, whose every file is an asset.
  const made = join(at("dist"), `.${name}-${randomUUID()}`);
  await writeFile(made, content);
  await rename(made, join(FOLDER, name));
}

/** What the page loads later stays a file of its own, under the name that its source has. */
const later: Plugin = {
  name: "later",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/explainer\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: path.replace(/ts$/, "js"), external: true } : undefined,
    ),
};

await mkdir(FOLDER, { recursive: true });
const { outputFiles } = await build({
  entryPoints: [
    { in: at("src/page/mount.tsx"), out: "page" },
    { in: at("src/page/page.css"), out: "page" },
    { in: at("src/page/explainer.ts"), out: "explainer" },
  ],
  plugins: [later],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  outdir: FOLDER,
  write: false,
  logLevel: "warning",
});
for (const { path, contents } of outputFiles) await put(basename(path), contents);
for (const name of ["index.html", "favicon.svg"]) await put(name, await readFile(at(`src/page/${name}`)));
