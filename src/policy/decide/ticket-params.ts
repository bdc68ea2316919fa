// (profile, what the client sent) -> the parameters of a ticket, or every refusal. The server adds what it
// sets; a client can only narrow.

import { err, ok, type Result } from "../../result.ts";
import { type Profile, SIGNATURE_LIFE } from "../profile.ts";
import { lackingOf, lackingText } from "../tables/needs.ts";
import type { Reason } from "../tables/reasons.ts";
import { type Fill, fillTemplate } from "../values/template.ts";
import { isEmpty } from "../values/value.ts";
import { type ClientParams, readAccepted, refuseName, setText } from "./client-params.ts";
import type { Refusal } from "./refusal.ts";

/** Parameters as they are signed and sent: all values are texts. */
export type SignedParams = Readonly<Record<string, string>>;

/**
 * The timestamp of a ticket, in Unix seconds: dated back, so that Cloudinary stops taking it `ttl` seconds
 * from now, or after an hour, when it is renewed. Never in the future.
 */
export function ticketTimestamp(profile: Profile, now: number): number {
  return now - SIGNATURE_LIFE + Math.min(profile.ttl, SIGNATURE_LIFE);
}

/** Why a client may not send a name that the profile does not accept. */
function refuseOther(profile: Profile, name: string, fill: Fill): Reason {
  const set = profile.set.get(name);
  if (set !== undefined) return { reason: "set", value: setText(set, fill) };
  return name === "timestamp" ? { reason: "server_time" } : refuseName(profile, name);
}

/** What the profile's method needs to know what to work on, where neither the server nor the client tells it. */
function missingSelectors({ method, accept, file }: Profile, params: SignedParams): Refusal | undefined {
  if (file !== undefined && !Object.hasOwn(params, "public_id"))
    return { param: "public_id", why: { reason: "file_name_missing" } };
  const lacking = lackingOf(method, { has: (name) => Object.hasOwn(params, name) });
  if (lacking === undefined) return undefined;
  // What the client can send: a profile that could never be told enough is refused when it is read.
  const open = lacking.filter((names) => names.every((one) => accept.has(one)));
  const names = lackingText(open);
  return { param: open[0]![0]!, why: { reason: "selector_missing", method: method.name, names } };
}

/** Decides a ticket request. */
export function ticketParams(
  profile: Profile,
  sent: ClientParams,
  fill: Fill,
): Result<SignedParams, Refusal[]> {
  // An object from the first: it is what is signed, and making one of a Map costs more than all else here.
  const params: Record<string, string> = {};
  for (const [name, set] of profile.set) params[name] = fillTemplate(set.template, fill);

  const refusals: Refusal[] = [];
  for (const [param, raw] of Object.entries(sent)) {
    const accepted = profile.accept.get(param);
    if (accepted === undefined) {
      refusals.push({ param, why: refuseOther(profile, param, fill) });
      continue;
    }
    if (isEmpty(raw)) continue;
    const value = readAccepted(raw, accepted, fill);
    if (!value.ok) refusals.push({ param, why: value.error });
    else if (value.value.text !== "") {
      const { text } = value.value;
      params[param] = profile.set.has(param) ? `${params[param]}|${text}` : text;
    }
  }
  const lacking = missingSelectors(profile, params);
  if (lacking !== undefined && refusals.length === 0) refusals.push(lacking);
  if (refusals.length > 0) return err(refusals);

  params.timestamp = String(ticketTimestamp(profile, fill.now));
  return ok(params);
}
