// A definition without the parts whose form is wrong, so that what is wrong with the others by meaning is told at once.

import type { Fault } from "../fault.ts";
import type { Result } from "../result.ts";
import { checkDefinition, type Settings } from "./schema.ts";

/** Where the parts have names, and each stands or falls alone. */
const TABLES: ReadonlySet<string> = new Set(["access", "profiles", "environments"]);

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table => typeof value === "object" && value !== null;

/** A path and those above it: `profiles.a.ttl`, `profiles.a`, `profiles`. */
const pathsTo = (at: string): string[] => at.split(".").map((_, i, names) => names.slice(0, i + 1).join("."));

/** Leaves out every part that has one of the faults, and each profile that names an access method so left out. */
export function withoutFaulty(definition: unknown, faults: readonly Fault[]): Table {
  const faulty = new Set(faults.flatMap(({ at = "" }) => pathsTo(at)));
  if (!isTable(definition) || faulty.has("")) return {};
  const noneIsSound = !isTable(definition.access ?? {});
  const needsFaulty = (profile: unknown): boolean =>
    isTable(profile) &&
    Array.isArray(profile.access) &&
    profile.access.some((name) => noneIsSound || faulty.has(`access.${name}`));

  const sound: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(definition)) {
    if (!TABLES.has(key) || !isTable(part)) {
      if (!faulty.has(key)) sound[key] = part;
      continue;
    }
    const kept = Object.entries(part).filter(
      ([name, member]) => !faulty.has(`${key}.${name}`) && !(key === "profiles" && needsFaulty(member)),
    );
    sound[key] = Object.fromEntries(kept);
  }
  return sound;
}

/** A definition after the schema, which found `form`; or, where that is faults, its other parts. */
export const soundForm = (
  definition: unknown,
  form: Result<Settings, Fault[]>,
  binding: string,
): Result<Settings, Fault[]> =>
  form.ok ? form : checkDefinition(withoutFaulty(definition, form.error), binding);
