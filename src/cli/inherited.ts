// Environments of wrangler.toml inherit no bindings, variables or secrets: what the others have and one lacks.

import type { Fault } from "../config/faults.ts";
import { bindingsOf, heading, type WranglerConfig } from "./wrangler-toml.ts";

/** Variables of the account, without which another account would be asked for, or none. */
const ACCOUNT = ["CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY"];
/** Variables that may well differ, and that are forgotten easily. */
const SETTINGS = ["CLOUDINARY_UPLOAD_PREFIX", "ALLOWED_ORIGINS"];

const WHY = "in another environment and not here, for environments inherit nothing of the kind";

/** Names that the others have and this one lacks. */
function missing(
  of: (file: WranglerConfig) => Iterable<string>,
  own: WranglerConfig,
  others: readonly WranglerConfig[],
) {
  const has = new Set(of(own));
  return [...new Set(others.flatMap((other) => [...of(other)]))].filter((name) => !has.has(name));
}

const varsOf =
  (names: readonly string[]) =>
  ({ vars }: WranglerConfig): string[] =>
    names.filter((name) => Object.hasOwn(vars, name));

export function lacking(
  own: WranglerConfig,
  env: string | undefined,
  others: readonly WranglerConfig[],
): Fault[] {
  const tables = new Map(others.flatMap((other) => [...bindingsOf(other)]));
  const add = (what: string, table: string) =>
    `is ${what} ${WHY}: add it under ${heading(table, env)} in wrangler.toml`;
  return [
    ...missing((file) => bindingsOf(file).keys(), own, others).map(
      (binding): Fault => ({
        binding,
        problem: add("bound", tables.get(binding)!),
      }),
    ),
    ...missing(varsOf(ACCOUNT), own, others).map(
      (binding): Fault => ({ binding, problem: add("set", "vars") }),
    ),
    ...missing(({ secrets }) => secrets?.required ?? [], own, others).map(
      (binding): Fault => ({
        binding,
        problem: add("required", "secrets"),
      }),
    ),
  ];
}

/** What may be meant, and is told. */
export const lackingWarnings = (
  own: WranglerConfig,
  env: string | undefined,
  others: readonly WranglerConfig[],
): string[] =>
  missing(varsOf(SETTINGS), own, others).map(
    (name) => `${name}: is set ${WHY}: add it under ${heading("vars", env)}, unless that is meant`,
  );
