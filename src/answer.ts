// Parameters the policy let through -> what is answered. What is signed is exactly what is answered.

import type { Config } from "./config/config.ts";
import { type Profile, SIGNATURE_LIFE } from "./policy/profile.ts";
import type { SignedParams } from "./policy/ticket.ts";
import type { Secret } from "./secret.ts";

/** Everything a client needs for one upload. */
export interface Ticket {
  /** Where to POST the form to. */
  readonly url: string;
  /** Every field of the form beside `file`, exactly as signed. */
  readonly fields: Readonly<Record<string, string>>;
  readonly signature: string;
  /** Unix seconds; lies in the past where the profile has a `ttl` below an hour. */
  readonly timestamp: number;
  readonly api_key: string;
  readonly cloud_name: string;
  /** Unix seconds after which Cloudinary takes the signature no more. */
  readonly expires_at: number;
}

/** The answer to a component that chose the parameters itself. */
export type DropInAnswer = Pick<Ticket, "signature" | "timestamp" | "api_key" | "cloud_name">;

/** Signs what a component chose. */
export async function signDropIn(
  config: Config,
  secret: Secret,
  params: SignedParams,
): Promise<DropInAnswer> {
  return {
    signature: await secret.sign(params, config.signatureAlgorithm),
    timestamp: Number(params.timestamp),
    api_key: config.apiKey,
    cloud_name: config.cloudName,
  };
}

/** Signs a ticket. */
export async function signTicket(
  config: Config,
  secret: Secret,
  profile: Profile,
  params: SignedParams,
): Promise<Ticket> {
  const { signature, timestamp, api_key, cloud_name } = await signDropIn(config, secret, params);
  return {
    url: `${config.uploadPrefix}/v1_1/${cloud_name}/${profile.resourceType}/upload`,
    fields: { api_key, ...params, signature },
    signature,
    timestamp,
    api_key,
    cloud_name,
    expires_at: timestamp + SIGNATURE_LIFE,
  };
}
