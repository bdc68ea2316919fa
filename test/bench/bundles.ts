// The contenders' bundles, each made by wrangler with the settings of our deploy: the same compatibility date,
// minified. The SDK alone needs other flags, for it is made for Node.

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import { buildWorker, newBuild, PROJECT } from "../../src/testing/local-worker.ts";
import { ownedFolder } from "./cleanup.ts";

const deployed = unstable_readConfig({ config: join(PROJECT, "wrangler.toml") }, { hideWarnings: true });

const STANDARDS = deployed.compatibility_flags;
const NODE = ["nodejs_compat"];

/** Every Worker of the bench: its main file, and its compatibility flags. */
const ENTRIES = {
  ours: ["test/support/worker.ts", STANDARDS],
  smallest: ["test/bench/workers/smallest.ts", STANDARDS],
  // As `ours`, but not minified.
  profiled: ["test/support/worker.ts", STANDARDS],
  answering: ["test/bench/workers/answering.ts", STANDARDS],
  notified: ["test/bench/workers/notified.ts", STANDARDS],
  bare: ["test/bench/workers/bare.ts", STANDARDS],
  least: ["test/bench/workers/least.ts", STANDARDS],
  careful: ["test/bench/workers/careful.ts", NODE],
  "careful-jwt": ["test/bench/workers/careful-jwt.ts", NODE],
  "careful-jwk": ["test/bench/workers/careful-jwk.ts", NODE],
  recipe: ["test/bench/workers/recipe.ts", STANDARDS],
  sdk: ["test/bench/workers/sdk.ts", NODE],
  "signing-ours": ["test/bench/workers/signing-ours.ts", STANDARDS],
  "signing-digest": ["test/bench/workers/signing-digest.ts", STANDARDS],
  "signing-sdk": ["test/bench/workers/signing-sdk.ts", NODE],
} as const satisfies Readonly<Record<string, readonly [entry: string, flags: readonly string[]]>>;

export type BundleName = keyof typeof ENTRIES;

/** A Worker's bundle, and what it has to run with. */
export interface Bundle {
  /** The folder it stands in. */
  readonly folder: string;
  /** Its one module. */
  readonly file: string;
  readonly compatibilityDate: string;
  readonly flags: readonly string[];
}

const built = new Map<BundleName, Promise<Bundle>>();

/** The bundle of a Worker, made when it is first asked for. */
export function bundle(name: BundleName): Promise<Bundle> {
  const known = built.get(name);
  if (known !== undefined) return known;
  const made = make(name);
  built.set(name, made);
  return made;
}

async function make(name: BundleName): Promise<Bundle> {
  const [entry, flags] = ENTRIES[name];
  const compatibilityDate = deployed.compatibility_date ?? "";
  const folder = ownedFolder(await newBuild());
  const out = join(folder, "out");
  // A file of its own for each of the others: they have other flags, and no page to build.
  const config = join(folder, "wrangler.toml");
  await mkdir(out);
  await writeFile(
    config,
    `name = "bench-${name}"
compatibility_date = "${compatibilityDate}"
compatibility_flags = ${JSON.stringify(flags)}
minify = ${deployed.minify === true && name !== "profiled"}
keep_names = ${deployed.keep_names === true}
`,
  );
  await buildWorker(out, { entry, ...(name !== "ours" && { config }) });
  const file = (await readdir(out)).find((one) => one.endsWith(".js"));
  if (file === undefined) throw new Error(`wrangler made no bundle of ${entry}`);
  return { folder: out, file: join(out, file), compatibilityDate, flags };
}
