// The page's files into dist/page: wrangler runs this before each bundle.

import { cp, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

// Nothing is removed first: another bundle may be reading them.
await mkdir(at("dist/page"), { recursive: true });
await Promise.all([
  build({
    entryPoints: [at("src/page/main.tsx"), at("src/page/page.css")],
    entryNames: "page",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    outdir: at("dist/page"),
    logLevel: "warning",
  }),
  ...["index.html", "favicon.svg"].map((file) => cp(at(`src/page/${file}`), at(`dist/page/${file}`))),
]);
