// Links: a short-lived address that needs no header, for components that can send none. A link is a text under a key
// of our own; it holds who asked, by which way in, for which profile and page.

import type { AccessContext, AdmittedCaller } from "../access/way.ts";
import type { Config } from "../config/checked.ts";
import type { Secret } from "../keys/secret.ts";
import { readSignedText, signText } from "../keys/signed-text.ts";
import type { Profile } from "../policy/profile.ts";
import { type Failure, failure, type ProblemCode, type Reason } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { digestHex } from "../signature/digest.ts";

/** The one credential that is read from a query. */
export const LINK_PARAMETER = "link";
/** Longest life of a link, in seconds. */
const MAX_LIFE = 300;
/** Longest link that is made and read, in characters. */
const MAX_LINK = 4096;

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

/** What a link says. */
interface Said {
  readonly profile: string;
  readonly way: string;
  readonly sub: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The policy of the profile, as a hash, when the link was made. */
  readonly policy: string;
  /** The page that asked; `null` where none did. */
  readonly origin: string | null;
  /** Unix seconds. */
  readonly exp: number;
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
  // Verifying allows for clocks that differ, and a link does not.
  if (expires_at <= now) return err(failure("expired_token", "the token ends now: get a new one", "expired"));
  const needed = new Set(["email_verified", ...profile.claims.map(({ claim }) => claim)]);
  const claims = Object.fromEntries(Object.entries(caller.claims).filter(([name]) => needed.has(name)));
  const said: Said = {
    profile: profile.name,
    way: caller.access,
    sub: caller.subject ?? "",
    claims,
    policy: await policyHash(config, profile),
    origin: request.headers.get("origin"),
    exp: expires_at,
  };
  const token = await signText(await secret.key("link", config.cloudName), said);
  if (token.length > MAX_LINK) {
    const detail =
      "send the token itself: its subject and the claims that this profile needs are too long for a link";
    return err(failure("profile_not_allowed", detail, "link_too_long"));
  }
  const url = new URL(request.url);
  // An app around this one may ignore a slash at the end.
  url.pathname = url.pathname.replace(/\/links\/([^/]*)\/?$/, "/sign/$1");
  url.search = new URLSearchParams({ [LINK_PARAMETER]: token }).toString();
  return ok({ url: url.href, expires_at });
}

/** Verifies a link for this profile and page. */
export async function readLink(
  config: Config,
  secret: Secret,
  profile: Profile,
  value: string,
  { now, request }: AccessContext,
): Promise<Result<LinkedCaller, Failure>> {
  const refuse = (code: ProblemCode, detail: string, reason: Reason, way?: string) =>
    err({ ...failure(code, detail, reason), ...(way !== undefined && { way }) });
  const invalid = (reason: Reason) => refuse("invalid_token", "the link is not valid", reason);
  if (value.length > MAX_LINK) return invalid("link_too_long");
  const read = await readSignedText(await secret.key("link", config.cloudName), value);
  if (!read.ok) return invalid(`link_${read.error}`);
  const { profile: name, way, sub, claims, policy, origin, exp } = read.value as unknown as Said;
  if (now >= exp)
    return refuse("expired_token", "the link has expired: ask for a new one", "link_expired", way);
  if (name !== profile.name)
    return refuse("profile_not_allowed", "the link is for another profile", "link_profile", way);
  if (policy !== (await policyHash(config, profile)))
    return refuse("invalid_token", "the profile has changed since: ask for a new link", "link_policy", way);
  if (origin !== request.headers.get("origin"))
    return refuse("origin_not_allowed", "the link was made for another page", "link_origin", way);
  return ok({ access: way, subject: sub, claims, expiresAt: exp, link: true });
}
