// (who was let in, what is asked for) -> what is signed, or why not. What is signed is exactly what is answered.

import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import type { Secret } from "../keys/secret.ts";
import type { ClientParams } from "../policy/decide/client-params.ts";
import { dropInParams } from "../policy/decide/drop-in.ts";
import { fillFor } from "../policy/decide/fill.ts";
import { type DeclaredFile, refuseDeclared } from "../policy/decide/judge-file.ts";
import { type SignedParams, ticketParams } from "../policy/decide/ticket-params.ts";
import { type Profile, SIGNATURE_LIFE } from "../policy/profile.ts";
import type { Fill } from "../policy/values/template.ts";
import { err, ok, type Result } from "../result.ts";
import type { Entered } from "./enter.ts";
import type { SigningRequest } from "./signing-request.ts";
import type { DropInAnswer, Ticket, Tickets } from "./ticket.ts";
import { sealUploadId } from "./upload-id.ts";

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

/** The fields of a ticket, with the address at which Cloudinary reports its upload, where the profile has one. */
export const notified = (
  { publicUrl }: Config,
  { notify }: Profile,
  params: SignedParams,
  uploadId: string,
): SignedParams =>
  notify ? { ...params, notification_url: `${publicUrl}/notifications/${uploadId}` } : params;

/** Decides and signs one ticket. */
async function issueTicket(
  config: Config,
  entered: Entered,
  params: ClientParams,
  fill: Fill,
): Promise<Result<Ticket, Failure>> {
  const { profile, secret } = entered;
  const decided = ticketParams(profile, params, fill);
  if (!decided.ok) return err(failure("params_refused", { refusals: decided.error }));
  if (profile.file === undefined && profile.ttl <= SIGNATURE_LIFE)
    return ok(await signTicket(config, secret, profile, decided.value));
  const sealed = await sealUploadId(config, secret, entered, fill, decided.value);
  if (!sealed.ok) return sealed;
  const upload_id = sealed.value;
  const signed = notified(config, profile, decided.value, upload_id);
  return ok({ ...(await signTicket(config, secret, profile, signed)), upload_id });
}

/** A ticket for each file, or none: what is declared too large, of another format or too many is refused first. */
async function issueTickets(
  config: Config,
  entered: Entered,
  { params, files }: SigningRequest & { readonly files: readonly DeclaredFile[] },
  fill: Fill,
  uuid: () => string,
): Promise<Result<Tickets, Failure>> {
  const { profile, count } = entered;
  if (profile.method.name !== "upload") return err(failure("takes_no_file"));
  const refused = refuseDeclared(profile, files);
  if (refused.length > 0) return err(failure("file_refused", { refused }));
  // One was counted when the request came in.
  for (let more = 1; more < files.length; more += 1) {
    const limited = await count();
    if (limited !== undefined) return err(limited);
  }
  const issued = await Promise.all(
    files.map(() => issueTicket(config, entered, params, { ...fill, uuid: uuid() })),
  );
  const failed = issued.find((one) => !one.ok);
  return failed ?? ok({ tickets: issued.flatMap((one) => (one.ok ? one.value : [])) });
}

/** Decides and signs. */
export async function issue(
  config: Config,
  entered: Entered,
  request: SigningRequest,
  now: number,
  uuid: () => string,
): Promise<Result<Ticket | Tickets | DropInAnswer, Failure>> {
  const fill = await fillClaims(entered, now, uuid());
  if (!fill.ok) return fill;
  const { form, params, files } = request;
  if (files !== undefined) return issueTickets(config, entered, { form, params, files }, fill.value, uuid);
  if (form === "ticket") return issueTicket(config, entered, params, fill.value);
  const decided = dropInParams(entered.profile, params, fill.value);
  if (!decided.ok) return err(failure("params_refused", { refusals: decided.error }));
  return ok(await signDropIn(config, entered.secret, decided.value));
}
