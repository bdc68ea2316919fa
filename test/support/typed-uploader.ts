// `test/client/uploader-types.ts` as a front end has it, which imports the package by its name: with the types of the
// configurations themselves, and with what the command `types` writes of them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "../../src/cli/cli.ts";
import { PROJECT } from "../../src/testing/local-worker.ts";
import { deployment, WRANGLER } from "../cli/deployment.ts";
import { runHere } from "./command.ts";
import { configModule } from "./once.ts";

const read = (path: string): Promise<string> => readFile(join(PROJECT, path), "utf8");

/** The expectations; `// @ts-expect-error` marks each mistake. */
export const EXPECTED = await read("test/client/uploader-types.ts");

/** What `types` writes of the configuration beside a wrangler.toml. */
async function writtenTypes(config: string): Promise<string> {
  const { code, stdout, stderr } = await runHere(main, ["types", "--config", config]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

async function writtenOf(definition: string): Promise<string> {
  const text = definition.replace(/"[./]+\/src\/config\.ts"/, JSON.stringify(await configModule()));
  const { config, remove } = await deployment({ "wrangler.toml": WRANGLER, "signer.config.ts": text });
  return writtenTypes(config).finally(remove);
}

const byName = (text: string): string =>
  text
    .replace(/"[./]+\/src\/config\.ts"/, '"cloudinary-edge-signer/config"')
    .replace(/"[./]+\/src\/client\/client\.ts"/, '"cloudinary-edge-signer/client"')
    .replace('"vitest"', '"expect-type"');

const definitions = () =>
  Promise.all(["demo/signer.config.ts", "test/client/every-kind/signer.config.ts"].map(read));

/** The two configurations whose types are known. */
export async function uploaderConfigs(): Promise<Readonly<Record<"demo" | "policy", string>>> {
  const [demo, policy] = await definitions();
  return { demo: byName(demo!), policy: byName(policy!) };
}

/** Sources by their names, without `.ts`. `bare` and `bare-written` have each mistake, and expect none. */
export async function uploaderSources(): Promise<Readonly<Record<string, string>>> {
  const [demo, policy] = await definitions();
  const typed = byName(EXPECTED)
    .replace(/"[./]+\/demo\/signer\.config\.ts"/, '"./demo-config.js"')
    .replace(/"[./]+\/every-kind\/signer\.config\.ts"/, '"./policy-config.js"');
  const written = typed
    .replaceAll(
      /import type (demo|policy) from "(.*)-config\.js"/g,
      'import type { Config as $1 } from "$2-types.js"',
    )
    .replaceAll(/typeof (demo|policy)\b/g, "$1");
  const bare = (text: string) => text.replaceAll("// @ts-expect-error", "//");
  return {
    "demo-config": byName(demo!),
    "policy-config": byName(policy!),
    "demo-types": await writtenTypes(join(PROJECT, "demo/wrangler.toml")),
    "policy-types": await writtenOf(policy!),
    typed,
    written,
    bare: bare(typed),
    "bare-written": bare(written),
  };
}

/** Those that must be right. */
export const RIGHT_SOURCES = [
  "demo-config",
  "policy-config",
  "demo-types",
  "policy-types",
  "typed",
  "written",
];
/** Those whose every mistake must be seen. */
export const BARE_SOURCES = ["bare", "bare-written"];
