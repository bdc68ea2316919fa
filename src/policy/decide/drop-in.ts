// (profile, what a component chose) -> the parameters to sign as it spelled them, or every difference to what
// the profile sets and accepts. The client has chosen already, so the server can add nothing.

import { err, ok, type Result } from "../../result.ts";
import { valueText } from "../../signature/string-to-sign.ts";
import type { AcceptParam, Profile, SetParam } from "../profile.ts";
import { type Kind, readValue } from "../tables/kinds.ts";
import type { Reason } from "../tables/reasons.ts";
import { pairsText } from "../values/pairs.ts";
import { type Fill, fillTemplate } from "../values/template.ts";
import { isEmpty } from "../values/value.ts";
import { type ClientParams, readAccepted, refuseName, setText } from "./client-params.ts";
import { refuseTime } from "./client-time.ts";
import type { Refusal } from "./refusal.ts";
import type { SignedParams } from "./ticket-params.ts";

type Sent = string | number | boolean | readonly (string | number | boolean)[];

/** Whether a component can put the value into a form as it stands, so that what is signed is what is sent. */
function isSpelled(raw: unknown): raw is Sent {
  const items: unknown[] = Array.isArray(raw) ? raw : [raw];
  return items.every((item) => ["string", "number", "boolean"].includes(typeof item));
}

/** Whether it is spelled as it is signed. Booleans are signed as the client spelled them. */
const isPlain = (kind: Kind, text: string, raw: Sent): boolean => !kind.isNumber || valueText(raw) === text;

/** Keys and values, which the server and the client may share. */
function refusePairs(
  raw: Sent,
  set: SetParam,
  accept: AcceptParam | undefined,
  fill: Fill,
): Reason | undefined {
  const { kind } = set.parameter;
  const read = readValue(kind, raw, "client");
  if (!read.ok) return read.error;
  const sent = [...(read.value.pairs ?? [])];
  const value = fillTemplate(set.template, fill);
  const fixed = sent.filter(([key]) => set.keys?.has(key)).sort();
  const free = sent.filter(([key]) => !set.keys?.has(key));
  const wanted = readValue(kind, value, "profile");
  const same = wanted.ok && pairsText(fixed) === pairsText([...(wanted.value.pairs ?? [])].sort());
  if (!same) return { reason: "different", value };
  if (free.length === 0) return undefined;
  if (accept === undefined) return { reason: "nothing_but", value };
  const rest = readAccepted(pairsText(free), accept, fill);
  return rest.ok ? undefined : rest.error;
}

/** What the server sets, by its meaning. A list goes into the form joined, which only some kinds mean by it. */
function refuseSet(raw: Sent, set: SetParam, fill: Fill): Reason | undefined {
  const { kind } = set.parameter;
  const isOther = Array.isArray(raw) && !kind.takesList;
  const read = readValue(kind, raw, "client");
  const same =
    !isOther &&
    read.ok &&
    read.value.text === fillTemplate(set.template, fill) &&
    isPlain(kind, read.value.text, raw);
  return same ? undefined : { reason: "different", value: setText(set, fill) };
}

function refuseParam(name: string, raw: unknown, profile: Profile, fill: Fill): Reason | undefined {
  const set = profile.set.get(name);
  const accept = profile.accept.get(name);
  if (set === undefined && accept === undefined && name !== "timestamp") return refuseName(profile, name);
  if (isEmpty(raw)) return undefined;
  if (!isSpelled(raw)) return { reason: "not_flat" };
  if (name === "timestamp") return refuseTime(raw, fill.now);
  if (set?.parameter.kind.hasKeys) return refusePairs(raw, set, accept, fill);
  if (set !== undefined) return refuseSet(raw, set, fill);
  const value = readAccepted(raw, accept!, fill);
  if (!value.ok) return value.error;
  const plain = value.value.text;
  return isPlain(accept!.parameter.kind, plain, raw) ? undefined : { reason: "spelling", plain };
}

/** Decides a drop-in request. */
export function dropInParams(
  profile: Profile,
  sent: ClientParams,
  fill: Fill,
): Result<SignedParams, Refusal[]> {
  const { noDropIn, method } = profile;
  // No profile would do it for another method: `dropIn` is for uploads.
  const of = method.name === "upload" ? "drop_in_request" : "ticket_request";
  if (noDropIn !== undefined) return err([{ param: noDropIn.param, why: { ...noDropIn.why, of } }]);
  const refusals: Refusal[] = [];
  const params: Record<string, string> = {};
  for (const [param, raw] of Object.entries(sent)) {
    const why = refuseParam(param, raw, profile, fill);
    if (why !== undefined) refusals.push({ param, why });
    else if (!isEmpty(raw)) params[param] = valueText(raw as Sent);
  }
  const isMissing = (name: string) => isEmpty(Object.hasOwn(sent, name) ? sent[name] : undefined);
  for (const [param, set] of profile.set)
    if (isMissing(param)) refusals.push({ param, why: { reason: "missing", value: setText(set, fill) } });
  if (isMissing("timestamp")) refusals.push({ param: "timestamp", why: { reason: "time_missing" } });
  return refusals.length > 0 ? err(refusals) : ok(params);
}
