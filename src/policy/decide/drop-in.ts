// (profile, what a component chose) -> the parameters to sign as it spelled them, or every difference to what
// the profile sets and accepts. The client has chosen already, so the server can add nothing.

import { err, ok, type Result } from "../../result.ts";
import { valueText } from "../../signature/string-to-sign.ts";
import type { AcceptParam, Profile, SetParam } from "../profile.ts";
import { type Refusal, refusal } from "../refusal.ts";
import type { Kind, Parameter } from "../tables/parameters.ts";
import { type Fill, fillTemplate } from "../template.ts";
import { isEmpty, pairsText, readValue } from "../value.ts";
import { type ClientParams, readAccepted, refuseName, setText } from "./client-params.ts";
import type { SignedParams } from "./ticket-params.ts";

/** How old a client's timestamp may be, in seconds. */
export const MAX_PAST = 600;
/** How far in the future it may lie, for clocks that run ahead, in seconds. */
export const MAX_FUTURE = 60;
/** From here on a number of seconds is a number of milliseconds (the year 5138). */
const MILLISECONDS = 1e11;

type Sent = string | number | boolean | readonly (string | number | boolean)[];

/** Whether a component can put the value into a form as it stands, so that what is signed is what is sent. */
function isSpelled(raw: unknown): raw is Sent {
  const items: unknown[] = Array.isArray(raw) ? raw : [raw];
  return items.every((item) => ["string", "number", "boolean"].includes(typeof item));
}

/** Kinds of numbers, which have one spelling: `0.5` and not `0.50`. Booleans are signed as the client spelled them. */
const NUMBERS: ReadonlySet<Kind> = new Set(["integer", "float", "double-array"]);

const isPlain = ({ kind }: Parameter, text: string, raw: Sent): boolean =>
  !NUMBERS.has(kind) || valueText(raw) === text;

function checkTimestamp(raw: Sent, now: number): Refusal | undefined {
  const text = typeof raw === "number" || typeof raw === "string" ? String(raw) : "";
  if (!/^(0|[1-9]\d{0,14})$/.test(text))
    return refusal(
      "timestamp",
      "invalid",
      "must be whole Unix seconds in decimal digits, without a zero before them (R2)",
    );
  const seconds = Number(text);
  if (seconds >= MILLISECONDS) {
    return refusal(
      "timestamp",
      "invalid",
      "is in milliseconds: send Unix seconds, Math.floor(milliseconds / 1000) (R2)",
    );
  }
  if (seconds < now - MAX_PAST || seconds > now + MAX_FUTURE) {
    return refusal(
      "timestamp",
      "invalid",
      `must lie within the last ${MAX_PAST} s and at most ${MAX_FUTURE} s ahead (R2)`,
    );
  }
  return undefined;
}

/** `context` and `metadata`, whose keys the server and the client may share. */
function checkPairs(name: string, raw: Sent, set: SetParam, accept: AcceptParam | undefined, fill: Fill) {
  const read = readValue(name, set.parameter, raw, "client");
  if (!read.ok) return refusal(name, "invalid", `${read.error} (R9)`);
  const sent = [...(read.value.pairs ?? [])];
  const wanted = fillTemplate(set.template, fill);
  const fixed = sent.filter(([key]) => set.keys?.has(key)).sort();
  const free = sent.filter(([key]) => !set.keys?.has(key));
  const wantedPairs = readValue(name, set.parameter, wanted, "profile");
  const same = wantedPairs.ok && pairsText(fixed) === pairsText([...(wantedPairs.value.pairs ?? [])].sort());
  if (!same) return refusal(name, "different", `the profile wants: ${wanted}`);
  if (free.length === 0) return undefined;
  if (accept === undefined) return refusal(name, "different", `the profile wants nothing but: ${wanted}`);
  const value = readAccepted(name, pairsText(free), accept, fill);
  return value.ok ? undefined : value.error;
}

function checkParam(name: string, raw: unknown, profile: Profile, fill: Fill): Refusal | undefined {
  const set = profile.set.get(name);
  const accept = profile.accept.get(name);
  if (set === undefined && accept === undefined && name !== "timestamp") return refuseName(profile, name);
  if (isEmpty(raw)) return undefined;
  if (!isSpelled(raw))
    return refusal(name, "invalid", "must be a text, number or boolean, or a flat list of those (R9)");
  if (name === "timestamp") return checkTimestamp(raw, fill.now);
  if (set?.parameter.kind === "pipe-context") return checkPairs(name, raw, set, accept, fill);
  if (set !== undefined) {
    // A list goes into the form joined with commas, which only these kinds mean by it.
    const isOther = Array.isArray(raw) && !["csv", "double-array"].includes(set.parameter.kind);
    const read = readValue(name, set.parameter, raw, "client");
    const same =
      !isOther &&
      read.ok &&
      read.value.text === fillTemplate(set.template, fill) &&
      isPlain(set.parameter, read.value.text, raw);
    return same ? undefined : refusal(name, "different", `the profile wants: ${setText(set, fill)}`);
  }
  const value = readAccepted(name, raw, accept!, fill);
  if (!value.ok) return value.error;
  return isPlain(accept!.parameter, value.value.text, raw)
    ? undefined
    : refusal(name, "invalid", `write numbers in their one plain form: ${value.value.text} (R9)`);
}

/** Decides a drop-in request. */
export function dropInParams(
  profile: Profile,
  sent: ClientParams,
  fill: Fill,
): Result<SignedParams, Refusal[]> {
  if (profile.noDropIn !== undefined) {
    const { param, reason } = profile.noDropIn;
    return err([
      refusal(
        param,
        "invalid",
        `this profile signs no parameters that a client chose: ${reason}; ask for a ticket with {"params": {…}}, or by a profile for components, with dropIn: true`,
      ),
    ]);
  }
  const refusals: Refusal[] = [];
  const params: Record<string, string> = {};
  for (const [name, raw] of Object.entries(sent)) {
    const refused = checkParam(name, raw, profile, fill);
    if (refused !== undefined) refusals.push(refused);
    else if (!isEmpty(raw)) params[name] = valueText(raw as Sent);
  }
  for (const [name, set] of profile.set) {
    if (isEmpty(Object.hasOwn(sent, name) ? sent[name] : undefined)) {
      refusals.push(refusal(name, "missing", `the profile wants: ${setText(set, fill)}`));
    }
  }
  if (isEmpty(Object.hasOwn(sent, "timestamp") ? sent.timestamp : undefined)) {
    refusals.push(refusal("timestamp", "missing", "send the time now in Unix seconds"));
  }
  return refusals.length > 0 ? err(refusals) : ok(params);
}
