// Links: a short-lived address that needs no header, for components that can send none. A link is a JSON Web
// Token under a key of our own; it holds who asked, by which way in, for which profile and page.

import { base64url, errors, jwtVerify, SignJWT } from "jose";
import type { Config } from "../config/config.ts";
import type { Profile } from "../policy/profile.ts";
import { type Failure, failure, type ProblemCode, type Reason } from "../problem.ts";
import type { Secret } from "../secret.ts";
import { digestHex } from "../signature/digest.ts";
import { err, ok, type Result } from "../signature/result.ts";
import type { AccessContext, AdmittedCaller } from "./way.ts";

/** The one credential that is read from a query. */
export const LINK_PARAMETER = "link";
/** Longest life of a link, in seconds. */
const MAX_LIFE = 300;
/** Longest link that is made and read, in characters. */
const MAX_LINK = 4096;

const TYPE = "link+jwt";

/** A caller who came by a link. */
export interface LinkedCaller extends AdmittedCaller {
  readonly link: true;
}

/** A link as it is answered. */
export interface Link {
  readonly url: string;
  /** Unix seconds. */
  readonly expires_at: number;
}

/** What a profile was when the link was made. */
const policyHash = (config: Config, profile: Profile): Promise<string> =>
  digestHex("sha256", config.policies.get(profile.name) ?? "");

/** Makes a link for a caller who may use the profile, unless it would be longer than what is read. */
export async function makeLink(
  config: Config,
  secret: Secret,
  profile: Profile,
  caller: AdmittedCaller,
  { now, request }: AccessContext,
): Promise<Result<Link, Failure>> {
  const expires_at = Math.floor(Math.min(now + MAX_LIFE, caller.expiresAt ?? Number.POSITIVE_INFINITY));
  const needed = new Set(["email_verified", ...profile.claims.map(({ claim }) => claim)]);
  const claims = Object.fromEntries(Object.entries(caller.claims).filter(([name]) => needed.has(name)));
  const token = await new SignJWT({
    profile: profile.name,
    way: caller.way,
    policy: await policyHash(config, profile),
    origin: request.headers.get("origin"),
    claims,
  })
    .setProtectedHeader({ alg: "HS256", typ: TYPE })
    .setSubject(caller.subject ?? "")
    .setIssuedAt(now)
    .setExpirationTime(expires_at)
    .sign(await secret.key("link", config.cloudName));
  if (token.length > MAX_LINK) {
    const detail =
      "send the token itself: its subject and the claims that this profile needs are too long for a link";
    return err(failure("profile_not_allowed", detail, "link_too_long"));
  }
  const url = new URL(request.url);
  url.pathname = url.pathname.replace(/\/links\/([^/]*)$/, "/sign/$1");
  url.search = new URLSearchParams({ [LINK_PARAMETER]: token }).toString();
  return ok({ url: url.href, expires_at });
}

/** Whether a token is written as it was made: other texts could decode to the same bytes. */
function isCanonical(token: string): boolean {
  const parts = token.split(".");
  try {
    return (
      parts.length === 3 &&
      parts.every((part) => part !== "" && base64url.encode(base64url.decode(part)) === part)
    );
  } catch {
    return false;
  }
}

/** Verifies a link for this profile and page. */
export async function readLink(
  config: Config,
  secret: Secret,
  profile: Profile,
  value: string,
  { now, request }: AccessContext,
): Promise<Result<LinkedCaller, Failure>> {
  const invalid = (reason: Reason) => err(failure("invalid_token", "the link is not valid", reason));
  if (value.length > MAX_LINK) return invalid("link_too_long");
  if (!isCanonical(value)) return invalid("link_malformed");
  try {
    const { payload } = await jwtVerify(value, await secret.key("link", config.cloudName), {
      algorithms: ["HS256"],
      typ: TYPE,
      requiredClaims: ["sub", "exp", "iat"],
      currentDate: new Date(now * 1000),
    });
    const { profile: name, way, policy, origin, claims } = payload;
    const refuse = (code: ProblemCode, detail: string, reason: Reason) =>
      err({ ...failure(code, detail, reason), way: String(way) });
    if (name !== profile.name)
      return refuse("profile_not_allowed", "the link is for another profile", "link_profile");
    if (policy !== (await policyHash(config, profile)))
      return refuse("invalid_token", "the profile has changed since: ask for a new link", "link_policy");
    if (origin !== request.headers.get("origin"))
      return refuse("origin_not_allowed", "the link was made for another page", "link_origin");
    return ok({
      way: String(way),
      subject: payload.sub!,
      claims: claims as Record<string, unknown>,
      expiresAt: payload.exp!,
      link: true,
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return err(failure("expired_token", "the link has expired: ask for a new one", "link_expired"));
    if (error instanceof errors.JWSSignatureVerificationFailed) return invalid("link_signature");
    if (error instanceof errors.JOSEError) return invalid("link_malformed");
    throw error;
  }
}
