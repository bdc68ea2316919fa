// (who was let in, what is asked for) -> what is signed, or why not. What is signed is exactly what is answered.

import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import type { Secret } from "../keys/secret.ts";
import { dropInParams } from "../policy/decide/drop-in.ts";
import { fillFor } from "../policy/decide/fill.ts";
import { type SignedParams, ticketParams } from "../policy/decide/ticket-params.ts";
import { type Profile, SIGNATURE_LIFE } from "../policy/profile.ts";
import type { Fill } from "../policy/values/template.ts";
import { err, ok, type Result } from "../result.ts";
import type { Entered } from "./enter.ts";
import type { SigningRequest } from "./signing-request.ts";
import type { DropInAnswer, Ticket } from "./ticket.ts";

/** Signs what a component chose. */
export async function signDropIn(
  config: Config,
  secret: Secret,
  params: SignedParams,
): Promise<DropInAnswer> {
  return {
    signature: await secret.sign(params, config.signature),
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
    url: `${config.uploadPrefix}/v1_1/${cloud_name}/${profile.resourceType}/${profile.method.name}`,
    fields: { api_key, ...params, signature },
    signature,
    timestamp,
    api_key,
    cloud_name,
    expires_at: timestamp + SIGNATURE_LIFE,
  };
}

/** What the caller's claims fill in, if this profile's templates can take them. */
export async function fillClaims(
  { profile, caller }: Pick<Entered, "profile" | "caller">,
  now: number,
  uuid: string,
): Promise<Result<Fill, Failure>> {
  const fill = await fillFor(profile, caller, now, uuid);
  return fill.ok ? fill : err(failure("unfit_claim", { why: fill.error }));
}

/** Decides and signs. */
export async function issue(
  config: Config,
  { profile, caller, secret }: Entered,
  { form, params }: SigningRequest,
  now: number,
  uuid: string,
): Promise<Result<Ticket | DropInAnswer, Failure>> {
  const fill = await fillClaims({ profile, caller }, now, uuid);
  if (!fill.ok) return fill;
  const decide = form === "ticket" ? ticketParams : dropInParams;
  const decided = decide(profile, params, fill.value);
  if (!decided.ok) return err(failure("params_refused", { refusals: decided.error }));
  return ok(
    form === "ticket"
      ? await signTicket(config, secret, profile, decided.value)
      : await signDropIn(config, secret, decided.value),
  );
}
