// The page's files into dist/page: wrangler runs this before each bundle.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const FOLDER = at("dist/page");

/** Puts a file in place at once: another bundle may be reading it, or writing it too. */
async function put(name: string, content: Uint8Array): Promise<void> {
  // Outside the folder, whose every file is an asset.
  const made = join(at("dist"), `.${name}-${randomUUID()}`);
  await writeFile(made, content);
  await rename(made, join(FOLDER, name));
}

await mkdir(FOLDER, { recursive: true });
const { outputFiles } = await build({
  entryPoints: [at("src/page/mount.tsx"), at("src/page/page.css")],
  entryNames: "page",
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
