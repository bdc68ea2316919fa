// Verifying the tokens of `jwt`, by jose.

import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { type Failure, failure } from "../failure.ts";
import type { SecretReader, SecretText } from "../keys/secret-reader.ts";
import { underSecret } from "../keys/under-secret.ts";
import { err, ok, type Result } from "../result.ts";
import { digestHex } from "../signature/digest.ts";
import { checkPage, findIn, placeText, type Reads } from "./cookie.ts";
import { failureOf, WrongType } from "./jwt-failure.ts";
import { keySet } from "./key-set.ts";
import { type AccessContext, type Admission, bearer, type OpenMethod } from "./method.ts";
import { VerifiedTokens } from "./verified-tokens.ts";

/** What is known of a `jwt` method after its check. */
export interface JwtSettings {
  /** The issuer's keys: the address of a key set, or one shared secret. */
  readonly jwks?: string;
  readonly secret?: SecretReader<SecretText>;
  /** Either by its name: the address, or the secret's binding. */
  readonly keyedBy: string;
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

function readPayload(settings: JwtSettings, payload: JWTPayload): Result<Admission, Failure> {
  const { sub, azp } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT) {
    return err(failure("unfit_subject"));
  }
  if (!isParty(azp, settings.authorizedParties))
    return err(failure("azp_mismatch", { claim: "azp", missing: false }));
  if (Object.hasOwn(payload, "events")) return err(failure("event_token"));
  const listed = [...settings.claims, "email_verified"].filter((name) => Object.hasOwn(payload, name));
  const claims = Object.fromEntries(listed.map((name) => [name, payload[name]]));
  return ok({ subject: sub, claims, expiresAt: endOf(settings, payload) });
}

/** The payload of a token that one of the keys signed, and whose type, issuer, audience and times are right. */
async function verifyToken(
  settings: JwtSettings,
  getKey: JWTVerifyGetKey,
  value: string,
  now: number,
): Promise<Result<JWTPayload, Failure>> {
  const options: JWTVerifyOptions = {
    algorithms: [...settings.algorithms],
    issuer: settings.issuer,
    ...(settings.audience && { audience: [...settings.audience] }),
    requiredClaims: ["sub", "exp", "iat"],
    maxTokenAge: settings.maxTokenAge,
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(now * 1000),
  };
  const keyOf: JWTVerifyGetKey = (head, token) => {
    checkType(head);
    return getKey(head, token);
  };
  try {
    return ok((await jwtVerify(value, keyOf, options)).payload);
  } catch (error) {
    return err(failureOf(error));
  }
}

/** How well a token fits by what it says itself. */
async function fitOf(settings: JwtSettings, value: string): Promise<number> {
  let payload: JWTPayload;
  try {
    payload = decodeJwt(value);
  } catch {
    return 0;
  }
  const { iss, aud, azp } = payload;
  if (iss !== settings.issuer) return 1;
  return isAudience(aud, settings.audience) && isParty(azp, settings.authorizedParties) ? 3 : 2;
}

export function openJwt(settings: JwtSettings, fetcher: typeof fetch): OpenMethod {
  const keys = settings.jwks === undefined ? undefined : keySet(new URL(settings.jwks), fetcher);
  const verified = new VerifiedTokens();
  const { reads } = settings;

  /** `verifiedWith` is another object as soon as the keys are others. */
  async function verifyBy(
    getKey: JWTVerifyGetKey,
    verifiedWith: object | undefined,
    value: string,
    hash: string,
    now: number,
  ): Promise<Result<Admission, Failure>> {
    const known = verified.find(hash, now, verifiedWith);
    if (known !== undefined) return ok(known);
    const token = await verifyToken(settings, getKey, value, now);
    if (!token.ok) return token;
    const caller = readPayload(settings, token.value);
    if (caller.ok && verifiedWith !== undefined) {
      const until = endOf(settings, token.value) + CLOCK_TOLERANCE;
      verified.remember(hash, { caller: caller.value, until, keys: verifiedWith });
    }
    return caller;
  }

  async function verify(value: string, context: AccessContext): Promise<Result<Admission, Failure>> {
    const page = checkPage(reads, context);
    if (page !== undefined) return err(page);
    if (value.length > MAX_TOKEN) return err(failure("too_long", { what: "token" }));
    const { now } = context;
    const hash = await digestHex("sha256", value);
    if (keys !== undefined) return verifyBy(keys.getKey, keys.current(), value, hash, now);
    if (!verified.has(hash) && !isWellFormed(value)) return err(failure("malformed", { what: "token" }));
    return underSecret(settings.secret!, now, (secret) =>
      verifyBy(async () => new TextEncoder().encode(secret.text), secret, value, hash, now),
    );
  }

  return {
    hint: `a token in ${reads === undefined ? "`Authorization: Bearer …`" : placeText(reads)}`,
    challenge: 'Bearer realm="cloudinary-edge-signer"',
    find: (request) => (reads === undefined ? bearer(request) : findIn(reads, request)),
    fits: (value) => fitOf(settings, value),
    verify,
  };
}
