// The API secret of a checked account, now or when it is needed.

import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";
import { type Account, checkAccount, type Setting } from "./account.ts";
import { Secret } from "./secret.ts";
import { isStore, type SecretReader, storeReader } from "./secret-reader.ts";

/** The API secret, and its text where that does not wait in a store. */
export interface ApiSecret {
  readonly binding: string;
  readonly text?: string;
  readonly read: SecretReader<Secret>;
}

/** The API secret, now or when it is needed. */
export function apiSecretOf(settings: Readonly<Record<keyof Account, Setting>>, account: Account): ApiSecret {
  const { value, name: binding } = settings.apiSecret;
  if (!isStore(value)) {
    const secret = ok(new Secret(account.apiSecret));
    return { binding, text: account.apiSecret, read: async () => secret };
  }
  const read = storeReader(binding, value, (text): Result<Secret, Failure> => {
    const checked = checkAccount({ ...settings, apiSecret: { ...settings.apiSecret, value: text } });
    return checked.ok
      ? ok(new Secret(checked.value.apiSecret))
      : err(failure("misconfigured", { faults: checked.error }));
  });
  return { binding, read };
}
