// The configuration after its check: one frozen object.

import type { Way } from "../access/method.ts";
import type { Origins } from "../access/origins.ts";
import type { Fault } from "../fault.ts";
import type { Assets } from "../http/page-files.ts";
import type { Secret } from "../keys/secret.ts";
import type { SecretReader } from "../keys/secret-reader.ts";
import type { RateLimiter } from "../limits/limiter.ts";
import type { Profile } from "../policy/profile.ts";
import type { Failure } from "../problem.ts";
import type { Result } from "../result.ts";
import type { SignatureAlgorithm } from "../signature/digest.ts";
import type { Effective } from "./environment.ts";

/** A secret of the configuration, whatever it is used for. */
export interface ReadableSecret {
  readonly binding: string;
  /** At `now`, in Unix seconds. */
  readonly read: (now: number) => Promise<Result<object, Failure>>;
}

/** Everything a request needs to know, checked once, and frozen to its last table. */
export interface Config {
  readonly cloudName: string;
  readonly apiKey: string;
  /** The API secret; it may have to be fetched first. */
  readonly apiSecret: SecretReader<Secret>;
  /** Every secret by its binding, to see whether it can be had: the API secret, and those of access methods. */
  readonly secrets: readonly ReadableSecret[];
  /** Where uploads go, without a slash at its end. */
  readonly uploadPrefix: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly allowedOrigins: Origins;
  readonly ways: ReadonlyMap<string, Way>;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The text of each profile and its ways in, as they were written: a link made under another one is void. */
  readonly policies: ReadonlyMap<string, string>;
  /** What decides what is signed and for whom, as it was written, in one spelling: what `/health` hashes. */
  readonly policy: string;
  /** Where the signer is reached, without a slash at its end. */
  readonly publicUrl?: string;
  /** Which requests are logged. */
  readonly log: Effective["log"];
  /** The files of the page at `/`; absent, there is no page. */
  readonly page?: Assets;
  readonly limitByIp?: RateLimiter;
  readonly limitBySubject?: RateLimiter;
}

/** A configuration, or what is wrong with it, which pages of the origins that it lists may read. */
export type Configured =
  | { readonly ok: true; readonly value: Config }
  | { readonly ok: false; readonly error: Fault[]; readonly allowedOrigins: Origins };
