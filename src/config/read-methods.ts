// Access methods as they are written -> methods after their check, each by its own kind.

import { type CheckedMethod, checkedMethod, kindOf, type Setup } from "../access/method.ts";
import { ANYBODY, PUBLIC } from "../access/public.ts";
import { failure } from "../failure.ts";
import type { Fault } from "../fault.ts";
import type { ApiSecret } from "../keys/api-secret.ts";
import { type ReadableSecret, secretOption } from "../keys/named-secrets.ts";
import { err, ok, type Result } from "../result.ts";
import type { Effective } from "./environment.ts";
import { checkBy } from "./schema.ts";
import type { Source } from "./source.ts";

/** What there is, and what is wrong with the others. */
export interface ReadMethods {
  /** Methods whose options are right; one whose secret is wrong is among them, so that profiles can be compared. */
  readonly access: ReadonlyMap<string, CheckedMethod>;
  readonly secrets: readonly ReadableSecret[];
  /** By the name of each method whose options are wrong. */
  readonly faults: ReadonlyMap<string, readonly Fault[]>;
  /** By the name of each method whose secret is wrong, and nothing else. */
  readonly secretFaults: ReadonlyMap<string, readonly Fault[]>;
}

/** Checks one method by its own kind. */
function readMethod(
  name: string,
  { access, accessAt }: Effective,
  binding: string,
  setup: Setup,
): Result<CheckedMethod, readonly Fault[]> {
  const root = accessAt(name);
  const { type: _, ...written } = access[name]!;
  const kind = kindOf(access[name])!;
  const options = checkBy(kind.schema, written, binding, root);
  if (!options.ok) return options;
  const checked = kind.check(options.value, setup);
  return checked.ok
    ? ok(checkedMethod(name, kind, checked.value))
    : err(checked.error.map((fault) => ({ ...fault, binding, at: `${root}.${fault.at}` })));
}

/** Checks every method; the one for anybody needs no declaration. */
export function readMethods(
  settings: Effective,
  source: Source,
  api: ApiSecret | undefined,
  previous: string | undefined,
): ReadMethods {
  const access = new Map<string, CheckedMethod>([[PUBLIC, checkedMethod(PUBLIC, ANYBODY, undefined)]]);
  const faults = new Map<string, readonly Fault[]>();
  const secretFaults = new Map<string, readonly Fault[]>();
  const secrets: ReadableSecret[] = [];
  const readSecret = secretOption(source.secrets, api, previous, (one) => void secrets.push(one));
  const { allowedOrigins, page } = settings;
  for (const name of Object.keys(settings.access)) {
    /** A secret that is wrong lets nobody in, and what the method is otherwise can be checked all the same. */
    const secret: Setup["secret"] = (binding, check) => {
      const read = readSecret(binding, check);
      if (read.ok) return read.value;
      const at = `${settings.accessAt(name)}.${read.error.at}`;
      const wrong = [{ ...read.error, binding: source.definitionName, at }];
      secretFaults.set(name, wrong);
      return async () => err(failure("misconfigured", { faults: wrong }));
    };
    const checked = readMethod(name, settings, source.definitionName, { secret, allowedOrigins, page });
    if (checked.ok) access.set(name, checked.value);
    else faults.set(name, checked.error);
  }
  return { access, secrets, faults, secretFaults };
}
