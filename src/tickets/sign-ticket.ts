// Parameters the policy let through -> what is answered. What is signed is exactly what is answered.

import type { Config } from "../config/checked.ts";
import type { Secret } from "../keys/secret.ts";
import type { SignedParams } from "../policy/decide/ticket-params.ts";
import { type Profile, SIGNATURE_LIFE } from "../policy/profile.ts";
import type { DropInAnswer, Ticket } from "./ticket.ts";

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
