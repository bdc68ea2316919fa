// A secret by its binding: a text, or a store that is asked when the secret is needed. What a store answered is kept
// for five minutes at most, and less where something could not be verified by it.

import { type Failure, failure } from "../problem.ts";
import { err, ok, type Result } from "../signature/result.ts";
import { within } from "../within.ts";

/**
 * Reads a secret at `now`, in Unix seconds. It is the same object for as long as the store answers the same text, so
 * what was derived from it can be told by it. `doubted` is one by which a verification failed: the store is asked
 * whether that is still the secret.
 */
export type SecretReader<T extends object> = (now: number, doubted?: T) => Promise<Result<T, Failure>>;

/** A secret that is used as a text. */
export interface SecretText {
  readonly text: string;
}

/** A binding of Cloudflare's Secrets Store, or anything with its shape. */
interface StoreBinding {
  get(): Promise<string>;
}

/** How long a store's answer is used, in seconds from when it was asked. */
const KEEP_SECONDS = 300;
/** A store is not asked again because of a failed verification for so many seconds after it was, whoever sends what. */
const DOUBT_SECONDS = 10;
/** How long a store may take, in milliseconds. */
const STORE_TIMEOUT_MS = 5000;

/** Whether a binding is read by asking for its value. */
export function isStore(value: unknown): value is StoreBinding {
  return typeof value === "object" && value !== null && typeof (value as StoreBinding).get === "function";
}

async function ask(name: string, store: StoreBinding): Promise<Result<string, Failure>> {
  const unavailable = (problem: string) =>
    err(failure("keys_unavailable", `try again later: the secret ${name} ${problem}`, "secret_unavailable"));
  try {
    const get = async (): Promise<unknown> => store.get();
    const text = await within(STORE_TIMEOUT_MS, get());
    return typeof text === "string" ? ok(text) : unavailable("is no text");
  } catch {
    return unavailable("could not be read from its store");
  }
}

/** A reader of a store; `make` checks the text, and makes of it what is used. */
export function storeReader<T extends object>(
  name: string,
  store: StoreBinding,
  make: (text: string) => Result<T, Failure>,
): SecretReader<T> {
  // Values and not promises, which a Worker may not share between requests.
  let kept:
    | { readonly text: string; readonly value: T; readonly at: number; readonly turn: number }
    | undefined;
  let turns = 0;
  let doubtedAt = Number.NEGATIVE_INFINITY;
  return async (now, doubted) => {
    const usable = kept !== undefined && now - kept.at < KEEP_SECONDS ? kept : undefined;
    if (usable !== undefined) {
      if (usable.value !== doubted || now - doubtedAt < DOUBT_SECONDS) return ok(usable.value);
      doubtedAt = now;
    }
    turns += 1;
    const turn = turns;
    const answered = await ask(name, store);
    // One who asked later was answered sooner.
    if (kept !== undefined && kept.turn > turn) return ok(kept.value);
    if (!answered.ok) return usable === undefined ? answered : ok(usable.value);
    if (answered.value === kept?.text) kept = { ...kept, at: now, turn };
    else {
      const made = make(answered.value);
      if (!made.ok) return usable === undefined ? made : ok(usable.value);
      kept = { text: answered.value, value: made.value, at: now, turn };
    }
    return ok(kept.value);
  };
}

/** A reader of a text or a store, which `check` may complain about. */
export function secretReader(
  name: string,
  value: unknown,
  check: (text: string) => string | undefined,
): SecretReader<SecretText> {
  const make = (text: string): Result<SecretText, Failure> => {
    const complaint = check(text);
    return complaint === undefined
      ? ok({ text })
      : err(failure("keys_unavailable", `the secret ${name} ${complaint}`, "unfit_secret"));
  };
  if (isStore(value)) return storeReader(name, value, make);
  const secret = make(String(value));
  return async () => secret;
}
