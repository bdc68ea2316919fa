// `npm run build`: the browser client as a package entry, one file and its types, into dist/client.

import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

await rm(at("dist/client"), { recursive: true, force: true });
await build({
  entryPoints: [at("src/client/index.ts")],
  bundle: true,
  format: "esm",
  target: "es2022",
  outfile: at("dist/client/index.js"),
  logLevel: "warning",
});
await promisify(execFile)(at("node_modules/.bin/tsc"), ["-p", at("src/client/tsconfig.json")]);
console.log("✓ dist/client: cloudinary-edge-signer/client");
