// Verifying the tokens of `jwt`, by jose.

import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import type { SecretReader, SecretText } from "../keys/secret-reader.ts";
import { underSecret } from "../keys/under-secret.ts";
import { type Failure, failure, type Reason } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { digestHex } from "../signature/digest.ts";
import { checkPage, findIn, type Reads } from "./cookie.ts";
import { failureOf, WrongType } from "./jwt-failure.ts";
import { keySet } from "./key-set.ts";
import { VerifiedTokens } from "./verified-tokens.ts";
import { type AccessContext, type AdmittedCaller, bearer, type CredentialWay } from "./way.ts";

/** What is known of a `jwt` method after its check. */
export interface JwtSettings {
  readonly name: string;
  /** The issuer's keys: the address of a key set, or one shared secret. */
  readonly jwks?: string;
  readonly secret?: SecretReader<SecretText>;
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audience?: readonly string[];
  readonly authorizedParties?: readonly string[];
  /** Seconds since the token was issued. */
  readonly maxTokenAge: number;
  /** Where it is read; absent, `Authorization: Bearer …`. */
  readonly reads?: Reads;
  /** Claims that templates may take. */
  readonly claims: readonly string[];
}

/** Longest token that is read, in characters; providers' have one to four thousand. */
const MAX_TOKEN = 8192;
/** Longest subject, in characters. */
const MAX_SUBJECT = 1024;
/** How far two clocks may differ, in seconds. */
const CLOCK_TOLERANCE = 5;

const invalid = (detail: string, reason: Reason): Failure => failure("invalid_token", detail, reason);

/** Types of tokens that let callers in; others, such as `logout+jwt`, were made for something else (RFC 8725, 3.11). */
const TYPES = new Set(["jwt", "at+jwt"]);

/** A type is a media type, of which `application/` may be left out (RFC 7515, 4.1.9). */
function checkType({ typ }: { typ?: unknown }): void {
  if (typ === undefined) return;
  if (typeof typ !== "string" || !TYPES.has(typ.toLowerCase().replace(/^application\//, "")))
    throw new WrongType();
}

/** Whether an audience, which can be a list, is one that is wanted; where none is, any will do. */
const isAudience = (aud: unknown, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || wanted.some((one) => (Array.isArray(aud) ? aud.includes(one) : aud === one));

const isParty = (azp: unknown, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || wanted.some((one) => azp === one);

/** Whether a text has a token's form, as anybody can see: for anything else no secret is read. */
function isWellFormed(value: string): boolean {
  try {
    decodeProtectedHeader(value);
    decodeJwt(value);
    return true;
  } catch {
    return false;
  }
}

/** When a verified token ends, by what it says itself and by its age. */
const endOf = ({ maxTokenAge }: JwtSettings, { exp, iat }: JWTPayload): number =>
  Math.min(exp!, iat! + maxTokenAge);

function readPayload(way: JwtSettings, payload: JWTPayload): Result<AdmittedCaller, Failure> {
  const { sub, azp } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT) {
    return err(invalid("the claim sub of the token must be a text", "malformed_claim"));
  }
  if (!isParty(azp, way.authorizedParties))
    return err(invalid("the claim azp of the token is not what this way in wants", "azp_mismatch"));
  if (Object.hasOwn(payload, "events")) {
    const detail = "the token tells of an event (its claim `events`), and was not made to let anybody in";
    return err(invalid(detail, "event_token"));
  }
  const listed = [...way.claims, "email_verified"].filter((name) => Object.hasOwn(payload, name));
  const claims = Object.fromEntries(listed.map((name) => [name, payload[name]]));
  return ok({ access: way.name, subject: sub, claims, expiresAt: endOf(way, payload) });
}

export function openJwt(way: JwtSettings, fetcher: typeof fetch): CredentialWay {
  const keys = way.jwks === undefined ? undefined : keySet(new URL(way.jwks), fetcher);
  const verified = new VerifiedTokens();
  const { reads } = way;
  const where =
    reads === undefined
      ? "`Authorization: Bearer …`"
      : "cookie" in reads
        ? `the cookie ${reads.cookie}`
        : `the header ${reads.header}`;

  /** `verifiedWith` is another object as soon as the keys are others. */
  async function verifyBy(
    getKey: JWTVerifyGetKey,
    verifiedWith: object | undefined,
    value: string,
    now: number,
  ): Promise<Result<AdmittedCaller, Failure>> {
    const hash = await digestHex("sha256", value);
    const known = verified.find(hash, now, verifiedWith);
    if (known !== undefined) return ok(known);
    const options: JWTVerifyOptions = {
      algorithms: [...way.algorithms],
      issuer: way.issuer,
      ...(way.audience && { audience: [...way.audience] }),
      requiredClaims: ["sub", "exp", "iat"],
      maxTokenAge: way.maxTokenAge,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(now * 1000),
    };
    let payload: JWTPayload;
    try {
      const keyOf: JWTVerifyGetKey = (head, token) => {
        checkType(head);
        return getKey(head, token);
      };
      ({ payload } = await jwtVerify(value, keyOf, options));
    } catch (error) {
      return err(failureOf(error));
    }
    const caller = readPayload(way, payload);
    if (caller.ok && verifiedWith !== undefined) {
      const until = endOf(way, payload) + CLOCK_TOLERANCE;
      verified.remember(hash, { caller: caller.value, until, keys: verifiedWith });
    }
    return caller;
  }

  async function verify(value: string, context: AccessContext): Promise<Result<AdmittedCaller, Failure>> {
    const page = checkPage(reads, context);
    if (page !== undefined) return err(page);
    if (value.length > MAX_TOKEN) return err(invalid("the token is too long", "too_long"));
    const { now } = context;
    if (keys !== undefined) return verifyBy(keys.getKey, keys.current(), value, now);
    if (!isWellFormed(value)) return err(invalid("the token is not valid", "malformed"));
    return underSecret(way.secret!, now, (secret) =>
      verifyBy(async () => new TextEncoder().encode(secret.text), secret, value, now),
    );
  }

  async function fits(value: string): Promise<number> {
    let payload: JWTPayload;
    try {
      payload = decodeJwt(value);
    } catch {
      return 0;
    }
    const { iss, aud, azp } = payload;
    if (iss !== way.issuer) return 1;
    return isAudience(aud, way.audience) && isParty(azp, way.authorizedParties) ? 3 : 2;
  }

  return {
    name: way.name,
    hint: `a token in ${where}`,
    challenge: 'Bearer realm="cloudinary-edge-signer"',
    find: (request) => (reads === undefined ? bearer(request) : findIn(reads, request)),
    fits,
    verify,
  };
}
