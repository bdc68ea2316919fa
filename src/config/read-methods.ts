// Access methods as they are written -> methods after their check, each by its own kind.

import { type CheckedMethod, kindOf } from "../access/method.ts";
import { ANYBODY, PUBLIC } from "../access/public.ts";
import type { Fault } from "../fault.ts";
import type { ApiSecret } from "../keys/api-secret.ts";
import { type ReadableSecret, secretOption } from "../keys/named-secrets.ts";
import type { Effective } from "./environment.ts";
import { checkBy } from "./schema.ts";
import type { Source } from "./source.ts";

/** What there is, and what is wrong with the others. */
export interface ReadMethods {
  readonly access: ReadonlyMap<string, CheckedMethod>;
  readonly secrets: readonly ReadableSecret[];
  /** By the name of each method that is wrong. */
  readonly faults: ReadonlyMap<string, readonly Fault[]>;
}

/** Checks one method. */
function readMethod(
  name: string,
  settings: Effective,
  binding: string,
  secret: ReturnType<typeof secretOption>,
): CheckedMethod | readonly Fault[] {
  const method = settings.access[name]!;
  const root = settings.accessAt(name);
  const kind = kindOf(method)!;
  const { type: _, ...written } = method;
  const options = checkBy(kind.schema, written, binding, root);
  if (!options.ok) return options.error;
  const { allowedOrigins, page } = settings;
  const checked = kind.check(options.value, { name, secret, allowedOrigins, page });
  if (checked.ok) return checked.value;
  return checked.error.map(({ at, ...complaint }) => ({ binding, at: `${root}.${at}`, ...complaint }));
}

/** Checks every method; the one for anybody needs no declaration. */
export function readMethods(settings: Effective, source: Source, api: ApiSecret | undefined): ReadMethods {
  const access = new Map<string, CheckedMethod>([[PUBLIC, ANYBODY]]);
  const faults = new Map<string, readonly Fault[]>();
  const secrets: ReadableSecret[] = [];
  const secret = secretOption(source.secrets, api, (one) => void secrets.push(one));
  for (const name of Object.keys(settings.access)) {
    const checked = readMethod(name, settings, source.definitionName, secret);
    if ("type" in checked) access.set(name, checked);
    else faults.set(name, checked);
  }
  return { access, secrets, faults };
}
