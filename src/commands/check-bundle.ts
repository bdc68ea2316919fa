// `npm run check`: the bundle as it would be deployed stays small and uses web standards alone.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildWorker, newBuild, removeBuild } from "../testing/local-worker.ts";

/** Largest Worker, in bytes, minified and gzipped. */
const MAX_GZIPPED_BYTES = 44 * 1024;
/** What only Node has. */
const FORBIDDEN = [/\bnode:/, /\bprocess\.env\b/, /\bBuffer\b/];

const build = await newBuild();
await buildWorker(build);
const source = await readFile(join(build, "index.js"), "utf8");
await removeBuild(build);

const size = gzipSync(source, { level: 9 }).length;
const found = FORBIDDEN.filter((pattern) => pattern.test(source));
if (size > MAX_GZIPPED_BYTES)
  console.error(`✗ the Worker has ${size} bytes gzipped, over ${MAX_GZIPPED_BYTES}`);
if (found.length > 0) console.error(`✗ the Worker holds ${found.join(", ")}`);
if (size > MAX_GZIPPED_BYTES || found.length > 0) process.exitCode = 1;
else
  console.log(
    `✓ the Worker has ${size} bytes gzipped, of ${MAX_GZIPPED_BYTES} allowed, and uses web standards alone`,
  );
