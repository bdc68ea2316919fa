// Tokens that were verified a while ago: who shows one again is let in without public-key cryptography. They are
// known by the SHA-256 of their text, so that none is kept itself.

import type { Admission } from "./method.ts";

/** Most tokens that are remembered; the one that has been known longest goes first. */
const MAX_TOKENS = 1000;

interface Verified {
  readonly caller: Admission;
  /** Unix seconds from which the token has to be looked at again. */
  readonly until: number;
  /** What it was verified with: under other keys it is verified anew. */
  readonly keys: object;
}

export class VerifiedTokens {
  readonly #known = new Map<string, Verified>();

  /** The caller of a token that is still good under the same keys. */
  find(hash: string, now: number, keys: object | undefined): Admission | undefined {
    const known = this.#known.get(hash);
    return known !== undefined && known.keys === keys && now < known.until ? known.caller : undefined;
  }

  /** Whether a token was ever good, and so has a token's form. */
  has(hash: string): boolean {
    return this.#known.has(hash);
  }

  remember(hash: string, verified: Verified): void {
    this.#known.delete(hash);
    if (this.#known.size >= MAX_TOKENS) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(hash, verified);
  }
}
