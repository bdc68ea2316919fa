// A secret by its binding: a text, or a store that is asked when the secret is needed. What a store answered is kept
// for five minutes at most, and less where something could not be verified by it; that it failed is kept for a few
// seconds. However many requests want the secret at once, one of them asks.

import { type Failure, failure } from "../failure.ts";
import { err, ok, type Result } from "../result.ts";
import { within } from "../within.ts";

/**
 * Reads a secret at `now`, in Unix seconds. It is the same object for as long as the store answers the same text, so
 * what was derived from it can be told by it. `doubted` is one by which a verification failed: the store is asked
 * whether that is still the secret.
 */
export type SecretReader<T extends object> = (now: number, doubted?: object) => Promise<Result<T, Failure>>;

/** A secret that is used as a text, and prints as `[redacted]` wherever it is printed. */
export class SecretText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }
}

/** What is wrong with a secret's text, and what to do; never the text. */
export interface UnfitText {
  readonly problem: string;
  readonly fix: string;
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
/** A store that failed, or holds what can't be used, is not asked again for so many seconds. */
const FAILED_SECONDS = 5;
/** Requests that overlap may see times that differ by so many seconds; a larger step back is a clock that was set. */
const OVERLAP_SECONDS = 10;
/** How long a request waits for the answer that another one asked for, before it asks itself, in milliseconds. */
const TURN_MS = 1000;
/** The first and the longest pause between two looks at it, in milliseconds. */
const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;

/** Whether a binding is read by asking for its value. */
export function isStore(value: unknown): value is StoreBinding {
  return typeof value === "object" && value !== null && typeof (value as StoreBinding).get === "function";
}

/** Whether less than so many seconds have passed; after a step back of the clock they all have. */
const isWithin = (seconds: number, since: number, now: number): boolean =>
  now < since + seconds && now > since - OVERLAP_SECONDS;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function ask(
  name: string,
  store: StoreBinding,
  milliseconds: number,
): Promise<Result<string, Failure>> {
  try {
    const get = async (): Promise<unknown> => store.get();
    const text = await within(milliseconds, get());
    return typeof text === "string" ? ok(text) : unavailable(name, "is not a string");
  } catch {
    return unavailable(name, "could not be read");
  }
}

const unavailable = (binding: string, problem: string): Result<never, Failure> =>
  err(failure("secret_unavailable", { binding, problem }));

/** What a store answered last, and how it is asked anew; `make` checks the text, and makes of it what is used. */
function storeMemory<T extends object>(
  name: string,
  store: StoreBinding,
  make: (text: string) => Result<T, Failure>,
) {
  // Values and not promises, which a Worker may not share between requests.
  let kept:
    | { readonly text: string; readonly value: T; readonly at: number; readonly turn: number }
    | undefined;
  let failed: { readonly error: Failure; readonly at: number; readonly seconds: number } | undefined;
  let turns = 0;
  /** The turn of the request that asks at the moment; of several, the last. */
  let asking: number | undefined;

  return {
    asking: () => asking,
    usable: (now: number) =>
      kept !== undefined && isWithin(KEEP_SECONDS, kept.at, now) ? kept.value : undefined,
    failure: (now: number) =>
      failed !== undefined && isWithin(failed.seconds, failed.at, now) ? failed.error : undefined,
    /** Asks the store, for so many milliseconds. */
    async refresh(now: number, milliseconds: number): Promise<Result<T, Failure>> {
      turns += 1;
      const turn = turns;
      asking = turn;
      const started = performance.now();
      const answered = await ask(name, store, milliseconds);
      if (asking === turn) asking = undefined;
      // One who asked later was answered sooner.
      if (kept !== undefined && kept.turn > turn) return ok(kept.value);
      const isSame = answered.ok && answered.value === kept?.text;
      const made = isSame ? ok(kept!.value) : answered.ok ? make(answered.value) : answered;
      if (answered.ok && made.ok) {
        kept = { text: answered.value, value: made.value, at: now, turn };
        failed = undefined;
      } else if (!made.ok) {
        // It began to wait at `now`, and fails only now.
        const took = STORE_TIMEOUT_MS - milliseconds + performance.now() - started;
        failed = { error: made.error, at: now, seconds: FAILED_SECONDS + took / 1000 };
      }
      return made;
    },
  };
}

/** A reader of a store. */
export function storeReader<T extends object>(
  name: string,
  store: StoreBinding,
  make: (text: string) => Result<T, Failure>,
): SecretReader<T> {
  const memory = storeMemory(name, store, make);
  let doubtedAt = Number.NEGATIVE_INFINITY;
  return async (now, doubted) => {
    let asking = memory.asking();
    /** What is left of the time that anybody waits. */
    let left = STORE_TIMEOUT_MS;
    for (let waited = 0; ; ) {
      const found = memory.usable(now);
      if (found !== undefined) {
        if (found !== doubted || isWithin(DOUBT_SECONDS, doubtedAt, now)) return ok(found);
        doubtedAt = now;
        break;
      }
      const failed = memory.failure(now);
      if (failed !== undefined) return err(failed);
      // A request that asks and whose caller goes away may never end: another one takes its turn soon.
      if (asking === undefined || waited >= TURN_MS) break;
      if (left <= 0) return unavailable(name, "could not be read");
      const next = Math.min(MIN_PAUSE_MS + waited, MAX_PAUSE_MS);
      await pause(next);
      left -= next;
      const asked = asking;
      asking = memory.asking();
      waited = asking === asked ? waited + next : 0;
    }
    const refreshed = await memory.refresh(now, left);
    const found = memory.usable(now);
    return refreshed.ok || found === undefined ? refreshed : ok(found);
  };
}

/** A reader of a text or a store, of which `check` says what is wrong. */
export function secretReader(
  name: string,
  value: unknown,
  check: (text: string) => UnfitText | undefined,
): SecretReader<SecretText> {
  const make = (text: string): Result<SecretText, Failure> => {
    const wrong = check(text);
    return wrong === undefined
      ? ok(new SecretText(text))
      : err(failure("unfit_secret", { binding: name, ...wrong }));
  };
  if (isStore(value)) return storeReader(name, value, make);
  const secret = make(String(value));
  return async () => secret;
}
