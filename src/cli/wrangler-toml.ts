// wrangler.toml as wrangler reads it: its environments, and what each of them binds.

import { unstable_readConfig } from "wrangler";
import { Fixable } from "./fixable.ts";

export type WranglerConfig = ReturnType<typeof unstable_readConfig>;

/** One environment; `undefined` is the one without a name. */
export function readWrangler(path: string, env: string | undefined): WranglerConfig {
  try {
    return unstable_readConfig({ config: path, ...(env !== undefined && { env }) }, { hideWarnings: true });
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
export const environmentsOf = (path: string): (string | undefined)[] => [
  undefined,
  ...(readWrangler(path, undefined).definedEnvironments ?? []),
];

interface Bound {
  readonly name?: string;
  readonly binding?: string;
}

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
