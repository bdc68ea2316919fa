// wrangler.toml as wrangler reads it: its environments, and what each of them binds.

import { existsSync } from "node:fs";
import { loadWrangler, MissingTool } from "../testing/tools.ts";
import { Fixable } from "./fixable.ts";

interface Bound {
  readonly name?: string;
  readonly binding?: string;
}

/** A consumer of a queue. */
interface Consuming {
  readonly queue: string;
  readonly dead_letter_queue?: string;
  /** Ten where it is not written. */
  readonly max_batch_size?: number;
}

/** What is read of one environment. */
export interface WranglerConfig {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly definedEnvironments?: readonly string[];
  readonly ratelimits?: readonly Bound[];
  readonly services?: readonly (Bound & { readonly service?: string })[];
  readonly secrets_store_secrets?: readonly Bound[];
  readonly kv_namespaces?: readonly Bound[];
  readonly analytics_engine_datasets?: readonly Bound[];
  readonly queues?: {
    readonly producers?: readonly (Bound & { readonly queue?: string })[];
    readonly consumers?: readonly Consuming[];
  };
  readonly assets?: Bound & { readonly run_worker_first?: unknown };
  readonly build?: { readonly command?: string };
  readonly account_id?: string;
  readonly compatibility_flags?: readonly string[];
  readonly secrets?: { readonly required?: readonly string[] };
}

/** The file as it is written: tables by name. */
export type Raw = Readonly<Record<string, unknown>>;

/** The file of the current folder, the one that wrangler itself prefers. */
export const wranglerFile = (): string =>
  ["wrangler.json", "wrangler.jsonc"].find((name) => existsSync(name)) ?? "wrangler.toml";

async function wranglerOf(path: string): Promise<typeof import("wrangler")> {
  try {
    return await loadWrangler(path);
  } catch (error) {
    throw error instanceof MissingTool ? new Fixable(error.message) : error;
  }
}

/** What wrangler says of a file, without what it repeats of it. */
function reasonOf(message: string): string {
  const [first = "", ...others] = message.trim().split("\n");
  const listed = others.flatMap((line) => /^\s*- (.*[^:])$/.exec(line)?.[1] ?? []);
  const reasons = first.endsWith(":") && listed.length > 0 ? listed : [first];
  return reasons.map((reason) => reason.replace(/,? but got .*/s, "").trim()).join("; ");
}

async function reading<T>(path: string, read: (wrangler: typeof import("wrangler")) => T): Promise<T> {
  const wrangler = await wranglerOf(path);
  try {
    return read(wrangler);
  } catch (error) {
    const { message, location } = error as Error & { location?: { line?: number; column?: number } };
    const place = location?.line === undefined ? "" : `, line ${location.line}, column ${location.column}`;
    throw new Fixable(`${path}${place} can't be read: ${reasonOf(message)}`);
  }
}

/** One environment; `undefined` is the one without a name, whatever CLOUDFLARE_ENV says. */
export const readWrangler = (path: string, env: string | undefined): Promise<WranglerConfig> =>
  reading(
    path,
    ({ unstable_readConfig }) =>
      unstable_readConfig({ config: path, env: env ?? "" }, { hideWarnings: true }) as WranglerConfig,
  );

/** The whole file. */
export const readRaw = (path: string): Promise<Raw> =>
  reading(path, (wrangler) => wrangler.experimental_readRawConfig({ config: path }).rawConfig as Raw);

/** Every environment, the one without a name first. */
export const environmentsOf = async (path: string): Promise<(string | undefined)[]> => [
  undefined,
  ...((await readWrangler(path, undefined)).definedEnvironments ?? []),
];

/** Names of bindings that the signer reads, by the table that they stand in. */
export function bindingsOf(file: WranglerConfig): ReadonlyMap<string, string> {
  const tables: [table: string, bound: readonly Bound[] | undefined][] = [
    ["ratelimits", file.ratelimits],
    ["services", file.services],
    ["kv_namespaces", file.kv_namespaces],
    ["queues.producers", file.queues?.producers],
    ["analytics_engine_datasets", file.analytics_engine_datasets],
    ["secrets_store_secrets", file.secrets_store_secrets],
    ["assets", file.assets && [file.assets]],
  ];
  return new Map(
    tables.flatMap(([table, bound = []]) =>
      bound.flatMap(({ name, binding = name }): [string, string][] => (binding ? [[binding, table]] : [])),
    ),
  );
}

/** The heading under which a table is written. */
export function heading(table: string, env: string | undefined): string {
  const path = env === undefined ? table : `env.${env}.${table}`;
  return ["vars", "assets", "secrets"].includes(table) ? `[${path}]` : `[[${path}]]`;
}
