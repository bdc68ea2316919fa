// A definition for one environment: what it replaces, and where each part of it was written.

import type { Fault } from "../fault.ts";
import { err, ok, type Result } from "../result.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Settings } from "./schema.ts";

/** What is in force. */
export interface Effective extends Omit<Settings, "environments" | "allowedOrigins" | "page" | "log"> {
  readonly allowedOrigins: readonly string[];
  readonly page: boolean;
  readonly log: NonNullable<Settings["log"]>;
  /** The path below which an access method was written. */
  readonly accessAt: (name: string) => string;
}

/** Replaces what the environment of this name replaces; `undefined` names none. */
export function inEnvironment(
  settings: Settings,
  name: unknown,
  binding: string,
  definitionName: string,
): Result<Effective, Fault[]> {
  const { environments, ...common } = settings;
  const known = Object.keys(environments);
  const isNone = name === undefined || name === null || name === "";
  if (!isNone && (typeof name !== "string" || !Object.hasOwn(environments, name))) {
    const hint = typeof name === "string" ? didYouMean(name, known) : "";
    const problem =
      known.length === 0
        ? "remove it: the definition has no `environments`"
        : `name one of \`environments\`${hint}: ${known.join(", ")}`;
    return err([{ binding, problem }]);
  }
  const { access = {}, ...changed } = isNone ? {} : environments[name as string]!;
  const undeclared = Object.keys(access).find((one) => !Object.hasOwn(common.access, one));
  if (undeclared !== undefined) {
    const problem = `declare it in \`access\` too, or correct its name${didYouMean(undeclared, Object.keys(common.access))}: an environment only replaces methods that are declared there`;
    return err([{ binding: definitionName, at: `environments.${name}.access.${undeclared}`, problem }]);
  }
  const written = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
  return ok({
    allowedOrigins: [],
    page: false,
    log: "all",
    ...common,
    ...written,
    access: { ...common.access, ...access },
    accessAt: (one) => (Object.hasOwn(access, one) ? `environments.${name}.access.${one}` : `access.${one}`),
  } as Effective);
}
