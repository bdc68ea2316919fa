// The configuration after its check: one frozen object, and what can be wrong with it.

import type { Profile } from "../policy/profile.ts";
import type { Secret } from "../secret.ts";
import type { SignatureAlgorithm } from "../signature/digest.ts";

/** A way in: how a caller shows who asks. */
export type Way =
  | { readonly type: "public"; readonly name: string }
  | { readonly type: "origin"; readonly name: string; readonly origins: ReadonlySet<string> };

/** Everything a request needs to know, checked once. */
export interface Config {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: Secret;
  /** Where uploads go, without a slash at its end. */
  readonly uploadPrefix: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly ways: ReadonlyMap<string, Way>;
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** One thing that is wrong with the configuration. Never holds a value. */
export interface Fault {
  /** The binding or option, with the path inside it: `SIGNER.profiles.avatars.ttl`. */
  readonly binding: string;
  /** What is wrong, and what to do about it. */
  readonly problem: string;
  /** Whether the binding is not there at all. */
  readonly missing?: boolean;
}

/** Most faults that one message lists. */
const MAX_LISTED = 5;

/** Faults as one text for an answer, the log and the terminal. */
export function faultsText(faults: readonly Fault[]): string {
  const listed = faults.slice(0, MAX_LISTED).map(({ binding, problem }) => `${binding}: ${problem}`);
  const more = faults.length - listed.length;
  return listed.join("; ") + (more > 0 ? `; and ${more} more` : "");
}
