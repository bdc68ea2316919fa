// The account's other key pair, while one replaces another: it verifies and opens what was made with it, and signs
// nothing. What is wrong with it keeps nobody from signing with the current one.

import { failure } from "../failure.ts";
import type { Fault } from "../fault.ts";
import { err, ok, type Result } from "../result.ts";
import { checkAccount, type Setting, splitCloudinaryUrl } from "./account.ts";
import { type ApiSecret, secretIn } from "./api-secret.ts";
import type { VerifyingSecret } from "./secret.ts";
import { isStore, type SecretReader } from "./secret-reader.ts";

/** The previous secret, and what is wrong with it: then whatever can only be verified by it fails with that. */
export interface Previous extends ApiSecret<VerifyingSecret> {
  readonly faults: readonly Fault[];
}

/** The secret of `cloudinary://key:secret@cloud`, of the same cloud as the current one. */
function findSecret(setting: Setting, cloudName: string | undefined): Result<string, Fault[]> {
  const parts = splitCloudinaryUrl(setting);
  const account = parts.ok ? checkAccount(parts.value) : parts;
  if (!account.ok) return account;
  if (cloudName === undefined || account.value.cloudName === cloudName) return ok(account.value.apiSecret);
  const problem =
    "remove it, or give a key pair of the cloud that is signed for: it is of another cloud, and nothing here was ever signed with it";
  return err([{ binding: setting.name, problem }]);
}

/** The previous secret, if there is one; `cloudName` is that of the current one, where it is known. */
export function previousSecret(setting: Setting, cloudName: string | undefined): Previous | undefined {
  const { value, name: binding } = setting;
  if (value === undefined || value === null) return undefined;
  const find = (held: unknown) => findSecret({ ...setting, value: held }, cloudName);
  const found = isStore(value) ? ok("") : find(value);
  if (found.ok) return { ...secretIn(setting, found.value, find), faults: [] };
  const wrong = err(failure("misconfigured", { faults: found.error }));
  const read: SecretReader<VerifyingSecret> = async () => wrong;
  return { binding, read, faults: found.error };
}
