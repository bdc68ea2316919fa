// `npm run build`: the package's entries, one file each with its types, into dist/package.

import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

await rm(at("dist/package"), { recursive: true, force: true });
await build({
  entryPoints: {
    index: at("src/library/index.ts"),
    client: at("src/client/index.ts"),
    hono: at("src/hono.ts"),
  },
  bundle: true,
  // Hono, jose and valibot are dependencies of the package; only this entry needs them.
  packages: "external",
  format: "esm",
  target: "es2022",
  outdir: at("dist/package"),
  logLevel: "warning",
});
await promisify(execFile)(at("node_modules/.bin/tsc"), ["-p", at("src/library/tsconfig.json")]);
console.log("✓ dist/package: cloudinary-edge-signer, …/client, …/hono");
