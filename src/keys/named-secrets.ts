// The secrets that access methods name, each by its binding. None of them may be the API secret: where one of the two
// is in a store, that is seen when both were read.

import type { Setup } from "../access/method.ts";
import type { ReadableSecret } from "../config/checked.ts";
import { failure } from "../problem.ts";
import { err, ok } from "../result.ts";
import type { Secret } from "./secret.ts";
import { isStore, type SecretReader, type SecretText, secretReader } from "./secret-reader.ts";

/** Secrets by the names that are written in a definition. */
export interface NamedSecrets {
  value(name: string): unknown;
  /** How the owner gives one, as the end of a message. */
  mend(name: string): string;
}

/** The API secret, and its text where that does not wait in a store. */
export interface ApiSecret {
  readonly binding: string;
  readonly text?: string;
  readonly read: SecretReader<Secret>;
}

const IS_API_SECRET = "is the API secret, which must verify nothing but uploads: make another";

/** A reader that takes no secret which the API secret turns out to be. */
function apart(
  binding: string,
  read: SecretReader<SecretText>,
  apiSecret: SecretReader<Secret>,
): SecretReader<SecretText> {
  const same = failure("keys_unavailable", `the secret ${binding} ${IS_API_SECRET}`, "unfit_secret");
  return async (now, doubted) => {
    const [own, api] = await Promise.all([read(now, doubted), apiSecret(now)]);
    // Without an API secret nothing is signed, and that is told by who wants to sign.
    return own.ok && api.ok && api.value.is(own.value.text) ? err(same) : own;
  };
}

/** Reads the secrets that access methods name; `note` hears of each reader. */
export function secretOption(
  secrets: NamedSecrets,
  api: ApiSecret | undefined,
  note: (secret: ReadableSecret) => void,
): Setup["secret"] {
  return (option, binding, check) => {
    const value = secrets.value(binding);
    const complain = (what: string) => {
      const problem = `the secret ${binding} ${what}: ${secrets.mend(binding)}`;
      return err({ at: option, problem, secret: binding });
    };
    const checkText = (own: string) => (own === api?.text ? IS_API_SECRET : check(own));
    if (value === undefined || value === null) return complain("is missing");
    if (typeof value !== "string" && !isStore(value)) return complain("is not a secret");
    const complaint = typeof value === "string" ? checkText(value) : undefined;
    if (complaint !== undefined) return complain(complaint);
    const own = secretReader(binding, value, checkText);
    const isStored = api !== undefined && api.text === undefined;
    const read = isStored ? apart(binding, own, api.read) : own;
    note({ binding, read: (now) => read(now) });
    return ok(read);
  };
}
