// The configuration after its check: one frozen object, and what can be wrong with it.

import type { RateLimiter } from "../access/limit.ts";
import type { Assets } from "../page-route.ts";
import type { Profile } from "../policy/profile.ts";
import type { Secret } from "../secret.ts";
import type { SignatureAlgorithm } from "../signature/digest.ts";
import type { SecretReader, SecretText } from "./secret-binding.ts";

/** A way in: how a caller shows who asks. */
export type Way = { readonly name: string } & (
  | { readonly type: "public" | "service" }
  | { readonly type: "origin"; readonly origins: ReadonlySet<string> }
  | {
      readonly type: "jwt";
      /** The issuer's keys: a key set, or one shared secret. */
      readonly jwks?: URL;
      readonly secret?: SecretReader<SecretText>;
      readonly algorithms: readonly string[];
      readonly issuer: string;
      readonly audience?: readonly string[];
      readonly authorizedParties?: readonly string[];
      /** Seconds since the token was issued. */
      readonly maxTokenAge: number;
      /** Where it is read; neither: the header `Authorization`. */
      readonly from: { readonly header?: string; readonly cookie?: string };
      /** Claims that templates may take. */
      readonly claims: readonly string[];
    }
  | {
      readonly type: "turnstile";
      readonly secret: SecretReader<SecretText>;
      readonly hostnames: ReadonlySet<string>;
      readonly action: string;
    }
  /** Names of tokens by the SHA-256 of each, in hex. */
  | { readonly type: "token"; readonly hashes: ReadonlyMap<string, string> }
);

/** The ways in through which anybody can come: none proves who asks. */
export const ANONYMOUS: ReadonlySet<Way["type"]> = new Set(["public", "origin", "turnstile"]);

/** Everything a request needs to know, checked once. */
export interface Config {
  readonly cloudName: string;
  readonly apiKey: string;
  /** The API secret; it may have to be fetched first. */
  readonly apiSecret: SecretReader<Secret>;
  /** Where uploads go, without a slash at its end. */
  readonly uploadPrefix: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly ways: ReadonlyMap<string, Way>;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The text of each profile and its ways in, as they were written: a link made under another one is void. */
  readonly policies: ReadonlyMap<string, string>;
  /** The files of the page at `/`; absent, there is no page. */
  readonly page?: Assets;
  readonly limitByIp?: RateLimiter;
  readonly limitBySubject?: RateLimiter;
}

/** One thing that is wrong with the configuration. Never holds a value. */
export interface Fault {
  /** The binding or option, with the path inside it: `SIGNER.profiles.avatars.ttl`. */
  readonly binding: string;
  /** What is wrong, and what to do about it. */
  readonly problem: string;
  /** The name of a binding that is not there at all. */
  readonly missing?: string;
}

/** Most faults that one message lists. */
const MAX_LISTED = 5;

/** Faults as one text for an answer, the log and the terminal. */
export function faultsText(faults: readonly Fault[]): string {
  const listed = faults.slice(0, MAX_LISTED).map(({ binding, problem }) => `${binding}: ${problem}`);
  const more = faults.length - listed.length;
  return listed.join("; ") + (more > 0 ? `; and ${more} more` : "");
}
