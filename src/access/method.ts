// An access method: what is known of its kind, how it is written in a configuration, and what it is after its check.
// Each kind is one object in one file, which no other knows: what a configuration does not import is not in its bundle.

import type * as v from "valibot";
import type { Failure } from "../failure.ts";
import type { OptionFault } from "../keys/named-secrets.ts";
import type { SecretReader, SecretText, UnfitText } from "../keys/secret-reader.ts";
import type { Caller } from "../policy/decide/fill.ts";
import type { Result } from "../result.ts";

/**
 * All that is known of one kind of access method. What callers show is read by `open`; whoever shows nothing is let in
 * by `admit`; a kind has one of the two, or is `byBinding`.
 */
export interface AccessKind<Options = unknown, Settings = unknown> {
  /** What it is called where people read of it; no code asks for it. */
  readonly type: string;
  /** Whether it lets in anybody, so that a caller is no one in particular. */
  readonly anonymous: boolean;
  /** Whether its callers come by a service binding, and never over HTTP. */
  readonly byBinding?: boolean;
  /** Whether its callers are back ends of the owner's own. */
  readonly backEnd?: boolean;
  /** Whether a credential is good once: who confirms an upload shows its upload ID alone. */
  readonly once?: boolean;
  /** Whether nothing is known of the credentials it takes, so that it shares no place with another method. */
  readonly opaque?: boolean;
  /** The options as they are written; unknown ones are refused. */
  readonly schema: v.GenericSchema<unknown, Options>;
  /** Checks the options by meaning, and makes of them what is used. */
  check(options: Options, setup: Setup): Result<Settings, OptionFault[]>;
  /** The claims that callers have, and that templates may take; default none. */
  claims?(settings: Settings): Iterable<string>;
  /** Who tells the callers apart; default the method itself. Methods of one party mean the same person by the same claim. */
  identity?(settings: Settings): string;
  /** Where a credential is read: a header in lower case, or `cookie NAME`. */
  place?(settings: Settings): string;
  /** What would tell the credentials of two methods of this kind apart, which read the same place; absent, something does. */
  missingDifference?(one: Settings, other: Settings): string | undefined;
  /** Makes it ready for callers who show a credential, once for each signer. */
  open?(settings: Settings, fetcher: typeof fetch): OpenMethod;
  /** Lets in callers who show nothing. */
  admit?(settings: Settings, request: Request): Result<Admission, Failure>;
}

/** What an access method may know of the configuration that it stands in. */
export interface Setup {
  /**
   * Reads the secret of a binding, which the option `secret` names; `check` says what is wrong with its text. The API
   * secret does not pass. One that is wrong is a fault of the configuration, and never read.
   */
  readonly secret: (
    binding: string,
    check: (text: string) => UnfitText | undefined,
  ) => SecretReader<SecretText>;
  readonly allowedOrigins: readonly string[];
  /** Whether the Worker has a page of its own. */
  readonly page: boolean;
}

/** Where a written method keeps its kind; the same in every copy of this package that a bundle may hold. */
const KIND: unique symbol = Symbol.for("cloudinary-edge-signer/access-method") as never;

/** An access method as it is written: data alone, made by `jwt()`, `origin()` and the other functions. */
export interface AccessMethod {
  readonly type: string;
  readonly [KIND]: AccessKind;
}

/** An access method as it is written. */
export function accessMethod(kind: AccessKind, options: object): AccessMethod {
  // What it is, is never an option.
  const method = Object.defineProperty({ ...options, type: kind.type }, KIND, { value: kind });
  return Object.freeze(method) as AccessMethod;
}

/** The kind of a written method; `undefined` where something else stands in its place. */
export function kindOf(method: unknown): AccessKind | undefined {
  return typeof method === "object" && method !== null ? (method as AccessMethod)[KIND] : undefined;
}

/** An access method after its check. */
export interface CheckedMethod
  extends Pick<AccessKind, "type" | "anonymous" | "byBinding" | "backEnd" | "once" | "opaque"> {
  readonly name: string;
  readonly claims: ReadonlySet<string>;
  readonly identity: string;
  readonly place: string | undefined;
  /** What is known of it, for its own kind alone. */
  settingsFor<Settings>(kind: AccessKind<unknown, Settings>): Settings | undefined;
  /** What would tell its credentials from those of another of its kind. */
  missingDifference(other: CheckedMethod): string | undefined;
  readonly open: ((fetcher: typeof fetch) => OpenMethod) | undefined;
  readonly admit: ((request: Request) => Result<Admission, Failure>) | undefined;
}

/** A method that the configuration calls `name`, of what the check of its kind answered. */
export function checkedMethod<Settings>(
  name: string,
  kind: AccessKind<unknown, Settings>,
  settings: Settings,
): CheckedMethod {
  const { type, anonymous, byBinding = false, backEnd = false, opaque = false } = kind;
  const { once = false, open, admit } = kind;
  return {
    name,
    type,
    anonymous,
    byBinding,
    backEnd,
    once,
    opaque,
    claims: new Set(kind.claims?.(settings)),
    identity: kind.identity?.(settings) ?? `access ${name}`,
    place: kind.place?.(settings),
    // The same kind has settings of the same type.
    settingsFor: (asked: unknown) => (asked === kind ? settings : undefined) as never,
    missingDifference(other) {
      const others = other.settingsFor<Settings>(kind);
      return others === undefined ? undefined : kind.missingDifference?.(settings, others);
    },
    open: open && ((fetcher) => open(settings, fetcher)),
    admit: admit && ((request) => admit(settings, request)),
  };
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

/** What an access method says of a caller whom it lets in; its own name is the configuration's to know. */
export type Admission = Omit<AdmittedCaller, "access" | "byLink">;

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
  verify(value: string, context: AccessContext): Promise<Result<Admission, Failure>>;
}

/** The token of `Authorization: Bearer …`; a header of another form is a credential too, and fails. */
export function bearer(request: Request): Credential[] {
  const header = request.headers.get("authorization");
  if (header === null) return [];
  return [{ place: "authorization", value: /^bearer +(\S.*)$/i.exec(header)?.[1] ?? "" }];
}
