// Serves the probe in the Edge Runtime, by its own server. The runtime is a sandbox in Node and takes a script, not
// a module; its package is the one of the folder that is given.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface EdgeRuntimePackage {
  EdgeRuntime: new (options: { initialCode: string }) => object;
  runServer(options: { host: string; port: number; runtime: object }): Promise<{ url: string }>;
}

const require = createRequire(`${process.argv[2]}/package.json`);
const { EdgeRuntime, runServer } = require("edge-runtime") as EdgeRuntimePackage;
const { version } = require("edge-runtime/package.json") as { version: string };

const initialCode = readFileSync(new URL("probe.script.js", import.meta.url), "utf8");
const { url } = await runServer({
  host: "127.0.0.1",
  port: 0,
  runtime: new EdgeRuntime({ initialCode }),
});
console.log(`listening ${new URL(url).port} ${version}`);
