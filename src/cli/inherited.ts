// Environments of wrangler.toml inherit no bindings, variables or secrets: what the others have and one lacks.

import type { Effective } from "../config/environment.ts";
import type { Fault } from "../fault.ts";
import { ACCOUNT_SECRETS, ACCOUNT_VARIABLES, LIMITERS, SETTINGS } from "./binding-names.ts";
import { namedSecrets } from "./stand-ins.ts";
import { bindingsOf, heading, type WranglerConfig } from "./wrangler-toml.ts";

const WHY = "in another environment and not here, and environments don't inherit it";

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

/** Bindings that the signer uses in an environment, and those that it has no use for there. */
function bindingsMissing({ own, others, settings }: Compared): [used: string[], others: string[]] {
  const names = missing((file) => bindingsOf(file).keys(), own, others);
  const isUsed = (name: string): boolean =>
    LIMITERS.includes(name) ||
    (name === "ASSETS" ? settings?.page === true : ACCOUNT_SECRETS.includes(name) || isNamed(settings, name));
  return [names.filter(isUsed), names.filter((name) => !isUsed(name) && name !== "ASSETS")];
}

const isNamed = (settings: Effective | undefined, name: string): boolean =>
  namedSecrets(settings?.access ?? {}).includes(name);

const requiredBy = ({ secrets }: WranglerConfig): readonly string[] => secrets?.required ?? [];

export interface Compared {
  readonly own: WranglerConfig;
  readonly env: string | undefined;
  readonly others: readonly WranglerConfig[];
  readonly settings: Effective | undefined;
}

export function lacking(compared: Compared): Fault[] {
  const { own, env, others, settings } = compared;
  const tables = new Map(others.flatMap((other) => [...bindingsOf(other)]));
  const add = (what: string, table: string) =>
    `add it under ${heading(table, env)} in wrangler.toml: it is ${what} ${WHY}`;
  const [bindings] = bindingsMissing(compared);
  const account = requiredBy(own).includes("CLOUDINARY_URL")
    ? []
    : missing(varsOf(ACCOUNT_VARIABLES), own, others).filter((name) => !requiredBy(own).includes(name));
  // The account is told by one secret or by three names: which, each environment may choose.
  const isByThree = Object.hasOwn(own.vars, "CLOUDINARY_CLOUD_NAME");
  const ofAccount = isByThree ? "CLOUDINARY_API_SECRET" : "CLOUDINARY_URL";
  const secrets = missing(requiredBy, own, others).filter(
    (name) => isNamed(settings, name) || name === ofAccount,
  );
  return [
    ...bindings.map((binding): Fault => ({ binding, problem: add("bound", tables.get(binding)!) })),
    ...account.map((binding): Fault => ({ binding, problem: add("set", "vars") })),
    ...secrets.map((binding): Fault => ({ binding, problem: add("required", "secrets") })),
  ];
}

/** What may be meant, and is told. */
export function lackingWarnings(compared: Compared): string[] {
  const { own, env, others } = compared;
  const tables = new Map(others.flatMap((other) => [...bindingsOf(other)]));
  const line = (name: string, what: string, table: string) =>
    `${name}: add it under ${heading(table, env)}, unless it is left out on purpose: it is ${what} ${WHY}`;
  return [
    ...missing(varsOf(SETTINGS), own, others).map((name) => line(name, "set", "vars")),
    ...bindingsMissing(compared)[1].map((name) => line(name, "bound", tables.get(name)!)),
  ];
}
