// Links: a short-lived address that needs no header, for components that can send none. A link is a text under a key
// of our own; it holds who asked, by which access method, for which profile and page.

import type { AccessContext, AdmittedCaller } from "../access/method.ts";
import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import type { Secret, VerifyingSecret } from "../keys/secret.ts";
import { readSignedText, signText } from "../keys/signed-text.ts";
import type { Profile } from "../policy/profile.ts";
import { err, ok, type Result } from "../result.ts";
import { digestHex } from "../signature/digest.ts";

/** The one credential that is read from a query. */
export const LINK_PARAMETER = "link";
/** Longest life of a link, in seconds. */
const MAX_LIFE = 300;
/** Longest link that is made and read, in characters. */
const MAX_LINK = 4096;

/** A link as it is answered. */
export interface Link {
  /** Asked by POST, without any header that says who asks. */
  readonly url: string;
  /** Unix seconds. */
  readonly expires_at: number;
}

/** What a link says. */
interface Said {
  readonly profile: string;
  /** The access method; links of earlier versions call it so, which live on through an update. */
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
  if (expires_at <= now) return err(failure("ends_now"));
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
  if (token.length > MAX_LINK) return err(failure("too_long_for_link"));
  const url = new URL(request.url);
  // An app around this one may ignore a slash at the end.
  url.pathname = url.pathname.replace(/\/links\/([^/]*)\/?$/, "/sign/$1");
  url.search = new URLSearchParams({ [LINK_PARAMETER]: token }).toString();
  return ok({ url: url.href, expires_at });
}

/** Verifies a link for this profile and page. */
export async function readLink(
  config: Config,
  secret: VerifyingSecret,
  profile: Profile,
  value: string,
  { now, request }: AccessContext,
): Promise<Result<AdmittedCaller, Failure>> {
  if (value.length > MAX_LINK) return err(failure("link_too_long"));
  const read = await readSignedText(await secret.key("link", config.cloudName), value);
  if (!read.ok) return err(failure(`link_${read.error}`));
  const { profile: name, way: access, sub, claims, policy, origin, exp } = read.value as unknown as Said;
  const refuse = (reason: "link_expired" | "link_profile" | "link_policy" | "link_origin") =>
    err({ ...failure(reason), access });
  if (now >= exp) return refuse("link_expired");
  if (name !== profile.name) return refuse("link_profile");
  if (policy !== (await policyHash(config, profile)) || !profile.access.includes(access))
    return refuse("link_policy");
  if (origin !== request.headers.get("origin")) return refuse("link_origin");
  return ok({ access, subject: sub, claims, expiresAt: exp, byLink: true });
}
