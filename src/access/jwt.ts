// The way in `jwt`: a JSON Web Token of a known issuer, verified by jose.

import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from "jose";
import type { Way } from "../config/config.ts";
import { type Failure, failure, type Reason } from "../problem.ts";
import { digestHex } from "../signature/digest.ts";
import { err, ok, type Result } from "../signature/result.ts";
import { failureOf, WrongType } from "./jwt-failure.ts";
import { keySet } from "./key-set.ts";
import { underSecret } from "./under-secret.ts";
import { VerifiedTokens } from "./verified-tokens.ts";
import {
  type AccessContext,
  type AdmittedCaller,
  bearer,
  type Credential,
  type CredentialWay,
} from "./way.ts";

type JwtWay = Way & { type: "jwt" };

/** Longest token that is read, in characters; providers' have one to four thousand. */
const MAX_TOKEN = 8192;
/** Longest subject, in characters. */
const MAX_SUBJECT = 1024;
/** How far two clocks may differ, in seconds. */
const CLOCK_TOLERANCE = 5;

const invalid = (detail: string, reason: Reason): Failure => failure("invalid_token", detail, reason);

/** Every value of a cookie; a name that is there twice is two credentials. */
function cookies(request: Request, name: string): Credential[] {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => ({ place: `cookie ${name}`, value: pair.slice(name.length + 1) }));
}

function find(way: JwtWay, request: Request): Credential[] {
  if (way.from.cookie !== undefined) return cookies(request, way.from.cookie);
  if (way.from.header === undefined) return bearer(request);
  const value = request.headers.get(way.from.header);
  return value === null ? [] : [{ place: way.from.header.toLowerCase(), value }];
}

/** A cookie is sent by every page of the site, so it counts only with proof that an allowed page asked. */
function checkCookiePage({ request, originListed, originIsPreview }: AccessContext): Failure | undefined {
  if (request.headers.get("origin") === null) {
    const detail = "a cookie lets in pages alone, and the request has no Origin";
    return failure("origin_not_allowed", detail, "no_origin");
  }
  if (originIsPreview) {
    return failure(
      "origin_not_allowed",
      "a cookie lets in pages of origins that are listed, not of a pattern's",
    );
  }
  if (request.headers.get("sec-fetch-site")?.toLowerCase() === "cross-site" && !originListed) {
    return failure(
      "origin_not_allowed",
      "a cookie lets in pages of the same site, or of an origin in SIGNER.allowedOrigins",
      "cross_site",
    );
  }
  return undefined;
}

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

function readPayload(way: JwtWay, payload: JWTPayload): Result<AdmittedCaller, Failure> {
  const { sub, exp, azp } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT) {
    return err(invalid("the claim sub of the token must be a text", "malformed_claim"));
  }
  if (!isParty(azp, way.authorizedParties))
    return err(invalid("the claim azp of the token is not what this way in wants", "azp_mismatch"));
  const listed = [...way.claims, "email_verified"].filter((name) => Object.hasOwn(payload, name));
  const claims = Object.fromEntries(listed.map((name) => [name, payload[name]]));
  return ok({ way: way.name, subject: sub, claims, ...(exp !== undefined && { expiresAt: exp }) });
}

export function jwtWay(way: JwtWay, fetcher: typeof fetch): CredentialWay {
  const keys = way.jwks === undefined ? undefined : keySet(new URL(way.jwks), fetcher);
  const verified = new VerifiedTokens();
  const { header, cookie } = way.from;
  const where =
    cookie !== undefined
      ? `the cookie ${cookie}`
      : header === undefined
        ? "`Authorization: Bearer …`"
        : `the header ${header}`;

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
      const lives = Math.min(payload.exp!, payload.iat! + way.maxTokenAge);
      verified.remember(hash, {
        caller: caller.value,
        until: lives + CLOCK_TOLERANCE,
        keys: verifiedWith,
      });
    }
    return caller;
  }

  async function verify(value: string, context: AccessContext): Promise<Result<AdmittedCaller, Failure>> {
    const page = way.from.cookie === undefined ? undefined : checkCookiePage(context);
    if (page !== undefined) return err(page);
    if (value.length > MAX_TOKEN) return err(invalid("the token is too long", "too_long"));
    const { now } = context;
    if (keys !== undefined) return verifyBy(keys.getKey, keys.current(), value, now);
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
    find: (request) => find(way, request),
    fits,
    verify,
  };
}
