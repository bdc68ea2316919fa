// The configuration after its check: one frozen object, and what can be wrong with it.

import type { RateLimiter } from "../access/limit.ts";
import type { Origins } from "../allowed-origin.ts";
import type { Assets } from "../page-route.ts";
import type { Profile } from "../policy/profile.ts";
import type { Failure } from "../problem.ts";
import type { Secret } from "../secret.ts";
import type { SignatureAlgorithm } from "../signature/digest.ts";
import type { SecretReader, SecretText } from "./secret-binding.ts";

/** A way in: how a caller shows who asks. */
export type Way = { readonly name: string } & (
  | { readonly type: "public" | "service" }
  /** `own`: pages of the Worker's own origin come in too. */
  | { readonly type: "origin"; readonly origins: Origins; readonly own: boolean }
  | {
      readonly type: "jwt";
      /** The issuer's keys: the address of a key set, or one shared secret. */
      readonly jwks?: string;
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

/** Everything a request needs to know, checked once, and frozen to its last table. */
export interface Config {
  readonly cloudName: string;
  readonly apiKey: string;
  /** The API secret; it may have to be fetched first. */
  readonly apiSecret: SecretReader<Secret>;
  /** Where uploads go, without a slash at its end. */
  readonly uploadPrefix: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly allowedOrigins: Origins;
  readonly ways: ReadonlyMap<string, Way>;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The text of each profile and its ways in, as they were written: a link made under another one is void. */
  readonly policies: ReadonlyMap<string, string>;
  /** All settings as they were written, in one spelling: what `/health` hashes. */
  readonly policy: string;
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
  /** The secret that is wrong, where the path leads to its name; `problem` names nothing else then. */
  readonly secret?: string;
}

/** A configuration, or what is wrong with it, which pages of the origins that it lists may read. */
export type Configured =
  | { readonly ok: true; readonly value: Config }
  | { readonly ok: false; readonly error: Fault[]; readonly allowedOrigins: Origins };

/** A fault as strangers may hear it: the binding, and nothing that stands inside of it. */
export type PublicFault = Pick<Fault, "binding" | "problem">;

export function publicFaults(faults: readonly Fault[]): PublicFault[] {
  const told = faults.map(({ binding, problem, secret = binding }): PublicFault => {
    const [name = "", ...inside] = secret.split(".");
    return inside.length === 0
      ? { binding: name, problem }
      : { binding: name, problem: "run `npm run check`, or read the Worker's log: a setting in it is wrong" };
  });
  return [...new Map(told.map((fault) => [`${fault.binding} ${fault.problem}`, fault])).values()];
}

/** Most faults that one message lists. */
const MAX_LISTED = 5;

/** Faults as one text for an answer, the log and the terminal. */
export function faultsText(faults: readonly PublicFault[]): string {
  const listed = faults.slice(0, MAX_LISTED).map(({ binding, problem }) => `${binding}: ${problem}`);
  const more = faults.length - listed.length;
  return listed.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/** What every request is answered with then; the owner's log has all of it. */
export const misconfigured = (faults: readonly Fault[]): Failure => ({
  code: "misconfigured",
  detail: faultsText(publicFaults(faults)),
  logged: faultsText(faults),
});
