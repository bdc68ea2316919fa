// The way in `jwt`: a JSON Web Token of a known issuer, verified by jose.

import { decodeJwt, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import type { Way } from "../config/config.ts";
import { type Failure, failure } from "../problem.ts";
import { digestHex } from "../signature/digest.ts";
import { err, ok, type Result } from "../signature/result.ts";
import { KeysUnavailable, keySet } from "./key-set.ts";
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

const invalid = (detail: string): Failure => failure("invalid_token", detail);

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
  return value === null ? [] : [{ place: way.from.header, value }];
}

/** A cookie is sent by every page of the site, so it counts only with proof that an allowed page asked. */
function checkCookiePage({ request, originListed }: AccessContext): Failure | undefined {
  if (request.headers.get("origin") === null) {
    return failure("origin_not_allowed", "a cookie lets in pages alone, and the request has no Origin");
  }
  if (request.headers.get("sec-fetch-site")?.toLowerCase() === "cross-site" && !originListed) {
    return failure(
      "origin_not_allowed",
      "a cookie lets in pages of the same site, or of an origin in SIGNER.allowedOrigins",
    );
  }
  return undefined;
}

/** Which failure an error of jose's is; every other error is a bug. */
function failureOf(error: unknown): Failure {
  if (error instanceof KeysUnavailable) {
    return failure("keys_unavailable", error.message);
  }
  if (error instanceof errors.JWTExpired) {
    return failure(
      "expired_token",
      error.claim === "iat" ? "the token was issued too long ago" : "the token has expired",
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const wrong = error.reason === "missing" ? "is missing" : "is not what this way in wants";
    return invalid(`the claim ${error.claim} of the token ${wrong}`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid("the token's algorithm is not allowed");
  if (error instanceof errors.JWKSNoMatchingKey) return invalid("the token's key is none of its issuer's");
  if (error instanceof errors.JOSEError) return invalid("the token is not valid");
  // Web Crypto's own errors, for a key that does not fit the algorithm.
  if (error instanceof TypeError || error instanceof DOMException) return invalid("the token is not valid");
  throw error;
}

function readPayload(way: JwtWay, payload: JWTPayload): Result<AdmittedCaller, Failure> {
  const { sub, exp, azp } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > MAX_SUBJECT) {
    return err(invalid("the claim sub of the token must be a text"));
  }
  if (
    way.authorizedParties !== undefined &&
    !(typeof azp === "string" && way.authorizedParties.includes(azp))
  ) {
    return err(invalid("the claim azp of the token is not what this way in wants"));
  }
  const listed = [...way.claims, "email_verified"].filter((name) => Object.hasOwn(payload, name));
  const claims = Object.fromEntries(listed.map((name) => [name, payload[name]]));
  return ok({ way: way.name, subject: sub, claims, ...(exp !== undefined && { expiresAt: exp }) });
}

export function jwtWay(way: JwtWay, fetcher: typeof fetch): CredentialWay {
  const keys = way.jwks && keySet(way.jwks, fetcher);
  const verified = new VerifiedTokens();
  const { header, cookie } = way.from;
  const where =
    cookie !== undefined
      ? `the cookie ${cookie}`
      : header === undefined
        ? "`Authorization: Bearer …`"
        : `the header ${header}`;

  async function verifyBy(value: string, options: JWTVerifyOptions) {
    if (keys !== undefined) return jwtVerify(value, keys.getKey, options);
    const secret = await way.secret!();
    if (!secret.ok) throw new KeysUnavailable(secret.error);
    return jwtVerify(value, new TextEncoder().encode(secret.value), options);
  }

  async function verify(value: string, context: AccessContext): Promise<Result<AdmittedCaller, Failure>> {
    const page = way.from.cookie === undefined ? undefined : checkCookiePage(context);
    if (page !== undefined) return err(page);
    if (value.length > MAX_TOKEN) return err(invalid("the token is too long"));
    const hash = await digestHex("sha256", value);
    // A shared secret is read once, so it is that of this way for as long as it lives.
    const verifiedWith = keys === undefined ? way : keys.current();
    const known = verified.find(hash, context.now, verifiedWith);
    if (known !== undefined) return ok(known);
    const options: JWTVerifyOptions = {
      algorithms: [...way.algorithms],
      issuer: way.issuer,
      ...(way.audience && { audience: [...way.audience] }),
      requiredClaims: ["sub", "exp", "iat"],
      maxTokenAge: way.maxTokenAge,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(context.now * 1000),
    };
    try {
      const { payload } = await verifyBy(value, options);
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
    } catch (error) {
      return err(failureOf(error));
    }
  }

  return {
    name: way.name,
    hint: `a token in ${where}`,
    challenge: 'Bearer realm="cloudinary-edge-signer"',
    find: (request) => find(way, request),
    // Only to choose between ways that read the same place: nothing is believed of it.
    recognises: (value) => {
      try {
        return decodeJwt(value).iss === way.issuer;
      } catch {
        return false;
      }
    },
    verify,
  };
}
