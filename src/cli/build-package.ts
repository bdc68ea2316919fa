// `npm run build`: what the package publishes, into dist/package, each entry with its types.
//
// `worker`, `config` and `hono` stay module by module: what a configuration does not import is then in no bundle, for a
// bundler can leave out a module, and not half of one.

import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BuildOptions, build } from "esbuild";
import { buildForBrowsers } from "./build-browser-entries.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const run = promisify(execFile);

/** Written into what runs in Node, so that it asks for no further package to be installed but the SDK. */
const BUNDLED = ["@hono/node-server", "fflate", "image-size"];
const { dependencies, peerDependencies } = JSON.parse(await readFile(at("package.json"), "utf8"));

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
  entryPoints: { index: at("src/library/library.ts") },
  // A bundler leaves it out where no receipt is verified.
  external: ["jose"],
});
await buildForBrowsers(OPTIONS.outdir);
await build({
  ...OPTIONS,
  entryPoints: { testing: at("src/testing/testing.ts") },
  platform: "node",
  external: ["cloudinary", "hono"],
});
await build({
  ...OPTIONS,
  // Commands in files of their own: what only `start` needs is loaded by it alone.
  entryPoints: { cli: at("src/cli/cli.ts") },
  splitting: true,
  chunkNames: "cli-[name]-[hash]",
  platform: "node",
  target: "node20",
  external: [...Object.keys(dependencies), ...Object.keys(peerDependencies)],
});
const licenses = BUNDLED.map(async (name) => {
  return `${name}\n\n${await readFile(at(`node_modules/${name}/LICENSE`), "utf8")}`;
});
await writeFile(at("dist/package/testing.LICENSES.txt"), (await Promise.all(licenses)).join("\n\n"));

// Several threads would check the libraries once in each.
for (const project of ["library/tsconfig.json", "testing/tsconfig.json", "tsconfig.package.json"])
  await run(at("node_modules/.bin/tsc"), ["-p", at(`src/${project}`), "--singleThreaded"]);
await run(process.execPath, [at("src/cli/build-page.ts")]);
console.log(
  "✓ dist/package: ., client, react, config, worker, hono, testing, and the command cloudinary-edge-signer",
);
