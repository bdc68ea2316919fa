// `npm run build`: the package's entries, one file each with its types, into dist/package.

import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BuildOptions, build } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Written into the entry for tests, so that it asks for no further package to be installed but the SDK. */
const BUNDLED = ["@hono/node-server", "image-size"];
const OPTIONS = {
  bundle: true,
  format: "esm",
  target: "es2022",
  outdir: at("dist/package"),
  logLevel: "warning",
} as const satisfies BuildOptions;

await rm(at("dist/package"), { recursive: true, force: true });
await build({
  ...OPTIONS,
  entryPoints: {
    index: at("src/library/index.ts"),
    client: at("src/client/index.ts"),
    hono: at("src/hono.ts"),
  },
  // Hono, jose and valibot are dependencies of the package; only the entry `hono` needs them.
  packages: "external",
});
await build({
  ...OPTIONS,
  entryPoints: { testing: at("src/testing/index.ts") },
  platform: "node",
  external: ["cloudinary", "hono"],
});
const licenses = BUNDLED.map(async (name) => {
  return `${name}\n\n${await readFile(at(`node_modules/${name}/LICENSE`), "utf8")}`;
});
await writeFile(at("dist/package/testing.LICENSES.txt"), (await Promise.all(licenses)).join("\n\n"));

for (const project of ["library", "testing"])
  await promisify(execFile)(at("node_modules/.bin/tsc"), ["-p", at(`src/${project}/tsconfig.json`)]);
console.log("✓ dist/package: cloudinary-edge-signer, …/client, …/hono, …/testing");
