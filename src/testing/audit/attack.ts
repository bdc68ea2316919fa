// What an attack of the audit is, as data: what is asked to be signed, and what such a signature would also be.

import type { Account, Params } from "./sdk.ts";

/** What a signature would have to be over, to be the forgery. */
export interface Claim {
  readonly signature: string;
  /** Secret and algorithm to prove it with. */
  readonly account: Account;
  /** The name that the attack is aimed at; it belongs to nobody. */
  readonly victim: string;
  /** Unix seconds at which the attack was made up. */
  readonly now: number;
  /** What the endpoint is assumed to have signed: what was asked, with its timestamp or the answer's. */
  readonly signed: Params;
  /** The parameters of the harmless request, where they were sent along. */
  readonly base: Params;
}

/** Whether the official SDK takes the signature for the forgery. */
export type Proof = (claim: Claim) => boolean;

/** One thing to ask of a signing endpoint that it must not sign. */
export interface Attack {
  /** As reports name it. */
  readonly id: string;
  /**
   * `forgery`: the signature is valid for another purpose than an upload. `abuse`: an upload that no stranger
   * should have signed.
   */
  readonly kind: "forgery" | "abuse";
  /** What its holder can do, in plain words, as the end of the sentence "whoever holds it can …". */
  readonly title: string;
  /** What the client asks to sign, without the timestamp unless it is its own. */
  readonly ask: (victim: string, now: number) => Params;
  /**
   * `any`: the timestamp may be the client's or the server's. `none`: the forged text has none, so neither is
   * anything else sent along. `own`: `ask` holds one, and no other counts.
   */
  readonly timestamp: "any" | "none" | "own";
  /** The only algorithm with which the signature is of use; absent, either. */
  readonly algorithm?: "sha256";
  /** Whether what was answered is what the attack wanted. */
  readonly proof: Proof;
}
