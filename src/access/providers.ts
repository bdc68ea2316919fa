// Providers as thin settings of `jwt`, as each documents them. None was run here.

import { type JwtClaims, jwt } from "./jwt.ts";
import type { AccessMethod } from "./method.ts";

/** What can be set beside a provider's own settings. */
type More = Partial<Pick<JwtClaims, "claims" | "maxTokenAge" | "header" | "cookie">>;

/**
 * Auth0: `domain` is the tenant's, such as `shop.eu.auth0.com`, and `audience` the API's identifier.
 * Source: https://auth0.com/docs/secure/tokens/json-web-tokens/json-web-key-sets
 *
 * @example
 * const members = auth0({ domain: "shop.eu.auth0.com", audience: "https://uploads.example.com" });
 */
export const auth0 = ({
  domain,
  audience,
  ...more
}: More & { readonly domain: string; readonly audience: string }): AccessMethod =>
  jwt({ jwks: `https://${domain}/.well-known/jwks.json`, issuer: `https://${domain}/`, audience, ...more });

/**
 * Clerk: `issuer` is the Frontend API URL, and `authorizedParties` the origins of the pages.
 * Source: https://clerk.com/docs/guides/sessions/manual-jwt-verification
 *
 * @example
 * const members = clerk({
 *   issuer: "https://clerk.example.com",
 *   authorizedParties: ["https://www.example.com"],
 * });
 */
export const clerk = ({
  issuer,
  authorizedParties,
  ...more
}: More & { readonly issuer: string; readonly authorizedParties: readonly string[] }): AccessMethod =>
  jwt({ jwks: `${issuer}/.well-known/jwks.json`, issuer, authorizedParties, ...more });

/**
 * Supabase: `project` is the project's reference.
 * Source: https://supabase.com/docs/guides/auth/signing-keys
 *
 * @example
 * const members = supabase({ project: "abcdefghijklmnopqrst" });
 */
export const supabase = ({ project, ...more }: More & { readonly project: string }): AccessMethod => {
  const issuer = `https://${project}.supabase.co/auth/v1`;
  return jwt({ jwks: `${issuer}/.well-known/jwks.json`, issuer, audience: "authenticated", ...more });
};

/**
 * Firebase: `project` is the project's ID.
 * Source: https://firebase.google.com/docs/auth/admin/verify-id-tokens
 *
 * @example
 * const members = firebase({ project: "shop-12345" });
 */
export const firebase = ({ project, ...more }: More & { readonly project: string }): AccessMethod =>
  jwt({
    jwks: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
    issuer: `https://securetoken.google.com/${project}`,
    audience: project,
    ...more,
  });

/**
 * Cloudflare Access: `team` is the team's name, and `audience` the application's AUD tag.
 * Source: https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/
 *
 * @example
 * const staff = cloudflareAccess({ team: "shop", audience: "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2" });
 */
export const cloudflareAccess = ({
  team,
  audience,
  ...more
}: More & { readonly team: string; readonly audience: string }): AccessMethod => {
  const issuer = `https://${team}.cloudflareaccess.com`;
  return jwt({
    jwks: `${issuer}/cdn-cgi/access/certs`,
    issuer,
    audience,
    header: "cf-access-jwt-assertion",
    ...more,
  });
};
