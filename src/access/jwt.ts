// The access method `jwt`: callers who hold a JSON Web Token of a known issuer.

import * as v from "valibot";
import type { OptionFault } from "../keys/named-secrets.ts";
import type { UnfitText } from "../keys/secret-reader.ts";
import { err, ok } from "../result.ts";
import { isSafeAddress } from "../web-address.ts";
import { placeOf, type Reads } from "./cookie.ts";
import { type JwtSettings, openJwt } from "./jwt-tokens.ts";
import { type AccessKind, type AccessMethod, accessMethod } from "./method.ts";
import {
  BindingName,
  ClaimName,
  CookieName,
  HeaderName,
  list,
  OneOrMore,
  PositiveInteger,
  Texts,
} from "./options.ts";

/** Signature algorithms by what verifies them; the two never mix, or a public key could be taken for a secret. */
const KEY_SET_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;
const SECRET_ALGORITHMS = ["HS256", "HS384", "HS512"] as const;
const DEFAULT_KEY_SET_ALGORITHMS = ["RS256", "ES256", "EdDSA"];

/** Shortest shared secret, in bytes: that of HS256's own output. */
const MIN_SECRET_BYTES = 32;
/** A day, in seconds. */
const DEFAULT_MAX_TOKEN_AGE = 24 * 60 * 60;

/** Claims that users write themselves, at some providers. */
const USER_WRITTEN = new Set(["user_metadata", "unsafe_metadata"]);

/** Options of `jwt` beside its keys. */
export interface JwtClaims {
  /** The claim `iss`, exactly. */
  readonly issuer: string;
  /** The claim `aud`: one of these. Needed, unless there are `authorizedParties`. */
  readonly audience?: string | readonly string[];
  /** The claim `azp`: one of these. */
  readonly authorizedParties?: string | readonly string[];
  /** Seconds since the token was issued; default a day. */
  readonly maxTokenAge?: number;
  /** Claims that templates may take, beside `sub`. */
  readonly claims?: readonly string[];
  /** A header or a cookie, in place of `Authorization: Bearer …`. */
  readonly header?: string;
  /** The cookie that holds it; pages of other origins than the listed ones can't use it then. */
  readonly cookie?: string;
}

/** The issuer's key set, or a secret that is shared with it. */
export type JwtKeys =
  | {
      /** The address of the key set. */
      readonly jwks: string;
      readonly secret?: never;
      /** Of a key set by default RS256, ES256 and EdDSA. */
      readonly algorithms?: readonly (typeof KEY_SET_ALGORITHMS)[number][];
    }
  | {
      /** The name of the secret's binding, such as `JWT_SECRET`; never the secret itself. */
      readonly secret: string;
      readonly jwks?: never;
      /** Of a secret by default HS256. */
      readonly algorithms?: readonly (typeof SECRET_ALGORITHMS)[number][];
    };

/** Options of `jwt`. */
export type JwtOptions = JwtClaims & JwtKeys;

const Options = v.strictObject({
  jwks: v.optional(
    v.pipe(
      v.string(),
      v.check((text: string) => isSafeAddress(text), "must be an https address"),
    ),
  ),
  secret: v.optional(BindingName),
  algorithms: v.optional(Texts),
  issuer: v.pipe(v.string(), v.nonEmpty("must not be empty")),
  audience: v.optional(OneOrMore),
  authorizedParties: v.optional(OneOrMore),
  maxTokenAge: v.optional(PositiveInteger),
  header: v.optional(HeaderName),
  cookie: v.optional(CookieName),
  claims: v.optional(v.array(ClaimName)),
});
type Options = v.InferOutput<typeof Options>;

function faultsOf(options: Options): OptionFault[] {
  const faults: OptionFault[] = [];
  const fault = (at: string, problem: string) => void faults.push({ at, problem });
  if ((options.jwks === undefined) === (options.secret === undefined))
    fault("jwks", "name the issuer's key set in `jwks`, or a shared secret in `secret`: one of the two");
  if (options.audience === undefined && options.authorizedParties === undefined) {
    const problem =
      "add it, or `authorizedParties`: without either, tokens that were made for other services would do";
    fault("audience", problem);
  }
  if (options.header !== undefined && options.cookie !== undefined)
    fault("cookie", "remove it, or `header` beside it: a token is read in one place");
  const known: readonly string[] = options.secret === undefined ? KEY_SET_ALGORITHMS : SECRET_ALGORITHMS;
  if (options.algorithms?.some((algorithm) => !known.includes(algorithm)))
    fault("algorithms", `must be among ${known.join(", ")} here`);
  const written = options.claims?.find((claim) => USER_WRITTEN.has(claim));
  if (written !== undefined)
    fault("claims", `remove ${written}: users write it themselves, so it proves nothing`);
  return faults;
}

/** Whether both are there and have nothing in common. */
const areApart = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  one !== undefined && other !== undefined && !one.some((value) => other.includes(value));

/** What would tell the tokens of two issuers apart. */
function missingDifference(one: JwtSettings, other: JwtSettings): string | undefined {
  const isToldApart =
    one.issuer !== other.issuer ||
    areApart(one.audience, other.audience) ||
    areApart(one.authorizedParties, other.authorizedParties);
  return isToldApart
    ? undefined
    : "give both an `audience`, or both `authorizedParties`, with nothing in common, or a header of its own to one";
}

/** Where the token is read; absent, `Authorization: Bearer …`. */
function readsOf({ header, cookie }: Options): Reads | undefined {
  if (cookie !== undefined) return { cookie };
  return header === undefined || header.toLowerCase() === "authorization" ? undefined : { header };
}

const secretFault = (text: string): UnfitText | undefined =>
  new TextEncoder().encode(text).length < MIN_SECRET_BYTES
    ? {
        problem: `has fewer than ${MIN_SECRET_BYTES} bytes`,
        fix: "make a longer one (`openssl rand -base64 32`)",
      }
    : undefined;

const KIND: AccessKind<Options, JwtSettings> = {
  type: "jwt",
  anonymous: false,
  schema: Options,
  check(options, setup) {
    const faults = faultsOf(options);
    if (faults.length > 0) return err(faults);
    const secret = options.secret === undefined ? undefined : setup.secret(options.secret, secretFault);
    const { jwks, issuer, audience, authorizedParties } = options;
    const reads = readsOf(options);
    return ok({
      ...(jwks !== undefined && { jwks }),
      ...(secret && { secret }),
      keyedBy: jwks ?? options.secret!,
      algorithms: options.algorithms ?? (jwks === undefined ? ["HS256"] : DEFAULT_KEY_SET_ALGORITHMS),
      issuer,
      ...(audience !== undefined && { audience: list(audience) }),
      ...(authorizedParties !== undefined && { authorizedParties: list(authorizedParties) }),
      maxTokenAge: options.maxTokenAge ?? DEFAULT_MAX_TOKEN_AGE,
      ...(reads && { reads }),
      claims: [...new Set(["sub", ...(options.claims ?? [])])],
    });
  },
  claims: ({ claims }) => claims,
  // Two of one issuer under one source of keys tell the same people apart.
  identity: ({ issuer, keyedBy }) => JSON.stringify([issuer, keyedBy]),
  place: ({ reads }) => (reads === undefined ? "authorization" : placeOf(reads)),
  missingDifference,
  open: openJwt,
};

/**
 * Callers who hold a JSON Web Token of a known issuer: its algorithm, issuer, audience, times and type are checked,
 * and `sub` is who asks.
 *
 * @example
 * const members = jwt({
 *   jwks: "https://id.example.com/.well-known/jwks.json",
 *   issuer: "https://id.example.com/",
 *   audience: "uploads",
 * });
 */
export const jwt = (options: JwtOptions): AccessMethod => accessMethod(KIND, options);
