// The page's files into dist/page: wrangler runs this before each bundle. The demo's are built beside them, with the names
// of its profiles in the menu: no signer lists its own.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, type Plugin } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** `--profiles`: a definition whose names the page's menu has; `--into`: where it is built. */
const { values } = parseArgs({
  options: { profiles: { type: "string" }, into: { type: "string", default: "dist/page" } },
});
const FOLDER = at(values.into);

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

/** The page's HTML, with the names of its menu of profiles where a definition is given: those that upload files. */
async function document(): Promise<string> {
  const html = await readFile(at("src/page/index.html"), "utf8");
  if (values.profiles === undefined) return html;
  const { default: definition } = await import(at(values.profiles));
  const profiles = Object.entries(
    definition.profiles as Record<string, { method?: string; dropIn?: boolean }>,
  );
  const names = profiles.filter(([, { method, dropIn }]) => method === undefined && !dropIn);
  const content = names.map(([name]) => name).join(" ");
  return html.replace("</head>", `  <meta name="signer-profiles" content="${content}" />\n  </head>`);
}

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
await put("favicon.svg", await readFile(at("src/page/favicon.svg")));
await put("index.html", Buffer.from(await document()));
