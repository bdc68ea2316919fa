// A ticket that lives longer than a signature: the same fields under a fresh timestamp, for whom it was signed, until its
// life is over.

import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import type { SignedParams } from "../policy/decide/ticket-params.ts";
import { SIGNATURE_LIFE } from "../policy/profile.ts";
import { fillTemplate } from "../policy/values/template.ts";
import { err, ok, type Result } from "../result.ts";
import type { Entered } from "./enter.ts";
import { fillClaims, notified, signTicket } from "./issue.ts";
import type { Renewal } from "./signing-request.ts";
import type { Ticket } from "./ticket.ts";
import { hashOfFields, lastingFields, openUploadId } from "./upload-id.ts";

/** Signs the fields of a ticket anew. Whatever is signed here was decided and signed before: the ID holds its hash. */
export async function renew(
  config: Config,
  entered: Entered,
  { uploadId, fields }: Renewal,
  now: number,
): Promise<Result<Ticket, Failure>> {
  const { profile, caller } = entered;
  if (profile.ttl <= SIGNATURE_LIFE) return err(failure("not_renewable", { why: "ttl" }));
  if (config.access.get(caller.access)!.once) return err(failure("not_renewable", { why: "once" }));
  // Nothing random is filled in: the fields are there already.
  const fill = await fillClaims(entered, now, "");
  if (!fill.ok) return fill;
  const opened = await openUploadId(config, entered, fill.value, uploadId, "renewal");
  if (!opened.ok) return opened;
  const { id, secret } = opened.value;
  if (id.fields !== (await hashOfFields(fields))) return err(failure("upload_id_fields"));
  // A signature that would outlive the ticket is dated back.
  const timestamp = String(Math.min(now, id.until - SIGNATURE_LIFE));
  const own = profile.set.get("notification_url");
  const params: SignedParams = {
    ...Object.fromEntries(lastingFields(fields)),
    // No hash holds it: it is the profile's, whatever was sent.
    ...(own && { notification_url: fillTemplate(own.template, fill.value) }),
    timestamp,
  };
  const signed = notified(config, profile, params, uploadId);
  return ok({ ...(await signTicket(config, secret, profile, signed)), upload_id: uploadId });
}
