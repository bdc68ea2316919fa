// The API secret where others read it: in a setting of the account, or in the definition.

import type { Fault } from "../fault.ts";
import type { Result } from "../result.ts";
import type { Account, Setting } from "./account.ts";
import { MIN_SEARCHED_SECRET } from "./holds-secret.ts";

/** Where the secret's value stands inside a settings object, as a path that does not hold it. */
function findSecret(value: unknown, secret: string, path: string): string | undefined {
  if (typeof value === "string") return value.includes(secret) ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (key.includes(secret)) return path;
    const found = findSecret(member, secret, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where it is looked for. */
interface Places {
  readonly account: Result<Readonly<Record<keyof Account, Setting>>, Fault[]>;
  readonly uploadPrefix: Setting;
  readonly definition: unknown;
  readonly definitionName: string;
}

/**
 * The secret, or the previous one, where others read it. It is the only fault then, for any other could repeat it.
 */
export function misplacedSecret(source: Places, previous: string | undefined): Fault | undefined {
  const settings = source.account.ok ? source.account.value : undefined;
  if (settings === undefined) return undefined;
  return misplaced(source, settings, settings.apiSecret.value) ?? misplaced(source, settings, previous);
}

function misplaced(
  source: Places,
  settings: Readonly<Record<keyof Account, Setting>>,
  secret: unknown,
): Fault | undefined {
  if (typeof secret !== "string" || secret.trim().length < MIN_SEARCHED_SECRET) return undefined;
  const problem = "remove the secret, and change it: this place holds the API secret, and many can read it";
  for (const { name, value } of [settings.cloudName, settings.apiKey, source.uploadPrefix]) {
    // A value that is the whole secret is told by the check of the account, as swapped or used twice.
    if (typeof value === "string" && value !== secret && value.includes(secret.trim()))
      return { binding: name, problem };
  }
  const at = findSecret(source.definition, secret.trim(), "");
  return at === undefined ? undefined : { binding: source.definitionName, ...(at !== "" && { at }), problem };
}
