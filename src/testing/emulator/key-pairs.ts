// The account that the emulator is: a cloud, and its key pairs. As at Cloudinary several are good at once, while one
// replaces another: a request is signed by the one that it names, and what Cloudinary itself signs by the oldest that is
// active.

import { err, ok, type Result } from "../../result.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

export interface KeyPair {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A cloud, and the key pair that Cloudinary itself signs with. */
export interface Account extends KeyPair {
  readonly cloudName: string;
  /** All that are active, the oldest first; absent, there is that one alone. */
  readonly active?: readonly KeyPair[];
  /** Hears which one signed a request that was let pass. */
  noteUse?(apiKey: string): void;
}

export const activeOf = (account: Account): readonly KeyPair[] => account.active ?? [account];

/** What is told of a key pair; its secret is not. */
export interface KeyUse {
  readonly apiKey: string;
  readonly active: boolean;
  /** How many requests it signed that were let pass: of every method, each part of a file too. */
  readonly requests: number;
}

/** The key pairs of a running emulator. */
export class KeyPairs implements Account {
  readonly cloudName: string;
  readonly #pairs: { pair: KeyPair; active: boolean; requests: number }[] = [];

  constructor(cloudName: string, first: KeyPair) {
    this.cloudName = cloudName;
    this.add(first);
  }

  get active(): readonly KeyPair[] {
    return this.#pairs.filter(({ active }) => active).map(({ pair }) => pair);
  }

  get apiKey(): string {
    return this.active[0]!.apiKey;
  }

  get apiSecret(): string {
    return this.active[0]!.apiSecret;
  }

  /** Adds one beside those that are there. */
  add({ apiKey, apiSecret }: KeyPair): Result<void, Refusal> {
    const isKnown = this.#pairs.some(({ pair }) => pair.apiKey === apiKey);
    if (isKnown) return err(REFUSALS.knownKey(apiKey));
    this.#pairs.push({ pair: { apiKey, apiSecret }, active: true, requests: 0 });
    return ok(undefined);
  }

  /** From now on nothing passes that it signed; the last that is active stays. */
  disable(apiKey: string): Result<void, Refusal> {
    const found = this.#pairs.find(({ pair, active }) => active && pair.apiKey === apiKey);
    if (found === undefined) return err(REFUSALS.unknownKey(apiKey));
    if (this.active.length === 1) return err(REFUSALS.lastKey());
    found.active = false;
    return ok(undefined);
  }

  noteUse(apiKey: string): void {
    for (const one of this.#pairs) if (one.pair.apiKey === apiKey) one.requests += 1;
  }

  list(): KeyUse[] {
    return this.#pairs.map(({ pair, active, requests }) => ({ apiKey: pair.apiKey, active, requests }));
  }
}
