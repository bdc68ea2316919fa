// A token of somebody, for an access method whose shared secret `start` made itself.

import { SignJWT } from "jose";
import type { JwtOptions } from "../access/jwt.ts";
import type { Config } from "../config/checked.ts";
import type { Effective } from "../config/environment.ts";

/** A token, and what it is good for. */
export interface SampleToken {
  /** The access method that takes it, as a bearer token. */
  readonly access: string;
  /** The profiles that name the method. */
  readonly profiles: readonly string[];
  readonly token: string;
}

/** A token of the user 42 for the first such method that a profile names, if there is one. */
export async function sampleToken(
  { profiles }: Config,
  { access }: Effective,
  secrets: Readonly<Record<string, string>>,
): Promise<SampleToken | undefined> {
  for (const [name, method] of Object.entries(access)) {
    const { issuer, audience, authorizedParties, header, cookie, ...options } =
      method as unknown as JwtOptions;
    const secret = method.type === "jwt" && header === undefined && cookie === undefined && options.secret;
    const served = [...profiles.values()].filter((profile) => profile.access.includes(name));
    if (!secret || secrets[secret] === undefined || served.length === 0) continue;
    const claims = {
      sub: "42",
      iss: issuer,
      ...(audience !== undefined && { aud: [audience].flat() }),
      ...(authorizedParties !== undefined && { azp: [authorizedParties].flat()[0] }),
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: options.algorithms?.[0] ?? "HS256" })
      .setIssuedAt()
      .setExpirationTime("12h")
      .sign(new TextEncoder().encode(secrets[secret]));
    return { access: name, profiles: served.map((profile) => profile.name), token };
  }
  return undefined;
}
