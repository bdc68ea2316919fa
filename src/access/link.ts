// Links: a short-lived address that needs no header, for components that can send none. A link is a JSON Web
// Token under a key of our own; it holds who asked, by which way in, for which profile and page.

import { base64url, errors, jwtVerify, SignJWT } from "jose";
import type { Config } from "../config/config.ts";
import type { Profile } from "../policy/profile.ts";
import { type Failure, failure } from "../problem.ts";
import type { Secret } from "../secret.ts";
import { digestHex } from "../signature/digest.ts";
import { err, ok, type Result } from "../signature/result.ts";
import type { AccessContext, AdmittedCaller } from "./way.ts";

/** The one credential that is read from a query. */
export const LINK_PARAMETER = "link";
/** Longest life of a link, in seconds. */
const MAX_LIFE = 300;
/** Longest link that is read, in characters. */
const MAX_LINK = 4096;

const TYPE = "link+jwt";

/** A caller who came by a link. */
export interface LinkedCaller extends AdmittedCaller {
  /** The link's own id, by which it is counted. */
  readonly link: string;
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

/** Makes a link for a caller who may use the profile. */
export async function makeLink(
  config: Config,
  secret: Secret,
  profile: Profile,
  caller: AdmittedCaller,
  { now, request }: AccessContext,
  id: string,
): Promise<Link> {
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
    .setJti(id)
    .setIssuedAt(now)
    .setExpirationTime(expires_at)
    .sign(await secret.key("link", config.cloudName));
  const url = new URL(request.url);
  url.pathname = url.pathname.replace(/\/links\/([^/]*)$/, "/sign/$1");
  url.search = new URLSearchParams({ [LINK_PARAMETER]: token }).toString();
  return { url: url.href, expires_at };
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
  const invalid = (detail: string) => err(failure("invalid_token", detail));
  if (value.length > MAX_LINK || !isCanonical(value)) return invalid("the link is not valid");
  try {
    const { payload } = await jwtVerify(value, await secret.key("link", config.cloudName), {
      algorithms: ["HS256"],
      typ: TYPE,
      requiredClaims: ["sub", "jti", "exp", "iat"],
      currentDate: new Date(now * 1000),
    });
    const { profile: name, way, policy, origin, claims } = payload;
    if (name !== profile.name) return err(failure("profile_not_allowed", "the link is for another profile"));
    if (policy !== (await policyHash(config, profile)))
      return invalid("the profile has changed since: ask for a new link");
    if (origin !== request.headers.get("origin")) {
      return err(failure("origin_not_allowed", "the link was made for another page"));
    }
    return ok({
      way: String(way),
      subject: payload.sub!,
      claims: claims as Record<string, unknown>,
      expiresAt: payload.exp!,
      link: payload.jti!,
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return err(failure("expired_token", "the link has expired: ask for a new one"));
    if (error instanceof errors.JOSEError) return invalid("the link is not valid");
    throw error;
  }
}
