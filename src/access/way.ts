// A way in: where it finds a credential in a request, and how it verifies one. One file each implements this.

import type { Caller } from "../policy/decide/fill.ts";
import type { Failure } from "../problem.ts";
import type { Result } from "../result.ts";

/** A caller who was let in. */
export interface AdmittedCaller extends Caller {
  /** Who it is, by this way in; absent where anybody can come in. */
  readonly subject?: string;
  /** Unix seconds after which what the caller showed is no longer good. */
  readonly expiresAt?: number;
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

/** A way in for callers who show something. */
export interface CredentialWay {
  readonly name: string;
  /** How to come in, as the end of "send …". */
  readonly hint: string;
  /** The challenge of a 401 answer (RFC 9110). */
  readonly challenge: string;
  /** Every credential that this way reads in the request. */
  find(request: Request): Credential[];
  /**
   * How well a credential fits, where several ways read the same place: from 0, another's by its form, to 3, this
   * way's by all that is to be seen. Only to choose between them: nothing is believed of it.
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
