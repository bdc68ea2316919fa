// The secrets that access methods name, each by its binding. None of them may be the API secret: where one of the two
// is in a store, that is seen when both were read. Nor may it be the previous one, where that is a text.

import { type Failure, failure } from "../failure.ts";
import type { Fault } from "../fault.ts";
import { err, ok, type Result } from "../result.ts";
import type { ApiSecret } from "./api-secret.ts";
import { holdsSecret } from "./holds-secret.ts";
import type { Secret } from "./secret.ts";
import {
  isStore,
  type SecretReader,
  type SecretText,
  secretReader,
  type UnfitText,
} from "./secret-reader.ts";

/** A secret of the configuration, whatever it is used for. */
export interface ReadableSecret {
  readonly binding: string;
  /** At `now`, in Unix seconds. */
  readonly read: (now: number) => Promise<Result<object, Failure>>;
}

/** A fault of an access method's options, before it is known where those stand. */
export type OptionFault = Omit<Fault, "binding" | "at"> & { readonly at: string };

/**
 * Reads the secret of a binding; `check` says what is wrong with its text. The API secret does not pass. Whatever the
 * access method, its option is called `secret`.
 */
export type SecretOption = (
  binding: string,
  check: (text: string) => UnfitText | undefined,
) => Result<SecretReader<SecretText>, OptionFault>;

/** Secrets by the names that are written in a definition. */
export interface NamedSecrets {
  value(name: string): unknown;
  /** How the owner gives one, as the beginning of a message. */
  howTo(name: string): string;
}

const IS_API_SECRET: UnfitText = {
  problem: "is the API secret, which must verify nothing but uploads",
  fix: "make another",
};

/** A reader that takes no secret which the API secret turns out to be. */
function apart(
  binding: string,
  read: SecretReader<SecretText>,
  apiSecret: SecretReader<Secret>,
): SecretReader<SecretText> {
  const same = failure("unfit_secret", { binding, ...IS_API_SECRET });
  return async (now, doubted) => {
    const [own, api] = await Promise.all([read(now, doubted), apiSecret(now)]);
    // Without an API secret nothing is signed, and that is told by who wants to sign.
    return own.ok && api.ok && api.value.isIn(own.value.text) ? err(same) : own;
  };
}

/** Reads the secrets that access methods name; `note` hears of each reader. */
export function secretOption(
  secrets: NamedSecrets,
  api: ApiSecret | undefined,
  previous: string | undefined,
  note: (secret: ReadableSecret) => void,
): SecretOption {
  return (binding, check) => {
    const value = secrets.value(binding);
    const fault = (problem: string, fix?: string) => {
      const todo = [fix, secrets.howTo(binding)].filter((part) => part).join(", then ");
      return err({ at: "secret", problem: `${todo}: it ${problem}`, secret: binding });
    };
    const checkText = (own: string) =>
      [api?.text, previous].some((secret) => secret !== undefined && holdsSecret(own, secret))
        ? IS_API_SECRET
        : check(own);
    if (value === undefined || value === null) return fault("is missing");
    if (typeof value !== "string" && !isStore(value)) return fault("is not a secret");
    const wrong = typeof value === "string" ? checkText(value) : undefined;
    if (wrong !== undefined) return fault(wrong.problem, wrong.fix);
    const own = secretReader(binding, value, checkText);
    const isStored = api !== undefined && api.text === undefined;
    const read = isStored ? apart(binding, own, api.read) : own;
    note({ binding, read: (now) => read(now) });
    return ok(read);
  };
}
