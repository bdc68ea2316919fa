// The API secret of a checked account, now or when it is needed.

import { type Failure, failure } from "../failure.ts";
import type { Fault } from "../fault.ts";
import { err, ok, type Result } from "../result.ts";
import { type Account, checkAccount, type Setting } from "./account.ts";
import { Secret, type VerifyingSecret } from "./secret.ts";
import { isStore, type SecretReader, storeReader } from "./secret-reader.ts";

/** The API secret, and its text where that does not wait in a store. */
export interface ApiSecret<S extends VerifyingSecret = Secret> {
  readonly binding: string;
  readonly text?: string;
  readonly read: SecretReader<S>;
}

/** A secret that is its text or, where its setting is a store, what `find` finds in what that holds. */
export function secretIn(
  { value, name: binding }: Setting,
  text: string,
  find: (held: string) => Result<string, Fault[]>,
): ApiSecret {
  if (!isStore(value)) {
    const secret = ok(new Secret(text));
    return { binding, text, read: async () => secret };
  }
  const read = storeReader(binding, value, (held): Result<Secret, Failure> => {
    const found = find(held);
    return found.ok ? ok(new Secret(found.value)) : err(failure("misconfigured", { faults: found.error }));
  });
  return { binding, read };
}

/** The API secret, now or when it is needed. */
export const apiSecretOf = (
  settings: Readonly<Record<keyof Account, Setting>>,
  account: Account,
): ApiSecret =>
  secretIn(settings.apiSecret, account.apiSecret, (value) => {
    const checked = checkAccount({ ...settings, apiSecret: { ...settings.apiSecret, value } });
    return checked.ok ? ok(checked.value.apiSecret) : checked;
  });
