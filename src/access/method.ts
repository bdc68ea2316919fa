// An access method: as it is written in a configuration, and as it is after its check. Each is one file, which no
// other knows: what a configuration does not import is not in its bundle.

import type * as v from "valibot";
import type { Failure } from "../failure.ts";
import type { OptionComplaint, SecretOption } from "../keys/named-secrets.ts";

export type { OptionComplaint } from "../keys/named-secrets.ts";

import type { Caller } from "../policy/decide/fill.ts";
import type { Result } from "../result.ts";

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
  check(options: Options, setup: Setup): Result<CheckedMethod, OptionComplaint[]>;
}

/** What an access method may know of the configuration that it stands in. */
export interface Setup {
  /** The name that the configuration gives it. */
  readonly name: string;
  readonly secret: SecretOption;
  readonly allowedOrigins: readonly string[];
  /** Whether the Worker has a page of its own. */
  readonly page: boolean;
}

/** An access method after its check. */
export interface CheckedMethod {
  readonly name: string;
  readonly type: string;
  /** Whether it lets in anybody, so that a caller is no one in particular. */
  readonly anonymous: boolean;
  /** Whether its callers come by a service binding, and never over HTTP. */
  readonly byBinding?: boolean;
  /** The claims that callers have, and that templates may take. */
  readonly claims: ReadonlySet<string>;
  /** Who tells the callers apart: two of one party mean the same person by the same claim. */
  readonly identity: string;
  /** Where a credential is read: a header in lower case, or `cookie NAME`; absent, none is. */
  readonly place?: string;
  /** What the kind itself knows of it, to compare it with another of its kind. */
  readonly settings?: unknown;
  /** What would tell its credentials from those of another that reads the same place; absent, something does. */
  missingDifference?(other: CheckedMethod): string | undefined;
  /** Makes it ready for callers who show a credential, once for each signer. */
  open?(fetcher: typeof fetch): OpenMethod;
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

/** A caller who was let in. */
export interface AdmittedCaller extends Caller {
  /** Who it is, by this access method; absent where anybody can come in. */
  readonly subject?: string;
  /** Unix seconds after which what the caller showed is no longer good. */
  readonly expiresAt?: number;
  /** Whether the caller came by a link. */
  readonly byLink?: boolean;
}

/** A credential as it stands in a request. */
export interface Credential {
  /** The header, cookie or query parameter it came in. */
  readonly place: string;
  readonly value: string;
}

/** What verifying takes from its surroundings. */
export interface AccessContext {
  /** Unix seconds. */
  readonly now: number;
  readonly fetch: typeof fetch;
  readonly request: Request;
  /** The bindings; in one's own app, what was given to `fetch` beside the request. */
  readonly env: unknown;
  /** Whether the request's `Origin` is one that the configuration lists. */
  readonly originListed: boolean;
  /** Whether it only fits a pattern for previews. */
  readonly originIsPreview: boolean;
}

/** An access method, ready for callers who show something. */
export interface OpenMethod {
  readonly name: string;
  /** How to come in, as the end of "send …". */
  readonly hint: string;
  /** The challenge of a 401 answer (RFC 9110). */
  readonly challenge: string;
  /** Every credential that it reads in the request. */
  find(request: Request): Credential[];
  /**
   * How well a credential fits, where several methods read the same place: from 0, another's by its form, to 3,
   * its own by all that is to be seen. Only to choose between them: nothing is believed of it.
   */
  fits(value: string): Promise<number>;
  verify(value: string, context: AccessContext): Promise<Result<AdmittedCaller, Failure>>;
}

/** The token of `Authorization: Bearer …`; a header of another form is a credential too, and fails. */
export function bearer(request: Request): Credential[] {
  const header = request.headers.get("authorization");
  if (header === null) return [];
  return [{ place: "authorization", value: /^bearer +(\S.*)$/i.exec(header)?.[1] ?? "" }];
}
