// The access method `jwt`: callers who hold a JSON Web Token of a known issuer.

import * as v from "valibot";
import { err, ok } from "../result.ts";
import { isSafeAddress } from "../web-address.ts";
import { placeOf, type Reads } from "./cookie.ts";
import { type JwtSettings, openJwt } from "./jwt-tokens.ts";
import {
  type AccessKind,
  type AccessMethod,
  accessMethod,
  type CheckedMethod,
  type OptionComplaint,
} from "./method.ts";
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
  readonly cookie?: string;
}

/** The issuer's key set, or a secret that is shared with it. */
export type JwtKeys =
  | {
      /** The address of the key set. */
      readonly jwks: string;
      readonly secret?: never;
      /** Default RS256, ES256 and EdDSA. */
      readonly algorithms?: readonly (typeof KEY_SET_ALGORITHMS)[number][];
    }
  | {
      /** The name of the secret's binding, such as `JWT_SECRET`; never the secret itself. */
      readonly secret: string;
      readonly jwks?: never;
      /** Default HS256. */
      readonly algorithms?: readonly (typeof SECRET_ALGORITHMS)[number][];
    };

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
  issuer: v.pipe(v.string(), v.nonEmpty("is empty")),
  audience: v.optional(OneOrMore),
  authorizedParties: v.optional(OneOrMore),
  maxTokenAge: v.optional(PositiveInteger),
  header: v.optional(HeaderName),
  cookie: v.optional(CookieName),
  claims: v.optional(v.array(ClaimName)),
});
type Options = v.InferOutput<typeof Options>;

function complaintsOf(options: Options): OptionComplaint[] {
  const complaints: OptionComplaint[] = [];
  const complain = (at: string, problem: string) => void complaints.push({ at, problem });
  if ((options.jwks === undefined) === (options.secret === undefined))
    complain("jwks", "name the issuer's key set in `jwks`, or a shared secret in `secret`: one of the two");
  if (options.audience === undefined && options.authorizedParties === undefined) {
    const problem =
      "is missing: without `audience` or `authorizedParties` tokens that were made for other services would do";
    complain("audience", problem);
  }
  if (options.header !== undefined && options.cookie !== undefined)
    complain("cookie", "is there beside `header`: a token is read in one place");
  const known: readonly string[] = options.secret === undefined ? KEY_SET_ALGORITHMS : SECRET_ALGORITHMS;
  if (options.algorithms?.some((algorithm) => !known.includes(algorithm)))
    complain("algorithms", `must be among ${known.join(", ")} here`);
  const written = options.claims?.find((claim) => USER_WRITTEN.has(claim));
  if (written !== undefined)
    complain("claims", `users write ${written} themselves, so it proves nothing: remove it`);
  return complaints;
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

const KIND: AccessKind<Options> = {
  type: "jwt",
  schema: Options,
  check(options, setup) {
    const complaints = complaintsOf(options);
    if (complaints.length > 0) return err(complaints);
    const secret =
      options.secret === undefined
        ? undefined
        : setup.secret("secret", options.secret, (text) => {
            const isShort = new TextEncoder().encode(text).length < MIN_SECRET_BYTES;
            return isShort ? `has less than ${MIN_SECRET_BYTES} bytes` : undefined;
          });
    if (secret?.ok === false) return err([secret.error]);
    const { jwks, issuer, audience, authorizedParties, header, cookie } = options;
    const isBearer = header === undefined || header.toLowerCase() === "authorization";
    const reads: Reads | undefined = cookie !== undefined ? { cookie } : isBearer ? undefined : { header };
    const settings: JwtSettings = {
      name: setup.name,
      ...(jwks !== undefined && { jwks }),
      ...(secret && { secret: secret.value }),
      algorithms: options.algorithms ?? (jwks === undefined ? ["HS256"] : DEFAULT_KEY_SET_ALGORITHMS),
      issuer,
      ...(audience !== undefined && { audience: list(audience) }),
      ...(authorizedParties !== undefined && { authorizedParties: list(authorizedParties) }),
      maxTokenAge: options.maxTokenAge ?? DEFAULT_MAX_TOKEN_AGE,
      ...(reads && { reads }),
      claims: [...new Set(["sub", ...(options.claims ?? [])])],
    };
    const way: CheckedMethod = {
      name: setup.name,
      type: "jwt",
      anonymous: false,
      claims: new Set(settings.claims),
      // Two of one issuer under one source of keys tell the same people apart.
      identity: JSON.stringify([issuer, jwks ?? options.secret]),
      place: reads === undefined ? "authorization" : placeOf(reads),
      settings,
      missingDifference: (other) =>
        other.type === "jwt" ? missingDifference(settings, other.settings as JwtSettings) : undefined,
      open: (fetcher) => openJwt(settings, fetcher),
    };
    return ok(way);
  },
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
export const jwt = (options: JwtOptions): AccessMethod =>
  accessMethod<JwtOptions>(KIND as unknown as AccessKind<JwtOptions>, options);
