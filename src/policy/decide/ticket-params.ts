// (profile, what the client sent) -> the parameters of a ticket, or every refusal. The server adds what it
// sets; a client can only narrow.

import { err, ok, type Result } from "../../result.ts";
import { type Profile, SIGNATURE_LIFE } from "../profile.ts";
import { type Refusal, refusal } from "../refusal.ts";
import { type Fill, fillTemplate } from "../template.ts";
import { isEmpty } from "../value.ts";
import { type ClientParams, readAccepted, refuseName, setText } from "./client-params.ts";

/** Parameters as they are signed and sent: all values are texts. */
export type SignedParams = Readonly<Record<string, string>>;

/**
 * The timestamp of a ticket, in Unix seconds: dated back, so that Cloudinary stops taking it `ttl` seconds
 * from now. Never in the future.
 */
export function ticketTimestamp(profile: Profile, now: number): number {
  return now - SIGNATURE_LIFE + profile.ttl;
}

/** Decides a ticket request. */
export function ticketParams(
  profile: Profile,
  sent: ClientParams,
  fill: Fill,
): Result<SignedParams, Refusal[]> {
  const params = new Map<string, string>();
  for (const [name, set] of profile.set) params.set(name, fillTemplate(set.template, fill));

  const refusals: Refusal[] = [];
  for (const [name, raw] of Object.entries(sent)) {
    const accepted = profile.accept.get(name);
    const set = profile.set.get(name);
    if (accepted === undefined) {
      if (set !== undefined)
        refusals.push(refusal(name, "forbidden", `set by the server: ${setText(set, fill)}`));
      else if (name === "timestamp")
        refusals.push(refusal(name, "forbidden", "set by the server: the time now (R2)"));
      else refusals.push(refuseName(profile, name));
      continue;
    }
    if (isEmpty(raw)) continue;
    const value = readAccepted(name, raw, accepted, fill);
    if (!value.ok) refusals.push(value.error);
    else if (value.value.text !== "") {
      params.set(name, [params.get(name), value.value.text].filter((text) => text !== undefined).join("|"));
    }
  }
  if (refusals.length > 0) return err(refusals);

  params.set("timestamp", String(ticketTimestamp(profile, fill.now)));
  return ok(Object.fromEntries(params));
}
