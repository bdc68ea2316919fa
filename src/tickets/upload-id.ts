// Upload IDs: which upload a ticket is for, sealed, so that nothing has to be stored. An ID holds who asked for what, and
// is read by the signer that made it alone; every question that it can fail has an answer of its own.

import type { AdmittedCaller } from "../access/method.ts";
import type { Config } from "../config/checked.ts";
import { type Failure, failure } from "../failure.ts";
import { base64Url } from "../keys/base64url.ts";
import { openText, sealText } from "../keys/sealed-text.ts";
import type { Secret, VerifyingSecret } from "../keys/secret.ts";
import { underKeyring } from "../keys/under-secret.ts";
import type { RequestEvent } from "../observe/event.ts";
import type { SignedParams } from "../policy/decide/ticket-params.ts";
import type { Profile } from "../policy/profile.ts";
import type { Fill } from "../policy/values/template.ts";
import { err, ok, type Result } from "../result.ts";
import type { Entered } from "./enter.ts";

/** Longest upload ID, in characters. */
export const MAX_UPLOAD_ID = 1024;
/** How long an upload can be confirmed after its ticket's life, in seconds. */
export const CONFIRMABLE = 86_400;

/** What an upload ID says. */
export interface UploadId {
  readonly profile: string;
  /** The policy of the profile when it was made, as a hash. */
  readonly policy: string;
  /** The access method, and who asked by it; `null` where nobody in particular did. */
  readonly access: string;
  readonly subject: string | null;
  /** A hash of the claims that the profile's templates took. */
  readonly claims: string;
  /** `null` where Cloudinary chooses the name. */
  readonly publicId: string | null;
  /** A hash of the fields of the ticket. */
  readonly fields: string;
  /** Unix seconds: when it was made, and when the ticket's life is over. */
  readonly issued: number;
  readonly until: number;
}

/** As it is sealed: in this order, for an ID has little room. */
const ORDER = [
  "profile",
  "policy",
  "access",
  "subject",
  "claims",
  "publicId",
  "fields",
  "issued",
  "until",
] as const satisfies (keyof UploadId)[];

const encoder = new TextEncoder();

/** SHA-256 of pairs, whatever their order. */
async function hashOf(pairs: Iterable<readonly [name: string, value: string]>): Promise<string> {
  const text = JSON.stringify([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))));
}

/** What may differ between two tickets of one upload. */
const CHANGING: ReadonlySet<string> = new Set(["timestamp", "signature", "api_key", "notification_url"]);

/** What stays the same in all tickets of one upload. */
export const lastingFields = (fields: SignedParams): [name: string, value: string][] =>
  Object.entries(fields).filter(([name]) => !CHANGING.has(name));

export const hashOfFields = (fields: SignedParams): Promise<string> => hashOf(lastingFields(fields));

const hashOfPolicy = (config: Config, { name }: Profile): Promise<string> =>
  hashOf([["policy", config.policies.get(name) ?? ""]]);

/** Makes the ID of an upload, unless it would be longer than what is read. */
export async function sealUploadId(
  config: Config,
  secret: Secret,
  { profile, caller }: { readonly profile: Profile; readonly caller: AdmittedCaller },
  fill: Fill,
  fields: SignedParams,
): Promise<Result<string, Failure>> {
  const said: UploadId = {
    profile: profile.name,
    policy: await hashOfPolicy(config, profile),
    access: caller.access,
    subject: caller.subject ?? null,
    claims: await hashOf(fill.claims),
    publicId: fields.public_id ?? null,
    fields: await hashOfFields(fields),
    issued: fill.now,
    until: fill.now + profile.ttl,
  };
  const key = await secret.sealingKey(config.cloudName, config.publicUrl);
  const sealed = await sealText(
    key,
    ORDER.map((name) => said[name]),
  );
  return sealed.length > MAX_UPLOAD_ID ? err(failure("too_long_for_upload_id")) : ok(sealed);
}

/** An ID, and the secret that signs what comes of it, which may have been read from its store just now. */
export interface OpenedId {
  readonly id: UploadId;
  readonly secret: Secret;
}

/** What an ID says, if this signer made it. */
async function open(
  config: Config,
  secret: VerifyingSecret,
  text: string,
): Promise<Result<UploadId, Failure>> {
  const key = await secret.sealingKey(config.cloudName, config.publicUrl);
  const values = text.length > MAX_UPLOAD_ID ? undefined : await openText(key, text);
  if (!Array.isArray(values)) return err(failure("upload_id_unsealed"));
  return ok(Object.fromEntries(ORDER.map((name, i) => [name, values[i]])) as unknown as UploadId);
}

/** What an ID says, whoever shows it: that this signer made it is all that is known then. */
export async function unsealUploadId(
  config: Config,
  text: string,
  now: number,
  event: RequestEvent,
): Promise<Result<OpenedId, Failure>> {
  const opened = await underKeyring(config, now, event, (secret) => open(config, secret, text));
  return opened.ok ? ok({ id: opened.value.value, secret: opened.value.secret }) : opened;
}

/** The profile of an ID, where its policy is still the one that the ID was made under. */
export async function profileOfId(config: Config, id: UploadId): Promise<Profile | undefined> {
  const profile = config.profiles.get(id.profile);
  return profile !== undefined && id.policy === (await hashOfPolicy(config, profile)) ? profile : undefined;
}

/** Opens an ID for the caller it was made for; `use` says until when it counts. */
export async function openUploadId(
  config: Config,
  { profile, caller, event }: Pick<Entered, "profile" | "caller" | "event">,
  fill: Fill,
  text: string,
  use: "renewal" | "confirmation",
): Promise<Result<OpenedId, Failure>> {
  const opened = await unsealUploadId(config, text, fill.now, event);
  if (!opened.ok) return opened;
  const said = opened.value.id;
  if (said.profile !== profile.name) return err(failure("upload_id_profile"));
  // By what is good once nobody comes in again: there the ID itself says that it was shown.
  const byIdAlone =
    use === "confirmation" && caller.subject === undefined && config.access.get(said.access)?.once === true;
  const isCallers = (said.access === caller.access || byIdAlone) && said.subject === (caller.subject ?? null);
  if (!isCallers || said.claims !== (await hashOf(fill.claims))) return err(failure("upload_id_caller"));
  if (said.policy !== (await hashOfPolicy(config, profile))) return err(failure("upload_id_policy"));
  const end = said.until + (use === "confirmation" ? CONFIRMABLE : 0);
  return fill.now < end ? opened : err(failure("upload_id_expired"));
}
