// An access method: as it is written in a configuration, and as it is after its check. Each is one file, which no
// other knows: what a configuration does not import is not in its bundle.

import type * as v from "valibot";
import type { SecretReader, SecretText } from "../keys/secret-reader.ts";
import type { Failure } from "../problem.ts";
import type { Result } from "../result.ts";
import type { AdmittedCaller, CredentialWay } from "./way.ts";

/** Where a written method keeps how it works; the same in every copy of this package that a bundle may hold. */
const KIND: unique symbol = Symbol.for("cloudinary-edge-signer/access-method") as never;

/** An access method as it is written: data alone, made by `jwt()`, `origin()` and the other functions. */
export interface AccessMethod {
  readonly type: string;
  readonly [KIND]: AccessKind;
}

/** What one kind of access method is. */
export interface AccessKind<Options = never> {
  readonly type: string;
  /** The options as they are written; unknown ones are refused. */
  readonly schema: v.GenericSchema<unknown, Options>;
  /** Checks the options by meaning. */
  check(options: Options, setup: Setup): Result<Way, WayComplaint[]>;
}

/** What an access method may know of the configuration that it stands in. */
export interface Setup {
  /** The name that the configuration gives it. */
  readonly name: string;
  /** Reads the secret of a binding; `check` says what is wrong with its text. The API secret is none. */
  secret(
    option: string,
    binding: string,
    check: (text: string) => string | undefined,
  ): Result<SecretReader<SecretText>, WayComplaint>;
  readonly allowedOrigins: readonly string[];
  /** Whether the Worker has a page of its own. */
  readonly page: boolean;
}

/** What is wrong with an access method, and at which of its options. */
export interface WayComplaint {
  readonly at: string;
  readonly problem: string;
  /** The secret that is wrong, where `problem` names nothing else. */
  readonly secret?: string;
}

/** An access method after its check. */
export interface Way {
  readonly name: string;
  readonly type: string;
  /** Whether anybody can come in this way, so that a caller is no one in particular. */
  readonly anonymous: boolean;
  /** The claims that callers have, and that templates may take. */
  readonly claims: ReadonlySet<string>;
  /** Who tells the callers apart: two of one party mean the same person by the same claim. */
  readonly identity: string;
  /** Where a credential is read: a header in lower case, or `cookie NAME`; absent, none is. */
  readonly place?: string;
  /** What the kind itself knows of it, to compare it with another of its kind. */
  readonly settings?: unknown;
  /** What would tell its credentials from those of another that reads the same place; absent, something does. */
  missingDifference?(other: Way): string | undefined;
  /** Makes it ready for callers who show a credential, once for each signer. */
  open?(fetcher: typeof fetch): CredentialWay;
  /** Lets in callers who show nothing. */
  admit?(request: Request): Result<AdmittedCaller, Failure>;
}

/** An access method as it is written. */
export function accessMethod<Options extends object>(
  kind: AccessKind<Options>,
  options: Options,
): AccessMethod {
  // What it is, is never an option.
  const method = { ...options, type: kind.type };
  return Object.freeze(Object.defineProperty(method, KIND, { value: kind })) as unknown as AccessMethod;
}

/** How a written method works; `undefined` where something else stands in its place. */
export function kindOf(method: unknown): AccessKind | undefined {
  return typeof method === "object" && method !== null ? (method as AccessMethod)[KIND] : undefined;
}
