// wrangler.toml as wrangler reads it: its environments, and what each of them binds.

import { loadWrangler, MissingTool } from "../testing/tools.ts";
import { Fixable } from "./fixable.ts";

type Wrangler = typeof import("wrangler");

interface Bound {
  readonly name?: string;
  readonly binding?: string;
}

/** What is read of one environment. */
export interface WranglerConfig {
  readonly name?: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly definedEnvironments?: readonly string[];
  readonly ratelimits?: readonly Bound[];
  readonly services?: readonly Bound[];
  readonly secrets_store_secrets?: readonly Bound[];
  readonly queues?: { readonly producers?: readonly Bound[] };
  readonly assets?: Bound & { readonly run_worker_first?: unknown };
  readonly secrets?: { readonly required?: readonly string[] };
  readonly workers_dev?: boolean;
}

/** The wrangler of the folder. */
async function wranglerOf(path: string): Promise<Wrangler> {
  try {
    return await loadWrangler(path);
  } catch (error) {
    throw error instanceof MissingTool ? new Fixable(error.message) : error;
  }
}

/** One environment; `undefined` is the one without a name. */
export async function readWrangler(path: string, env: string | undefined): Promise<WranglerConfig> {
  const wrangler = await wranglerOf(path);
  try {
    return wrangler.unstable_readConfig(
      { config: path, ...(env !== undefined && { env }) },
      { hideWarnings: true },
    );
  } catch (error) {
    // The first line says what is wrong; those after it repeat the file.
    const { message, location } = error as Error & { location?: { line?: number; column?: number } };
    const [first = "", second = ""] = message.trim().split("\n");
    const reason = (first.endsWith(":") ? second.replace(/ but got .*/, "") : first).trim();
    const place = location?.line === undefined ? "" : `, line ${location.line}, column ${location.column}`;
    throw new Fixable(`${path}${place} can't be read: ${reason}`);
  }
}

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
    ["queues.producers", file.queues?.producers],
    ["secrets_store_secrets", file.secrets_store_secrets],
    ["assets", file.assets && [file.assets]],
  ];
  return new Map(
    tables.flatMap(([table, bound = []]) =>
      bound.flatMap(({ name, binding = name }): [string, string][] => (binding ? [[binding, table]] : [])),
    ),
  );
}
