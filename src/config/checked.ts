// The configuration after its check: one frozen object.

import type { CheckedMethod } from "../access/method.ts";
import type { Origins } from "../access/origins.ts";
import type { Fault } from "../fault.ts";
import type { ReadableSecret } from "../keys/named-secrets.ts";
import type { Keyring } from "../keys/under-secret.ts";
import type { RateLimiter } from "../limits/limiter.ts";
import type { Analytics } from "../observe/data-point.ts";
import type { LogSetting } from "../observe/log.ts";
import type { Profile } from "../policy/profile.ts";
import type { SignatureScheme } from "../signature/sign.ts";
import type { Hooks } from "./application.ts";

/** The assets binding, as far as it is used. */
export interface Assets {
  fetch(request: Request): Promise<Response>;
}

/** Everything a request needs to know, checked once, and frozen to its last table. */
export interface Config extends Hooks, Keyring {
  readonly cloudName: string;
  readonly apiKey: string;
  /** Every secret by its binding, to see whether it can be had: the account's, and those of access methods. */
  readonly secrets: readonly ReadableSecret[];
  /** Where uploads go, without a slash at its end. */
  readonly uploadPrefix: string;
  readonly signature: SignatureScheme;
  readonly allowedOrigins: Origins;
  /** Access methods by name. */
  readonly access: ReadonlyMap<string, CheckedMethod>;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Profiles that sign nothing, for the secret of an access method that they name is wrong. */
  readonly misconfigured: ReadonlyMap<string, readonly Fault[]>;
  /** What is wrong with those secrets, whether a profile needs them or not, and with the previous one. */
  readonly faults: readonly Fault[];
  /** The text of each profile and its access methods, as they were written: a link made under another one is void. */
  readonly policies: ReadonlyMap<string, string>;
  /** What decides what is signed and for whom, as it was written, in one spelling: what `/health` hashes. */
  readonly policy: string;
  /** Where the signer is reached, without a slash at its end. */
  readonly publicUrl?: string;
  /** Which requests are logged. */
  readonly log: LogSetting;
  /** The files of the page at `/`; absent, there is no page. */
  readonly page?: Assets;
  readonly limitByIp?: RateLimiter;
  readonly limitBySubject?: RateLimiter;
  /** Where data points go; absent, none are made. */
  readonly analytics?: Analytics;
}

/** A configuration, or what is wrong with it, which pages of the origins that it lists may read. */
export type Configured =
  | { readonly ok: true; readonly value: Config }
  | ({ readonly ok: false; readonly error: Fault[] } & Pick<Config, "allowedOrigins" | "page" | "analytics">);

/** All that is wrong with a configuration, whether it keeps every profile from signing or some. */
export const faultsOf = (configured: Configured): readonly Fault[] =>
  configured.ok ? configured.value.faults : configured.error;
